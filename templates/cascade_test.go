package templates

import (
	"fmt"
	"strings"
	"testing"

	"github.com/vanng822/go-premailer/premailer"
	"golang.org/x/net/html"
	"pgregory.net/rapid"
)

// premailed is what premailer, another program for the same, makes of a page.
func premailed(page string) (string, error) {
	p, err := premailer.NewPremailerFromString(page, premailer.NewOptions(premailer.WithCssToAttributes(false)))
	if err != nil {
		return "", err
	}
	return p.Transform()
}

// inlined is what inline makes of a page with these styles and this body: what is left in
// the head, blanks folded, and the body.
func inlined(t *testing.T, head, body string) (rest, dressed string) {
	t.Helper()
	out, err := inline("<html><head>" + head + "</head><body>" + body + "</body></html>")
	if err != nil {
		t.Fatal(err)
	}
	rest, dressed, _ = strings.Cut(strings.TrimSpace(out), "</head>")
	rest = strings.TrimPrefix(rest, "<html><head>")
	dressed = strings.TrimSuffix(strings.TrimPrefix(dressed, "<body>"), "</body></html>")
	return strings.Join(strings.Fields(rest), " "), dressed
}

func TestInline(t *testing.T) {
	const p = `<p id="a" class="b c">x</p>`
	for _, c := range []struct{ name, css, body, style string }{
		{"an element", "p{color:red}", p, "color:red"},
		{"names in capitals", "P { COLOR : Red }", p, "color:Red"},
		{"a list", "h1, p, h2 {color:red}", p, "color:red"},
		{"the later of equals", "p{color:red} p{color:blue}", p, "color:blue"},
		{"a class over an element", ".b{color:red} p{color:blue}", p, "color:red"},
		{"two classes over one", ".b.c{color:red} .b{color:blue}", p, "color:red"},
		{"an id over classes", "#a{color:red} .b.c{color:blue}", p, "color:red"},
		{"an element more", "body p{color:red} p{color:blue}", p, "color:red"},
		{"a child", "body>p{color:red} div>p{color:blue}", p, "color:red"},
		{"an attribute", `p[class~="b"]{color:red} p{color:blue}`, p, "color:red"},
		{"!important over an id", "p{color:red ! important} #a{color:blue}", p, "color:red"},
		{"!important of a class over that of an element", ".b{color:red!important} p{color:blue!IMPORTANT}", p, "color:red"},
		{"the attribute over the sheet", "#a{color:red; margin:0}", `<p id="a" style="color:blue">x</p>`, "margin:0;color:blue"},
		{"!important over the attribute", "p{color:red !important}", `<p style="color:blue;margin:0">x</p>`, "margin:0;color:red"},
		{"!important of the attribute", "p{color:red !important}", `<p style="color:blue !important">x</p>`, "color:blue !important"},
		{"an attribute without end", "p{margin:0}", `<p style="color:rgb(1,2,3">x</p>`, "margin:0;color:rgb(1,2,3)"},
		{"a broken attribute", "p{margin:0}", `<p style="*zoom:1; color:red">x</p>`, "margin:0;color:red;*zoom:1"},
		{"nothing that matches", "h1{margin:0}", `<p style="*zoom:1; color:red">x</p>`, "*zoom:1; color:red"},
		{"what to fall back on", "p{color:green} p{color:red;color:color(srgb 1 0 0)}", p, "color:red;color:color(srgb 1 0 0)"},
		{"a short hand in between", "p{margin-top:1px} .b{margin:0} #a{margin-top:2px}", p, "margin:0;margin-top:2px"},
		{"remarks", "/* a */ p /* b */ { /* c */ color /* d */ : /* e */ red /* f */; /* g */ margin:0/* h */1px } /* i", p, "color:red;margin:0 1px"},
		{"hidden from old browsers", "<!-- p{color:red} -->", p, "color:red"},
		{"a semicolon in a string", `p{font-family:"a;b}c", serif}`, p, `font-family:&#34;a;b}c&#34;, serif`},
		{"an address", "p{background:url(data:image/png;base64,AA==)}", p, "background:url(data:image/png;base64,AA==)"},
		{"a custom property", "p{--x:{a:b};color:red}", p, "--x:{a:b};color:red"},
		{"a sheet that ends early", "p{color:rgb(1,2,3", p, "color:rgb(1,2,3)"},
		{"a string that ends early", `p{font-family:"Segoe UI\`, p, "font-family:&#34;Segoe UI&#34;"},
		{"an address that ends early", `p{background:url("a`, p, "background:url(&#34;a&#34;)"},
		{"no semicolon between rules", "; p{color:red} p{margin:0}", p, "margin:0"},
		{"any element", "p *, p{color:red} * + p, q{color:blue} body>*{margin:0}", p, "color:red;margin:0"},
		{"fixed pseudo-classes", "p:first-child{color:red} p:NOT(.z){margin:0} p:nth-child(2n+2){color:blue}", p, "color:red;margin:0"},
		{"a class of another", ".d{color:red}", p, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, got := inlined(t, "<style>"+c.css+"</style>", c.body)
			want := strings.Replace(c.body, ">x<", ` style="`+c.style+`">x<`, 1)
			if at := strings.Index(want, ` style="`); strings.Count(want, ` style="`) == 2 { // it had one
				end := at + len(` style="`) + strings.IndexByte(want[at+len(` style="`):], '"') + 1
				want = want[:at] + want[end:]
			}
			want = strings.Replace(want, ` style=""`, "", 1)
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
		})
	}
}

// TestInlineLeaves is what stays in the head, so that nothing of a sheet is lost.
func TestInlineLeaves(t *testing.T) {
	for _, c := range []struct{ name, head, rest string }{
		{"nothing", "<style>p{color:red} h1{margin:0}</style>", ""},
		{"a condition", "<style>p{margin:0}@media (max-width:9px){p{color:red;margin:1px!important}h1{margin:0}}</style>",
			"<style>@media (max-width:9px){ p { color: red !important; margin: 1px !important } h1 { margin: 0 !important } } </style>"},
		{"a condition within another", "<style>@supports (color:red){@media print{p{color:red}}}</style>",
			"<style>@supports (color:red){ @media print{ p { color: red !important } } } </style>"},
		{"a font, an animation, an import", "<style>@import url(a.css);@font-face{font-family:X;src:url(x)}@keyframes k{from{color:red}}</style>",
			"<style>@import url(a.css); @font-face{font-family:X;src:url(x)} @keyframes k{from{color:red}} </style>"},
		{"a layer, which loses anyway", "<style>@layer a{p{color:red}}</style>", "<style>@layer a{p{color:red}} </style>"},
		{"states", "<style>p, p:hover, a:visited, p::before, :root{color:red}</style>",
			"<style>p:hover { color: red !important } a:visited { color: red !important } p::before { color: red !important } :root { color: red !important } </style>"},
		{"what looks fixed and is not", "<style>p:not(:hover){color:red} p:contains(x){color:red}</style>",
			"<style>p:not(:hover) { color: red !important } p:contains(x) { color: red !important } </style>"},
		{"a selector of another day", "<style>p:is(.a, .b) ~ q{color:red}</style>", "<style>p:is(.a, .b) ~ q { color: red !important } </style>"},
		{"a trick for an old browser", "<style>p{*zoom:1;color:red;_height:1px}</style>", "<style>p { *zoom:1 } </style>"},
		{"a rule in a rule", "<style>p{color:red; &:hover{color:blue} b{margin:0}}</style>",
			"<style>p { &:hover { color: blue !important }; b { margin: 0 !important } } </style>"},
		{"an end too many", "<style>} p{color:red} h1{color:red}</style>", "<style>} p { color: red !important } </style>"},
		{"no block", "<style>h1{margin:0} p, q</style>", "<style>p, q </style>"},
		{"a broken string", "<style>p{color:\"red\n;margin:0}</style>", "<style>p { color:\"red } </style>"},
		{"several sheets", "<style>p:hover{color:red</style><style type='text/css' media=all>a:hover{color:red}</style>",
			`<style>p:hover { color: red !important } </style><style type="text/css" media="all">a:hover { color: red !important } </style>`},
		{"a sheet for some readers", "<style media=print>p{color:red}</style>", `<style media="print">p { color: red !important }</style>`},
		{"no sheet of CSS", "<style type=text/less>p{@a:b}</style>", `<style type="text/less">p{@a:b}</style>`},
		{"no sheet at all", "<!--[if mso]><style>p{color:red}</style><![endif]-->", "<!--[if mso]><style>p{color:red}</style><![endif]-->"},
		{"a very deep sheet", "<style>" + strings.Repeat("@media print{", 20) + "p{color:red}</style>",
			"<style>" + strings.Repeat("@media print{ ", 16) + strings.Repeat("@media print{", 4) + "p{color:red}" + strings.Repeat("}", 4) + strings.Repeat(" }", 16) + " </style>"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if rest, _ := inlined(t, c.head, "<p>x</p>"); rest != c.rest {
				t.Errorf("got  %s\nwant %s", rest, c.rest)
			}
		})
	}
}

// TestInlineSheetInBody is HTML of the operator's own, which stands in the body of our frame.
func TestInlineSheetInBody(t *testing.T) {
	rest, body := inlined(t, "<style>p{color:red;margin:0}</style>", "<style>p{color:blue}p:hover{color:red}</style><p>x</p>")
	if rest != "<style>p:hover { color: red !important } </style>" || body != `<p style="margin:0;color:blue">x</p>` {
		t.Errorf("head %s\nbody %s", rest, body)
	}
}

// TestInlineAsPremailer holds random sheets against premailer, as far as it keeps to CSS:
// it ranks attributes below classes, has a style attribute win always, and knows no property
// that is set twice in a rule.
func TestInlineAsPremailer(t *testing.T) {
	simple := rapid.SampledFrom([]string{"p", "b", "div", "td", ".x", ".y", ".x.y", "p.x", "#one", "div.y", "body"})
	names := []string{"color", "margin", "padding-top", "font-family", "background"}
	values := rapid.SampledFrom([]string{"red", "0 1px", `"A B", serif`, "url(x.png)", "rgb(1, 2, 3)", "#fff"})
	rapid.Check(t, func(t *rapid.T) {
		var css [2]strings.Builder
		for i := range css {
			for range rapid.IntRange(0, 6).Draw(t, "rules") {
				var list []string
				for range rapid.IntRange(1, 2).Draw(t, "selectors") {
					list = append(list, strings.Join(rapid.SliceOfN(simple, 1, 3).Draw(t, "selector"), " "))
				}
				var sets []string
				for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(names), 1, 3, rapid.ID).Draw(t, "names") {
					sets = append(sets, name+": "+values.Draw(t, "value")+rapid.SampledFrom([]string{"", "", " !important"}).Draw(t, "importance"))
				}
				fmt.Fprintf(&css[i], "%s { %s }\n", strings.Join(list, ", "), strings.Join(sets, "; "))
			}
		}
		page := `<html><head><style>` + css[0].String() + `</style></head><body class="x"><style>` + css[1].String() + `</style>
<div class="x y"><p id="one">a <b class="x" title="t">b</b></p><p class="x">c</p></div>
<table class="y"><tbody><tr><td class="x y">d <b>e</b></td></tr></tbody></table></body></html>`
		want, err := premailed(page)
		if err != nil {
			t.Fatal(err)
		}
		got, err := inline(page)
		if err != nil {
			t.Fatal(err)
		}
		if a, b := plainTree(t, want), plainTree(t, strings.TrimSuffix(got, "\n")); a != b {
			t.Fatalf("%s\npremailer\n%s\nwe\n%s", page, a, b)
		}
	})
}

func plainTree(t rapid.TB, page string) string {
	doc, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := html.Render(&out, doc); err != nil {
		t.Fatal(err)
	}
	return strings.Join(strings.Fields(out.String()), " ")
}

// FuzzInline reads any sheet and attribute: what is left of a sheet is no page of its own,
// and there is nothing in it that could have been carried.
func FuzzInline(f *testing.F) {
	f.Add("p{color:red} .x{margin:0!important} @media print{p{color:red}} p:hover{x:y}", "color:blue; *zoom:1")
	f.Add("p{color:rgb(1,2,3", `font-family:"a`)
	f.Add("} p,q{*zoom:1;&:hover{a:b} --x:{}} /* ", "--x:{;}")
	f.Add(`@import url("a`, "url(a b")
	f.Add("<!-- p[title='a;b'] {a:b\\", "a:b\\")
	f.Fuzz(func(t *testing.T, css, style string) {
		page := `<html><head><style>` + strings.ReplaceAll(css, "</", "< /") +
			`</style></head><body><p class="x" style="` + html.EscapeString(style) + `">a <b title="t">b</b></p></body></html>`
		once, err := inline(page)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.HasSuffix(once, "</p></body></html>\n") || strings.Count(once, "<style") > 1 || strings.Count(once, "<b title=") != 1 {
			t.Fatalf("another page:\n%s", once)
		}
		twice, err := inline(strings.TrimSuffix(once, "\n"))
		if err != nil {
			t.Fatal(err)
		}
		if once != twice {
			t.Fatalf("once\n%q\ntwice\n%q", once, twice)
		}
	})
}
