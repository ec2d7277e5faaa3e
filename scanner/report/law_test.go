package report

import (
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vigie/scanner"
)

// shownBy returns all text of a report, packed or not.
func shownBy(t *testing.T, r Report, o Options, records []scanner.Record) string {
	t.Helper()
	out := write(t, r, o, records)
	if strings.HasPrefix(out, "PK\x03\x04") {
		return unpacked(t, out)
	}
	return out
}

// Names from outside that a terminal, a browser, a spreadsheet or Markdown would
// obey come through every report as text, in both languages.
func TestNoReportObeysNames(t *testing.T) {
	evil := "\x1b]0;owned\a\x1b[2J\u009b31m</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'`**\n# =cmd|' /C calc'!A0\r\n\x00]]>&amp;\u2028"
	f := mdph()
	f.Path, f.Table, f.Profile, f.Target, f.Leak, f.ID = "s3://b"+evil+"/"+evil+".zip!/"+evil, evil, evil, evil, evil, evil
	f.Exposure.How, f.Exposure.Vantage, f.Object.ETag, f.People.Unit, f.People.Basis = evil, evil, evil, evil, evil
	f.Authenticity.Verdict, f.Authenticity.Evidence = evil, []scanner.Why{{Code: evil, Text: evil}}
	f.Why = append(f.Why, scanner.Why{Code: evil, Args: map[string]any{evil: evil}, Text: evil},
		scanner.Why{Code: "special_category", Args: map[string]any{"codes": []string{evil}}, Text: evil})
	f.Fields = append(f.Fields, scanner.Field{Kind: "x" + "\x1b[2J<script>", Column: evil, Samples: []string{evil}})
	f.Suppressed = &scanner.Suppressed{Reason: evil, Until: evil}
	g := *f
	g.Suppressed, g.Leak, g.ID = nil, "other", "other"
	records := []scanner.Record{f, &g, &scanner.Problem{Path: evil, Reason: scanner.Reason(evil), Detail: evil}, &scanner.Summary{Objects: 1}}
	for _, r := range All() {
		for _, lang := range []string{"en", "fr"} {
			out := shownBy(t, r, Options{Lang: lang}, records)
			if i := strings.IndexFunc(out, func(c rune) bool { return unicode.IsControl(c) && c != '\n' && c != '\r' && c != '\t' || c == '\u2028' }); i >= 0 && r.Name != "jsonl" {
				t.Errorf("%s, %s: %q", r.Name, lang, out[max(i-30, 0):min(i+30, len(out))])
			}
			if strings.ContainsAny(out, "\x1b\a\x00") || !utf8.ValidString(out) {
				t.Errorf("%s, %s: escapes of terminals", r.Name, lang)
			}
			switch r.Name {
			case "html", "docx":
				if strings.Contains(out, "<script>alert") || strings.Contains(out, "<img src=x") {
					t.Errorf("%s, %s: markup of a name", r.Name, lang)
				}
			case "cnil":
				if strings.Contains(out, "\n# =cmd") || strings.Contains(inCode.ReplaceAllString(out, ""), "<script") {
					t.Errorf("markup of a name: %s", out)
				}
			case "csv", "register":
				for _, sep := range []string{"\n=", ",=", ";=", "\"=", "\n@", "\n+", "\n-"} {
					if strings.Contains(out, sep) {
						t.Errorf("%s: a formula behind %q", r.Name, sep)
					}
				}
			}
		}
	}
}

// What a scan masked stays masked: no report knows more than its records.
func TestNoReportTellsWhatItWasNotTold(t *testing.T) {
	f := caf()
	f.Fields[0].Samples = []string{"marked-sample-1"}
	for _, r := range []Report{notice, register, cnil, docx, sarif, table, ocsf, defectdojo} {
		if out := shownBy(t, r, Options{}, []scanner.Record{f}); strings.Contains(out, "marked-sample-1") {
			t.Errorf("%s shows samples: %s", r.Name, fmt.Sprint(len(out)))
		}
	}
}
