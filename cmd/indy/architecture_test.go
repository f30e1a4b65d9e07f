package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The house of docs/architecture.md: who may import whom, what the pure rooms may not
// reach, and how long a file may be. Tests are free to import what they need.

const everybody = "*"

// mayImport says for each room which other rooms of the module its code may import. A room
// that is not here has no place in the house yet.
var mayImport = map[string][]string{
	"cmd/indy": {everybody},
	"config":   {"scheduler", "scheduler/slots"},

	"scheduler/slots":        {},
	"scheduler/replies/when": {"scheduler/slots"},
	"scheduler/replies":      {"scheduler/replies/when", "scheduler/slots"},
	"scheduler":              {"scheduler/replies", "scheduler/replies/when", "scheduler/slots"},
	"scheduler/ledger":       {"scheduler", "scheduler/slots"},
	"scheduler/engine":       {"scheduler", "scheduler/ledger", "scheduler/replies", "scheduler/replies/when", "scheduler/slots"},

	"templates": {"scheduler", "scheduler/replies", "scheduler/slots"},

	"integrations/ical":              {"scheduler", "scheduler/slots"},
	"integrations/mail":              {"integrations/ical", "scheduler", "scheduler/replies", "scheduler/slots"},
	"integrations/local":             {"integrations/ical", "integrations/mail", "scheduler", "scheduler/slots"},
	"integrations/google":            {"integrations/ical", "integrations/mail", "scheduler", "scheduler/slots"},
	"integrations/google/googletest": {},
	"integrations/integrationtest":   {"scheduler", "scheduler/slots"},

	"store":           {"scheduler", "scheduler/ledger", "scheduler/slots"},
	"store/memory":    {"scheduler", "scheduler/ledger", "scheduler/slots"},
	"store/storetest": {"scheduler", "scheduler/ledger", "scheduler/slots"},
}

// pure are the rooms that decide. Neither they nor anything that they are built on, the
// standard library excepted, may import what is in impure.
var pure = []string{"scheduler", "scheduler/slots", "scheduler/replies", "scheduler/replies/when", "scheduler/ledger"}

// impure are packages of the standard library with everything below them.
var impure = []string{"net", "os", "database/sql", "math/rand", "crypto/rand", "syscall", "log", "C"}

// wallClock are the names of package time that ask the machine for the time or its zone.
var wallClock = []string{"Now", "Since", "Until", "Local", "Sleep", "After", "AfterFunc", "Tick", "NewTimer", "NewTicker"}

// longFile is how many lines a file may have without a line above its package clause that
// begins with longMark and says why.
const (
	longFile = 500
	longMark = "// Long because "
)

// room is a package as "go list" tells of it, with the imports of its files for other
// systems among Imports.
type room struct {
	ImportPath, Name, Dir, Doc string
	Standard                   bool
	Module                     *struct{ Path string }
	Imports                    []string
}

// house is every package that the module is built of.
type house struct {
	module string
	rooms  map[string]room
}

// own says whether the package is of this module, and its path within it.
func (h house) own(importPath string) (string, bool) {
	return strings.CutPrefix(importPath, h.module+"/")
}

// crossings are the imports that mayImport does not allow.
func (h house) crossings() (bad []string) {
	for importPath, r := range h.rooms {
		name, ok := h.own(importPath)
		if !ok || strings.HasPrefix(name, "bench/") {
			continue
		}
		may, known := mayImport[name]
		if !known {
			bad = append(bad, name+" has no place in the house: say in mayImport what it may import")
			continue
		}
		for _, i := range r.Imports {
			to, ok := h.own(i)
			if ok && !slices.Contains(may, to) && !slices.Contains(may, everybody) {
				bad = append(bad, fmt.Sprintf("%s imports %s", name, to))
			}
		}
	}
	slices.Sort(bad)
	return bad
}

// leaks are the ways on which a pure room reaches what is impure.
func (h house) leaks() (bad []string) {
	for _, name := range pure {
		for _, reached := range h.builtOn(h.module + "/" + name) {
			for _, i := range h.rooms[reached].Imports {
				if isImpure(i) {
					bad = append(bad, fmt.Sprintf("%s is built on %s, which imports %s", name, reached, i))
				}
			}
		}
	}
	slices.Sort(bad)
	return bad
}

func isImpure(importPath string) bool {
	for _, p := range impure {
		if importPath == p || strings.HasPrefix(importPath, p+"/") {
			return true
		}
	}
	return false
}

// builtOn is the package with all that it imports, directly or not, without the standard library.
func (h house) builtOn(importPath string) []string {
	seen := map[string]bool{}
	var walk func(string)
	walk = func(p string) {
		r, ok := h.rooms[p]
		if !ok || r.Standard || seen[p] {
			return
		}
		seen[p] = true
		for _, i := range r.Imports {
			walk(i)
		}
	}
	walk(importPath)
	list := make([]string, 0, len(seen))
	for p := range seen {
		list = append(list, p)
	}
	slices.Sort(list)
	return list
}

