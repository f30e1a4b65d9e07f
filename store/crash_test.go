package store_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"indy/scheduler"
	"indy/scheduler/ledger"
	"indy/store"
	"indy/store/memory"
	"indy/store/storetest"
)

// remembered is everything that a store answers of an organizer.
type remembered struct {
	Memory  ledger.Memory
	Pending []ledger.Entry
	History []scheduler.Entry
}

func recall(t *testing.T, s storetest.Store, who scheduler.OrganizerID) (r remembered) {
	t.Helper()
	ctx := context.Background()
	var err error
	if r.Memory, err = s.Load(ctx, "Oakland Council", who, nil); err != nil {
		t.Fatal(err)
	}
	if r.Pending, err = s.Pending(ctx, who); err != nil {
		t.Fatal(err)
	}
	if r.History, err = s.History(ctx, who, "", 1000); err != nil {
		t.Fatal(err)
	}
	if len(r.Pending) == 0 {
		r.Pending = nil
	}
	return r
}

// expected is what there is to remember after each number of decisions.
func expected(t *testing.T, decisions int64) (after []remembered) {
	t.Helper()
	m := memory.New()
	after = append(after, recall(t, m, "maria"))
	for n := range decisions {
		if _, err := m.Commit(context.Background(), agreed("maria", n)); err != nil {
			t.Fatal(err)
		}
		after = append(after, recall(t, m, "maria"))
	}
	return after
}

// The log is cut off at every place where a power failure may have cut it. What is read
// then is the memory after some decision, whole, and no decision is lost whose bytes were
// on the disk when it was answered.
func TestTornLog(t *testing.T) {
	const decisions = 4
	want := expected(t, decisions)
	path := filepath.Join(t.TempDir(), "indy.db")
	if err := openAt(t, path).Close(); err != nil { // the schema is no part of the test
		t.Fatal(err)
	}
	s := openAt(t, path)
	var durable []int64 // the log's length when decision n was answered
	for n := range int64(decisions) {
		if _, err := s.Commit(context.Background(), agreed("maria", n)); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(path + "-wal")
		if err != nil {
			t.Fatal(err)
		}
		durable = append(durable, info.Size())
		if n%2 == 0 { // whoever reads has it filed, which is in the log as well
			recall(t, s, "maria")
		}
	}
	database, log := slurp(t, path), slurp(t, path+"-wal")
	tried, stride := 0, 3700
	if testing.Short() {
		stride *= 4
	}
	for cut := 0; cut <= len(log); cut += stride {
		for _, garbage := range []int{0, 5000} { // blocks that were allotted but not written
			tried++
			torn := filepath.Join(t.TempDir(), "indy.db")
			spill(t, torn, database)
			spill(t, torn+"-wal", append(append([]byte(nil), log[:cut]...), make([]byte, garbage)...))
			r := openAt(t, torn)
			got := recall(t, r, "maria")
			v := got.Memory.Version
			if v < int64(len(durable)) && durable[v] <= int64(cut) {
				t.Fatalf("cut at %d: decision %d, answered at %d, is lost", cut, v+1, durable[v])
			}
			if diff := cmp.Diff(want[v], got); diff != "" {
				t.Fatalf("cut at %d: not the memory after decision %d (-want +got):\n%s", cut, v, diff)
			}
			if err := r.Close(); err != nil {
				t.Fatal(err)
			}
		}
	}
	t.Logf("%d cuts", tried)
}

func slurp(t *testing.T, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func spill(t *testing.T, path string, b []byte) {
	t.Helper()
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
}

// A process is killed while eight organizers decide. Whatever it has said to be saved is
// there, and every organizer's memory is whole.
func TestKilled(t *testing.T) {
	if path := os.Getenv("INDY_TEST_KILL_ME"); path != "" {
		decideForEver(path)
		return
	}
	for _, lines := range []int{1, 40, 150} {
		path := filepath.Join(t.TempDir(), "indy.db")
		saved := killAfter(t, path, lines)
		r, err := store.OpenReadOnly(context.Background(), path)
		if err != nil {
			t.Fatal(err)
		}
		for who, version := range saved {
			if got := recall(t, r, who); got.Memory.Version < version {
				t.Errorf("%s: a reader sees decision %d of %d", who, got.Memory.Version, version)
			}
		}
		if err := r.Close(); err != nil {
			t.Error(err)
		}
		s := openAt(t, path)
		for who, version := range saved {
			got := recall(t, s, who)
			v := got.Memory.Version
			if v < version {
				t.Errorf("%s: decision %d was said to be saved, %d is there", who, version, v)
			}
			if len(got.Pending) != int(2*v) || len(got.History) != int(v) {
				t.Errorf("%s: after %d decisions there are %d effects and %d lines of history", who, v, len(got.Pending), len(got.History))
			}
		}
	}
}

func killAfter(t *testing.T, path string, lines int) map[scheduler.OrganizerID]int64 {
	t.Helper()
	child := exec.Command(os.Args[0], "-test.run=^TestKilled$")
	child.Env = append(os.Environ(), "INDY_TEST_KILL_ME="+path)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	saved := map[scheduler.OrganizerID]int64{}
	said := bufio.NewScanner(out)
	for n := 0; n < lines && said.Scan(); n++ {
		var who scheduler.OrganizerID
		var version int64
		if _, err := fmt.Sscan(said.Text(), &who, &version); err != nil {
			t.Fatalf("the child said %q", said.Text())
		}
		saved[who] = version
	}
	if err := child.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	for said.Scan() { // what it said before it died counts as well
		var who scheduler.OrganizerID
		var version int64
		if n, _ := fmt.Sscan(said.Text(), &who, &version); n == 2 {
			saved[who] = version
		}
	}
	_ = child.Wait() // killed
	return saved
}

func decideForEver(path string) {
	s, err := store.Open(context.Background(), path)
	if err != nil {
		panic(err)
	}
	var mu sync.Mutex
	var wait sync.WaitGroup
	for i := range 8 {
		who := scheduler.OrganizerID(fmt.Sprint("o", i))
		wait.Go(func() {
			for n := int64(0); ; n++ {
				version, err := s.Commit(context.Background(), agreed(who, n))
				if err != nil {
					panic(err)
				}
				mu.Lock()
				fmt.Println(who, version)
				mu.Unlock()
			}
		})
	}
	wait.Wait()
}
