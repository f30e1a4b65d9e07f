package mail

import (
	"fmt"
	"testing"
)

func TestPhrases(t *testing.T) {
	if got := fmt.Sprint(expand("a{b,}c{d,e}")); got != "[abcd abce acd ace]" {
		t.Error(got)
	}
	ps := phrasesOf("{user,mailbox} … {unknown,not found}", " rate ")
	for s, want := range map[string]bool{
		"The user ana@example.net is UNKNOWN here":                           true,
		"mailbox\nof ana not\n found":                                        true,
		"user ana. Something else is unknown":                                false,
		"user ana; unknown":                                                  false,
		"unknown user":                                                       false,
		"user " + string(make([]byte, 100)) + " unknown":                     false,
		"a user of the users that nobody knows, for the user x is not found": true,
		"the rate of mails":                                                  true,
		"generated":                                                          false,
		"":                                                                   false,
	} {
		if got := ps.in(plainWords(s)); got != want {
			t.Errorf("%q: %v", s, got)
		}
	}
}
