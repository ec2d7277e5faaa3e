package report

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"vigie/detectors"
	"vigie/scanner"
)

var sgr = regexp.MustCompile("\x1b\\[[0-9;]+m")

func TestTextFitsAndObeysNobody(t *testing.T) {
	for name, records := range stories() {
		for _, o := range []Options{{}, {Color: true}, {Problems: true}, {Width: 60}, {Width: 10}, {Width: 132, Color: true, Problems: true}, {Lang: "fr"}, {Lang: "fr", Width: 60, Problems: true}} {
			got := write(t, text, o, records)
			if o.Color {
				got = sgr.ReplaceAllString(got, "")
			}
			limit := max(o.Width, 60)
			if o.Width == 0 {
				limit = 80
			}
			for i, line := range strings.Split(got, "\n") {
				if n := cells(line); n > limit {
					t.Errorf("%s %+v: line %d has %d cells: %s", name, o, i+1, n, line)
				}
				if line != strings.TrimRight(line, " ") {
					t.Errorf("%s %+v: line %d ends in a space", name, o, i+1)
				}
				for _, r := range line {
					if unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError {
						t.Errorf("%s %+v: line %d shows %U", name, o, i+1, r)
					}
				}
			}
		}
	}
}

func TestVerdictComesLast(t *testing.T) {
	tests := []struct{ story, want string }{
		{"caf", "2 findings (1 critical, 1 medium). Everything was looked at."},
		{"nothing", "Nothing found. Everything was looked at."},
		{"incomplete", "Nothing found. 1 object could not be looked at, or not to the end (1 unreachable): the look was incomplete."},
		{"accepted", "Nothing found. Accepted as not looked at: 1 image only. Everything else was looked at."},
		{"mixed", "Nothing found. Accepted as not looked at: 1 encrypted. 1 object could not be looked at, or not to the end (1 encrypted): the look was incomplete."},
		{"interrupted", "1 finding (1 medium). The scan was interrupted: the look was incomplete."},
		{"stopped", "Nothing found. The scan was interrupted, and 1 object could not be looked at, or not to the end (1 unreachable): the look was incomplete."},
		{"several", "6 findings (1 critical, 4 medium, 1 low). 14 objects could not be looked at, or not to the end (12 denied, 1 encrypted, 1 image only): the look was incomplete."},
	}
	for _, tt := range tests {
		got := strings.Join(strings.Fields(write(t, text, Options{}, stories()[tt.story])), " ")
		if !strings.HasSuffix(got, tt.want) {
			t.Errorf("%s ends in %q, want %q", tt.story, got[max(0, len(got)-len(tt.want)):], tt.want)
		}
	}
}

// Of an encrypted file names were read, and no more.
func TestHeadline(t *testing.T) {
	tests := []struct {
		why, profile, want string
		people             int64
	}{
		{"sealed", "caf-beneficiaries", "An encrypted file, perhaps of family benefit records (CAF), lies where it is not known who can read them", 0},
		{"benefits_per_household", "caf-beneficiaries", "Family benefit records (CAF) of 3 persons lie where it is not known who can read them", 3},
	}
	for _, tt := range tests {
		f := &scanner.Finding{Profile: tt.profile, Why: []scanner.Why{{Code: tt.why}}, People: scanner.People{Estimate: tt.people, Unit: "person"}}
		if got := headline(f); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}

// What is shown does not grow with the number of findings: ten of a severity in
// full, copies and what comes later in short, then the rest is counted.
func TestTextIsNoFlood(t *testing.T) {
	var records []scanner.Record
	for i := range 1000 {
		f := *caf()
		f.Path, f.Leak = fmt.Sprintf("s3://b/%03d.csv", i), fmt.Sprint(i/2)
		records = append(records, &f)
	}
	got := write(t, text, Options{}, append(records, &scanner.Summary{Objects: 1000, Findings: 1000, Complete: true}))
	if n := strings.Count(got, "CRITICAL  "); n != 10+maxShort {
		t.Errorf("%d findings shown, want %d", n, 10+maxShort)
	}
	if n := strings.Count(got, "\nwhy "); n != 10 {
		t.Errorf("%d findings in full, want 10", n)
	}
	for _, want := range []string{"the same data as in s3://b/000.csv\n", "\n890 findings not shown here: --format html, csv and jsonl have them.\n", "and 990 more\n"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q", want)
		}
	}
	if lines := strings.Count(got, "\n"); lines > 900 {
		t.Errorf("%d lines", lines)
	}
}

// What is remembered does not grow with the number of records.
func TestTextRemembersLittle(t *testing.T) {
	s := openText(io.Discard, Options{}).(*terminal)
	ctx := context.Background()
	for i := range 20_000 {
		f := &scanner.Finding{Severity: scanner.Severity(1 + i%3), Path: fmt.Sprint("/f/", i), Leak: fmt.Sprint(i)}
		if i == 15_000 {
			f.Severity = scanner.Critical
		}
		p := &scanner.Problem{Path: fmt.Sprint("/p/", i), Reason: scanner.Denied}
		if err := s.Write(ctx, f); err != nil {
			t.Fatal(err)
		}
		if err := s.Write(ctx, p); err != nil {
			t.Fatal(err)
		}
	}
	if len(s.worst) != maxWorst || len(s.leaks) != maxLeaks || len(s.reasons) != 1 || len(s.reasons[0].examples) != maxExamples {
		t.Errorf("remembers %d findings, %d leaks, %d reasons", len(s.worst), len(s.leaks), len(s.reasons))
	}
	if s.worst[0].path != "/f/15000" || s.worst[1].path != "/f/2" || s.reasons[0].count != 20_000 {
		t.Errorf("worst %v, then %v; %d problems", s.worst[0], s.worst[1], s.reasons[0].count)
	}
}

func TestChooseShowsEveryKind(t *testing.T) {
	var fields []scanner.Field
	for i := range 100 {
		fields = append(fields, scanner.Field{Kind: "cnaf_variable", Class: detectors.Sensitive, Index: i})
	}
	fields = append(fields, scanner.Field{Kind: "sex", Class: detectors.Quasi, Index: 100},
		scanner.Field{Kind: "nir", Class: detectors.Direct, Index: 101})
	chosen, rest := choose(fields, maxFields)
	var got []string
	for _, f := range chosen {
		got = append(got, fmt.Sprint(f.Kind, f.Index))
	}
	if want := "nir101 cnaf_variable0 cnaf_variable1 sex100"; strings.Join(got, " ") != want {
		t.Errorf("chosen: %v, want %s", got, want)
	}
	if got, want := en.others(countKinds(nil, rest)), "+ 98 more CNAF variables"; got != want {
		t.Errorf("others: %q, want %q", got, want)
	}
	rest = append(rest, scanner.Field{Kind: "income"})
	if got, want := en.others(countKinds(nil, rest)), "+ 99 more: 98 CNAF variables, 1 income"; got != want {
		t.Errorf("others: %q, want %q", got, want)
	}
}
