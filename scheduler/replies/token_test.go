package replies

import "testing"

func TestToken(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"Yes, the second one works.\n(ref abcd2345)", "abcd2345"},
		{"Yes (ref abcdefgh234567ab) thanks", "abcdefgh234567ab"},
		{"(ref abc)", ""},
		{"(ref abcd2345ABCD)", ""},
		{"(ref abcd1890)", ""},
		{"(ref abcdefghabcdefgha)", ""},
		{"> (ref abcd2345)", ""},
		{"(ref abcd2345)\n(ref abcd2346)", ""},
		{"(ref abcd2345)\n\n> (ref zzzz2222)", "abcd2345"},
		{"(ref (ref abcd2345)", "abcd2345"},
		{"", ""},
	} {
		if got := Token(c.text); got != c.want {
			t.Errorf("Token(%q) = %q, want %q", c.text, got, c.want)
		}
	}
	if got := withoutToken("Two (ref abcd2345) please (ref x)"); got != "Two  please (ref x)" {
		t.Errorf("withoutToken = %q", got)
	}
}
