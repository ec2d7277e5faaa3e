package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"

	"vigie/fixtures"
)

// asked runs vigie access with text on standard input.
func asked(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	t.Setenv("LC_ALL", "C")
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), append([]string{"access"}, args...), strings.NewReader(stdin), &stdout, &stderr)
	return outcome{status: status, stdout: stdout.String(), stderr: stderr.String()}
}

const openFinding = `{"type":"finding","id":"a","severity":"critical","profile":"caf-beneficiaries","path":"https://cours.example/r/CAF.zip!/caf/a.csv","rows":10204,` +
	`"object":{"size":9,"modified":"2025-03-14T09:00:00Z"},"people":{"estimate":10204,"unit":"household","low":10204,"high":10204}}` + "\n"

func requestLine(address string, status int, agent string) string {
	return fmt.Sprintf("%s - - [10/Oct/2025:13:55:36 +0200] \"GET /r/CAF.zip HTTP/1.1\" %d 3412 \"-\" \"%s\"\n", address, status, agent)
}

// Logs are read packed or not, from files, folders and standard input.
func TestAccessReadsLogsHoweverTheyLie(t *testing.T) {
	dir := t.TempDir()
	findings := put(t, dir, "findings.jsonl", []byte(openFinding))
	var gz, zst bytes.Buffer
	g := gzip.NewWriter(&gz)
	z, err := zstd.NewWriter(&zst)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(g, requestLine("203.0.113.7", 200, "curl/8"))
	fmt.Fprint(z, requestLine("203.0.113.8", 206, "curl/8"))
	if g.Close() != nil || z.Close() != nil {
		t.Fatal("not packed")
	}
	put(t, dir, "logs/access.log.2.gz", gz.Bytes())
	put(t, dir, "logs/old/access.log.3.zst", zst.Bytes())
	put(t, dir, "logs/access.log", []byte(requestLine("203.0.113.9", 304, "Wget/1")+requestLine("203.0.113.9", 404, "Wget/1")))
	o := asked(t, requestLine("203.0.113.10", 200, "Mozilla/5.0 (compatible; Googlebot/2.1)"), findings, filepath.Join(dir, "logs"), "-", "--format", "csv")
	rows, err := csv.NewReader(strings.NewReader(o.stdout)).ReadAll()
	if err != nil || o.status != found || len(rows) != 5 {
		t.Fatalf("status %d, %v: %s%s", o.status, err, o.stdout, o.stderr)
	}
	got := map[string]string{}
	for _, r := range rows[1:] {
		got[r[2]] = r[3]
	}
	if got["203.0.113.7"] != "curl" || got["203.0.113.8"] != "curl" || got["203.0.113.9"] != "Wget" || got["203.0.113.10"] != "Googlebot" {
		t.Error(rows)
	}
}

// A log is longer than what may come out of a container: its last line counts.
func TestAccessReadsLongLogs(t *testing.T) {
	dir := t.TempDir()
	findings := put(t, dir, "findings.jsonl", []byte(openFinding))
	comment := "# " + strings.Repeat("x", 60_000) + "\n"
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	var lines []io.Reader
	for range 300_000_000 / len(comment) {
		lines = append(lines, strings.NewReader(comment))
	}
	lines = append(lines, strings.NewReader(requestLine("203.0.113.7", 200, "curl/8")))
	for range 5000 {
		fmt.Fprint(z, comment)
	}
	fmt.Fprint(z, requestLine("203.0.113.8", 200, "curl/8"))
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	var stdout, stderr bytes.Buffer
	log := put(t, dir, "access.log.gz", packed.Bytes())
	status := run(t.Context(), []string{"access", findings, log, "-", "--format", "csv"}, io.MultiReader(lines...), &stdout, &stderr)
	if status != found || stderr.Len() > 0 || !strings.Contains(stdout.String(), "203.0.113.7") || !strings.Contains(stdout.String(), "203.0.113.8") {
		t.Errorf("status %d, %s%s", status, stdout.String(), stderr.String())
	}
}

func TestAccessInWords(t *testing.T) {
	dir := t.TempDir()
	findings := put(t, dir, "findings.jsonl", []byte(openFinding))
	log := put(t, dir, "access.log", []byte(requestLine("203.0.113.7", 200, "curl/8")+requestLine("203.0.113.7", 403, "curl/8")+"what?\n"))
	for lang, wants := range map[string][]string{
		"en": {"CRITICAL — CAF benefits export, 10,204 households", "1 time: 1 in full (200); 3.4 kB sent", "203.0.113.7", "refused, redirected or not found: 1", "the file is of 2025-03-14",
			"Fetched: 1 of 1 place, 1 time.", "Not understood: 1 line;"},
		"fr": {"10\u202F204\u00A0foyers", "1\u00A0fois\u00A0: 1 en entier (200)", "3,4\u00A0ko envoyés", "refusées, redirigées ou introuvables\u00A0: 1", "Téléchargé\u00A0: 1 sur 1\u00A0emplacement, 1\u00A0fois."},
	} {
		o := asked(t, "", findings, log, "--lang", lang)
		flat := strings.Join(strings.Fields(strings.ReplaceAll(o.stdout, "critical", "CRITICAL")), " ")
		for _, want := range wants {
			if !strings.Contains(flat, strings.Join(strings.Fields(want), " ")) {
				t.Errorf("%s: no %q in\n%s", lang, want, o.stdout)
			}
		}
		if o.status != found || o.stderr != "" {
			t.Errorf("%s: status %d, %s", lang, o.status, o.stderr)
		}
	}
	o := asked(t, "", findings, log, "--mask-addresses", "--format", "jsonl", "-o", filepath.Join(dir, "who.jsonl"))
	b, err := os.ReadFile(filepath.Join(dir, "who.jsonl"))
	if err != nil || o.status != found || o.stdout != "" || bytes.Contains(b, []byte("203.0.113.7")) || !bytes.Contains(b, []byte("203.0.113.0/24")) {
		t.Errorf("%s, %v, %+v", b, err, o)
	}
}

