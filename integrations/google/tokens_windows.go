package google

import "io/fs"

// loose knows nothing of access lists: the profile's own keep others out.
func loose(fs.FileMode) bool { return false }

// syncDir has nothing to do: NTFS keeps renames in its journal.
func syncDir(string) error { return nil }
