package templates

import (
	"strings"

	"github.com/andybalholm/cascadia"
	"github.com/tdewolff/parse/v2"
	"github.com/tdewolff/parse/v2/css"
)

// This file reads style sheets, and says what of them can be carried into the elements.

// A rule is declarations for the elements that a selector matches.
type rule struct {
	selector  cascadia.Sel
	sets      []declaration
	important bool // all of it
}

type declaration struct {
	property, value string
	important       bool
}

func (d declaration) String() string {
	if d.important {
		return d.property + ": " + d.value + " !important"
	}
	return d.property + ": " + d.value
}

// readSheet returns what can be carried into elements, and the rest of the sheet, which has
// to win over that: it comes with !important.
func readSheet(text string) (rules []rule, rest string) {
	var left strings.Builder
	for item := range items(tokens(text), false) {
		head, body, isBlock := cutBlock(item)
		if !isBlock || item[0].kind == css.AtKeywordToken {
			if s := imposed(item, false, 0); s != "" {
				left.WriteString(s + "\n")
			}
			continue
		}
		normal, important, others := readBlock(body)
		for _, s := range selectors(head) {
			if carried := carriedBy(s); carried == nil {
				left.WriteString(ruleText(s, " {", imposedAll(body, true, 0), ";\n"))
			} else {
				left.WriteString(ruleText(s, " {", others, ";\n"))
				rules = append(rules, rule{carried, normal, false}, rule{carried, important, true})
			}
		}
	}
	return rules, left.String()
}

// readBlock reads the inside of a rule, or a style attribute. Others are no declarations:
// rules within it, tricks for old browsers, mistakes.
func readBlock(body []token) (normal, important []declaration, others []string) {
	for item := range items(body, true) {
		d, ok := readDeclaration(item)
		switch {
		case !ok:
			if s := imposed(item, true, 0); s != "" {
				others = append(others, s)
			}
		case d.important:
			important = append(important, d)
		default:
			normal = append(normal, d)
		}
	}
	return normal, important, others
}

func readDeclaration(item []token) (d declaration, ok bool) {
	custom := item[0].kind == css.CustomPropertyNameToken
	colon := trimmed(item[1:])
	if !custom && item[0].kind != css.IdentToken || len(colon) == 0 || colon[0].kind != css.ColonToken {
		return d, false
	}
	value := trimmed(colon[1:])
	if n := len(value); n > 0 && strings.EqualFold(value[n-1].text, "important") {
		if before := trimmed(value[:n-1]); len(before) > 0 && before[len(before)-1].text == "!" {
			d.important, value = true, trimmed(before[:len(before)-1])
		}
	}
	var text strings.Builder
	for _, t := range value {
		switch t.kind {
		case css.BadStringToken, css.BadURLToken:
			return d, false
		case css.LeftBraceToken:
			if !custom {
				return d, false
			}
		case css.CommentToken: // it sets apart what is around it
			t.text = " "
		}
		text.WriteString(t.text)
	}
	d.property, d.value = item[0].text, text.String()
	if !custom {
		d.property = strings.ToLower(d.property)
	}
	return d, d.value != ""
}

// selectors are those of a list.
func selectors(head []token) (list [][]token) {
	from := 0
	for i, t := range head {
		if t.kind == css.CommaToken && t.depth == head[0].depth {
			list, from = append(list, trimmed(head[from:i])), i+1
		}
	}
	return append(list, trimmed(head[from:]))
}

// fixed pseudo-classes match the same elements whatever the reader does.
var fixed = map[string]bool{
	"first-child": true, "last-child": true, "only-child": true, "nth-child(": true, "nth-last-child(": true,
	"first-of-type": true, "last-of-type": true, "only-of-type": true, "nth-of-type(": true, "nth-last-of-type(": true,
	"empty": true, "not(": true,
}

// carriedBy is a selector whose declarations can be carried into elements, or nil.
func carriedBy(selector []token) cascadia.Sel {
	colon := false
	for _, t := range selector {
		if colon && !fixed[strings.ToLower(t.text)] {
			return nil
		}
		colon = t.kind == css.ColonToken
	}
	s, err := cascadia.Parse(raw(selector))
	if err != nil {
		return nil
	}
	return s
}

// conditional rules hold others that count only for some readers. What else there is, such
// as @font-face and @keyframes, knows no !important.
var conditional = map[string]bool{
	"@media": true, "@supports": true, "@container": true, "@scope": true, "@document": true, "@-moz-document": true,
}

// maxNested is how deep rules within rules are gone into.
const maxNested = 16

// imposed is a rule or declaration as it wins over the style attribute of an element.
func imposed(item []token, inBlock bool, level int) string {
	if d, ok := readDeclaration(item); ok && inBlock {
		d.important = true
		return d.String()
	}
	head, body, isBlock := cutBlock(item)
	isAt := item[0].kind == css.AtKeywordToken
	switch {
	case !isBlock && isAt && !inBlock:
		return raw(trimmed(item)) + ";"
	case !isBlock || level == maxNested || isAt && !conditional[strings.ToLower(item[0].text)]:
		return raw(trimmed(item))
	case isAt && !inBlock:
		return strings.TrimSuffix(ruleText(head, "{", imposedAll(body, false, level+1), "\n"), "\n")
	}
	return strings.TrimSuffix(ruleText(head, " {", imposedAll(body, true, level+1), ";\n"), "\n")
}

