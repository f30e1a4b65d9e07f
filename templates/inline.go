package templates

import (
	"fmt"
	"html/template"
	"strings"

	"golang.org/x/net/html"
)

// Mail clients want styles within the elements. Which style an element gets depends on
// nothing but its name and class and those around it, and the elements of our blocks are
// few. So inline, which reads the sheet and searches the page anew each time, is asked
// once about all of them; a page is then made in one pass. A page that holds anything
// else, such as HTML of the operator's own, goes through inline whole.

// Styles are a style sheet, and what inline made of it.
type styles struct {
	whole template.CSS // as it was written
	media template.CSS // what has to stay in the head
	root  *element
}

// An element is one kind of element at one place, with what may stand within it.
type element struct {
	style  string // its attribute; "" for none
	inside map[string]*element
}

// find is the element with this name and class within e.
func (e *element) find(name, class string) *element {
	var key [64]byte
	if len(name)+1+len(class) > len(key) {
		return nil
	}
	n := copy(key[:], name)
	key[n] = ' '
	n += 1 + copy(key[n+1:], class)
	return e.inside[string(key[:n])]
}

// learn reads a sheet off a sample page that inline has been over.
func learn(css template.CSS, page string) (*styles, error) {
	inlined, err := inline(page)
	if err != nil {
		return nil, err
	}
	doc, err := html.Parse(strings.NewReader(inlined))
	if err != nil {
		return nil, fmt.Errorf("read the sample page: %w", err)
	}
	s := &styles{whole: css, root: &element{inside: map[string]*element{}}}
	s.take(doc, s.root)
	return s, nil
}

// take takes in what stands within n.
func (s *styles) take(n *html.Node, within *element) {
	for c := range n.ChildNodes() {
		if c.Type != html.ElementNode {
			continue
		}
		if c.Data == "style" && c.FirstChild != nil {
			s.media += template.CSS(c.FirstChild.Data)
		}
		key := c.Data + " " + attribute(c, "class")
		e := within.inside[key]
		if e == nil {
			e = &element{style: html.EscapeString(attribute(c, "style")), inside: map[string]*element{}}
			within.inside[key] = e
		}
		s.take(c, e)
	}
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// endless elements have no end tag.
var endless = map[string]bool{"br": true, "img": true, "meta": true}

// style puts the styles into a page that our own templates made; ok is false when it holds
// an element that the sheet does not know.
func (s *styles) style(page string) (styled string, ok bool) {
	var out strings.Builder
	out.Grow(2 * len(page))
	around := make([]*element, 0, 24)
	at := s.root
	for {
		from := strings.IndexByte(page, '<')
		if from < 0 {
			out.WriteString(page)
			return out.String(), len(around) == 0
		}
		to := from + strings.IndexByte(page[from:], '>')
		if to < from {
			return "", false
		}
		tag := page[from+1 : to]
		switch {
		case strings.HasPrefix(tag, "!"):
		case strings.HasPrefix(tag, "/"):
			if len(around) == 0 {
				return "", false
			}
			at, around = around[len(around)-1], around[:len(around)-1]
		default:
			name, attrs, _ := strings.Cut(strings.TrimSuffix(tag, "/"), " ")
			e := at.find(name, classOf(attrs))
			if e == nil {
				return "", false
			}
			if e.style != "" {
				head := page[:to]
				if tag[len(tag)-1] == '/' {
					head = head[:len(head)-1]
				}
				out.WriteString(head)
				out.WriteString(` style="`)
				out.WriteString(e.style)
				out.WriteString(`"`)
				page, to = page[len(head):], to-len(head)
			}
			if !endless[name] {
				around, at = append(around, at), e
			}
		}
		out.WriteString(page[:to+1])
		page = page[to+1:]
	}
}

func classOf(attrs string) string {
	_, class, ok := strings.Cut(attrs, `class="`)
	if !ok {
		return ""
	}
	class, _, _ = strings.Cut(class, `"`)
	return class
}
