package main

import (
	"bytes"
	"fmt"
	"testing"

	"vigie/detectors"
	"vigie/fixtures"
)

// Columns that are filled only in the middle of a table, and keys that come up
// late, are found with the rows that have them.
func TestWhatComesUpLater(t *testing.T) {
	const rows, from, to = 50_000, 20_000, 30_000
	var register bytes.Buffer
	if _, err := (fixtures.Register{Seed: 9, Rows: rows}).Write(&register); err != nil {
		t.Fatal(err)
	}
	some := func(all []string, row int) string {
		if row < from || row >= to {
			return ""
		}
		return all[row%len(all)]
	}
	disability := []string{"50-79 %", "80 % et plus", "< 50 %", "RQTH", "SESSAD"}
	benefit := []string{"RSA", "APL", "AAH", "PPA", "ALF", "RSA + APL"}
	situation := []string{"Marié", "Célibataire", "Divorcée", "Pacsé", "Veuve"}
	var table, lines bytes.Buffer
	for row, line := range bytes.Split(bytes.TrimSpace(register.Bytes())[bytes.IndexByte(register.Bytes(), '\n')+1:], []byte("\n")) {
		cells := bytes.Split(bytes.TrimSpace(line), []byte(";"))
		fmt.Fprintf(&table, "%s;%s;%s\n", bytes.Join(cells[:6], []byte(";")), some(disability, row), some(benefit, row))
		fmt.Fprintf(&lines, `{"nir":%q,"nom":%q,"ne":%q`, cells[0], cells[1], cells[3])
		if s := some(situation, row); row >= 10_000 && s != "" {
			fmt.Fprintf(&lines, `,"situation":%q`, s)
		}
		lines.WriteString("}\n")
	}
	dir := t.TempDir()
	for name, kinds := range map[string][]detectors.Kind{"a.csv": {"disability", "benefit"}, "b.ndjson": {"family_situation"}} {
		b := table.Bytes()
		if name == "b.ndjson" {
			b = lines.Bytes()
		}
		out := scanned(t, put(t, dir, name, b))
		if len(out.findings) != 1 {
			t.Fatalf("%s: %d findings", name, len(out.findings))
		}
		for _, kind := range kinds {
			found := int64(0)
			for _, f := range out.findings[0].Fields {
				if f.Kind == kind {
					found += f.Matches
				}
			}
			if found < 9900 || found > 10_100 {
				t.Errorf("%s: %d cells of %s, want 10000", name, found, kind)
			}
		}
	}
}
