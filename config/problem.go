package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Problem is something in the config that a person has to mend, and where. Line and
// Column count from 1, Column in bytes; both are 0 for what is nowhere in the file.
type Problem struct {
	File         string
	Line, Column int
	Text         string // what is wrong and what to do, in words
}

func (p Problem) String() string {
	if p.Line == 0 {
		return fmt.Sprintf("%s: %s", p.File, p.Text)
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Text)
}

// Problems is every problem of a config, in the order of the file. It is the error of Load
// whenever the file could be read but not used.
type Problems []Problem

func (ps Problems) Error() string {
	lines := make([]string, len(ps))
	for i, p := range ps {
		lines[i] = p.String()
	}
	if len(ps) > 1 {
		lines = append([]string{fmt.Sprintf("%d problems in the config:", len(ps))}, lines...)
	}
	return strings.Join(lines, "\n")
}

func (ps Problems) sorted() Problems {
	slices.SortStableFunc(ps, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return ps
}

// nearest is the one of known that was probably meant by word; "" when none is near.
func nearest(word string, known []string) string {
	best, least := "", 1+min(len(word), 9)/3
	for _, k := range known {
		if max(len(word), len(k))-min(len(word), len(k)) > 2*least {
			continue
		}
		if n := distance(strings.ToLower(word), strings.ToLower(k)); n <= least && (best == "" || n < least) {
			best, least = k, n
		}
	}
	return best
}

// distance is how many letters must be changed, added, dropped or swapped with their
// neighbour to make a into b.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	rows := make([][]int, len(x)+1)
	for i := range rows {
		rows[i] = make([]int, len(y)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(x); i++ {
		for j := 1; j <= len(y); j++ {
			same := 1
			if x[i-1] == y[j-1] {
				same = 0
			}
			n := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+same)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				n = min(n, rows[i-2][j-2]+1)
			}
			rows[i][j] = n
		}
	}
	return rows[len(x)][len(y)]
}

// didYouMean is ` (did you mean "x"?)`, or nothing.
func didYouMean(word string, known []string) string {
	if n := nearest(word, known); n != "" {
		return fmt.Sprintf(" (did you mean %q?)", n)
	}
	return ""
}
