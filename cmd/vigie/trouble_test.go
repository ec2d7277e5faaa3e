package main

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/fixtures"
	"vigie/scanner"
)

// register is a leak of 60 people.
func register(t *testing.T) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := (fixtures.Register{Seed: 5, Rows: 60}).Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestBadInputIsAProblem: each bad object is a problem with its reason, the
// leak beside it is found all the same, and without it the status says that the
// look was not complete.
func TestBadInputIsAProblem(t *testing.T) {
	leak := register(t)
	zip := fixtures.Zip(fixtures.Member{Name: "a.csv", Body: leak})
	flipped := bytes.Clone(zip)
	for i := 60; i < 90; i++ {
		flipped[i] ^= 0x55
	}
	var bomb bytes.Buffer
	if err := fixtures.Bomb(&bomb, "zeros.txt", 600<<20); err != nil {
		t.Fatal(err)
	}
	long := bytes.Repeat([]byte("nom;prenom;naissance "), 1<<20)
	for _, c := range []struct {
		name   string
		body   []byte
		reason scanner.Reason // "" for none
	}{
		{"cut.zip", zip[:len(zip)*2/3], scanner.Truncated},
		{"cut.tar.gz", fixtures.Gzip("", fixtures.Tar(fixtures.Member{Name: "b.bin", Body: zip}))[:len(zip)/2], scanner.Truncated},
		{"flipped.zip", flipped, scanner.Malformed},
		{"encrypted.zip", fixtures.Encrypted("CAF/allocataires.csv"), scanner.Encrypted},
		{"overlapping.zip", fixtures.Overlapping("a.csv", bytes.Repeat([]byte("zeros "), 1000), 500), scanner.Malformed},
		{"bomb.zip", bomb.Bytes(), scanner.Ratio},
		{"deep.zip", fixtures.Nested(40, "a.txt", []byte("bonjour")), scanner.TooDeep},
		{"document.pdf", []byte("%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n"), scanner.Truncated},
		{"misnamed.csv", fixtures.Gzip("", []byte("rien à dire")), ""},
		{"long.txt", long, ""},
		{"empty.zip", nil, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := t.TempDir()
			put(t, dir, c.name, c.body)
			o := scanned(t, dir)
			if c.reason == "" {
				if o.status != clean || len(o.problems) != 0 {
					t.Fatalf("status %d, problems %v", o.status, o.problems)
				}
			} else {
				if !slices.ContainsFunc(o.problems, func(p scanner.Problem) bool {
					return p.Reason == c.reason && strings.Contains(p.Path, c.name)
				}) {
					t.Fatalf("problems %v, want %s", o.problems, c.reason)
				}
				if o.summary.Complete || len(o.findings) == 0 && o.status != incomplete {
					t.Errorf("status %d, complete %v", o.status, o.summary.Complete)
				}
				if accepted := scanned(t, dir, "--accept", string(c.reason)); len(o.findings) == 0 && len(o.problems) == 1 && (accepted.status != clean || len(accepted.problems) != len(o.problems)) {
					t.Errorf("accepted: status %d, problems %v", accepted.status, accepted.problems)
				}
			}
			put(t, dir, "z/leak.csv", leak)
			if o := scanned(t, dir); o.status != found || !slices.ContainsFunc(o.findings, func(f scanner.Finding) bool { return strings.HasSuffix(f.Path, "z/leak.csv") }) {
				t.Errorf("the leak beside it: status %d, findings %v", o.status, o.findings)
			}
		})
	}
}

// TestDamageKeepsWhatCameBefore: rows that were read before an archive breaks
// off are reported with the problem.
func TestDamageKeepsWhatCameBefore(t *testing.T) {
	var b bytes.Buffer
	if _, err := (fixtures.Register{Seed: 5, Rows: 5000}).Write(&b); err != nil {
		t.Fatal(err)
	}
	gz := fixtures.Gzip("people.csv", b.Bytes())
	o := scanned(t, put(t, t.TempDir(), "people.csv.gz", gz[:len(gz)/2]))
	if len(o.problems) != 1 || o.problems[0].Reason != scanner.Truncated || len(o.findings) != 1 {
		t.Fatalf("problems %v, %d findings", o.problems, len(o.findings))
	}
	if rows := o.findings[0].Rows; rows < 1500 || rows > 4000 {
		t.Errorf("%d rows of 5,000 from the first half", rows)
	}
}

