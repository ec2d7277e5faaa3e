package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/fixtures"
	"vigie/scanner"
)

// stand puts a program in the place of tesseract, the only one on PATH. It knows the
// given languages, keeps what it is given, says what the file says, and ends with a
// status.
func stand(t *testing.T, languages, says, status string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	put(t, dir, "says", []byte(says))
	script := "#!/bin/sh\nPATH=/bin:/usr/bin\nd=" + dir + "\nif [ \"$1\" = --list-langs ]; then echo '" + languages + "'; exit; fi\n" +
		"env >$d/env; cat >$d/saw; cat $d/says; exit " + status + "\n"
	if err := os.Chmod(put(t, dir, "tesseract", []byte(script)), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	return dir
}

func TestOCRWithoutTesseract(t *testing.T) {
	object := put(t, t.TempDir(), "a.txt", []byte("rien\n"))
	t.Setenv("PATH", t.TempDir())
	for _, languages := range []string{"", "eng osd"} {
		if languages != "" {
			stand(t, languages, "", "0")
		}
		o := vigie(t, "scan", "--ocr", object)
		if o.status != usage || !strings.Contains(o.stderr, "apt-get install tesseract-ocr tesseract-ocr-fra") {
			t.Errorf("%q: status %d, %s", languages, o.status, o.stderr)
		}
	}
}

// TestOCR: pictures go to tesseract, with nothing of the environment, and what it
// says is text; where it fails the page stays a problem, and nothing of what it said
// is lost.
func TestOCR(t *testing.T) {
	letter := fixtures.Notifications(6, 20)[7].Text
	scan := letters(t, "pdf/scan.pdf")["pdf/scan.pdf"]
	picture := letters(t, "pdf/pictures.zip")["pdf/notification_03.jpg"]
	for _, c := range []struct {
		name   string
		body   []byte
		status string
		magic  string
		want   scanner.Reason
	}{
		{"scan.pdf", scan, "0", "II*\x00", ""},
		{"scan.pdf", scan, "1", "II*\x00", scanner.ImageOnly},
		{"page.jpg", picture, "0", "\xff\xd8\xff", ""},
		{"page.jpg", picture, "1", "\xff\xd8\xff", scanner.Malformed},
		{"page.jpg", picture, "134", "\xff\xd8\xff", scanner.Crashed},
	} {
		t.Setenv("VIGIE_SECRET", "sesame")
		dir := stand(t, "List of languages: fra osd", letter, c.status)
		o := scanned(t, "--ocr", put(t, t.TempDir(), c.name, c.body))
		if len(o.findings) != 1 || o.findings[0].Profile != "mdph-documents" {
			t.Errorf("%s, status %s: findings %+v", c.name, c.status, o.findings)
		}
		if c.want == "" && len(o.problems) > 0 || c.want != "" && (len(o.problems) != 1 || o.problems[0].Reason != c.want) {
			t.Errorf("%s, status %s: problems %+v", c.name, c.status, o.problems)
		}
		saw, _ := os.ReadFile(filepath.Join(dir, "saw"))
		env, _ := os.ReadFile(filepath.Join(dir, "env"))
		if !bytes.HasPrefix(saw, []byte(c.magic)) || len(env) == 0 || bytes.Contains(env, []byte("sesame")) {
			t.Errorf("%s: tesseract got %.8q and %s", c.name, saw, env)
		}
	}
}

// TestScansWithoutOCR: scanned letters are problems, each with a count of its pages;
// pictures are not.
func TestScansWithoutOCR(t *testing.T) {
	dir := t.TempDir()
	all := letters(t, "pdf/scans.zip")
	for name, b := range all {
		put(t, dir, name, b)
	}
	for name, b := range letters(t, "pdf/pictures.zip") {
		put(t, dir, name, b)
	}
	o := scanned(t, dir)
	if len(all) != 20 || len(o.problems) != 20 || len(o.findings) > 0 || o.status != incomplete {
		t.Fatalf("%d scans, %d problems, %d findings, status %d", len(all), len(o.problems), len(o.findings), o.status)
	}
	for _, p := range o.problems {
		if p.Reason != scanner.ImageOnly || p.Detail != "1 of 1 page is an image" {
			t.Errorf("%s: %s", p.Path, p.Error())
		}
	}
}
