package engine

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"
)

// colleagues counts what the others of the team did, when a lead's digest is due. It reads
// what they have committed and waits for none of them.
func (e *Engine) colleagues(ctx context.Context, d *desk, now time.Time) error {
	d.state.Colleagues = nil
	if !d.account.Organizer.Lead || !d.state.DigestDue(now) {
		return nil
	}
	e.mu.Lock()
	all := maps.Clone(e.accounts)
	e.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(all)) {
		a := all[id]
		if id == d.account.Organizer.ID || a.Team.Name != d.account.Team.Name {
			continue
		}
		m, err := e.store.Load(ctx, a.Team.Name, a.Organizer.ID, keysOf(a.People))
		if err != nil {
			return fmt.Errorf("count for the team digest: %w", err)
		}
		d.state.Colleagues = append(d.state.Colleagues, stateOf(a, m).TeamLine(now))
	}
	return nil
}
