package report

import (
	"encoding/csv"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestCellIsNoFormula(t *testing.T) {
	tests := []struct{ in, want string }{
		{"", ""},
		{"/srv/a=b.csv", "/srv/a=b.csv"},
		{"=1+1", "'=1+1"},
		{"+33 6", "'+33 6"},
		{"-2", "'-2"},
		{"@SUM(A1)", "'@SUM(A1)"},
		{"  =1", "  '=1"},
		{"\t=1", `\t=1`},
		{"\r\n=1", `\r\n=1`},
		{"＝1", "'＝1"},
		{`x";=HYPERLINK("http://e/")`, `x";'=HYPERLINK("http://e/")`},
		{"nir; =cmd|' /C calc'!A0", "nir; '=cmd|' /C calc'!A0"},
	}
	for _, tt := range tests {
		if got := disarm(tt.in); got != tt.want {
			t.Errorf("disarm(%q) = %q, want %q", tt.in, got, tt.want)
		}
	}
}

// Each row has a cell for each title, whatever the names hold.
func TestCSVIsRegular(t *testing.T) {
	f := hostile()
	f.Path, f.Table = `a,"b"`+"\r\n=c", "=1"
	f.Baseline, f.Suppressed = "worse", &scanner.Suppressed{Reason: "=known", Until: "2026-12-31"}
	rows, err := csv.NewReader(strings.NewReader(write(t, table, Options{}, []scanner.Record{caf(), f}))).ReadAll()
	if err != nil || len(rows) != 3 {
		t.Fatal(len(rows), err)
	}
	for i, want := range map[string]string{"path": `a,"b"\r\n=c`, "table": "'=1", "size": "", "unit": Plain(f.People.Unit), "low": "50",
		"baseline": "worse", "accepted": "'=known", "accepted_until": "2026-12-31"} {
		for at, title := range rows[0] {
			if title == i && rows[2][at] != want {
				t.Errorf("%s: %q, want %q", title, rows[2][at], want)
			}
		}
	}
}
