package googletest

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// documents are Google's own descriptions of its APIs, from the client's module.
type documents struct{ all []*document }

type document struct {
	Name        string             `json:"name"`
	ServicePath string             `json:"servicePath"`
	Parameters  map[string]*schema `json:"parameters"`
	Schemas     map[string]*schema `json:"schemas"`
	Resources   map[string]*group  `json:"resources"`

	methods []*method
}

type group struct {
	Methods   map[string]*method `json:"methods"`
	Resources map[string]*group  `json:"resources"`
}

type method struct {
	ID                  string             `json:"id"`
	HTTPMethod          string             `json:"httpMethod"`
	Path                string             `json:"path"`
	Parameters          map[string]*schema `json:"parameters"`
	Scopes              []string           `json:"scopes"`
	Request             reference          `json:"request"`
	Response            reference          `json:"response"`
	SupportsMediaUpload bool               `json:"supportsMediaUpload"`

	doc     *document
	pattern *regexp.Regexp
	names   []string
}

type reference struct {
	Ref string `json:"$ref"`
}

type schema struct {
	ID                   string             `json:"id"`
	Ref                  string             `json:"$ref"`
	Type                 string             `json:"type"`
	Format               string             `json:"format"`
	Enum                 []string           `json:"enum"`
	Items                *schema            `json:"items"`
	Properties           map[string]*schema `json:"properties"`
	AdditionalProperties *schema            `json:"additionalProperties"`
	Location             string             `json:"location"`
	Required             bool               `json:"required"`
	Repeated             bool               `json:"repeated"`
	Minimum              string             `json:"minimum"`
	Maximum              string             `json:"maximum"`
	Pattern              string             `json:"pattern"`
}

// loadDocuments reads them from the module, once.
var loadDocuments = sync.OnceValues(func() (*documents, error) {
	cmd := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "google.golang.org/api")
	out, err := cmd.Output()
	dir := strings.TrimSpace(string(out))
	if err != nil || dir == "" {
		return &documents{}, fmt.Errorf("find Google's discovery documents: go list: %v", err)
	}
	docs := &documents{}
	for _, name := range []string{"gmail/v1/gmail-api.json", "calendar/v3/calendar-api.json", "pubsub/v1/pubsub-api.json"} {
		b, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
		if err != nil {
			return docs, fmt.Errorf("read Google's discovery documents: %w", err)
		}
		d := &document{}
		if err := json.Unmarshal(b, d); err != nil {
			return docs, fmt.Errorf("read Google's discovery documents: %w", err)
		}
		for _, g := range d.Resources {
			d.gather(g)
		}
		// Literal paths before those with parameters.
		slices.SortFunc(d.methods, func(a, b *method) int {
			if n := len(a.names) - len(b.names); n != 0 {
				return n
			}
			return strings.Compare(a.ID, b.ID)
		})
		docs.all = append(docs.all, d)
	}
	return docs, nil
})

var pathParameter = regexp.MustCompile(`\{(\+?)(\w+)\}`)

func (d *document) gather(g *group) {
	for _, m := range g.Methods {
		m.doc = d
		expr, last := "^", 0
		full := "/" + d.ServicePath + m.Path
		for _, at := range pathParameter.FindAllStringSubmatchIndex(full, -1) {
			expr += regexp.QuoteMeta(full[last:at[0]])
			if full[at[2]:at[3]] == "+" {
				expr += "(.+?)"
			} else {
				expr += "([^/]+)"
			}
			m.names = append(m.names, full[at[4]:at[5]])
			last = at[1]
		}
		m.pattern = regexp.MustCompile(expr + regexp.QuoteMeta(full[last:]) + "$")
		d.methods = append(d.methods, m)
	}
	for _, sub := range g.Resources {
		d.gather(sub)
	}
}