func imposedAll(list []token, inBlock bool, level int) (parts []string) {
	for item := range items(list, inBlock) {
		if s := imposed(item, inBlock, level); s != "" {
			parts = append(parts, s)
		}
	}
	return parts
}

// ruleText is a rule of these parts; "" if there are none.
func ruleText(head []token, open string, parts []string, between string) string {
	if len(parts) == 0 {
		return ""
	}
	return raw(trimmed(head)) + open + "\n" + strings.Join(parts, between) + "\n}\n"
}

// A token is one of CSS, with its place among the brackets.
type token struct {
	kind  css.TokenType
	text  string
	depth int // how many brackets stand open around it, its own not counted
}

// ends are what a comment, a string or an address may lack.
var ends = []string{"", "*/", `"`, "'", ")", `")`, "')"}

// tokens reads a style sheet or attribute. What is open at its end ends there for whoever
// reads it (CSS Syntax 3, 5.4); here it is closed, so that more can follow.
func tokens(text string) []token {
	if n := len(text) - len(strings.TrimRight(text, `\`)); n%2 == 1 {
		text = text[:len(text)-1]
	}
	for _, end := range ends {
		list := lex(text + end + " ;")
		if last := len(list) - 1; list[last].kind == css.SemicolonToken {
			return closed(trimmed(list[:last]))
		}
	}
	return nil
}

func lex(text string) (list []token) {
	l := css.NewLexer(parse.NewInputString(text))
	for {
		kind, word := l.Next()
		if kind == css.ErrorToken {
			return list
		}
		list = append(list, token{kind: kind, text: string(word)})
	}
}

// closed counts brackets, and adds those that lack. An end without a beginning counts as
// any other character.
func closed(list []token) []token {
	var open []token // the ends that are to come
	for i := range list {
		t := &list[i]
		switch t.kind {
		case css.RightBraceToken, css.RightBracketToken, css.RightParenthesisToken:
			if n := len(open); n > 0 && open[n-1].kind == t.kind {
				open = open[:n-1]
			} else {
				t.kind = css.DelimToken
			}
		}
		t.depth = len(open)
		switch t.kind {
		case css.LeftBraceToken:
			open = append(open, token{kind: css.RightBraceToken, text: "}"})
		case css.LeftBracketToken:
			open = append(open, token{kind: css.RightBracketToken, text: "]"})
		case css.LeftParenthesisToken, css.FunctionToken:
			open = append(open, token{kind: css.RightParenthesisToken, text: ")"})
		}
	}
	for n := len(open) - 1; n >= 0; n-- {
		open[n].depth = n
		list = append(list, open[n])
	}
	return list
}

// items are the rules and declarations of a list. A rule ends with its block; within a
// block, and for @import and the like, there is the semicolon as well, which is left out.
func items(list []token, inBlock bool) func(yield func([]token) bool) {
	return func(yield func([]token) bool) {
		for list = trimmed(list); len(list) > 0; list = trimmed(list) {
			first, n, rest := list[0], len(list), len(list)
			semicolon := inBlock || first.kind == css.AtKeywordToken
			block := !inBlock || first.kind != css.CustomPropertyNameToken
			for i, t := range list {
				if t.depth != first.depth {
					continue
				}
				if semicolon && t.kind == css.SemicolonToken {
					n, rest = i, i+1
					break
				}
				if block && t.kind == css.RightBraceToken {
					n, rest = i+1, i+1
					break
				}
			}
			item := list[:n]
			list = list[rest:]
			if n > 0 && !yield(item) {
				return
			}
		}
	}
}

// cutBlock cuts a rule into what stands before its block and what stands in it.
func cutBlock(item []token) (head, body []token, ok bool) {
	if item[len(item)-1].kind != css.RightBraceToken {
		return nil, nil, false
	}
	for i, t := range item {
		if t.kind == css.LeftBraceToken && t.depth == item[0].depth {
			return item[:i], item[i+1 : len(item)-1], true
		}
	}
	return nil, nil, false
}

// trimmed is a list without the blanks and remarks around it.
func trimmed(list []token) []token {
	blank := func(t token) bool {
		switch t.kind {
		case css.WhitespaceToken, css.CommentToken:
			return true
		case css.CDOToken, css.CDCToken: // a style sheet from when it was hidden from browsers
			return t.depth == 0
		}
		return false
	}
	for len(list) > 0 && blank(list[0]) {
		list = list[1:]
	}
	for len(list) > 0 && blank(list[len(list)-1]) {
		list = list[:len(list)-1]
	}
	return list
}

func raw(list []token) string {
	var text strings.Builder
	for _, t := range list {
		text.WriteString(t.text)
	}
	return text.String()
}
