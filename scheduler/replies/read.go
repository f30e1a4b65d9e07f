package replies

// Read says what the words of a mail meant, beside what was asked.
func Read(text string, c Context) Reading {
	return Reading{Kind: Unclear, Visible: Visible(text), Language: c.Language, Why: []string{"no rule fits"}}
}
