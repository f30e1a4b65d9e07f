package replies

import "testing"

// BenchmarkRead is understanding of the cases alone, with our own mail quoted below them.
// What it costs beside taking the mails apart, BenchmarkUnderstand of integrations/mail says.
func BenchmarkRead(b *testing.B) {
	const quoted = "\n\nOn Mon, Nov 23, 2026 at 9:00 AM Maria Lopez <maria@example.org> wrote:\n> Hi,\n>\n> I would like to sit down with you over coffee.\n> 1. Tuesday, December 1, 2:00 PM\n> 2. Wednesday, December 2, 10:00 AM\n> 3. Thursday, December 3, 4:00 PM\n>\n> Maria\n"
	var texts []string
	cases := loadCases(b)
	for _, c := range cases {
		texts = append(texts, c.mail+quoted)
	}
	n := 0
	for b.Loop() {
		k := n % len(texts)
		Read(texts[k], cases[k].context)
		n++
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "mails/s")
}
