//go:build integration

package main

import "testing"

// TestScansWithTesseract: twenty notifications of a MDPH about nineteen people as scans
// are one finding, and so are pictures of three of them.
func TestScansWithTesseract(t *testing.T) {
	for _, c := range []struct {
		name      string
		documents int64
		people    int64
	}{
		{"pdf/scans.zip", 18, 18},
		{"pdf/pictures.zip", 2, 2},
	} {
		dir := t.TempDir()
		for name, b := range letters(t, c.name) {
			put(t, dir, name, b)
		}
		o := scanned(t, "--ocr", dir)
		if len(o.findings) != 1 || len(o.problems) > 0 {
			t.Fatalf("%s: %d findings, problems %v", c.name, len(o.findings), o.problems)
		}
		f := o.findings[0]
		if f.Profile != "mdph-documents" || f.Documents < c.documents || f.Documents > 20 || f.People.High < c.people || f.People.High > 20 {
			t.Errorf("%s: %s, %d documents, people %+v", c.name, f.Profile, f.Documents, f.People)
		}
	}
}
