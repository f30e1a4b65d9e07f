package mail

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"mime"
	"strings"
	"testing"
	"time"
)

// pieces makes texts that are near to what the readers of usual forms take.
func pieces(r *rand.Rand, n int, from ...string) string {
	var b strings.Builder
	for range 1 + r.IntN(n) {
		b.WriteString(from[r.IntN(len(from))])
	}
	return b.String()
}

// TestUsualFormsAreReadAlike holds the readers of usual forms to what the standard library
// makes of the same text.
func TestUsualFormsAreReadAlike(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	usual := map[string]int{}
	for range 200_000 {
		v := pieces(r, 8, "Ana", "ana", " ", " ", "Ruiz", "<", ">", "@", "example.net", ".", ",", ", ", "<ana@example.net>", "joe@example.org", "\"", "(x)", "=?utf-8?q?a?=", "-", "'", ":", ";", "\\", "ñ")
		if got, ok := usualAddresses(v); ok {
			usual["addresses"]++
			list, err := addressParser.ParseList(v)
			if err != nil || len(list) != len(got) {
				t.Fatalf("%q: %v, and not %v (%v)", v, got, list, err)
			}
			for i, a := range list {
				if got[i].Name != a.Name || got[i].Addr != a.Address {
					t.Fatalf("%q: %v, and not %v", v, got, list)
				}
			}
		}
		v = pieces(r, 2, "Tue, ", "Wed, ", "") + pieces(r, 1, "2", "30", "31", "02", "29") + " " + pieces(r, 1, "Feb", "Nov", "Mai", "ovD") + " " +
			pieces(r, 1, "2026", "2024", "26") + " " + pieces(r, 1, "09:00:00", "24:00:00", "9:00:00", "23:59:60") + " " + pieces(r, 2, "-0800", "+0530", "+0000", "GMT", " (PST)")
		if got, ok := usualDate(v); ok {
			usual["dates"]++
			_, bare, named := strings.Cut(v, ", ")
			if !named {
				bare = v
			}
			want, err := time.Parse("2 Jan 2006 15:04:05 -0700", bare)
			_, east := got.Zone()
			_, wantEast := want.Zone()
			if err != nil || !got.Equal(want) || east != wantEast {
				t.Fatalf("%q: %v, and not %v (%v)", v, got, want, err)
			}
		}
		v = pieces(r, 2, "text", "/", "plain", "Text/HTML", " ") + pieces(r, 8, ";", "; ", "charset", "boundary", "=", "=", "\"", "utf-8", "\"a b\"", "Name", " ", "*", "%", "\\", "é", "(c)")
		if media, params, ok := usualMediaType(v); ok {
			usual["types"]++
			want, wantParams, err := mime.ParseMediaType(v)
			if err != nil || media != want || !maps.Equal(params, wantParams) {
				t.Fatalf("%q: %s %v, and not %s %v (%v)", v, media, params, want, wantParams, err)
			}
		}
	}
	for _, what := range []string{"addresses", "dates", "types"} {
		if usual[what] < 1000 {
			t.Error(fmt.Sprint(what, " were hardly ever usual: ", usual[what]))
		}
	}
}
