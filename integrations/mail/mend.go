package mail

import (
	"bytes"
	"maps"
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// maxMend bounds what the second reader is given. It reads with copies at each level, and
// a mail that is so large for its text is no reply.
const maxMend = 256 << 10

// mend has enmime read a multipart again in which this package's own walk found no part: it
// knows boundaries that do not begin their line. The walk comes first because
// it takes no copies, bounds depth and parts, and reads the many ordinary mails several
// times as fast. enmime's guess at charsets is not asked for: it may be another one the
// next time, and the same mail must always mean the same.
func mend(root *part, raw []byte) {
	if !root.broken || len(raw) > maxMend {
		return
	}
	read := readParts(raw)
	if read == nil {
		return
	}
	n := 0
	for c := read.FirstChild; c != nil && n < maxParts; c = c.NextSibling {
		n++
		root.children = append(root.children, taken(c, 1))
	}
	root.broken = n == 0
}

// taken is a part as enmime found it, its content still as it was sent.
func taken(e *enmime.Part, depth int) *part {
	p := &part{media: strings.ToLower(e.ContentType), attached: e.Disposition == "attachment", name: e.FileName, body: e.Content}
	if p.media == "" {
		p.media = "text/plain"
	}
	for _, k := range slices.Sorted(maps.Keys(e.Header)) {
		for _, v := range e.Header[k] {
			p.head = append(p.head, field{k, v})
		}
	}
	if v := p.head.get("Content-Type"); v != "" {
		_, p.params = mediaType(v)
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
	p := enmime.NewParser(enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(16), enmime.RawContent(true),
		enmime.DisableCharacterDetection(true))
	root, err := p.ReadParts(bytes.NewReader(raw))
	if err != nil {
		return nil
	}
	return root
}
