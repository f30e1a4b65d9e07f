package mail

import "testing"

func TestAligned(t *testing.T) {
	const from = "From: Maria <maria@example.org>\n"
	const ours = "Authentication-Results: mx.example.net; "
	for _, c := range []struct {
		name, head string
		want       bool
	}{
		{"signed by the domain", ours + "dkim=pass header.d=example.org header.s=s1\n" + from, true},
		{"as Gmail writes it", ours + "\n dkim=pass header.i=@example.org header.s=s1 header.b=abc;\n spf=pass (mx: domain of maria@example.org designates 192.0.2.1 as permitted sender) smtp.mailfrom=maria@example.org\n" + from, true},
		{"signed by a part of the domain", ours + "dkim=pass header.d=mail.example.org\n" + from, true},
		{"two signatures, one of them right", ours + "dkim=pass header.d=list.example.com; dkim=pass header.d=example.org\n" + from, true},
		{"signed by somebody else", ours + "dkim=pass header.d=example.com\n" + from, false},
		{"a longer domain", ours + "dkim=pass header.d=notexample.org\n" + from, false},
		{"a signature that is wrong", ours + "dkim=fail header.d=example.org\n" + from, false},
		{"SPF alone", ours + "spf=pass smtp.mailfrom=example.org\n" + from, false},
		{"another server's finding", "Authentication-Results: mx.example.com; dkim=pass header.d=example.org\n" + from, false},
		{"the topmost counts", ours + "dkim=none\n" + ours + "dkim=pass header.d=example.org\n" + from, false},
		{"below another server's", "Authentication-Results: other.example.com; dkim=none\n" + ours + "dkim=pass header.d=example.org\n" + from, true},
		{"a result in a comment", ours + "spf=pass (; dkim=pass header.d=example.org ;) smtp.mailfrom=example.com\n" + from, false},
		{"a result in a quoted string", ours + "spf=pass smtp.mailfrom=\"x; dkim=pass header.d=example.org; \"@example.com\n" + from, false},
		{"a comment that never ends", ours + "spf=pass (; dkim=pass header.d=example.org\n" + from, false},
		{"two senders", ours + "dkim=pass header.d=example.org\nFrom: maria@example.org, x@example.com\n", false},
		{"From twice", ours + "dkim=pass header.d=example.org\n" + from + from, false},
		{"no From", ours + "dkim=pass header.d=example.org\n", false},
		{"a public suffix", ours + "dkim=pass header.d=co.uk\nFrom: a@example.co.uk\n", false},
		{"nothing", "", false},
	} {
		if got := Aligned([]byte(c.head+"\n"), "mx.example.net"); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
	if Aligned([]byte(ours+"dkim=pass header.d=example.org\n"+from+"\n"), "") {
		t.Error("no server is configured, and a mail is called aligned")
	}
}
