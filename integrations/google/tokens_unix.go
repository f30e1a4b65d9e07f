//go:build !windows

package google

import (
	"io/fs"
	"os"
)

// loose says that others than its owner may use a file.
func loose(mode fs.FileMode) bool { return mode.Perm()&0o077 != 0 }

// syncDir makes a rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
