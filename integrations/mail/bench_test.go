package mail

import (
	"bytes"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// BenchmarkRead measures reading next to the plainest walk over the same mails that Go's
// own packages allow, which decodes every part and understands nothing, and next to enmime,
// which understands the parts but no robots.
func BenchmarkRead(b *testing.B) {
	for name, mails := range benchMails(b) {
		size := 0
		for _, raw := range mails {
			size += len(raw)
		}
		b.Run(name+"/indy", func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, raw := range mails {
					if _, err := Read(bytes.NewReader(raw)); err != nil {
						b.Fatal(err)
					}
				}
			}
			b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
		})
		b.Run(name+"/net-mail", func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, raw := range mails {
					plainWalk(raw)
				}
			}
			b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
		})
		b.Run(name+"/enmime", func(b *testing.B) {
			b.SetBytes(int64(size))
			for b.Loop() {
				for _, raw := range mails {
					enmime.ReadEnvelope(bytes.NewReader(raw))
				}
			}
			b.ReportMetric(float64(len(mails)*b.N)/b.Elapsed().Seconds(), "mails/s")
		})
	}
}
