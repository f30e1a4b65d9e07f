package templates

import (
	"io/fs"
	"strings"
	"sync"
	"testing"
)

// TestOwnTemplatesOpen reads every file that indy brings: none is opened before it is needed.
func TestOwnTemplatesOpen(t *testing.T) {
	s := newSet(t)
	files, err := fs.Glob(embedded, "*/*.txt.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		lang, name, _ := strings.Cut(file, "/")
		kind := strings.TrimSuffix(name, ".txt.tmpl")
		if !known(kind) {
			t.Errorf("nothing uses %s", file)
		}
		if err := s.open(lang, kind); err != nil {
			t.Error(err)
		}
	}
	if len(files) == 0 || len(s.unread) > 0 {
		t.Errorf("of %d files these are still unread: %v", len(files), s.unread)
	}
}

// TestOpenedByManyAtOnce has a fresh set write all mails at the same time.
func TestOpenedByManyAtOnce(t *testing.T) {
	s := newSet(t)
	var all sync.WaitGroup
	for _, v := range voices {
		for _, sm := range v.all() {
			all.Go(func() {
				if _, err := s.Render(sm.letter); err != nil {
					t.Errorf("%s/%s: %v", v.code, sm.name, err)
				}
			})
		}
	}
	all.Wait()
}
