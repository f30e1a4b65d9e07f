package templates

import (
	"fmt"
	"math"
	"regexp"
	"strings"
	"testing"
)

// TestContrast computes WCAG 2.2's contrast (1.4.3: 4.5 to 1) of every colour of letters
// against the page that it stands on, light and dark. Where a sheet sets no page the
// client's own is meant: white, or what clients use for the dark.
func TestContrast(t *testing.T) {
	light, dark := colours(t, "person.css"), darkColours(t, "person.css")
	check(t, "person, light", light, []string{"#ffffff"})
	check(t, "person, dark", dark, []string{"#141618", "#000000", "#202124"})
	light, dark = colours(t, "organizer.css"), darkColours(t, "organizer.css")
	check(t, "organizer, light", light, []string{"#ffffff"})
	check(t, "organizer, dark", dark, []string{"#15181a", "#000000"})
	// The charts: letters on their paper; bars and line need 3 to 1 (1.4.11).
	if c := contrast("#3c444b", "#f7f8f6"); c < 4.5 {
		t.Errorf("letters of a chart have %.1f", c)
	}
	for _, c := range []string{"#1f7a68", "#b3541e"} {
		if got := contrast(c, "#f7f8f6"); got < 3 {
			t.Errorf("%s has %.1f on a chart", c, got)
		}
	}
}

var colour = regexp.MustCompile(`[{;\s]color:\s*(#[0-9a-f]{6})`)

func sheet(t *testing.T, name string) (light, dark string) {
	t.Helper()
	b, err := embedded.ReadFile("html/" + name)
	if err != nil {
		t.Fatal(err)
	}
	light, dark, ok := strings.Cut(string(b), "@media (prefers-color-scheme: dark)")
	if !ok {
		t.Fatalf("%s has nothing for the dark", name)
	}
	return light, dark
}

func colours(t *testing.T, name string) []string {
	light, _ := sheet(t, name)
	return found(light)
}

func darkColours(t *testing.T, name string) []string {
	_, dark := sheet(t, name)
	return found(dark)
}

func found(css string) (out []string) {
	for _, m := range colour.FindAllStringSubmatch(css, -1) {
		out = append(out, m[1])
	}
	return out
}

func check(t *testing.T, where string, inks, papers []string) {
	t.Helper()
	if len(inks) == 0 {
		t.Errorf("%s: no colours found", where)
	}
	for _, ink := range inks {
		for _, paper := range papers {
			if c := contrast(ink, paper); c < 4.5 {
				t.Errorf("%s: %s on %s has a contrast of %.2f", where, ink, paper, c)
			}
		}
	}
}

func contrast(a, b string) float64 {
	x, y := luminance(a), luminance(b)
	return (math.Max(x, y) + 0.05) / (math.Min(x, y) + 0.05)
}

// luminance is WCAG's relative luminance.
func luminance(hex string) float64 {
	var r, g, b int
	if _, err := fmt.Sscanf(hex, "#%02x%02x%02x", &r, &g, &b); err != nil {
		panic(err)
	}
	part := func(c int) float64 {
		f := float64(c) / 255
		if f <= 0.04045 {
			return f / 12.92
		}
		return math.Pow((f+0.055)/1.055, 2.4)
	}
	return 0.2126*part(r) + 0.7152*part(g) + 0.0722*part(b)
}
