package store

import (
	"math/bits"
	"strconv"
	"strings"
	"sync"
)

// query is the text of a statement, the same for both databases.
type query string

const (
	selectOrganizer query = `SELECT version, cursors FROM organizers WHERE id = $1`
	insertOrganizer query = `INSERT INTO organizers (id, team, version, wake, committed, desk, cursors)
		VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO NOTHING`
	updateOrganizer query = `UPDATE organizers
		SET team = $2, version = $3, wake = $4, committed = $5, desk = COALESCE(NULLIF($6, ''), desk), cursors = $7
		WHERE id = $1 AND version = $8`

	insertJournal query = `INSERT INTO journal (id, body) VALUES ($1, $2)`
	clearJournal  query = `DELETE FROM journal WHERE id <= $1`
	selectJournal query = `SELECT id, body FROM journal ORDER BY id`

	upsertStanding query = `INSERT INTO standings (organizer, person, doc) VALUES ($1, $2, $3)
		ON CONFLICT (organizer, person) DO UPDATE SET doc = excluded.doc`
	upsertOneToOne query = `INSERT INTO one_to_ones (organizer, id, person, round, closed, doc) VALUES ($1, $2, $3, $4, $5, $6)
		ON CONFLICT (organizer, id) DO UPDATE SET closed = excluded.closed, doc = excluded.doc`
	keepPast query = `INSERT INTO past_one_to_ones (organizer, id, person, round, closed, doc)
		SELECT organizer, id, person, round, closed, doc FROM one_to_ones o
		WHERE organizer = $1 AND person = $2 AND closed <> 0 AND ` + notTheLast + `
		ON CONFLICT (organizer, id) DO UPDATE SET closed = excluded.closed, doc = excluded.doc`
	dropPast   query = `DELETE FROM one_to_ones AS o WHERE organizer = $1 AND person = $2 AND closed <> 0 AND ` + notTheLast
	notTheLast       = `EXISTS (SELECT 1 FROM one_to_ones l
		WHERE l.organizer = o.organizer AND l.person = o.person AND l.closed <> 0 AND l.round > o.round)`
	upsertStep query = `INSERT INTO steps (organizer, id, person, settled, doc) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (organizer, id) DO UPDATE SET settled = excluded.settled, doc = excluded.doc`
	insertHistory query = `INSERT INTO history (organizer, person, version, ord, at, doc) VALUES ($1, $2, $3, $4, $5, $6)`

	insertEffect query = `INSERT INTO effects
		(organizer, key, version, ord, person, kind, lane, state, tries, next, settled, ref, cause, result, doc)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', $14) ON CONFLICT (organizer, key) DO NOTHING`
	insertBody   query = `INSERT INTO bodies (organizer, key, raw) VALUES ($1, $2, $3)`
	revokeEffect query = `UPDATE effects SET state = 'revoked', settled = $3
		WHERE organizer = $1 AND key = $2 AND state = 'planned'`
	withdrawEffect query = `UPDATE effects SET state = 'withdrawing', tries = 0, next = $3
		WHERE organizer = $1 AND key = $2 AND state IN ('planned', 'sending')`
	settleEffect query = `UPDATE effects SET state = $3, settled = $4, cause = $5, result = $6
		WHERE organizer = $1 AND key = $2 AND state IN ('planned', 'sending', 'withdrawing', 'unknown') RETURNING kind`
	sendingEffect query = `UPDATE effects SET state = 'sending', ref = $3
		WHERE organizer = $1 AND key = $2 AND state IN ('planned', 'sending')`
	retryEffect query = `UPDATE effects SET state = CASE state WHEN 'withdrawing' THEN state ELSE 'planned' END,
			tries = tries + 1, next = $3, cause = $4
		WHERE organizer = $1 AND key = $2 AND state IN ('planned', 'sending', 'withdrawing')`
	upsertThread query = `INSERT INTO threads (organizer, name, key) VALUES ($1, $2, $3)
		ON CONFLICT (organizer, name) DO UPDATE SET key = excluded.key WHERE threads.key <> excluded.key`
	insertSeen query = `INSERT INTO seen (organizer, id, at) VALUES ($1, $2, $3) ON CONFLICT (organizer, id) DO NOTHING`

	selectClaim query = `SELECT organizer FROM claims WHERE team = $1 AND person = $2`
	upsertClaim query = `INSERT INTO claims (team, person, organizer, name, at) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (team, person) DO UPDATE SET name = excluded.name, at = excluded.at
		WHERE claims.organizer = excluded.organizer`
	deleteClaim query = `DELETE FROM claims WHERE team = $1 AND person = $2 AND organizer = $3`
	insertBar   query = `INSERT INTO do_not_write (team, person, at) VALUES ($1, $2, $3) ON CONFLICT (team, person) DO NOTHING`

	loadOrganizer query = `SELECT version, wake, committed, desk, cursors FROM organizers WHERE id = $1`
	loadStandings query = `SELECT doc FROM standings WHERE organizer = $1`
	loadOneToOnes query = `SELECT doc FROM one_to_ones WHERE organizer = $1`
	loadSteps     query = `SELECT doc FROM steps WHERE organizer = $1 AND (settled = 0 OR settled > $2)`
	loadClaims    query = `SELECT person, name FROM claims WHERE team = $1 AND organizer <> $2 AND person IN (`
	loadBars      query = `SELECT person FROM do_not_write WHERE team = $1 AND person IN (`
	loadSeen      query = `SELECT id FROM seen WHERE organizer = $1 AND id IN (`

	selectThreads query = `SELECT t.name, e.key, e.result, e.doc FROM threads t
		JOIN effects e ON e.organizer = t.organizer AND e.key = t.key
		WHERE t.organizer = $1 AND t.name IN (`
	selectPending query = `SELECT key, lane, state, tries, next FROM effects
		WHERE organizer = $1 AND settled = 0 ORDER BY version, ord`
	selectEffect query = `SELECT e.person, e.kind, e.lane, e.state, e.tries, e.next, e.ref, e.cause, e.doc, b.raw FROM effects e
		LEFT JOIN bodies b ON b.organizer = e.organizer AND b.key = e.key
		WHERE e.organizer = $1 AND e.key = $2`
	selectWake    query = `SELECT wake FROM organizers WHERE id = $1`
	selectHistory query = `SELECT doc FROM history WHERE organizer = $1 ORDER BY version DESC, ord DESC LIMIT $2`
	selectPersons query = `SELECT doc FROM history WHERE organizer = $1 AND person = $2 ORDER BY version DESC, ord DESC LIMIT $3`

	sweepBodies query = `DELETE FROM bodies WHERE (organizer, key) IN
		(SELECT organizer, key FROM effects WHERE settled <> 0 AND settled < $1)`
)

