package config

import (
	"flag"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write docs/config.md anew")

// docs/config.md is what the comments and tags of file.go say.
func TestReference(t *testing.T) {
	want := reference(t)
	path := filepath.Join("..", "docs", "config.md")
	if *update {
		if err := os.WriteFile(path, []byte(want), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if string(got) != want {
		t.Error("docs/config.md is stale: run go generate ./config")
	}
}

const referenceHead = `<!-- Generated from config/file.go by "go generate ./config". Do not edit. -->

# The config

indy reads one file, ` + "`config.toml`" + ` ([TOML](https://toml.io)): the one named by ` + "`--config`" + `, else by
` + "`$INDY_CONFIG`" + `, else ` + "`$XDG_CONFIG_HOME/indy/config.toml`" + `, which mostly is ` + "`~/.config/indy/config.toml`" + `.
` + "`indy init`" + ` writes it for you by asking, and [config.example.toml](../config.example.toml) shows
everything. A running indy reads the file again whenever you save it. If you saved a mistake,
it goes on with what it had and writes to you, with the line.

| value | how it is written |
|---|---|
| a length of time | ` + "`\"45m\"`, `\"24h\"`, `\"10d\"`, `\"6w\"`, `\"1h30m\"`" + `; a day is 24 hours |
| weekly hours | ` + "`\"mon-fri 09:00-17:00, sat 10:00-12:00\"`, `\"daily 08:00-20:00\"`, `\"mon,wed 18:00-21:00\"`" + ` |
| a day | ` + "`2026-11-27`" + `, with or without quotes |
| days | ` + "`\"2026-12-24 to 2027-01-02, holidays\"`" + `; the last day and the reason may be left out |
| a time zone | ` + "`\"America/New_York\"`" + `: its full name, so that summer time is right |
| a path | ` + "`\"~/Mail\"`" + `; one that begins with neither ` + "`~` nor `/`" + ` starts at the config's folder |

Passwords and keys never stand in it. Mail addresses are written bare: ` + "`\"ana@example.org\"`" + `.
`

// reference writes the whole page.
func reference(t *testing.T) string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), "file.go", nil, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	docs := fieldDocs(parsed)
	var b strings.Builder
	b.WriteString(referenceHead)
	for _, s := range []struct {
		header, title string
		of            any
	}{
		{"", "At the top", &file{}},
		{"[team]", "The team", &team{}},
		{"[campaign]", "The campaign", &campaign{}},
		{"[[campaign.ask]]", "Its asks, one table each", &ask{}},
		{"[defaults]", "How you work: here, or under an organizer", &settings{}},
		{"[[organizer]]", "An organizer, one table each", &organizer{}},
		{"[organizer.local]", "Folders on this machine", &local{}},
		{"[organizer.google]", "Google", &google{}},
		{"[[person]]", "A person, one table each", &person{}},
	} {
		fmt.Fprintf(&b, "\n## %s\n\n", s.title)
		if s.header != "" {
			fmt.Fprintf(&b, "`%s`\n\n", s.header)
		}
		b.WriteString("| key | value | default | |\n|---|---|---|---|\n")
		ty := reflect.TypeOf(s.of).Elem()
		for i := range ty.NumField() {
			f := ty.Field(i)
			doc := docs[ty.Name()+"."+f.Name]
			if doc == "" {
				t.Errorf("%s.%s has no comment", ty.Name(), f.Name)
			}
			if f.Anonymous {
				fmt.Fprintf(&b, "| … | | | %s |\n", doc)
				continue
			}
			word, fallback := valueWords(f), ""
			if d := f.Tag.Get("default"); d != "" {
				fallback = "`" + d + "`"
			} else if f.Tag.Get("need") != "" {
				fallback = "must be given"
			}
			fmt.Fprintf(&b, "| `%s` | %s | %s | %s |\n", f.Tag.Get("toml"), word, fallback, strings.ReplaceAll(doc, "|", `\|`))
		}
	}
	return b.String()
}

// fieldDocs are the comments of all fields: "settings.Length", in one line each.
func fieldDocs(f *ast.File) map[string]string {
	docs := map[string]string{}
	ast.Inspect(f, func(n ast.Node) bool {
		spec, ok := n.(*ast.TypeSpec)
		if !ok {
			return true
		}
		st, ok := spec.Type.(*ast.StructType)
		if !ok {
			return false
		}
		for _, field := range st.Fields.List {
			name := fmt.Sprint(field.Type) // of an embedded one
			if len(field.Names) > 0 {
				name = field.Names[0].Name
			}
			docs[spec.Name.Name+"."+name] = strings.Join(strings.Fields(field.Doc.Text()), " ")
		}
		return false
	})
	return docs
}

// valueWords says what a key wants.
func valueWords(f reflect.StructField) string {
	ty := f.Type
	if ty.Kind() == reflect.Slice && isTable(ty.Elem()) {
		return "tables, below"
	}
	if isTable(ty) {
		return "table, below"
	}
	many := ""
	if ty.Kind() == reflect.Slice {
		ty, many = ty.Elem(), "list: "
	}
	if words := f.Tag.Get("oneof"); words != "" {
		return many + "`\"" + strings.ReplaceAll(words, "|", "\"`, `\"") + "\"`"
	}
	words := map[string]string{
		"string": "text", "text": "text, may have several lines", "path": "path", "address": "mail address", "phone": "phone number",
		"bool": "`true` or `false`", "int": "number", "Duration": "length of time", "days": "length of time", "silence": "`\"never\"` or a length of time", "clock": "time of day",
		"weekTime": "day and time", "Hours": "weekly hours", "Date": "day", "DateRange": "days", "Location": "time zone",
	}
	name := ty.Name()
	if ty.Kind() == reflect.Pointer {
		name = ty.Elem().Name()
	}
	least, most := f.Tag.Get("min"), f.Tag.Get("max")
	switch {
	case least != "" && most != "":
		return many + words[name] + ", " + least + " to " + most
	case most != "":
		return many + words[name] + ", at most " + most
	}
	return many + words[name]
}

func isTable(t reflect.Type) bool { return t.Kind() == reflect.Struct && !isScalar(t) }
