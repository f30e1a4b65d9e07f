// Package local is a mailbox and calendars in plain files: Maildirs, and folders with one
// .ics file for each event. Any mail or calendar program may read and change them beside
// indy, and what it changes is noticed.
//
// It moves, flags and changes no file that is not indy's, keeps what other programs wrote
// into indy's events, and never replaces a file in place: what is written is first written
// whole beside it, and on the disk. It sends nothing over a network; whoever carries the
// mail on takes it from the Maildirs of its recipients.
package local

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/emersion/go-maildir"

	"indy/scheduler"
)

// final says that trying again as it is cannot help.
func final(hint string, err error) error {
	return &scheduler.Failure{Kind: scheduler.Final, Hint: hint, Err: err}
}

// again says that nothing happened and that another try may help.
func again(err error) error { return &scheduler.Failure{Kind: scheduler.Again, Err: err} }

// makeMaildir makes what is missing of a Maildir, for its owner alone.
func makeMaildir(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	if _, err := os.Stat(filepath.Join(path, "cur")); err == nil {
		for _, sub := range []string{"new", "tmp"} {
			if err := os.MkdirAll(filepath.Join(path, sub), 0o700); err != nil {
				return err
			}
		}
		return nil
	}
	return maildir.Dir(path).Init()
}

// disk says how far what is written is forced onto the disk. fleeting leaves that to the
// system: for plays, which are made anew and wait for no disk.
type disk struct{ fleeting bool }

// writeFile writes a new file whole and onto the disk. Its folder is not synced.
func (d disk) writeFile(path string, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	if err == nil && !d.fleeting {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		os.Remove(path)
		return err
	}
	return nil
}

// syncDir puts a folder's entries onto the disk, where the system can do that.
func (d disk) syncDir(path string) error {
	if d.fleeting || runtime.GOOS == "windows" {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// exists says whether something is at path.
func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// folderName makes an address the name of a folder: in lower case, and nothing in it can
// lead to another folder. Different addresses keep different names.
func folderName(address string) (string, error) {
	address = strings.ToLower(strings.TrimSpace(address))
	if address == "" || len(address) > 254 { // RFC 5321 4.5.3.1.3, less the brackets
		return "", fmt.Errorf("not an address: %q", address)
	}
	var b strings.Builder
	for i := range len(address) {
		c := address[i]
		switch {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c == '@', c == '-', c == '_', c == '+', c == '.' && i > 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	if b.Len() > 255 {
		return "", fmt.Errorf("an address too long for a folder: %q", address)
	}
	return b.String(), nil
}
