package main

import (
	"os"
	"testing"
)

// Twenty notifications in PDF, loose and in a zip, are one finding; a register of 300
// people in PDF is one with that many.
func TestPDF(t *testing.T) {
	loose, packed := t.TempDir(), t.TempDir()
	for name, b := range letters(t, "pdf/notifications.zip") {
		put(t, loose, name, b)
	}
	b, err := os.ReadFile("../../fixtures/documents/pdf/notifications.zip")
	if err != nil {
		t.Fatal(err)
	}
	put(t, packed, "notifications.zip", b)
	for _, dir := range []string{loose, packed} {
		got := scanned(t, dir)
		if len(got.findings) != 1 || len(got.problems) > 0 {
			t.Fatalf("%d findings, problems %v", len(got.findings), got.problems)
		}
		if f := got.findings[0]; f.Profile != "mdph-documents" || f.People.Low > 19 || f.People.High < 19 || f.People.High > 20 {
			t.Errorf("%s: %s, people %+v", f.Path, f.Profile, f.People)
		}
	}
	register := t.TempDir()
	for name, b := range letters(t, "pdf/register.pdf") {
		put(t, register, name, b)
	}
	got := scanned(t, register)
	if len(got.findings) != 1 || len(got.problems) > 0 {
		t.Fatalf("%d findings, problems %v", len(got.findings), got.problems)
	}
	if f := got.findings[0]; f.People.Estimate < 294 || f.People.Estimate > 306 || f.Rows != 300 || len(f.Fields) < 9 {
		t.Errorf("%d rows, %d fields, people %+v", f.Rows, len(f.Fields), f.People)
	}
}
