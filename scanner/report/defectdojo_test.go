package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vigie/scanner"
)

// What the parser of DefectDojo asks for: three fields, no unknown ones, dates
// that it can read, strings that its database holds
// (dojo/tools/generic/json_parser.py and dojo/finding/models.py at 7cfa159).
func TestDefectDojoTakesIt(t *testing.T) {
	known := []string{"title", "severity", "description", "severity_justification", "mitigation", "impact", "date", "cwe",
		"file_path", "unique_id_from_tool", "vuln_id_from_tool", "scanner_confidence", "risk_accepted", "static_finding", "dynamic_finding", "tags"}
	for name, records := range stories() {
		var file struct{ Findings []map[string]any }
		if err := json.Unmarshal([]byte(write(t, defectdojo, Options{}, records)), &file); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		want := 0
		unread := false
		for _, r := range records {
			switch r := r.(type) {
			case *scanner.Finding:
				want++
			case *scanner.Problem:
				unread = unread || !r.Accepted
			}
		}
		if unread {
			want++
		}
		if file.Findings == nil || len(file.Findings) != want {
			t.Errorf("%s: %d findings, want %d", name, len(file.Findings), want)
		}
		for _, f := range file.Findings {
			for key, value := range f {
				if !slices.Contains(known, key) {
					t.Errorf("%s: field %s is refused", name, key)
				}
				if s, ok := value.(string); ok && (s == "" || strings.ContainsRune(s, 0)) {
					t.Errorf("%s: %s is %q", name, key, s)
				}
			}
			text := func(key string) string { s, _ := f[key].(string); return s }
			if text("title") == "" || text("description") == "" || utf8.RuneCountInString(text("title")) > 511 || len(text("file_path")) > 4000 {
				t.Errorf("%s: %v", name, f)
			}
			if !slices.Contains([]string{"Info", "Low", "Medium", "High", "Critical"}, text("severity")) {
				t.Errorf("%s: severity %s", name, text("severity"))
			}
			if d := text("date"); d != "" {
				if _, err := time.Parse(time.DateOnly, d); err != nil {
					t.Error(err)
				}
			}
		}
	}
}