// clocks are the places of a file that ask for the wall clock or the machine's time zone.
func clocks(fset *token.FileSet, f *ast.File) (bad []string) {
	say := func(at token.Pos, what string) {
		bad = append(bad, fmt.Sprintf("%s: %s", fset.Position(at), what))
	}
	name := ""
	for _, i := range f.Imports {
		if i.Path.Value != `"time"` {
			continue
		}
		switch {
		case i.Name == nil:
			name = "time"
		case i.Name.Name == ".":
			say(i.Pos(), "package time without its name")
		default:
			name = i.Name.Name
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if x, ok := n.X.(*ast.Ident); ok && name != "" && x.Name == name && slices.Contains(wallClock, n.Sel.Name) {
				say(n.Pos(), "time."+n.Sel.Name)
			}
		case *ast.CallExpr: // t.Local()
			if s, ok := n.Fun.(*ast.SelectorExpr); ok && s.Sel.Name == "Local" && len(n.Args) == 0 {
				say(n.Pos(), "Local()")
			}
		}
		return true
	})
	return bad
}

// tooLong says what is wrong with the length of a file; "" when nothing is.
func tooLong(name string, src []byte) (string, error) {
	lines := bytes.Count(src, []byte("\n"))
	if lines <= longFile {
		return "", nil
	}
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, name, src, parser.ParseComments|parser.PackageClauseOnly)
	if err != nil {
		return "", err
	}
	if ast.IsGenerated(f) {
		return "", nil
	}
	for _, c := range f.Comments {
		for _, line := range c.List {
			if line.Pos() < f.Package && strings.HasPrefix(line.Text, longMark) {
				return "", nil
			}
		}
	}
	return fmt.Sprintf("%s has %d lines and no %q above its package clause", name, lines, longMark), nil
}

// loadHouse asks the go command for every package that the module is built of.
func loadHouse(t *testing.T) house {
	t.Helper()
	cmd := exec.Command("go", "list", "-deps", "-json=ImportPath,Name,Dir,Doc,Standard,Module,Imports", "./...")
	cmd.Dir = top(t)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("list the packages: %v", err)
	}
	h := house{module: "indy", rooms: map[string]room{}}
	for dec := json.NewDecoder(bytes.NewReader(out)); ; {
		var r room
		if err := dec.Decode(&r); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		if _, ok := h.own(r.ImportPath); ok {
			for _, f := range sources(t, r) {
				for _, i := range f.ast.Imports {
					p, err := strconv.Unquote(i.Path.Value)
					if err != nil {
						t.Fatal(err)
					}
					if !slices.Contains(r.Imports, p) {
						r.Imports = append(r.Imports, p)
					}
				}
			}
		}
		h.rooms[r.ImportPath] = r
	}
	return h
}

// top is the module's folder.
func top(t *testing.T) string {
	t.Helper()
	dir, err := filepath.Abs("../..")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	return dir
}

type source struct {
	fset *token.FileSet
	ast  *ast.File
}

// sources are a package's files, those for other systems too, without tests and generators.
func sources(t *testing.T, r room) (list []source) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(r.Dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if f.Name.Name == r.Name {
			list = append(list, source{fset, f})
		}
	}
	return list
}

func TestHouseImports(t *testing.T) {
	h := loadHouse(t)
	for name := range mayImport {
		if _, ok := h.rooms[h.module+"/"+name]; !ok {
			t.Errorf("there is no room %s any more", name)
		}
	}
	for _, bad := range slices.Concat(h.crossings(), h.leaks()) {
		t.Error(bad)
	}
	for importPath, r := range h.rooms {
		if name, ok := h.own(importPath); ok && r.Doc == "" {
			t.Errorf("%s does not open with what it does", name)
		}
	}
}

func TestHouseReadsNoClock(t *testing.T) {
	h := loadHouse(t)
	for _, name := range pure {
		for _, reached := range h.builtOn(h.module + "/" + name) {
			files := sources(t, h.rooms[reached])
			if len(files) == 0 {
				t.Errorf("%s has no files", reached)
			}
			for _, f := range files {
				for _, bad := range clocks(f.fset, f.ast) {
					t.Error(bad)
				}
			}
		}
	}
}