// match finds the method that a request calls. Uploads have a path of their own.
func (ds *documents) match(verb, path string) (*method, map[string]string) {
	path = strings.TrimPrefix(path, "/upload")
	for _, d := range ds.all {
		for _, m := range d.methods {
			if m.HTTPMethod != verb {
				continue
			}
			if found := m.pattern.FindStringSubmatch(path); found != nil {
				params := map[string]string{}
				for i, name := range m.names {
					params[name] = unescape(found[i+1])
				}
				return m, params
			}
		}
	}
	return nil, nil
}

// check holds a value against its schema: no unknown property, no wrong type.
func (d *document) check(v any, s *schema, at string) error {
	if s.Ref != "" {
		ref := d.Schemas[s.Ref]
		if ref == nil {
			return fmt.Errorf("%s: no schema %q", at, s.Ref)
		}
		s = ref
	}
	switch s.Type {
	case "any":
		return nil
	case "object":
		o, ok := v.(obj)
		if !ok {
			return fmt.Errorf("%s: %T is no object", at, v)
		}
		for name, x := range o {
			p := s.Properties[name]
			if p == nil {
				p = s.AdditionalProperties
			}
			if p == nil {
				return fmt.Errorf("%s: unknown field %q", at, name)
			}
			if x == nil {
				continue // null takes a field away in a patch
			}
			if err := d.check(x, p, at+"."+name); err != nil {
				return err
			}
		}
		return nil
	case "array":
		list, ok := v.([]any)
		if !ok {
			return fmt.Errorf("%s: %T is no array", at, v)
		}
		for i, x := range list {
			if err := d.check(x, s.Items, fmt.Sprintf("%s[%d]", at, i)); err != nil {
				return err
			}
		}
		return nil
	}
	return s.checkScalar(v, at)
}

func (s *schema) checkScalar(v any, at string) error {
	switch s.Type {
	case "boolean":
		if _, ok := v.(bool); !ok {
			return fmt.Errorf("%s: %T is no boolean", at, v)
		}
	case "integer", "number":
		switch n := v.(type) {
		case int, int64, float64:
		case json.Number:
			if err := s.checkText(n.String()); err != nil {
				return fmt.Errorf("%s: %w", at, err)
			}
		default:
			return fmt.Errorf("%s: %T is no number", at, v)
		}
	case "string":
		t, ok := v.(string)
		if !ok {
			return fmt.Errorf("%s: %T is no string", at, v)
		}
		if err := s.checkText(t); err != nil {
			return fmt.Errorf("%s: %w", at, err)
		}
	default:
		return fmt.Errorf("%s: schema of type %q", at, s.Type)
	}
	return nil
}

// checkText holds a text, as in a query, against its type and format.
func (s *schema) checkText(t string) (err error) {
	if len(s.Enum) > 0 && !slices.Contains(s.Enum, t) {
		return fmt.Errorf("%q is none of %v", t, s.Enum)
	}
	switch s.Type {
	case "boolean":
		_, err = strconv.ParseBool(t)
		return err
	case "integer":
		n, err := strconv.ParseInt(t, 10, 64)
		if err != nil {
			return err
		}
		if lo, e := strconv.ParseInt(s.Minimum, 10, 64); e == nil && n < lo {
			return fmt.Errorf("%d is less than %d", n, lo)
		}
		if hi, e := strconv.ParseInt(s.Maximum, 10, 64); e == nil && n > hi {
			return fmt.Errorf("%d is more than %d", n, hi)
		}
	}
	switch s.Format {
	case "uint64":
		_, err = strconv.ParseUint(t, 10, 64)
	case "int64":
		_, err = strconv.ParseInt(t, 10, 64)
	case "uint32":
		_, err = strconv.ParseUint(t, 10, 32)
	case "int32":
		_, err = strconv.ParseInt(t, 10, 32)
	case "date-time", "google-datetime":
		_, err = time.Parse(time.RFC3339, t)
		if err != nil {
			_, err = time.Parse("2006-01-02T15:04:05", t) // with a zone beside it
		}
	case "date":
		_, err = time.Parse(time.DateOnly, t)
	case "byte":
		_, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(t, "="))
		if err != nil {
			_, err = base64.StdEncoding.DecodeString(t)
		}
	}
	return err
}
