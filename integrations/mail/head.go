package mail

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	netmail "net/mail"
	"strings"
	"time"

	"indy/scheduler"
)

const (
	maxAddresses    = 200
	maxIDs          = 200
	maxIDBytes      = 996
	maxAddressBytes = 32 << 10
)

// ReadHead reads the head of a mail and no further than it must. ID, Thread, Own, Labels
// and Token are left to others. Errors are those of r alone.
func ReadHead(r io.Reader) (scheduler.Head, error) {
	br := bufio.NewReaderSize(io.LimitReader(r, maxHeadBytes+4096), 4096)
	var raw []byte
	begun, atStart := false, true // a line of the head was there; the next piece begins a line
	for {
		line, err := br.ReadSlice('\n')
		begun = begun || atStart && !beforeHead(bytes.TrimPrefix(line, byteOrderMark))
		atStart = bytes.HasSuffix(line, []byte{'\n'})
		raw = append(raw, line...)
		if err == io.EOF {
			break
		}
		if err != nil && err != bufio.ErrBufferFull {
			return scheduler.Head{}, fmt.Errorf("read the head of a mail: %w", err)
		}
		if begun && blankLine(line) {
			break
		}
	}
	h, _ := splitHead(trimEnvelope(mendLines(raw)))
	return headOf(h), nil
}

func blankLine(line []byte) bool {
	return len(line) == 1 && line[0] == '\n' || len(line) == 2 && line[0] == '\r' && line[1] == '\n'
}

func headOf(h fields) scheduler.Head {
	head := scheduler.Head{
		MessageID:  firstID(h.get("Message-ID")),
		InReplyTo:  ids(h.get("In-Reply-To")),
		References: ids(h.get("References")),
		Subject:    strings.TrimSpace(header(h.get("Subject"))),
		Date:       date(h.get("Date")),
	}
	for _, name := range []string{"From", "Sender"} {
		if from := addresses(h.get(name)); len(from) > 0 {
			head.From = from[0]
			break
		}
	}
	for _, name := range []string{"To", "Cc"} {
		for i := range h {
			if !h[i].is(name) {
				continue
			}
			switch to := addresses(unfold(h[i].value)); {
			case len(to) == 0:
			case head.To == nil:
				head.To = to
			default:
				head.To = append(head.To, to...)
			}
		}
	}
	if len(head.To) > maxAddresses {
		head.To = head.To[:maxAddresses]
	}
	return head
}

// ids reads msg-ids (RFC 5322 3.6.4), without their angle brackets. Of very many the
// first and the last ones are kept: the thread's beginning and its end.
func ids(v string) []string {
	var found []string
	if n := strings.Count(v, "<"); n > 0 {
		found = make([]string, 0, min(n, maxIDs))
	}
	for rest := v; ; {
		i := strings.IndexByte(rest, '<')
		if i < 0 {
			break
		}
		end := strings.IndexByte(rest[i:], '>')
		if end < 0 {
			break
		}
		if id := cleanID(rest[i+1 : i+end]); id != "" {
			found = append(found, id)
		}
		rest = rest[i+end+1:]
	}
	if len(found) == 0 { // some leave the brackets out
		found = nil
		for _, w := range strings.Fields(v) {
			if w = cleanID(strings.Trim(w, "<>,;\"")); strings.Contains(w, "@") {
				found = append(found, w)
			}
		}
	}
	if n := len(found); n > maxIDs {
		found = append(found[:1:1], found[n-maxIDs+1:]...)
	}
	return found
}

// cleanID takes out white space, at which long ids get folded, and what no id may have.
func cleanID(id string) string {
	if !idChars(id) {
		id = cleanedID(id)
	}
	if len(id) > maxIDBytes {
		return "" // RFC 5322 2.1.1: a line has no room for it
	}
	return id
}

func cleanedID(id string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7F || r == '<' || r == '>' {
			return -1
		}
		return r
	}, legible(id))
}

func firstID(v string) string {
	if found := ids(v); len(found) > 0 {
		return found[0]
	}
	return cleanID(v) // an id without "@": wrong, and still its name
}

