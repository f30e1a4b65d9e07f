package mail

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/jhillyerd/enmime/v2"
)

// maxMend bounds what the second reader is given. It reads with copies at each level, and
// a mail that is so large for its text is no reply.
const maxMend = 256 << 10

// mend has enmime read a mail again in which this package's own walk found no way: a
// multipart without any part, or 8-bit text of which nobody says the charset, which enmime
// guesses from the letters. The walk comes first because it takes no copies, bounds depth
// and parts, and reads the many ordinary mails several times as fast.
func mend(root *part, raw []byte) {
	damaged := false
	root.walk(func(p *part) bool {
		damaged = damaged || p.broken || guessable(p)
		return !damaged
	})
	if !damaged || len(raw) > maxMend {
		return
	}
	if root.broken {
		mendParts(root, raw)
		return
	}
	root.walk(func(p *part) bool {
		if guessable(p) {
			mendCharset(p)
		}
		return true
	})
}

// guessable says whether p is text in an unknown 8-bit charset.
func guessable(p *part) bool {
	if !strings.HasPrefix(p.media, "text/") || len(p.children) > 0 {
		return false
	}
	label := strings.ToLower(p.params["charset"])
	if label != "" && encodingOf(label) != nil && label != "us-ascii" {
		return false
	}
	b := p.content()
	return !utf8.Valid(b) && bytes.IndexByte(b, 0) < 0
}

// mendCharset reads one part's text with a guessed charset.
func mendCharset(p *part) {
	b := p.content()
	if len(b) > maxMend {
		return
	}
	entity := append([]byte("Content-Type: "+p.media+"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n"), b...)
	if read := readParts(entity); read != nil && utf8.Valid(read.Content) {
		p.decoded = read.Content
		p.params = map[string]string{"charset": "utf-8"}
	}
}

// mendParts takes over the parts that enmime found in a multipart where the walk found none.
func mendParts(root *part, raw []byte) {
	read := readParts(raw)
	if read == nil {
		return
	}
	n := 0
	for c := read.FirstChild; c != nil && n < maxParts; c = c.NextSibling {
		n++
		root.children = append(root.children, taken(c, 1))
	}
	if n > 0 {
		root.broken = false
	}
}

func taken(e *enmime.Part, depth int) *part {
	p := &part{media: strings.ToLower(e.ContentType), attached: e.Disposition == "attachment", name: e.FileName,
		params: map[string]string{"charset": "utf-8"}, body: e.Content, decoded: e.Content, known: true}
	if p.media == "" {
		p.media = "text/plain"
	}
	for _, k := range slices.Sorted(maps.Keys(e.Header)) {
		for _, v := range e.Header[k] {
			p.head = append(p.head, field{k, v})
		}
	}
	for c := e.FirstChild; c != nil && depth < maxDepth && len(p.children) < maxParts; c = c.NextSibling {
		p.children = append(p.children, taken(c, depth+1))
	}
	return p
}

// readParts is enmime's reading, or nil. It has answered hostile mail with a panic before;
// such a mail is read by the walk alone.
func readParts(raw []byte) (root *enmime.Part) {
	defer func() {
		if recover() != nil {
			root = nil
		}
	}()
	p := enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(16),
		enmime.SetReadPartErrorPolicy(enmime.AllowCorruptTextPartErrorPolicy))
	root, err := p.ReadParts(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	return root
}