func TestHouseFilesAreShort(t *testing.T) {
	root := os.DirFS(top(t))
	n := 0
	err := fs.WalkDir(root, ".", func(p string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		base := path.Base(p)
		switch {
		case d.IsDir() && p != "." && (strings.HasPrefix(base, ".") || base == "testdata" || base == "node_modules" || base == "indy-demo"):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(p, ".go") || strings.HasPrefix(base, "."):
			return nil
		}
		src, err := fs.ReadFile(root, p)
		if err != nil {
			return err
		}
		n++
		bad, err := tooLong(p, src)
		if bad != "" {
			t.Error(bad)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 100 {
		t.Errorf("only %d files were looked at", n)
	}
}

// TestHouseRulesBite holds the rules against houses that break them.
func TestHouseRulesBite(t *testing.T) {
	made := func(imports map[string][]string) house {
		h := house{module: "indy", rooms: map[string]room{}}
		for p, list := range imports {
			h.rooms[p] = room{ImportPath: p, Imports: list, Standard: !strings.Contains(p, ".") && !strings.HasPrefix(p, "indy/")}
		}
		return h
	}
	for _, tt := range []struct {
		name    string
		imports map[string][]string
		want    []string
	}{
		{"a house in order", map[string][]string{
			"indy/cmd/indy": {"os", "indy/store", "indy/scheduler"}, "indy/store": {"os", "indy/scheduler"},
			"indy/scheduler": {"fmt", "indy/scheduler/slots"}, "indy/scheduler/slots": {"time"}, "fmt": {"os"},
		}, nil},
		{"slots look up", map[string][]string{"indy/scheduler/slots": {"indy/scheduler"}}, []string{"scheduler/slots imports scheduler"}},
		{"the engine knows a provider", map[string][]string{"indy/scheduler/engine": {"indy/integrations/local"}},
			[]string{"scheduler/engine imports integrations/local"}},
		{"the engine knows the words", map[string][]string{"indy/scheduler/engine": {"indy/templates"}}, []string{"scheduler/engine imports templates"}},
		{"the store knows the engine", map[string][]string{"indy/store": {"indy/scheduler/engine"}}, []string{"store imports scheduler/engine"}},
		{"providers know each other", map[string][]string{"indy/integrations/google": {"indy/integrations/local"}},
			[]string{"integrations/google imports integrations/local"}},
		{"a new room", map[string][]string{"indy/helpers": nil}, []string{"helpers has no place in the house: say in mayImport what it may import"}},
		{"a pure room opens a file", map[string][]string{"indy/scheduler/slots": {"os"}},
			[]string{"scheduler/slots is built on indy/scheduler/slots, which imports os"}},
		{"a pure room draws lots", map[string][]string{"indy/scheduler/ledger": {"math/rand/v2"}},
			[]string{"scheduler/ledger is built on indy/scheduler/ledger, which imports math/rand/v2"}},
		{"a library of a pure room dials", map[string][]string{
			"indy/scheduler/replies/when": {"example.org/dates"}, "example.org/dates": {"example.org/deep"}, "example.org/deep": {"net/http"},
		}, []string{"scheduler/replies/when is built on example.org/deep, which imports net/http"}},
	} {
		h := made(tt.imports)
		if got := slices.Concat(h.crossings(), h.leaks()); !slices.Equal(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestHouseClocksBite(t *testing.T) {
	for _, tt := range []struct {
		src  string
		want int
	}{
		{`import "time"; func f(now time.Time) time.Time { return now.UTC() }`, 0},
		{`import "time"; var x = time.Now()`, 1},
		{`import "time"; var x = time.Now`, 1},
		{`import clock "time"; var x = clock.Since(then)`, 1},
		{`import "time"; func f(t time.Time) time.Time { return t.In(time.Local) }`, 1},
		{`import "time"; func f(t time.Time) time.Time { return t.Local() }`, 1},
		{`import . "time"; var x = Now()`, 1},
		{`var x = time.Now()`, 0}, // another time than the package
	} {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "made.go", "package made; "+tt.src, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		if got := clocks(fset, f); len(got) != tt.want {
			t.Errorf("%s: %q, want %d", tt.src, got, tt.want)
		}
	}
}

func TestHouseLengthBites(t *testing.T) {
	lines := strings.Repeat("// a line\n", longFile)
	for _, tt := range []struct {
		src string
		bad bool
	}{
		{"package made\n", false},
		{"package made\n" + lines, true},
		{"// Package made is long.\npackage made\n" + lines, true},
		{longMark + "a table belongs together.\n\npackage made\n" + lines, false},
		{"package made\n\n" + longMark + "it says so too late.\n" + lines, true},
		{"// Code generated by a test. DO NOT EDIT.\n\npackage made\n" + lines, false},
	} {
		got, err := tooLong("made.go", []byte(tt.src))
		if err != nil {
			t.Fatal(err)
		}
		if (got != "") != tt.bad {
			t.Errorf("%.60q: %q", tt.src, got)
		}
	}
}
