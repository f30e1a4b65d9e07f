package mail

import (
	"bytes"
	"encoding/base64"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jhillyerd/enmime/v2"
)

// benchMails are the mails that reading is measured with: the golden ones and those of the
// tables, and whatever public mail lies here.
func benchMails(b *testing.B) map[string][][]byte {
	var own [][]byte
	files, _ := filepath.Glob("testdata/*/*.eml")
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			b.Fatal(err)
		}
		own = append(own, raw)
	}
	sets := map[string][][]byte{"own": own}
	filepath.Walk(corpora, func(path string, info os.FileInfo, err error) error {
		if err != nil || info.IsDir() || !(strings.Contains(path, "/mail/files/") || strings.Contains(path, "/replies/files/")) || strings.Contains(path, "expected") {
			return nil
		}
		set := "public-reports"
		if strings.Contains(path, "/replies/") {
			set = "public-replies"
		}
		if raw, err := os.ReadFile(path); err == nil {
			sets[set] = append(sets[set], raw)
		}
		return nil
	})
	return sets
}

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

func plainWalk(raw []byte) int {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return 0
	}
	m.Header.AddressList("From")
	m.Header.Date()
	return plainParts(m.Header.Get("Content-Type"), m.Header.Get("Content-Transfer-Encoding"), m.Body)
}

func plainParts(contentType, encoding string, body io.Reader) int {
	media, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(media, "multipart/") {
		if strings.EqualFold(encoding, "base64") {
			body = base64.NewDecoder(base64.StdEncoding, body)
		}
		content, _ := io.ReadAll(body)
		return len(content)
	}
	n := 0
	for r := multipart.NewReader(body, params["boundary"]); ; {
		p, err := r.NextPart()
		if err != nil {
			return n
		}
		n += plainParts(p.Header.Get("Content-Type"), p.Header.Get("Content-Transfer-Encoding"), p)
	}
}
