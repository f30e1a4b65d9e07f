package mail

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"indy/scheduler"
)

// corpora is where public mail lies, where it lies anywhere. None of it is part of the project.
const corpora = "../../../shared/corpora"

type corpusCase struct {
	ID       string
	Kind     string
	Files    struct{ Mail, Input string }
	Expected struct {
		Class       string
		DelayedOnly bool `json:"delayed_only"`
		Permanent   *bool
		Recipients  []corpusRecipient
	}
}

type corpusRecipient struct {
	Recipient, Action, Status, Reason string
	Permanent                         *bool
}

func loadCorpus(t testing.TB, kind string) []corpusCase {
	raw, err := os.ReadFile(filepath.Join(corpora, kind, "index.json"))
	if err != nil {
		t.Skip("no public mail here: " + err.Error())
	}
	var cases []corpusCase
	if err := json.Unmarshal(raw, &cases); err != nil {
		t.Fatal(err)
	}
	return cases
}

func readCase(t testing.TB, kind, file string) scheduler.Mail {
	raw, err := os.ReadFile(filepath.Join(corpora, kind, file))
	if err != nil {
		t.Fatal(err)
	}
	m, err := Read(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// hard is whether the first recipient's address is dead: as the origin says, or as its code
// leaves no doubt (RFC 3463 3.2).
func (c corpusCase) hard() (hard, says bool) {
	r := c.Expected.Recipients[0]
	switch {
	case r.Permanent != nil:
		return *r.Permanent, true
	case c.Expected.Permanent != nil:
		return *c.Expected.Permanent, true
	case c.Expected.DelayedOnly, r.Action == "delayed", strings.HasPrefix(r.Status, "4."):
		return false, true
	case r.Status == "5.2.2":
		return false, true
	case strings.HasPrefix(r.Status, "5.1."):
		return true, true
	}
	return false, false
}

// reasons says why a miss is one, or why this reading is kept.
var reasons = map[string]string{
	"lhost-fml-02.eml":             "a list's own notice to somebody who is no member; it has list fields and is never answered",
	"lhost-fml-03.eml":             "a list's notice to its owner",
	"lhost-sendmail-14.eml":        "a person forwards a report; nobody must be marked dead by that",
	"10.eml":                       "asks its sender to confirm: a challenge",
	"bug5884_att4343_kerbango.eml": "a virus scanner's notice to the recipient: an automatic mail",
	"lhost-apachejames-01.eml":     "the words name another number than the expected value, which was made anonymous",
	"lhost-exim-03.eml":            "X-Failed-Recipients and the words name two addresses; the field is made by the program",
	"lhost-googleworkspace-01.eml": "the words name a group that was written to, not its member",
	"lhost-ezweb-02.eml":           "the server said, in answer to RCPT TO, that the user is unknown",
	"lhost-mailfoundry-01.eml":     "the server named the recipient and said that there is no such user",
	"lhost-postfix-07.eml":         "the server named the recipient and said that the user is unknown",
	"lhost-surfcontrol-01.eml":     "the server named the recipient and said that there is no such user",
	"lhost-messagingserver-03.eml": "the server named the recipient and said that the user is unknown",
	"rfc3464-66.eml":               "the report says that the account does not exist",
	"lhost-x2-01.eml":              "the report says that the user has no account there",
	"lhost-x2-02.eml":              "the report says that the user has no account there",
	"lhost-postfix-01.eml":         "5.1.1 and \"no such user\"; that a program failed to say so is a detail",
	"lhost-opensmtpd-12.eml":       "delayed, so not for good (RFC 3464 2.3.3)",
	"lhost-postfix-05.eml":         "4.1.1 is not for good (RFC 3463 3.1)",
	"lhost-postfix-02.eml":         "5.2.1: there is such a mailbox, which takes nothing now (RFC 3463 3.3)",
	"lhost-yahoo-05.eml":           "5.2.1: there is such a mailbox, which takes nothing now (RFC 3463 3.3)",
	"lhost-postfix-76.eml":         "550 without a code, a command or the recipient: not certain enough",
	"lhost-postfix-80.eml":         "the sender's domain is on a block list: nothing against the recipient",
	"rhost-messagelabs-03.eml":     "\"rejected\" is all that it says",
}

// machineByItsHead says why a mail is no ordinary one, whatever an index files it under: it
// says itself that a machine answered by it (RFC 3834 5), and that nothing may be sent back
// (RFC 5321 4.5.5). Both are asked for, since programs put one of them on people's mail.
func machineByItsHead(t testing.TB, file string) string {
	raw, err := os.ReadFile(filepath.Join(corpora, "mail", file))
	if err != nil {
		t.Fatal(err)
	}
	head, _, _ := bytes.Cut(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\n\n"))
	auto, null := "", false
	for l := range strings.SplitSeq(string(head), "\n") {
		name, value, _ := strings.Cut(l, ":")
		switch value = strings.TrimSpace(value); strings.ToLower(name) {
		case "auto-submitted":
			auto = value
		case "return-path":
			null = value == "<>"
		}
	}
	if !null || auto == "" || strings.EqualFold(auto, "no") {
		return ""
	}
	return "its head has an empty return path and Auto-Submitted: " + auto
}

// TestRobotsOfCorpus measures against public mail and prints what it found.
func TestRobotsOfCorpus(t *testing.T) {
	type tally struct{ right, all int }
	var found, recipients, hardness, automatic, ordinary, human tally
	var misses, told []string
	miss := func(c corpusCase, format string, args ...any) {
		reason := reasons[filepath.Base(c.Files.Mail)]
		if reason == "" {
			reason = "NOT EXPLAINED"
		}
		misses = append(misses, fmt.Sprintf("%-50s %s\n\t%s", strings.TrimPrefix(c.Files.Mail, "files/"), fmt.Sprintf(format, args...), reason))
	}
	count := func(to *tally, ok bool) bool {
		to.all++
		if ok {
			to.right++
		}
		return ok
	}
	for _, c := range loadCorpus(t, "mail") {
		m := readCase(t, "mail", c.Files.Mail)
		switch c.Kind {
		case "bounce":
			if !count(&found, m.Robot == scheduler.BounceReport) {
				miss(c, "not a bounce but %q %v", m.Robot, m.Why)
				continue
			}
			if len(c.Expected.Recipients) == 0 || c.Expected.Recipients[0].Recipient == "" {
				continue
			}
			got := scheduler.Bounce{}
			for _, b := range m.Bounces {
				if strings.EqualFold(b.Recipient, c.Expected.Recipients[0].Recipient) {
					got = b
				}
			}
			if !count(&recipients, got.Recipient != "" && len(m.Bounces) > 0) {
				miss(c, "recipient %v, want %s", m.Bounces, c.Expected.Recipients[0].Recipient)
			}
			if hard, says := c.hard(); says && got.Recipient != "" && !count(&hardness, got.Permanent == hard) {
				miss(c, "permanent=%v status=%s; want %s %s", got.Permanent, got.Status, c.Expected.Recipients[0].Status, c.Expected.Recipients[0].Reason)
			}
		case "not_a_bounce":
			if why := machineByItsHead(t, c.Files.Mail); why != "" {
				if m.Robot == scheduler.Human {
					t.Errorf("%s: taken for a person's, although %s", c.Files.Mail, why)
				}
				told = append(told, fmt.Sprintf("%-50s not counted as ordinary mail: %s; read as %v", filepath.Base(c.Files.Mail), why, m.Why))
				continue
			}
			if !count(&ordinary, m.Robot != scheduler.BounceReport) {
				miss(c, "taken for a bounce: %v", m.Why)
			} else if !count(&human, m.Robot == scheduler.Human) {
				told = append(told, fmt.Sprintf("%-50s no report, and automatic all the same: %v", filepath.Base(c.Files.Mail), m.Why))
			}
		default:
			if !count(&automatic, m.Robot != scheduler.Human && (m.Robot != scheduler.BounceReport)) {
				miss(c, "%s read as %q %v", c.Kind, m.Robot, m.Why)
			}
		}
	}
	for _, c := range loadCorpus(t, "replies") {
		if m := readCase(t, "replies", c.Files.Input); !count(&ordinary, m.Robot == scheduler.Human) {
			c.Files.Mail = c.Files.Input
			miss(c, "taken for a robot: %q %v", m.Robot, m.Why)
		}
	}
	for _, l := range append(misses, told...) {
		t.Log(l)
	}
	for _, row := range []struct {
		name string
		tally
		least float64
	}{
		{"bounces recognised", found, 98},
		{"auto-replies, receipts, complaints", automatic, 98},
		{"right recipient", recipients, 95},
		{"hard or soft", hardness, 95},
		{"ordinary mail left alone", ordinary, 100},
	} {
		rate := 100 * float64(row.right) / float64(max(row.all, 1))
		t.Logf("%-36s %4d of %4d  %6.2f %%", row.name, row.right, row.all, rate)
		if rate < row.least {
			t.Errorf("%s: %.2f %%, at least %.0f %% expected", row.name, rate, row.least)
		}
	}
}
