package mail

import (
	"testing"
	"time"

	"indy/scheduler"
	"indy/scheduler/replies"
	"indy/scheduler/slots"
)

// BenchmarkUnderstand measures a mail from its bytes to what it means, next to the plain
// walk over the same mails. Both take turns within one run, and what is counted is the time
// of the processor, so that whatever else the machine does weighs little; "ratio" is how
// many mails are understood in the time in which one is walked.
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
				begin := busy()
				for _, raw := range mails {
					understand(raw, asked)
				}
				between := busy()
				for _, raw := range mails {
					plainWalk(raw)
				}
				ours, plain = ours+between-begin, plain+busy()-between
			}
			n := float64(len(mails) * b.N)
			b.ReportMetric(n/ours.Seconds(), "understood/s")
			b.ReportMetric(n/plain.Seconds(), "walked/s")
			b.ReportMetric(plain.Seconds()/ours.Seconds(), "ratio")
		})
	}
}

// understand does with a mail what "indy read" does: of a robot's it is known what it is,
// and from when on somebody is back; of all others the words are read.
func understand(raw []byte, asked replies.Context) {
	switch m := Parse(raw); {
	case m.Robot == scheduler.Human:
		replies.Read(m.Text, asked)
	case m.Robot == scheduler.BounceReport:
	case m.Robot == scheduler.OutOfOffice && m.Until.IsZero():
		replies.Visible(m.Text)
		replies.Back(m.Text, asked)
	default:
		replies.Visible(m.Text)
	}
}
