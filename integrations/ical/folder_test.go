package ical

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"
)

var week = Query{From: time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC), To: time.Date(2026, 11, 9, 0, 0, 0, 0, time.UTC), Floating: time.UTC}

// meeting is a calendar with one event of an hour.
func meeting(uid string, at time.Time) []byte {
	return fmt.Appendf(nil, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:%s\r\nDTSTART:%s\r\nDURATION:PT1H\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
		uid, at.UTC().Format(utcForm))
}

func write(t testing.TB, path string, content []byte) {
	t.Helper()
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// starts are the beginnings of what a folder finds in the week.
func starts(t *testing.T, f *Folder) (list []string) {
	t.Helper()
	busy, err := f.Busy(context.Background(), week)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range busy {
		list = append(list, b.From.Format("02 15"))
	}
	return list
}

func TestFolderFollowsChanges(t *testing.T) {
	dir := t.TempDir()
	at := func(day, hour int) time.Time { return time.Date(2026, 11, day, hour, 0, 0, 0, time.UTC) }
	old := time.Now().Add(-time.Hour)
	put := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		write(t, path, content)
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	put("a.ics", meeting("a", at(2, 9)))
	put("b.ics", meeting("b", at(3, 9)))
	put("notes.txt", []byte("no calendar"))
	put(".hidden.ics", []byte("no calendar"))
	f := OpenFolder([]string{dir})
	defer f.Close()
	steps := []struct {
		name string
		do   func()
		want string
	}{
		{"at first", func() {}, "[02 09 03 09]"},
		{"nothing new", func() {}, "[02 09 03 09]"},
		{"one written in place, same size and time", func() { put("a.ics", meeting("a", at(4, 9))) }, "[03 09 04 09]"},
		{"one more", func() { put("c.ics", meeting("c", at(5, 9))) }, "[03 09 04 09 05 09]"},
		{"one replaced by renaming", func() {
			put("d.tmp", meeting("b", at(6, 9)))
			if err := os.Rename(filepath.Join(dir, "d.tmp"), filepath.Join(dir, "b.ics")); err != nil {
				t.Fatal(err)
			}
		}, "[04 09 05 09 06 09]"},
		{"one gone", func() { os.Remove(filepath.Join(dir, "a.ics")) }, "[05 09 06 09]"},
		{"a folder below", func() {
			if err := os.MkdirAll(filepath.Join(dir, "work"), 0o700); err != nil {
				t.Fatal(err)
			}
			put("work/e.ics", meeting("e", at(7, 9)))
		}, "[05 09 06 09 07 09]"},
		{"a change below", func() { put("work/e.ics", meeting("e", at(7, 10))) }, "[05 09 06 09 07 10]"},
		{"the folder below gone", func() { os.RemoveAll(filepath.Join(dir, "work")) }, "[05 09 06 09]"},
	}
	for _, s := range steps {
		s.do()
		if got := fmt.Sprint(starts(t, f)); got != s.want {
			t.Errorf("%s: %s, want %s", s.name, got, s.want)
		}
		bare := &Folder{paths: f.paths, files: map[string]*known{}, reader: newReader()}
		if got := fmt.Sprint(starts(t, bare)); got != s.want {
			t.Errorf("%s, read anew: %s, want %s", s.name, got, s.want)
		}
		bare.Close()
	}
}

func TestFolderFailsClosed(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "a.ics")
	write(t, path, meeting("a", week.From))
	f, one := OpenFolder([]string{dir}), OpenFolder([]string{path})
	defer f.Close()
	defer one.Close()
	ask := func(f *Folder) error {
		_, err := f.Busy(context.Background(), week)
		return err
	}
	if err := ask(f); err != nil {
		t.Fatal(err)
	}
	if err := ask(one); err != nil {
		t.Fatal(err)
	}
	whole := meeting("a", week.From)
	write(t, path, whole[:len(whole)-20])
	//lint:ignore SA4000 the second answer is from memory
	if ask(f) == nil || ask(f) == nil || ask(one) == nil {
		t.Error("a file that breaks off is free time")
	}
	write(t, path, whole)
	if err := ask(f); err != nil {
		t.Errorf("mended: %v", err)
	}
	os.Remove(path)
	if ask(one) == nil {
		t.Error("a file that vanished is free time")
	}
	if err := ask(f); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
	os.Remove(dir)
	//lint:ignore SA4000 the second answer is from memory
	if ask(f) == nil || ask(f) == nil {
		t.Error("a folder that vanished is free time")
	}
	if ask(OpenFolder([]string{filepath.Join(dir, "never")})) == nil {
		t.Error("a folder that never was is free time")
	}
}

// BenchmarkFolder measures what it costs to look again at 10,000 files of which one changed,
// beside reading all of them.
func BenchmarkFolder(b *testing.B) {
	dir := b.TempDir()
	old := time.Now().Add(-time.Hour)
	path := func(i int) string { return filepath.Join(dir, fmt.Sprintf("%05d.ics", i)) }
	put := func(i, hour int) {
		write(b, path(i), meeting(fmt.Sprint(i), week.From.AddDate(0, 0, -i%3000).Add(time.Duration(hour)*time.Hour)))
		if err := os.Chtimes(path(i), old, old); err != nil {
			b.Fatal(err)
		}
	}
	for i := range 10_000 {
		put(i, 9)
	}
	b.Run("cold", func(b *testing.B) {
		for b.Loop() {
			f := OpenFolder([]string{dir})
			if _, err := f.Busy(context.Background(), week); err != nil {
				b.Fatal(err)
			}
			f.Close()
		}
	})
	b.Run("one changed", func(b *testing.B) {
		f := OpenFolder([]string{dir})
		defer f.Close()
		f.Busy(context.Background(), week)
		for i := 0; b.Loop(); i++ {
			b.StopTimer()
			put(5, i%20)
			b.StartTimer()
			if _, err := f.Busy(context.Background(), week); err != nil {
				b.Fatal(err)
			}
		}
	})
}
