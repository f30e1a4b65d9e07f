package local

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// settle is how old a folder's last change must be before its listing is trusted until the
// next one: file systems tell times apart only so well.
const settle = 2 * time.Second

// folder lists a directory, and again only when it has changed.
type folder struct {
	path    string
	changed time.Time // the directory's modification time when it was listed
	trusted bool      // no change since could have the same time
	names   []string
}

// list is the names of what is in the folder. Hidden files are left out.
func (f *folder) list() ([]string, error) {
	info, err := os.Stat(f.path)
	if err != nil {
		return nil, err
	}
	if f.trusted && info.ModTime().Equal(f.changed) {
		return f.names, nil
	}
	now := time.Now()
	entries, err := os.ReadDir(f.path)
	if err != nil {
		return nil, err
	}
	names := make([]string, 0, len(entries))
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !e.IsDir() {
			names = append(names, e.Name())
		}
	}
	f.names, f.changed = names, info.ModTime()
	f.trusted = now.Sub(info.ModTime()) > settle
	return names, nil
}

// unchanged says that list would answer the same as before.
func (f *folder) unchanged() bool {
	info, err := os.Stat(f.path)
	return err == nil && f.trusted && info.ModTime().Equal(f.changed)
}

// unique is the part of a Maildir file's name that stays when programs move and flag it:
// without the flags after the colon, and without the sizes and numbers that some programs
// put before it (",S=", ",W=", ",U=").
func unique(name string) string {
	name, _, _ = strings.Cut(name, flagMark)
	for _, mark := range []string{",S=", ",W=", ",U="} {
		if i := strings.Index(name, mark); i > 0 {
			name = name[:i]
		}
	}
	return name
}

// flagMark begins the flags in a file's name; Windows takes no colon there.
var flagMark = map[bool]string{false: ":", true: ";"}[runtime.GOOS == "windows"]

// box is a Maildir as it is read.
type box struct {
	prefix string // of IDs, so that they differ between boxes
	own    bool   // what is in it was sent by the organizer
	parts  [2]folder
}

func newBox(path, prefix string, own bool) *box {
	return &box{prefix: prefix, own: own, parts: [2]folder{{path: filepath.Join(path, "new")}, {path: filepath.Join(path, "cur")}}}
}

// item is one mail in a box.
type item struct {
	id, path string
	at       time.Time // when the file was written
	own      bool
}

func (b *box) unchanged() bool { return b.parts[0].unchanged() && b.parts[1].unchanged() }

// each calls do for every mail that is not one of indy's own.
func (b *box) each(do func(id, path string, own bool)) error {
	for i := range b.parts {
		names, err := b.parts[i].list()
		if err != nil {
			return err
		}
		for _, name := range names {
			if u := unique(name); u != "" && !isOurs(u) {
				do(b.prefix+u, filepath.Join(b.parts[i].path, name), b.own)
			}
		}
	}
	return nil
}

// find is where a mail is now: other programs move and rename them at any time.
func (b *box) find(id string) (path string, err error) {
	for i := range b.parts {
		b.parts[i].trusted = false
	}
	err = b.each(func(have, at string, _ bool) {
		if have == id {
			path = at
		}
	})
	return path, err
}

// open opens a mail wherever it is by now; nil when it is gone.
func (b *box) open(it item) (*os.File, error) {
	f, err := os.Open(it.path)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, err
	}
	path, err := b.find(it.id)
	if err != nil || path == "" {
		return nil, err
	}
	f, err = os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return f, err
}
