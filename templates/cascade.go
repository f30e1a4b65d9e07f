package templates

import (
	"fmt"
	"slices"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// inline carries the styles of any page into its elements, as CSS ranks them (CSS Cascade 3,
// 6): by !important, style attributes before sheets, selectors by how much they say, the
// later before the earlier. What cannot be carried stays in the head: rules for some
// readers or states, and all that is not understood. It gets !important, or it would lose
// against attributes; so a rule for dark mode wins over one that had !important in the sheet.
func inline(page string) (string, error) {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		return "", fmt.Errorf("read the page: %w", err)
	}
	rules := takeSheets(doc)
	slices.SortStableFunc(rules, func(a, b rule) int {
		x, y := a.selector.Specificity(), b.selector.Specificity()
		return slices.Compare(x[:], y[:])
	})
	for n := range doc.Descendants() {
		if n.Type == html.ElementNode && !unseen[n.DataAtom] {
			dress(n, rules)
		}
	}
	var out strings.Builder
	if err := html.Render(&out, doc); err != nil {
		return "", fmt.Errorf("inline the styles: %w", err)
	}
	return out.String() + "\n", nil
}

// unseen elements have no look.
var unseen = map[atom.Atom]bool{
	atom.Head: true, atom.Title: true, atom.Base: true, atom.Link: true, atom.Meta: true, atom.Style: true, atom.Script: true,
}

// takeSheets takes the style sheets out of a page and returns their rules. What is left of
// a sheet goes into the head, wherever it stood: some mail programs read no other.
func takeSheets(doc *html.Node) (rules []rule) {
	var head *html.Node
	var sheets []*html.Node
	for n := range doc.Descendants() {
		switch {
		case n.Type != html.ElementNode || n.Namespace != "":
		case n.DataAtom == atom.Head && head == nil:
			head = n
		case n.DataAtom == atom.Style && isCSS(attribute(n, "type")):
			sheets = append(sheets, n)
		}
	}
	for _, n := range sheets {
		var text, rest string
		for c := range n.ChildNodes() {
			text += c.Data
		}
		switch media := strings.ToLower(strings.TrimSpace(attribute(n, "media"))); media {
		case "", "all":
			var carried []rule
			carried, rest = readSheet(text)
			rules = append(rules, carried...)
		default: // as if all of it stood in @media
			rest = strings.Join(imposedAll(tokens(text), false, 0), "\n")
		}
		n.Parent.RemoveChild(n)
		if rest == "" {
			continue
		}
		for n.FirstChild != nil {
			n.RemoveChild(n.FirstChild)
		}
		n.AppendChild(&html.Node{Type: html.TextNode, Data: rest})
		head.AppendChild(n)
	}
	return rules
}

func isCSS(kind string) bool {
	return kind == "" || strings.EqualFold(strings.TrimSpace(kind), "text/css")
}

// dress puts the declarations of all rules that match an element into its style attribute.
func dress(n *html.Node, rules []rule) {
	var normal, important []declaration
	for _, r := range rules {
		if len(r.sets) == 0 || !r.selector.Match(n) {
			continue
		}
		if r.important {
			important = over(important, r.sets)
		} else {
			normal = over(normal, r.sets)
		}
	}
	if len(normal)+len(important) == 0 {
		return
	}
	ownNormal, ownImportant, others := readBlock(tokens(attribute(n, "style")))
	for i := range important {
		important[i].important = false // here nothing is left for it to win over
	}
	var parts []string
	for _, d := range over(over(over(normal, ownNormal), important), ownImportant) {
		value := d.property + ":" + d.value
		if d.important {
			value += " !important"
		}
		parts = append(parts, value)
	}
	style := strings.Join(append(parts, others...), ";")
	for i := range n.Attr {
		if n.Attr[i].Key == "style" {
			n.Attr[i].Val = style
			return
		}
	}
	n.Attr = append(n.Attr, html.Attribute{Key: "style", Val: style})
}

// over puts declarations over others. A property that is set more than once within one
// block stays so: what a mail program does not know falls back on what stands before.
func over(below, above []declaration) []declaration {
	list := slices.DeleteFunc(slices.Clone(below), func(d declaration) bool {
		return slices.ContainsFunc(above, func(a declaration) bool { return a.property == d.property })
	})
	return append(list, above...)
}