// TestBadServers: what a server refuses, delays or gets wrong is a problem, and
// the leak on the same server is found.
func TestBadServers(t *testing.T) {
	leak := register(t)
	mux := http.NewServeMux()
	mux.HandleFunc("/{$}", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		w.Write([]byte(`<a href=leak.csv>a</a> <a href=forbidden.csv>b</a> <a href=gone.csv>c</a> <a href=broken.csv>d</a> <a href=short.csv>e</a> <a href=away.csv>f</a>`))
	})
	mux.HandleFunc("/leak.csv", func(w http.ResponseWriter, _ *http.Request) { w.Write(leak) })
	mux.HandleFunc("/forbidden.csv", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(403) })
	mux.HandleFunc("/broken.csv", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(500) })
	mux.HandleFunc("/short.csv", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "100000")
		w.Write(leak[:1000])
	})
	mux.HandleFunc("/away.csv", func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://localhost.invalid/away.csv", http.StatusFound)
	})
	server := httptest.NewServer(mux)
	defer server.Close()
	o := scanned(t, server.URL+"/")
	if o.status != found || o.summary.Complete {
		t.Errorf("status %d, complete %v", o.status, o.summary.Complete)
	}
	want := map[string]scanner.Reason{
		"forbidden.csv": scanner.Denied, "gone.csv": scanner.Unreachable, "broken.csv": scanner.Unreachable,
		"short.csv": scanner.Truncated, "away.csv": scanner.Skipped,
	}
	for _, p := range o.problems {
		name := p.Path[strings.LastIndexByte(p.Path, '/')+1:]
		if want[name] != p.Reason {
			t.Errorf("%s: %s (%s), want %q", name, p.Reason, p.Detail, want[name])
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no problem for %v", want)
	}
}

// TestExitStatus: one of each, and which wins.
func TestExitStatus(t *testing.T) {
	dir := t.TempDir()
	leak := put(t, dir, "leak.csv", register(t))
	harmless := put(t, dir, "h/notes.txt", []byte("Rien à signaler.\n"))
	broken := put(t, dir, "b/cut.zip", fixtures.Zip(fixtures.Member{Name: "a.txt", Body: []byte(strings.Repeat("bonjour ", 500))})[:60])
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"scan", harmless}, clean},
		{[]string{"scan", leak}, found},
		{[]string{"scan", broken}, incomplete},
		{[]string{"scan", broken, leak}, found},
		{[]string{"scan", leak, filepath.Join(dir, "nothing-here")}, found},
		{[]string{"scan", harmless, filepath.Join(dir, "nothing-here")}, usage},
		{[]string{"scan", broken, filepath.Join(dir, "nothing-here")}, usage},
		{[]string{"scan"}, usage},
		{[]string{"scan", harmless, "--fail-on", "awful"}, usage},
		{[]string{"scan", harmless, "--accept", "sunshine"}, usage},
		{[]string{"scan", harmless, "--format", "papyrus"}, usage},
		{[]string{"scan", harmless, "--no-such-flag"}, usage},
		{[]string{"scan", broken, "--accept", "truncated:*.zip"}, clean},
		{[]string{"scan", broken, "--accept", "truncated:*.tar"}, incomplete},
		{[]string{"list", "detectors"}, clean},
		{[]string{"list", "stars"}, usage},
	} {
		if o := vigie(t, c.args...); o.status != c.want {
			t.Errorf("vigie %v: status %d, want %d\n%s", c.args, o.status, c.want, o.stderr)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var stdout, stderr bytes.Buffer
	if got := run(ctx, []string{"scan", harmless}, nil, &stdout, &stderr); got != interrupted {
		t.Errorf("interrupted: status %d", got)
	}
	if !strings.Contains(stdout.String(), "incomplete") && !strings.Contains(stdout.String(), "not") {
		t.Errorf("interrupted, and the report does not say so: %s", &stdout)
	}
}

// TestDeniedFolder: a folder without permission is a problem, unless everything
// is permitted (root).
func TestDeniedFolder(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, "closed/a.csv", register(t))
	put(t, dir, "open/a.txt", []byte("bonjour\n"))
	closed := filepath.Join(dir, "closed")
	if err := os.Chmod(closed, 0); err != nil {
		t.Fatal(err)
	}
	defer os.Chmod(closed, 0o755)
	o := scanned(t, dir)
	if os.Geteuid() == 0 {
		if o.status != found {
			t.Errorf("root reads everything: status %d", o.status)
		}
		return
	}
	if o.status != incomplete || len(o.problems) != 1 || o.problems[0].Reason != scanner.Denied {
		t.Errorf("status %d, problems %v", o.status, o.problems)
	}
}

// TestReportThatCannotBeWritten: the leak decides the status, and the trouble is
// told all the same.
func TestReportThatCannotBeWritten(t *testing.T) {
	const full = "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("this system has no device that is always full")
	}
	leak := put(t, t.TempDir(), "leak.csv", register(t))
	declared := put(t, t.TempDir(), "fields.yaml", []byte("fields: [nir, nom, prenom, date_naissance, code_postal, adresse, ville, email, telephone, iban]\npeople: 500\n"))
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"scan", leak}, found},
		{[]string{"scan", leak, "--fail-on", "critical", "--exclude", "*.csv"}, internal},
		{[]string{"handover", leak, "--declare", declared}, internal},
	} {
		o := vigie(t, append(c.args, "--format", "jsonl", "-o", full)...)
		if o.status != c.want || !strings.Contains(o.stderr, "no space left") {
			t.Errorf("vigie %v: status %d, want %d: %q", c.args, o.status, c.want, o.stderr)
		}
	}
}