// What erases a person: $1 is the organizer, $2 the person.
var forgetPerson = []query{
	`DELETE FROM standings WHERE organizer = $1 AND person = $2`,
	`DELETE FROM one_to_ones WHERE organizer = $1 AND person = $2`,
	`DELETE FROM past_one_to_ones WHERE organizer = $1 AND person = $2`,
	`DELETE FROM steps WHERE organizer = $1 AND person = $2`,
	`DELETE FROM history WHERE organizer = $1 AND person = $2`,
	`DELETE FROM threads WHERE organizer = $1 AND key IN (SELECT key FROM effects WHERE organizer = $1 AND person = $2)`,
	`DELETE FROM bodies WHERE organizer = $1 AND key IN (SELECT key FROM effects WHERE organizer = $1 AND person = $2)`,
	`DELETE FROM effects WHERE organizer = $1 AND person = $2`,
}

const (
	// Mails about nobody in particular, such as digests, may name the person.
	forgetShared query = `DELETE FROM bodies WHERE organizer = $1 AND key IN
		(SELECT key FROM effects WHERE organizer = $1 AND person = '' AND settled <> 0)`
	// The mail that confirms an erasure is itself erased once it has gone; its key stays.
	forgetBody    query = `DELETE FROM bodies WHERE organizer = $1 AND key = $2`
	forgetThreads query = `DELETE FROM threads WHERE organizer = $1 AND key = $2`
	forgetDoc     query = `UPDATE effects SET doc = '{}', result = '', ref = '' WHERE organizer = $1 AND key = $2`
)

// chunk is how many names one IN asks for at the most.
const chunk = 32

// sizeFor is how long a list of so many names is made: a power of two, so that few
// statements serve lists of every length.
func sizeFor(names int) int { return 1 << bits.Len(uint(names-1)) }

// in completes a query that ends with "IN (" by so many parameters, from first on.
func (q query) in(first, size int) query {
	key := listKey{q, size}
	if whole, ok := lists.Load(key); ok {
		return whole.(query)
	}
	var b strings.Builder
	b.WriteString(string(q))
	for i := range size {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('$')
		b.WriteString(strconv.Itoa(first + i))
	}
	b.WriteByte(')')
	lists.Store(key, query(b.String()))
	return query(b.String())
}

// lists are the completed queries: a handful, each asked for often.
var lists sync.Map // listKey → query

type listKey struct {
	query query
	size  int
}
