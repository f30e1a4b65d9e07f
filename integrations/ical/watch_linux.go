package ical

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// identity says whether a file is still the same, unwritten.
type identity struct {
	size, modified, changed int64
	inode, device           uint64
}

func identify(info os.FileInfo) identity {
	id := identity{size: info.Size(), modified: info.ModTime().UnixNano()}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		id.inode, id.device, id.changed = st.Ino, uint64(st.Dev), st.Ctim.Nano()
	}
	return id
}

// watch tells which files of some folders changed. It asks the kernel when asked itself, so
// that no change that happened before the question is missed.
type watch struct {
	fd      int
	works   bool
	folders map[int32]string
	stop    runtime.Cleanup
}

const watched = unix.IN_CLOSE_WRITE | unix.IN_MODIFY | unix.IN_ATTRIB | unix.IN_CREATE | unix.IN_DELETE |
	unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR

func newWatch() *watch {
	fd, err := unix.InotifyInit1(unix.IN_NONBLOCK | unix.IN_CLOEXEC)
	w := &watch{fd: fd, works: err == nil, folders: map[int32]string{}}
	if err != nil {
		w.fd = -1
		return w
	}
	w.stop = runtime.AddCleanup(w, func(fd int) { unix.Close(fd) }, fd)
	return w
}

// list lists a path and watches its folders. Each is watched before it is listed, so that
// what comes in between is seen.
func (w *watch) list(path string) (listing, error) {
	return listWatched(path, w.add)
}

func (w *watch) add(folder string) {
	if !w.works {
		return
	}
	if w.works = onThisMachine(folder); !w.works {
		return
	}
	id, err := unix.InotifyAddWatch(w.fd, folder, watched)
	if w.works = err == nil; w.works {
		w.folders[int32(id)] = folder
	}
}

// onThisMachine says whether a folder is on a disk of this machine: others change without telling.
func onThisMachine(folder string) bool {
	var st unix.Statfs_t
	if unix.Statfs(folder, &st) != nil {
		return false
	}
	switch int64(st.Type) {
	case unix.EXT4_SUPER_MAGIC, unix.XFS_SUPER_MAGIC, unix.BTRFS_SUPER_MAGIC, unix.TMPFS_MAGIC, unix.F2FS_SUPER_MAGIC,
		unix.OVERLAYFS_SUPER_MAGIC, 0x2fc12fc1 /* ZFS */, 0xca451a4e /* bcachefs */ :
		return true
	}
	return false
}

// changed are the files that changed since it was last asked. ok is false when everything
// must be looked at: folders came or went, or too much happened.
func (w *watch) changed() (names map[string]bool, ok bool) {
	names = map[string]bool{}
	buf := make([]byte, 64<<10)
	for {
		n, err := unix.Read(w.fd, buf)
		if err == unix.EINTR {
			continue
		}
		if err == unix.EAGAIN {
			return names, true
		}
		if err != nil || n < unix.SizeofInotifyEvent {
			return nil, false
		}
		if !w.note(buf[:n], names) {
			return nil, false
		}
	}
}

// note takes what the kernel told.
func (w *watch) note(b []byte, names map[string]bool) bool {
	const gone = unix.IN_Q_OVERFLOW | unix.IN_IGNORED | unix.IN_UNMOUNT | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF
	for len(b) >= unix.SizeofInotifyEvent {
		id, mask := int32(binary.NativeEndian.Uint32(b)), binary.NativeEndian.Uint32(b[4:])
		size := int(binary.NativeEndian.Uint32(b[12:]))
		if size > len(b)-unix.SizeofInotifyEvent {
			return false
		}
		name := strings.TrimRight(string(b[unix.SizeofInotifyEvent:unix.SizeofInotifyEvent+size]), "\x00")
		b = b[unix.SizeofInotifyEvent+size:]
		folder, known := w.folders[id]
		switch {
		case mask&gone != 0 || !known:
			return false
		case mask&unix.IN_ISDIR != 0:
			if mask&^(unix.IN_ISDIR|unix.IN_ATTRIB) != 0 && !strings.HasPrefix(name, ".") {
				return false
			}
		case name == "": // the folder itself: its rights may have changed
			return false
		case isCalendar(name):
			names[filepath.Join(folder, name)] = true
		}
	}
	return true
}

func (w *watch) close() {
	if w.fd >= 0 {
		w.stop.Stop()
		unix.Close(w.fd)
		w.fd, w.works = -1, false
	}
}
