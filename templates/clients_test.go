package templates

import (
	"bytes"
	"encoding/json"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"indy/scheduler"
)

// The two tests below use programs that not every machine has. They look for npm's packages
// axe-core and caniemail in the folder that INDY_NODE_MODULES names:
//
//	npm install --prefix DIR axe-core caniemail
//	INDY_NODE_MODULES=DIR/node_modules go test ./templates -run 'Axe|Clients'

func nodeModules(t *testing.T, pkg, program string) (folder, path string) {
	t.Helper()
	folder = os.Getenv("INDY_NODE_MODULES")
	if folder == "" {
		t.Skip("INDY_NODE_MODULES names no folder with " + pkg)
	}
	if _, err := os.Stat(filepath.Join(folder, pkg)); err != nil {
		t.Skip("there is no " + pkg)
	}
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skip("there is no " + program)
	}
	return folder, path
}

// looked are samples that have every block in them.
var looked = map[string]bool{
	"offer": true, "invite": true, "check_in_two": true, "summary": true, "ready": true, "brief_first": true, "debrief": true,
	"digest": true, "team_digest": true,
}

func lookedAt(t *testing.T) map[string]scheduler.Rendered {
	t.Helper()
	s := newSet(t)
	out := map[string]scheduler.Rendered{}
	for _, v := range voices {
		for _, sm := range v.all() {
			if !looked[sm.name] {
				continue
			}
			r, err := s.Render(sm.letter)
			if err != nil {
				t.Fatal(err)
			}
			out[v.code+"_"+sm.name] = r
		}
	}
	return out
}

// TestClientsSupportTheStyles fails on HTML and CSS that Gmail, Outlook or Apple Mail
// ignore. What may be ignored is named: without it the mail is as good, only light.
func TestClientsSupportTheStyles(t *testing.T) {
	folder, node := nodeModules(t, "caniemail", "node")
	mayBeIgnored := map[string]bool{
		"@media": true, "<style> element": true, "color-scheme meta tag": true, // the dark page; all else is in the elements
		"<body> element": true, // becomes a <div>
		"role attribute": true, // for screen readers, in clients that let it through
	}
	pages := map[string]string{}
	for name, r := range lookedAt(t) {
		pages[name] = r.HTML
	}
	in, err := json.Marshal(pages)
	if err != nil {
		t.Fatal(err)
	}
	abs, err := filepath.Abs(folder)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(node, "testdata/caniemail.mjs", filepath.Dir(abs))
	cmd.Stdin, cmd.Stderr = bytes.NewReader(in), os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("run caniemail: %v", err)
	}
	var found map[string]map[string][]string
	if err := json.Unmarshal(out, &found); err != nil {
		t.Fatal(err)
	}
	if len(found) != len(pages) {
		t.Fatalf("%d pages went in, %d came out", len(pages), len(found))
	}
	for name, features := range found {
		if len(features) == 0 {
			t.Errorf("%s: not even @media was noticed: the check is blind", name)
		}
		for feature, clients := range features {
			if !mayBeIgnored[feature] {
				t.Errorf("%s uses %s, which these ignore: %s", name, feature, strings.Join(clients, ", "))
			}
		}
	}
}

var axeFound = regexp.MustCompile(`data-axe="([^"]*)"`)

// TestAxe lets axe-core look at the mails in a browser, light and dark.
func TestAxe(t *testing.T) {
	folder, chromium := nodeModules(t, "axe-core", "chromium")
	axe, err := os.ReadFile(filepath.Join(folder, "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	// A mail that somebody typed has no headline; every other rule counts.
	run := `<script>` + string(axe) + `</script><script>axe.run({rules: {'page-has-heading-one': {enabled: location.hash != '#plain'}}}).then(r =>
		document.documentElement.setAttribute('data-axe', JSON.stringify({passes: r.passes.length,
			violations: r.violations.map(v => v.id + ': ' + v.nodes.map(n => n.html + ' ' + (n.any[0] || {}).message).join('; '))})))</script>`
	dir := t.TempDir()
	for name, r := range lookedAt(t) {
		file := filepath.Join(dir, name+".html")
		show(t, file, r)
		page, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(strings.Replace(string(page), "</body>", run+"</body>", 1)), 0o644); err != nil {
			t.Fatal(err)
		}
		hash := ""
		if strings.Contains(r.HTML, `class="plain"`) {
			hash = "#plain"
		}
		for scheme, setting := range map[string]string{"light": "1", "dark": "0"} {
			out, err := exec.Command(chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--user-data-dir="+filepath.Join(dir, "profile"),
				"--blink-settings=preferredColorScheme="+setting, "--window-size=800,1200", "--virtual-time-budget=20000", "--dump-dom", "file://"+file+hash).Output()
			if err != nil {
				t.Fatalf("run chromium: %v", err)
			}
			m := axeFound.FindSubmatch(out)
			if m == nil {
				t.Fatalf("%s, %s: axe said nothing", name, scheme)
			}
			var said struct {
				Passes     int
				Violations []string
			}
			if err := json.Unmarshal([]byte(html.UnescapeString(string(m[1]))), &said); err != nil {
				t.Fatal(err)
			}
			if said.Passes < 10 {
				t.Errorf("%s, %s: axe looked at next to nothing: %d rules", name, scheme, said.Passes)
			}
			for _, v := range said.Violations {
				t.Errorf("%s, %s: %s", name, scheme, v)
			}
		}
	}
}
