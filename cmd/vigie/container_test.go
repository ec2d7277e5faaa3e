package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
	"vigie/scanner/format"
)

var update = flag.Bool("update", false, "write the tables of containers and tables in the README anew")

const formatFixtures = "../../fixtures/formats/"

// A wrapped is what a scan says of one fixture.
type wrapped struct {
	findings []scanner.Finding
	problems []scanner.Problem
}

// allFixtures is what scanFixtures found, for the next test.
var allFixtures map[string]*wrapped

// scanFixtures scans fixtures/formats in one go, once, and sorts what it says by
// fixture, "tar/ustar.tar".
func scanFixtures(t *testing.T) map[string]*wrapped {
	t.Helper()
	if allFixtures != nil {
		return allFixtures
	}
	all := make(map[string]*wrapped)
	of := func(path string) *wrapped {
		path = strings.TrimPrefix(path, formatFixtures)
		path, _, _ = strings.Cut(path, "!")
		if all[path] == nil {
			all[path] = new(wrapped)
		}
		return all[path]
	}
	files, err := filepath.Glob(formatFixtures + "*/*")
	if err != nil || len(files) < 100 {
		t.Fatalf("%d fixtures, %v", len(files), err)
	}
	for _, f := range files {
		if base := strings.ToUpper(filepath.Base(f)); !strings.HasPrefix(base, "RECIPE") && !strings.HasPrefix(base, "README") {
			of(filepath.ToSlash(f))
		}
	}
	o := scanned(t, formatFixtures)
	for _, f := range o.findings {
		w := of(f.Path)
		w.findings = append(w.findings, f)
	}
	for _, p := range o.problems {
		w := of(p.Path)
		w.problems = append(w.problems, p)
	}
	allFixtures = all
	return all
}

// TestContainers: a register of people is found the same in every container, by
// every method, as it is where it lies open; and the table in the README says
// so. Fixtures made by others are in fixtures/formats: those in people/ hold 500
// people and nothing else, and so do members of other fixtures. Other data in
// them are the matter of other tests.
func TestContainers(t *testing.T) {
	all := scanFixtures(t)
	registers := make(map[string]bool) // by portrait
	for _, name := range []string{"register/register.csv", "people/people.csv"} {
		if all[name] == nil || len(all[name].findings) != 1 {
			t.Fatalf("%s: %+v", name, all[name])
		}
		registers[portrait(all[name].findings[0])] = true
	}
	open := all["people/people.csv"].findings[0]
	if open.People.Estimate != 500 || len(open.Fields) != 5 {
		t.Fatalf("people/people.csv: %+v", open)
	}
	table := make(containerTable)
	for name, w := range all {
		dir, base, _ := strings.Cut(name, "/")
		found := slices.IndexFunc(w.findings, func(f scanner.Finding) bool { return registers[portrait(f)] })
		if dir == "people" && (len(w.findings) != 1 || len(w.problems) > 0 || portrait(w.findings[0]) != portrait(open)) {
			t.Errorf("%s: %d findings, problems %+v", name, len(w.findings), w.problems)
		}
		if found >= 0 && len(w.problems) == 0 && isContainer(dir) && base != "people.csv" {
			table.add(dir, base, w.findings[found])
		}
	}
	compareTable(t, containerHead, table.String())
}

// isContainer reports whether fixtures of a folder are containers: it is people/
// or has the name of their format.
func isContainer(dir string) bool {
	return dir == "people" || slices.ContainsFunc(format.All(), func(f scanner.Format) bool {
		return f.Unpack != nil && f.Read == nil && f.Name == named(dir)
	})
}

// named is the name of the container that a folder of fixtures stands for.
func named(dir string) string {
	switch dir {
	case "sevenzip":
		return "7z"
	case "zipmethods":
		return "zip"
	}
	return dir
}

// A containerTable has a row a container.
type containerTable map[string]*containerRow

type containerRow struct {
	methods []string
	people  int64
	cells   string // what was found
}

// endings are those of a file name, but no version: "people.csv.xz", "sparse0.1.tar".
var endings = regexp.MustCompile(`\.(7z|[A-Za-z]).*$`)

// add makes a fixture part of its row. Files in people/ are called after
// container and method, others lie in a folder of the container's name; they
// count where people/ has none.
func (c containerTable) add(dir, base string, f scanner.Finding) {
	container, method := named(dir), endings.ReplaceAllString(base, "")
	if dir == "people" {
		container, method, _ = strings.Cut(method, "-")
	}
	if method == "" {
		method = "plain"
	}
	row := c[container]
	if row == nil || row.people < f.People.Estimate {
		var fields []string
		for _, x := range f.Fields {
			fields = append(fields, fmt.Sprintf("%s %d", x.Kind, x.Matches))
		}
		row = &containerRow{people: f.People.Estimate}
		row.cells = fmt.Sprintf("%s | %d | `%s`", strings.Join(fields, ", "), f.People.Estimate, f.Profile)
		c[container] = row
	}
	if row.people == f.People.Estimate {
		row.methods = append(row.methods, method)
	}
}

func (c containerTable) String() string {
	var rows []string
	for name, row := range c {
		slices.Sort(row.methods)
		rows = append(rows, fmt.Sprintf("| %s | %s | %s |\n", name, strings.Join(row.methods, ", "), row.cells))
	}
	slices.Sort(rows)
	return strings.Join(rows, "")
}

const containerHead = "| container | methods | values by column | people | profile |\n| --- | --- | --- | --- | --- |\n"

// compareTable compares the table under head in the README, or writes it with
// -update.
func compareTable(t *testing.T, head, want string) {
	t.Helper()
	const readme = "../../README.md"
	b, err := os.ReadFile(readme)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(b), head)
	if !ok {
		t.Fatalf("the README has no table %q", head)
	}
	end := strings.Index("\n"+rest, "\n\n")
	got, after := rest[:end], rest[end:]
	if got == want {
		return
	}
	if !*update {
		t.Fatalf("the README's table is\n%s\nand should be (go test ./cmd/vigie -run %s -update)\n%s", got, t.Name(), want)
	}
	if err := os.WriteFile(readme, []byte(before+head+want+after), 0o644); err != nil {
		t.Fatal(err)
	}
}
