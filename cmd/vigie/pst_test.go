package main

import (
	"os"
	"testing"
)

// The twenty notifications are one finding where each is a message of one mailbox of
// Outlook, and a register of 300 people that is attached is one.
func TestNotificationsInPST(t *testing.T) {
	read := func(name string) []byte {
		b, err := os.ReadFile("../../fixtures/formats/pst/" + name)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	box := t.TempDir()
	put(t, box, "archive.pst", read("notifications.pst"))
	notified(t, "in a mailbox of Outlook", box)
	for _, name := range []string{"unicode.pst", "ansi.pst", "large.ost"} {
		dir := t.TempDir()
		put(t, dir, name, read(name))
		got := scanned(t, dir)
		if len(got.findings) != 1 || len(got.problems) > 0 {
			t.Fatalf("%s: %d findings, problems %v", name, len(got.findings), got.problems)
		}
		if f := got.findings[0]; f.Rows != 300 || f.People.Estimate < 294 || f.People.Estimate > 306 {
			t.Errorf("%s: %d rows, people %+v", name, f.Rows, f.People)
		}
	}
}