// addresses reads an address list (RFC 5322 3.4), group members included. What is not
// quite one is read as well as it can be; entries without any address are left out.
func addresses(v string) []scheduler.Address {
	v = withoutControls(legible(clip(v, maxAddressBytes)))
	if v == "" {
		return nil
	}
	if found, ok := usualAddresses(v); ok {
		return found
	}
	if list, err := addressParser.ParseList(v); err == nil {
		found := make([]scheduler.Address, 0, min(len(list), maxAddresses))
		again := strings.Contains(v, `"=?`) // encoded within quotes: RFC 2047 5 forbids it, many do it
		for _, a := range list[:min(len(list), maxAddresses)] {
			name := withoutControls(a.Name)
			if again {
				name = header(name)
			}
			found = append(found, scheduler.Address{Name: name, Addr: withoutControls(a.Address)})
		}
		return found
	}
	return looseAddresses(v)
}

var addressParser = netmail.AddressParser{WordDecoder: wordDecoder}

// looseAddresses cuts at the commas outside of quotes and takes what stands in angle
// brackets, or the word with "@" in it, for the address.
func looseAddresses(v string) []scheduler.Address {
	var found []scheduler.Address
	for _, entry := range cutOutsideQuotes(v) {
		var a scheduler.Address
		if open := strings.LastIndexByte(entry, '<'); open >= 0 {
			a.Name = strings.Trim(entry[:open], " \t\"'")
			a.Addr, _, _ = strings.Cut(entry[open+1:], ">")
		} else {
			for _, w := range strings.Fields(entry) {
				if w = strings.Trim(w, "\"'()[]<>;:"); strings.Contains(w, "@") {
					a.Addr = w
				}
			}
		}
		a.Name = header(a.Name)
		a.Addr = strings.Trim(a.Addr, " \t\"'")
		if i := strings.IndexByte(a.Addr, '@'); i <= 0 || strings.ContainsAny(a.Addr, " \t\r\n<>") {
			continue
		}
		if found = append(found, a); len(found) == maxAddresses {
			break
		}
	}
	return found
}

func cutOutsideQuotes(v string) []string {
	var entries []string
	quoted, start := false, 0
	for i := 0; i < len(v); i++ {
		switch {
		case v[i] == '\\' && quoted:
			i++
		case v[i] == '"':
			quoted = !quoted
		case !quoted && (v[i] == ',' || v[i] == ';'):
			entries = append(entries, v[start:i])
			start = i + 1
		}
	}
	if quoted { // a quote that never ends: forget about quotes
		return strings.FieldsFunc(v, func(r rune) bool { return r == ',' || r == ';' })
	}
	return append(entries, v[start:])
}

// date reads RFC 5322 3.3 and what is often written in its place. It keeps the writer's
// offset; the zero time means that it cannot be read.
func date(v string) time.Time {
	if v == "" {
		return time.Time{}
	}
	if len(v) > 200 {
		v = v[:200]
	}
	if t, ok := usualDate(v); ok {
		return t
	}
	for _, layout := range []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"} { // nearly all
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	if t, err := netmail.ParseDate(v); err == nil {
		return t
	}
	if i := strings.IndexByte(v, '('); i > 0 {
		v = v[:i]
	}
	v = strings.Join(strings.Fields(v), " ")
	for _, layout := range looseDates {
		if t, err := time.Parse(layout, v); err == nil {
			return t
		}
	}
	return time.Time{}
}

var looseDates = []string{
	"Mon, 2 Jan 2006 15:04:05 -07:00",
	"2 Jan 2006 15:04:05 -07:00",
	"Mon, 2 Jan 06 15:04:05 -0700",
	"Mon, 2 Jan 2006 15:04:05",
	"Mon, 2 Jan 2006 15:04 -0700",
	"Mon, 2 January 2006 15:04:05 -0700",
	"Monday, 2 January 2006 15:04:05 -0700",
	"Monday, 2 Jan 2006 15:04:05 -0700",
	"Mon, 2 Jan 2006 15.04.05 -0700",
	"Mon Jan 2 15:04:05 2006 -0700",
	"Mon Jan 2 15:04:05 2006",
	"Mon Jan 2 15:04:05 MST 2006",
	"Mon, Jan 2 2006 15:04:05 -0700",
	"Mon, 2-Jan-2006 15:04:05 -0700",
	time.RFC3339,
	"2006-01-02 15:04:05 -0700",
	"2006-01-02 15:04:05",
}
