package main

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// asOthers say that a fixture has something of its own, and what: the finding is
// not the one of the register as it lies open, but this one.
var asOthers = map[string]struct {
	why   string
	cells string // values by column, and people
}{
	"access/deleted.mdb":            {"18 people, some deleted", "nir 18, last_name 17, first_name 18, birth_date 18, postcode 18 | 18"},
	"arrow/js-nested.arrow":         {"lists of codes, two in a cell", "nir 500, last_name 493, first_name 500, birth_date 500 | 500"},
	"parquet/duckdb-nested.parquet": {"names once more in a map, two postcodes in a cell", "nir 500, last_name 493, last_name 493, first_name 500, birth_date 500 | 500"},
	"pgdump/objects.dump":           {"20 people, others in large objects", "nir 20, last_name 19, first_name 20, birth_date 20, postcode 20 | 20"},
	"ldif/slapcat.ldif.gz":          {"full names, and the folder they lie in", "nir 500, last_name 493, full_name 493, first_name 500, birth_date 500, postcode 500 | 501"},
	"sql/oracle.sql":                {"two digits of a year: six are born again", everyCell},
	"sql/mysql-vertical.txt":        {"20 people", "nir 20, last_name 19, first_name 20, birth_date 20, postcode 20 | 20"},
	"sqlite/deleted.sqlite":         {"the 498 deleted rows that are left", "nir 498, last_name 491, first_name 498, birth_date 498, postcode 498 | 498"},
	"sqlite/vacuumed.sqlite":        {"408 people", "nir 408, last_name 403, first_name 408, birth_date 408, postcode 408 | 408"},
	"vcard/version2.vcf":            {"full names too", "nir 500, last_name 493, full_name 493, first_name 500, birth_date 500, postcode 500 | 500"},
	"vcard/version3.vcf":            {"full names too", "nir 500, last_name 493, full_name 493, first_name 500, birth_date 500, postcode 500 | 500"},
}

const everyCell = "nir 500, last_name 493, first_name 500, birth_date 500, postcode 500 | 500"

// unread are the fixtures of which nothing is to be seen, and why.
var unread = map[string]scanner.Reason{
	"ods/encrypted.ods":    scanner.Encrypted,
	"xls/encrypted.xls.gz": scanner.Encrypted,
	"xlsx/encrypted.xlsx":  scanner.Encrypted,
	"xlsx/sheetjs.xlsb.gz": scanner.Unsupported,
}

// TestTables: the register that TestContainers finds in every container is found
// in every format of tables and in every variant, with the same kinds, numbers of
// values, valid ones among them, people, minors among them, and profile; and the
// table in the README says so. Titles and the order of columns are the format's.
func TestTables(t *testing.T) {
	all := scanFixtures(t)
	open := all["people/people.csv"].findings[0]
	if got := cellsOf(open); got != everyCell {
		t.Fatalf("people/people.csv: %s", got)
	}
	rows := make(map[string][]string) // variants by the rest of their row
	for name, w := range all {
		dir, base, _ := strings.Cut(name, "/")
		if isContainer(dir) || dir == "register" || dir == "media" { // no table is in a picture
			continue
		}
		if reason, ok := unread[name]; ok {
			if len(w.findings) > 0 || len(w.problems) == 0 || slices.ContainsFunc(w.problems, func(p scanner.Problem) bool { return p.Reason != reason }) {
				t.Errorf("%s: want nothing but problems %q: %d findings, %+v", name, reason, len(w.findings), w.problems)
			}
			continue
		}
		if len(w.problems) > 0 || len(w.findings) == 0 {
			t.Errorf("%s: %d findings, problems %+v", name, len(w.findings), w.problems)
			continue
		}
		want, why := everyCell, ""
		if other, ok := asOthers[name]; ok {
			want, why = other.cells, other.why
		}
		f := w.findings[max(0, slices.IndexFunc(w.findings, func(f scanner.Finding) bool { return cellsOf(f) == want }))]
		if got := cellsOf(f); got != want || f.Profile != open.Profile || why == "" && f.Severity != open.Severity || f.People.Basis != open.People.Basis {
			t.Errorf("%s: %s, %v %s by %s, want %s", name, got, f.Severity, f.Profile, f.People.Basis, want)
		}
		if why == "" && !sameContent(f, open) {
			t.Errorf("%s: %+v, want %+v", name, f, open)
		}
		variant := strings.TrimSuffix(strings.TrimSuffix(base, ".gz"), "."+dir)
		row := fmt.Sprintf("%s | %s", cellsOf(f), "`"+f.Profile+"`")
		rows[dir+"\x00"+why+"\x00"+row] = append(rows[dir+"\x00"+why+"\x00"+row], variant)
	}
	var lines []string
	for key, variants := range rows {
		parts := strings.SplitN(key, "\x00", 3)
		slices.Sort(variants)
		if parts[1] != "" {
			parts[1] = " (" + parts[1] + ")"
		}
		lines = append(lines, fmt.Sprintf("| %s | %s%s | %s |\n", parts[0], strings.Join(variants, ", "), parts[1], parts[2]))
	}
	slices.Sort(lines)
	compareTable(t, tableHead, strings.Join(lines, ""))
}

const tableHead = "| table | variants | values by column | people | profile |\n| --- | --- | --- | --- | --- |\n"

// order is that of the register's columns.
var order = strings.Fields("nir last_name full_name first_name birth_date postcode")

// cellsOf says what a finding is made of, as the table in the README does.
func cellsOf(f scanner.Finding) string {
	fields := slices.Clone(f.Fields)
	slices.SortStableFunc(fields, func(a, b scanner.Field) int {
		return slices.Index(order, string(a.Kind)) - slices.Index(order, string(b.Kind))
	})
	var cells []string
	for _, x := range fields {
		cells = append(cells, fmt.Sprintf("%s %d", x.Kind, x.Matches))
	}
	return fmt.Sprintf("%s | %d", strings.Join(cells, ", "), f.People.Estimate)
}

// sameContent reports whether two findings agree in all that is no matter of
// titles and order.
func sameContent(a, b scanner.Finding) bool {
	valid := func(f scanner.Finding) (all []string) {
		for _, x := range f.Fields {
			all = append(all, fmt.Sprint(x.Kind, x.Matches, x.Valid))
		}
		slices.Sort(all)
		return all
	}
	return slices.Equal(valid(a), valid(b)) && a.Rows == b.Rows && a.People == b.People
}
