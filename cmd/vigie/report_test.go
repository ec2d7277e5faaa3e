package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"vigie/fixtures"
	"vigie/scanner/report"
)

// turned runs vigie report with text on standard input.
func turned(t *testing.T, stdin string, args ...string) outcome {
	t.Helper()
	var stdout, stderr bytes.Buffer
	status := run(context.Background(), append([]string{"report"}, args...), strings.NewReader(stdin), &stdout, &stderr)
	return outcome{status: status, stdout: stdout.String(), stderr: stderr.String()}
}

// A report made later from JSON is the one that the scan would have written.
func TestReportIsWhatTheScanWrites(t *testing.T) {
	dir := t.TempDir()
	leak := put(t, dir, "leak.csv", register(t))
	dated := time.Date(2021, 3, 12, 9, 0, 0, 0, time.UTC) // a second more or less shows between two dates of one day
	if err := os.Chtimes(leak, dated, dated); err != nil {
		t.Fatal(err)
	}
	findings := filepath.Join(dir, "findings.jsonl")
	if o := vigie(t, "scan", leak, "--format", "jsonl", "-o", findings); o.status != found {
		t.Fatalf("status %d: %s", o.status, o.stderr)
	}
	lines, err := os.ReadFile(findings)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range report.All() {
		if r.Name == "jsonl" {
			continue // durations differ
		}
		want := when.ReplaceAllString(parts(t, vigie(t, "scan", leak, "--format", r.Name).stdout), "")
		for name, o := range map[string]outcome{
			"file":           turned(t, "", findings, "--format", r.Name),
			"standard input": turned(t, string(lines), "-", "--format", r.Name),
			"file, twice":    turned(t, string(lines), findings, "-", "--format", r.Name),
		} {
			if (r.Name == "text" || r.Name == "html") && name == "file, twice" {
				continue // what was looked at adds up
			}
			if o.status != clean || when.ReplaceAllString(parts(t, o.stdout), "") != want || o.stderr != "" {
				t.Errorf("%s of %s: status %d, %s\n%s\nwant\n%s", r.Name, name, o.status, o.stderr, o.stdout, want)
			}
		}
	}
}

// when is what two scans of one thing differ in: times, also in French and as
// numbers, and how long they took.
var when = regexp.MustCompile(`T\d\d:\d\d:\d\dZ|à \d+\x{A0}h\x{A0}\d\d|time":\d{13}|<dd>[^<]*\x{A0}m?s</dd>`)

func TestReportOfWrongInput(t *testing.T) {
	dir := t.TempDir()
	good := `{"type":"problem","path":"/x","reason":"denied"}` + "\n"
	mark := fixtures.Planted(3).NIR
	bad := put(t, dir, "bad.jsonl", []byte(good+`{"type":"finding","path":"`+mark+"\n"))
	old := put(t, dir, "old.csv", []byte("an older report"))
	tests := []struct {
		args []string
		want string
	}{
		{[]string{bad}, "bad.jsonl: line 2: is not JSON at byte"},
		{[]string{bad, "-o", old}, "bad.jsonl: line 2: is not JSON at byte"},
		{[]string{bad, "-o", bad}, "is one of the files to be read"},
		{[]string{"-"}, "read standard input: line 1: is not JSON"},
		{[]string{filepath.Join(dir, "missing.jsonl")}, "missing.jsonl"},
		{[]string{dir}, "is a folder"},
		{[]string{bad, "--format", "pdf"}, "read --format pdf: want text, html"},
		{[]string{bad, "--format", "cnil", "--aware-at", "yesterday"}, "read --aware-at yesterday: want a time such as"},
		{nil, "requires at least 1 arg"},
	}
	for _, tt := range tests {
		o := turned(t, "x"+mark, tt.args...)
		if o.status != usage || !strings.Contains(o.stderr, tt.want) || strings.Contains(o.stderr, mark) || o.stdout != "" {
			t.Errorf("%v: status %d, %q, want %q; stdout %q", tt.args, o.status, o.stderr, tt.want, o.stdout)
		}
	}
	if b, err := os.ReadFile(old); err != nil || string(b) != "an older report" {
		t.Errorf("the older report is now %q, %v", b, err)
	}
}

// What stands in two files is one row, in a file of its owner.
func TestReportOfSeveralFilesToAFile(t *testing.T) {
	dir := t.TempDir()
	line := `{"type":"finding","id":"a","severity":"high","path":"/x","rows":1}` + "\n"
	again := strings.Replace(line, `"rows":1`, `"rows":2`, 1)
	out := filepath.Join(dir, "out.csv")
	o := turned(t, again, put(t, dir, "1.jsonl", []byte(line)), "-", "--format", "csv", "-o", out)
	b, err := os.ReadFile(out)
	if err != nil || o.status != clean || o.stdout != "" {
		t.Fatal(err, o)
	}
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil || len(rows) != 2 || rows[1][7] != "2" {
		t.Errorf("%v, %v", rows, err)
	}
	if info, err := os.Stat(out); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// The clock of the notification runs from the moment that is given.
func TestReportToldWhenTheBreachBecameKnown(t *testing.T) {
	line := `{"type":"finding","id":"a","severity":"high","path":"/x","rows":1}` + "\n"
	o := turned(t, line, "-", "--format", "cnil", "--aware-at", "2026-02-27T23:05:00+01:00")
	if want := "le 2\u00A0mars\u00A02026 à 23\u00A0h\u00A005 (UTC+01:00)"; o.status != clean || !strings.Contains(o.stdout, want) {
		t.Errorf("status %d, no %q in\n%s", o.status, want, o.stdout)
	}
}

// The README has a row for each report, in their order.
func TestReadmeNamesEveryReport(t *testing.T) {
	b, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(b), "| report | |\n| --- | --- |\n")
	rows, _, _ := strings.Cut(rest, "\n\n")
	lines := strings.Split(rows, "\n")
	if len(lines) != len(report.All()) {
		t.Fatalf("%d rows, %d reports", len(lines), len(report.All()))
	}
	for i, r := range report.All() {
		if !strings.HasPrefix(lines[i], "| `"+r.Name+"` |") {
			t.Errorf("row %d is %q, want %s", i, lines[i], r.Name)
		}
	}
}