func TestAccessStatus(t *testing.T) {
	dir := t.TempDir()
	findings := put(t, dir, "findings.jsonl", []byte(openFinding))
	quiet := put(t, dir, "quiet.log", []byte(requestLine("203.0.113.7", 404, "curl/8")+requestLine("203.0.113.7", 200, "vigie")))
	loud := put(t, dir, "loud.log", []byte(requestLine("203.0.113.7", 200, "curl/8")))
	odd := put(t, dir, "odd.log", []byte("what?\n"))
	broken := put(t, dir, "broken.gz", []byte("\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03broken"))
	if err := os.Mkdir(filepath.Join(dir, "empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		args   []string
		status int
		want   string
	}{
		{[]string{findings, quiet}, clean, "Fetched: none of 1 place, as far as these logs go."},
		{[]string{findings, loud}, found, "Fetched: 1 of 1 place"},
		{[]string{findings, odd, loud, broken}, found, "Not understood: 2 lines;"},
		{[]string{findings, odd}, incomplete, "odd.log: 1 line, the first is line 1"},
		{[]string{findings, quiet, broken}, incomplete, "broken.gz: truncated"},
		{[]string{findings, quiet, broken}, incomplete, "Not read to the end: 1 log ("},
		{[]string{findings}, usage, "requires at least 2 arg"},
		{[]string{findings, filepath.Join(dir, "missing.log")}, usage, "missing.log"},
		{[]string{findings, filepath.Join(dir, "empty")}, usage, "there is none in the folders"},
		{[]string{quiet, findings}, usage, "quiet.log: line 1: is not JSON"},
		{[]string{findings, quiet, "--format", "pdf"}, usage, "want text, jsonl or csv"},
		{[]string{findings, quiet, "--lang", "de"}, usage, "want en or fr"},
		{[]string{"-", "-"}, usage, "either the findings or a log"},
	}
	for _, tt := range tests {
		o := asked(t, "", tt.args...)
		if o.status != tt.status || !strings.Contains(o.stdout+o.stderr, tt.want) {
			t.Errorf("%v: status %d, want %d and %q: %s%s", tt.args, o.status, tt.status, tt.want, o.stdout, o.stderr)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	var out bytes.Buffer
	if status := run(ctx, []string{"access", findings, loud}, strings.NewReader(""), &out, &out); status != interrupted {
		t.Errorf("interrupted: status %d, %s", status, out.String())
	}
}

// TestReadmeLeakRecipe runs what the README tells who has found a leak, word for
// word; the site is one on this machine.
func TestReadmeLeakRecipe(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "### You found a leak\n\n```\n")
	recipe, _, ok := strings.Cut(rest, "\n```\n")
	if !ok {
		t.Fatal("no recipe")
	}
	site, stop, err := fixtures.Serve(fixtures.Site{
		"/files/index.html": fixtures.Bytes([]byte(`<a href="people.csv">people</a>`)),
		"/files/people.csv": fixtures.Bytes(register(t)),
	})
	if err != nil {
		t.Fatal(err)
	}
	defer stop()
	t.Chdir(t.TempDir())
	put(t, ".", "access.log", []byte(strings.Replace(requestLine("203.0.113.7", 200, "curl/8"), "/r/CAF.zip", "/files/people.csv", 1)))
	for _, line := range strings.Split(recipe, "\n") {
		args := strings.Fields(strings.ReplaceAll(line, "https://www.example.org", site))[1:]
		want := clean
		if args[0] != "report" {
			want = found
		}
		if o := vigie(t, args...); o.status != want || o.stderr != "" {
			t.Errorf("%s: status %d, want %d: %s%s", line, o.status, want, o.stdout, o.stderr)
		} else if args[0] == "access" && !strings.Contains(o.stdout, "203.0.113.0/24, 1 time") {
			t.Error(o.stdout)
		}
	}
	for name, want := range map[string]string{"message.txt": "/files/people.csv", "cnil.docx": "26\u00A0novembre\u00A02026", "registre.csv": "perte de confidentialité"} {
		b, err := os.ReadFile(name)
		if err != nil || !strings.Contains(parts(t, string(b)), want) {
			t.Errorf("%s: no %q, %v", name, want, err)
		}
	}
}
