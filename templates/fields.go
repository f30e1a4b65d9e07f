package templates

import (
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"text/template/parse"
)

// The linter of fields: it follows the types through a template without running it, so
// that a wrong name is found on every branch. Where a type cannot be known it is silent;
// the trial letters find what it leaves.

// fieldsOf is every unknown field, method and part that an override names.
func (s *Set) fieldsOf(o override) []Problem {
	var out []Problem
	for _, t := range s.text[o.lang].Templates() {
		if t.Tree == nil || t.Tree.ParseName != o.name {
			continue
		}
		w := &walker{tree: t.Tree, known: func(name string) bool { return s.text[o.lang].Lookup(name) != nil }}
		dot := dotOf(t.Name())
		w.list(t.Tree.Root, dot, map[string]reflect.Type{"$": dot})
		lines := strings.Split(tidy(o.content), "\n")
		for _, err := range w.found {
			p := problemOf(o.file, err)
			p.Column++                                     // text/template counts from 0
			for _, moved := range []string{"*/}}", "}}"} { // the end of an action, by tidy
				if strings.HasPrefix(lines[min(p.Line, len(lines))-1], moved) {
					p.Column -= len(moved)
					break
				}
			}
			out = append(out, p)
		}
	}
	return out
}

// dotOf is what a template or part is executed with.
func dotOf(name string) reflect.Type {
	switch {
	case name == "step answers" || name == "own answers":
		return reflect.TypeFor[stepPage]()
	case name == "step line":
		return reflect.TypeFor[linePage]()
	case strings.HasPrefix(name, "order "), name == "agreed on", name == "will you":
		return reflect.TypeFor[string]()
	case name == "rest" || name == "days" || name == "hours" || name == "minutes" || strings.HasPrefix(name, "every "):
		return reflect.TypeFor[int]()
	}
	return reflect.TypeFor[*page]()
}

type walker struct {
	tree  *parse.Tree
	known func(part string) bool
	found []error
}

func (w *walker) fault(n parse.Node, format string, args ...any) {
	place, _ := w.tree.ErrorContext(n)
	w.found = append(w.found, errors.New("template: "+place+": "+fmt.Sprintf(format, args...)))
}

// list walks over a list of nodes; variables that it declares end with it.
func (w *walker) list(l *parse.ListNode, dot reflect.Type, outer map[string]reflect.Type) {
	if l == nil {
		return
	}
	vars := make(map[string]reflect.Type, len(outer))
	for k, v := range outer {
		vars[k] = v
	}
	for _, n := range l.Nodes {
		switch n := n.(type) {
		case *parse.ActionNode:
			w.declare(n.Pipe, dot, vars)
		case *parse.IfNode:
			w.declare(n.Pipe, dot, vars)
			w.list(n.List, dot, vars)
			w.list(n.ElseList, dot, vars)
		case *parse.WithNode:
			w.list(n.List, w.declare(n.Pipe, dot, vars), vars)
			w.list(n.ElseList, dot, vars)
		case *parse.RangeNode:
			w.rangeOver(n, dot, vars)
		case *parse.TemplateNode:
			if !w.known(n.Name) {
				w.fault(n, "there is no part %q", n.Name)
			}
			if n.Pipe != nil {
				w.pipe(n.Pipe, dot, vars)
			}
		}
	}
}

func (w *walker) rangeOver(n *parse.RangeNode, dot reflect.Type, vars map[string]reflect.Type) {
	over := w.pipe(n.Pipe, dot, vars)
	var key, elem reflect.Type
	if over != nil {
		switch over.Kind() {
		case reflect.Slice, reflect.Array:
			key, elem = reflect.TypeFor[int](), over.Elem()
		case reflect.Map:
			key, elem = over.Key(), over.Elem()
		case reflect.Int:
			key, elem = over, over
		}
	}
	inner := make(map[string]reflect.Type, len(vars)+2)
	for k, v := range vars {
		inner[k] = v
	}
	switch d := n.Pipe.Decl; len(d) {
	case 1:
		inner[d[0].Ident[0]] = elem
	case 2:
		inner[d[0].Ident[0]], inner[d[1].Ident[0]] = key, elem
	}
	w.list(n.List, elem, inner)
	w.list(n.ElseList, dot, vars)
}

