package mail

import (
	"bytes"
	"testing"
	"time"

	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// BenchmarkUnderstand measures a mail from its bytes to what it means, Read and replies.Read,
// next to the plainest walk of the same mails. Both take turns within one run, so that they
// share whatever else the machine does; "ratio" is how many mails are understood in the time
// in which one is walked.
func BenchmarkUnderstand(b *testing.B) {
	now := time.Date(2026, 11, 24, 17, 0, 0, 0, time.UTC)
	var offered []slots.Interval
	for d := 7; d < 10; d++ {
		from := now.AddDate(0, 0, d)
		offered = append(offered, slots.Interval{From: from, To: from.Add(45 * time.Minute)})
	}
	asked := replies.Context{Asked: replies.AskedTimes, Offered: offered, Sent: now, Now: now, Zone: time.UTC, Language: "en", Me: "Ana"}
	for name, mails := range benchMails(b) {
		b.Run(name, func(b *testing.B) {
			var ours, plain time.Duration
			for b.Loop() {
				begin := time.Now()
				for _, raw := range mails {
					m, err := Read(bytes.NewReader(raw))
					if err != nil {
						b.Fatal(err)
					}
					replies.Read(m.Text, asked)
				}
				between := time.Now()
				for _, raw := range mails {
					plainWalk(raw)
				}
				ours, plain = ours+between.Sub(begin), plain+time.Since(between)
			}
			n := float64(len(mails) * b.N)
			b.ReportMetric(n/ours.Seconds(), "understood/s")
			b.ReportMetric(n/plain.Seconds(), "walked/s")
			b.ReportMetric(plain.Seconds()/ours.Seconds(), "ratio")
		})
	}
}
