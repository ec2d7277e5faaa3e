package main

import (
	"os"
	"testing"
	"time"

	"vigie/scanner"
)

// TestIncludeOpensEveryContainer: what may hold a file that is asked for is
// opened, whatever it is packed by.
func TestIncludeOpensEveryContainer(t *testing.T) {
	choose, err := chooser(choice{include: []string{"people.csv"}}, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(formatFixtures + "people")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, f := range files {
		want := scanner.Wraps
		switch f.Name() {
		case "people.csv":
			want = scanner.Take
		case "RECIPE.sh":
			want = scanner.Leave
		}
		if got := choose(scanner.Object{Path: "people/" + f.Name(), Size: -1}); got != want {
			t.Errorf("%s: %v, want %v", f.Name(), got, want)
		}
	}
	for _, name := range []string{"box.mbox", "box.mbox!/1.eml", "box.pst", "mail.MSG"} { // what is attached
		if got := choose(scanner.Object{Path: name, Size: -1}); got != scanner.Wraps {
			t.Errorf("%s: %v, want %v", name, got, scanner.Wraps)
		}
	}
}