func (w *walker) declare(p *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	t := w.pipe(p, dot, vars)
	for _, v := range p.Decl {
		vars[v.Ident[0]] = t
	}
	return t
}

// pipe is the type of a pipeline's value; nil where it is not known.
func (w *walker) pipe(p *parse.PipeNode, dot reflect.Type, vars map[string]reflect.Type) (t reflect.Type) {
	for _, c := range p.Cmds {
		t = w.command(c, dot, vars)
	}
	return t
}

func (w *walker) command(c *parse.CommandNode, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	for _, arg := range c.Args[1:] {
		w.value(arg, dot, vars)
	}
	if id, ok := c.Args[0].(*parse.IdentifierNode); ok {
		return w.builtin(id.Ident, c.Args[1:], dot, vars)
	}
	return w.value(c.Args[0], dot, vars)
}

// builtin is the type of what a built-in function answers, as far as that is plain.
func (w *walker) builtin(name string, args []parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	silent := &walker{tree: w.tree, known: w.known}
	switch name {
	case "print", "printf", "println", "html", "js", "urlquery":
		return reflect.TypeFor[string]()
	case "len":
		return reflect.TypeFor[int]()
	case "eq", "ne", "lt", "le", "gt", "ge", "not":
		return reflect.TypeFor[bool]()
	case "index":
		if len(args) == 2 {
			if t := silent.value(args[0], dot, vars); t != nil && (t.Kind() == reflect.Slice || t.Kind() == reflect.Map) {
				return t.Elem()
			}
		}
	}
	return nil
}

// value is the type of one operand; nil where it is not known.
func (w *walker) value(n parse.Node, dot reflect.Type, vars map[string]reflect.Type) reflect.Type {
	switch n := n.(type) {
	case *parse.DotNode:
		return dot
	case *parse.FieldNode:
		return w.chain(n, dot, n.Ident)
	case *parse.VariableNode:
		return w.chain(n, vars[n.Ident[0]], n.Ident[1:])
	case *parse.ChainNode:
		return w.chain(n, w.value(n.Node, dot, vars), n.Field)
	case *parse.PipeNode:
		return w.pipe(n, dot, vars)
	case *parse.StringNode:
		return reflect.TypeFor[string]()
	case *parse.BoolNode:
		return reflect.TypeFor[bool]()
	case *parse.NumberNode:
		return reflect.TypeFor[int]()
	}
	return nil
}

// chain follows names from a type: .Person.First.
func (w *walker) chain(n parse.Node, t reflect.Type, names []string) reflect.Type {
	for _, name := range names {
		if t == nil {
			return nil
		}
		next, ok := member(t, name)
		if !ok {
			w.fault(n, "there is no .%s in %s%s", name, nameOf(t), nearest(t, name))
			return nil
		}
		t = next
	}
	return t
}

// member is the type of a field of t, or of what its method answers.
func member(t reflect.Type, name string) (reflect.Type, bool) {
	for _, of := range []reflect.Type{t, reflect.PointerTo(t)} {
		if m, ok := of.MethodByName(name); ok && m.Type.NumOut() > 0 {
			return m.Type.Out(0), true
		}
	}
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Struct:
		if f, ok := t.FieldByName(name); ok && f.IsExported() {
			return f.Type, true
		}
	case reflect.Map:
		return t.Elem(), true
	case reflect.Interface:
		return nil, true
	}
	return nil, false
}

func nameOf(t reflect.Type) string {
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Name() {
	case "page", "stepPage", "linePage":
		return "the letter"
	}
	return strconv.Quote(t.Name())
}

// nearest proposes the member whose name is nearest.
func nearest(t reflect.Type, wrong string) string {
	best, least := "", 3
	try := func(name string) {
		if d := distance(strings.ToLower(wrong), strings.ToLower(name)); d < least {
			best, least = name, d
		}
	}
	pointer := t
	if t.Kind() == reflect.Pointer {
		t = t.Elem()
	} else {
		pointer = reflect.PointerTo(t)
	}
	for i := range pointer.NumMethod() {
		try(pointer.Method(i).Name)
	}
	if t.Kind() == reflect.Struct {
		for _, f := range reflect.VisibleFields(t) {
			if f.IsExported() {
				try(f.Name)
			}
		}
	}
	if best == "" {
		return ""
	}
	return "; did you mean ." + best + "?"
}
