package mail

import (
	"errors"
	"fmt"
	netmail "net/mail"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"indy/scheduler"
)

// check refuses whatever could become another header, another recipient or no mail at all.
// Errors name the field, never an address.
func check(out scheduler.Outgoing) error {
	if err := errors.Join(
		checkID("Message-ID", out.MessageID, true),
		checkID("In-Reply-To", out.InReplyTo, false),
		checkWords("Subject", out.Rendered.Subject),
	); err != nil {
		return err
	}
	for _, id := range out.References {
		if err := checkID("References", id, true); err != nil {
			return err
		}
	}
	switch {
	case strings.TrimSpace(out.Rendered.Subject) == "":
		return errors.New("the Subject is empty")
	case out.Date.IsZero():
		return errors.New("the Date is missing")
	case strings.TrimSpace(out.Rendered.Text) == "":
		return errors.New("the text is empty")
	case !utf8.ValidString(out.Rendered.Text) || !utf8.ValidString(out.Rendered.HTML):
		return errors.New("the text is not UTF-8")
	case strings.IndexByte(out.Rendered.Text, 0) >= 0 || strings.IndexByte(out.Rendered.HTML, 0) >= 0:
		return errors.New("the text has a NUL in it")
	case len(out.Rendered.Images) > 0 && out.Rendered.HTML == "":
		return errors.New("there are images but no HTML that could show them")
	}
	return checkImages(out.Rendered.Images)
}

func checkImages(images []scheduler.Image) error {
	seen := map[string]bool{}
	for _, im := range images {
		switch {
		case im.CID == "" || len(im.CID) > 100 || !idChars(im.CID) || strings.ContainsAny(im.CID, "\"\\;/"):
			return errors.New("the name of an image is not a Content-ID")
		case seen[im.CID]:
			return errors.New("two images have one name")
		case im.Type != "image/png" && im.Type != "image/jpeg" && im.Type != "image/gif":
			return errors.New("an image is neither PNG, JPEG nor GIF")
		case len(im.Data) == 0:
			return errors.New("an image is empty")
		}
		seen[im.CID] = true
	}
	return nil
}

// mailbox is an address as it stands in a header: checked, the domain in ASCII, the name
// quoted or encoded as needed (RFC 5322 3.4, RFC 2047 5).
func mailbox(what string, a scheduler.Address) (string, error) {
	addr, err := addrSpec(a.Addr)
	if err != nil {
		return "", fmt.Errorf("%s: %w", what, err)
	}
	if err := checkWords(what, a.Name); err != nil {
		return "", err
	}
	name := strings.Join(strings.Fields(a.Name), " ")
	if !ascii([]byte(name)) || strings.Contains(name, "=?") || len(name) > foldAt {
		return encodedWords(name) + " <" + addr + ">", nil
	}
	return (&netmail.Address{Name: name, Address: addr}).String(), nil
}

// addrSpec checks one bare address. net/mail reads more than an address there, such as a
// name, a comment or a folded line, so the answer must be what went in.
func addrSpec(addr string) (string, error) {
	local, domain, ok := cutLast(addr, "@")
	if !ok {
		return "", errors.New("the address has no @")
	}
	domain, err := idna.Lookup.ToASCII(domain) // RFC 5891
	if err != nil {
		return "", errors.New("the address has a domain that cannot be")
	}
	whole := local + "@" + domain
	switch {
	case !ascii([]byte(local)):
		return "", errors.New("the address needs SMTPUTF8 (RFC 6531), which few servers take")
	case len(local) > 64 || len(whole) > 254: // RFC 5321 4.5.3.1
		return "", errors.New("the address is too long")
	case !atext(local) || !strings.Contains(domain, "."):
		return "", errors.New("the address is not one")
	}
	a, err := netmail.ParseAddress(whole)
	if err != nil || a.Address != whole || a.Name != "" {
		return "", errors.New("the address is not one")
	}
	return whole, nil
}

func cutLast(s, sep string) (before, after string, ok bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// atext says whether s is a dot-atom (RFC 5322 3.2.3). Quoted local parts are refused:
// nobody has one, and they are how a second address gets smuggled in.
func atext(s string) bool {
	for _, word := range strings.Split(s, ".") {
		if word == "" {
			return false
		}
		for _, c := range []byte(word) {
			if c <= ' ' || c >= 0x7F || strings.IndexByte("()<>[]:;@\\,\"", c) >= 0 {
				return false
			}
		}
	}
	return true
}

// checkWords refuses line ends and other controls in a header's words.
func checkWords(what, s string) error {
	if !utf8.ValidString(s) {
		return fmt.Errorf("%s is not UTF-8", what)
	}
	if len(s) > 2000 {
		return fmt.Errorf("%s is too long", what)
	}
	for _, r := range s {
		if unicode.IsControl(r) || r == '\u2028' || r == '\u2029' {
			return fmt.Errorf("%s has a control character in it", what)
		}
	}
	return nil
}

// checkID refuses what is no msg-id (RFC 5322 3.6.4). Ids of others may be odd, so any
// printable ASCII without angle brackets or spaces passes; ours must have its "@".
func checkID(what, id string, must bool) error {
	switch {
	case id == "" && !must:
		return nil
	case id == "" || len(id) > 900 || !idChars(id):
		return fmt.Errorf("%s is not a msg-id", what)
	case what == "Message-ID" && (!strings.Contains(id, "@") || len(id) > 200):
		return fmt.Errorf("%s is not a msg-id", what)
	}
	return nil
}

func idChars(id string) bool {
	for _, c := range []byte(id) {
		if c <= ' ' || c >= 0x7F || c == '<' || c == '>' {
			return false
		}
	}
	return true
}
