package local

import (
	"crypto/sha256"
	"encoding/base32"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"indy/scheduler"
)

// target is where a mail goes, and its name there.
type target struct{ dir, name string }

func (to target) in(sub string) string { return filepath.Join(to.dir, sub, to.name) }

// ours begins the names of indy's mails. Nobody else's programs name files so.
const ours = "indy1."

func isOurs(unique string) bool { return strings.HasPrefix(unique, ours) }

var base32Lower = base32.NewEncoding("abcdefghijklmnopqrstuvwxyz234567").WithPadding(base32.NoPadding)

func (m *Mailbox) target(out scheduler.Parcel) (target, error) {
	folder, err := folderName(out.To)
	if err != nil {
		return target{}, final("", fmt.Errorf("send a mail: %w", err))
	}
	sum := sha256.Sum256([]byte(out.From + "\x00" + out.Key))
	to := target{dir: filepath.Join(m.o.Post, folder), name: ours + base32Lower.EncodeToString(sum[:20])}
	if m.own[strings.ToLower(out.To)] {
		to.dir = m.o.Inbox
	}
	return to, nil
}

// holds says whether the folder has a file with this unique name, whatever its flags. A
// folder that is not there holds nothing.
func holds(dir, name string) (bool, error) {
	// The names that it has unless other programs have touched it.
	for _, guess := range []string{name, name + flagMark + "2,S", name + flagMark + "2,"} {
		if has, err := exists(filepath.Join(dir, guess)); err != nil || has {
			return has, err
		}
	}
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer d.Close()
	for {
		names, err := d.Readdirnames(1024)
		for _, have := range names {
			if unique(have) == name {
				return true, nil
			}
		}
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		if err != nil {
			return false, err
		}
	}
}
