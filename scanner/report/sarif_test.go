package report

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"vigie/scanner"
)

// sarifLog is what the schema requires and GitHub reads.
type sarifLog struct {
	Schema  string `json:"$schema"`
	Version string
	Runs    []struct {
		Tool struct {
			Driver struct {
				Name  string
				Rules []sarifRule
			}
		}
		AutomationDetails struct{ ID string }
		Invocations       []struct {
			ExecutionSuccessful *bool
			Notifications       []sarifNote `json:"toolExecutionNotifications"`
		}
		Results []sarifResult
	}
}

func readSARIF(t *testing.T, text string) (log sarifLog) {
	t.Helper()
	d := json.NewDecoder(strings.NewReader(text))
	if err := d.Decode(&log); err != nil {
		t.Fatal(err)
	}
	if log.Version != "2.1.0" || !strings.HasSuffix(log.Schema, "sarif-2.1.0.json") || log.Runs == nil {
		t.Errorf("version %q, schema %q, %d runs", log.Version, log.Schema, len(log.Runs))
	}
	return log
}

func TestSARIFHasWhatItMust(t *testing.T) {
	for name, records := range stories() {
		log := readSARIF(t, write(t, sarif, Options{}, records))
		for _, run := range log.Runs {
			if run.Results == nil || run.Tool.Driver.Name != "vigie" || len(run.Invocations) != 1 ||
				run.Invocations[0].ExecutionSuccessful == nil || run.Invocations[0].Notifications == nil {
				t.Errorf("%s: %+v", name, run)
			}
			for _, rule := range run.Tool.Driver.Rules {
				if rule.ID == "" || rule.Short.Text == "" || rule.Properties["security-severity"] == nil {
					t.Errorf("%s: rule %+v", name, rule)
				}
			}
			for _, r := range run.Results {
				if run.Tool.Driver.Rules[r.RuleIndex].ID != r.RuleID || r.Message.Text == "" || len([]rune(r.Message.Text)) > 4*maxMessage ||
					len(r.Locations) != 1 || r.Locations[0].Physical.Region.StartLine != 1 {
					t.Errorf("%s: %+v", name, r)
				}
				checkURI(t, r.Locations[0].Physical.Artifact.URI)
			}
			for _, n := range run.Invocations[0].Notifications {
				if n.Message.Text == "" || n.Level == "" {
					t.Errorf("%s: %+v", name, n)
				}
			}
		}
	}
}

// officialSARIF is the schema of OASIS, which also checks the forms of URIs and
// times.
func officialSARIF(t *testing.T) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	schema, err := c.Compile("testdata/schema/sarif-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func checkSARIF(t *testing.T, schema *jsonschema.Schema, name, text string) {
	t.Helper()
	log, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(name, err)
	}
	if err := schema.Validate(log); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

func TestSARIFFitsTheSchema(t *testing.T) {
	schema := officialSARIF(t)
	for name, records := range stories() {
		checkSARIF(t, schema, name, write(t, sarif, Options{}, records))
	}
	known := caf()
	known.Baseline, known.Suppressed = "worse", &scanner.Suppressed{Reason: "invented\x1b[2J, says the vendor", Until: "2026-12-31"}
	fresh := mdph()
	fresh.Baseline = "new"
	text := write(t, sarif, Options{Version: "(devel)"}, []scanner.Record{known, fresh})
	checkSARIF(t, schema, "baseline", text)
	results := readSARIF(t, text).Runs[0].Results
	if a, b := results[0], results[1]; a.Baseline != "updated" || b.Baseline != "new" || b.Suppressions != nil || len(a.Suppressions) != 1 ||
		a.Suppressions[0].Status != "accepted" || a.Suppressions[0].Justification != `invented\x1b[2J, says the vendor (until 2026-12-31)` {
		t.Errorf("%+v, %+v", a, b)
	}
}

// The schema must be able to refuse.
func TestSchemaRefuses(t *testing.T) {
	schema := officialSARIF(t)
	good := write(t, sarif, Options{}, stories()["caf"])
	for _, change := range [][2]string{{`"level":"error"`, `"level":"critical"`}, {`"version":"2.1.0"`, `"version":"2.0.0"`},
		{`"ruleIndex":0`, `"ruleIndex":"0"`}, {`"uri":"https:`, `"uri":"https :`}, {`"locations"`, `"places"`}} {
		bad, err := jsonschema.UnmarshalJSON(strings.NewReader(strings.Replace(good, change[0], change[1], 1)))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(good, change[0]) || schema.Validate(bad) == nil {
			t.Errorf("%s is taken", change[1])
		}
	}
}

func checkURI(t *testing.T, s string) {
	t.Helper()
	if _, err := url.Parse(s); err != nil {
		t.Error(err)
	}
	if i := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r > '~' || strings.ContainsRune(`"<>\^{|}`+"`", r) }); i >= 0 {
		t.Errorf("%q is no URI", s)
	}
}

func TestURI(t *testing.T) {
	tests := []struct{ path, want string }{
		{"s3://b/dé pôt/k.zip!/a%20b.csv", "s3://b/d%C3%A9%20p%C3%B4t/k.zip!/a%2520b.csv"},
		{"https://h:8080/a%20b?x=1!/ü", "https://h:8080/a%20b?x=1!/%C3%BC"},
		{"https://h/100%", "https://h/100%25"},
		{"http://[::1]:80/a#b", "http://[::1]:80/a%23b"},
		{"/srv/été.csv", "file:///srv/%C3%A9t%C3%A9.csv"},
		{`C:\Users\x y\a.csv`, "file:///C:/Users/x%20y/a.csv"},
		{`\\server\d\a.csv`, "file://server/d/a.csv"},
		{"./export/a?b.csv", "./export/a%3Fb.csv"},
		{"12:30.csv", "12%3A30.csv"},
		{"a\x1b\xff", "a%1B%FF"},
		{"javascript:alert(1)", "javascript%3Aalert(1)"},
		{"", ""},
	}
	for _, tt := range tests {
		got := uri(tt.path)
		if got != tt.want {
			t.Errorf("uri(%q) = %s, want %s", tt.path, got, tt.want)
		}
		checkURI(t, got)
	}
}

// A run has no more results than GitHub takes, and a category of its own.
func TestSARIFRunsEnd(t *testing.T) {
	var b strings.Builder
	s := openSARIF(&b, Options{})
	for i := range maxResults + 2 {
		f := &scanner.Finding{ID: fmt.Sprint(i), Leak: "l", Severity: scanner.Medium, Path: "/f", Profile: "people-register"}
		if err := s.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	for range maxNotifications + 7 {
		if err := s.Write(context.Background(), &scanner.Problem{Path: "/p", Reason: scanner.ImageOnly}); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	log := readSARIF(t, b.String())
	if len(log.Runs) != 2 || len(log.Runs[0].Results) != maxResults || len(log.Runs[1].Results) != 2 {
		t.Fatalf("%d runs", len(log.Runs))
	}
	if a, b := log.Runs[0].AutomationDetails.ID, log.Runs[1].AutomationDetails.ID; a == b || a == "" {
		t.Errorf("categories %q and %q", a, b)
	}
	last := log.Runs[1].Invocations[0]
	if n := len(last.Notifications); n != maxNotifications+1 || *last.ExecutionSuccessful ||
		!strings.Contains(last.Notifications[n-1].Message.Text, "7 problems more") {
		t.Errorf("%d notifications", n)
	}
	if r := log.Runs[1].Results[1]; r.Fingerprints["primaryLocationLineHash"] != fmt.Sprint(maxResults+1) || r.Fingerprints["vigieLeak/v1"] != "l" || r.Level != "warning" {
		t.Errorf("%+v", r)
	}
}

// A file has no more runs than GitHub takes; what is beyond is counted. Packed,
// a run of findings with many fields is no larger than GitHub takes: 10 MB.
func TestSARIFFilesEnd(t *testing.T) {
	var out, packed nowhere
	z := gzip.NewWriter(&packed)
	s := openSARIF(io.MultiWriter(&out, z), Options{}).(*sarifSink)
	f := caf()
	for i := range maxResults / 10 {
		f.ID, f.Path = fmt.Sprintf("%016x", uint64(i)*0x9E3779B97F4A7C15), fmt.Sprintf("s3://portail/pieces/%012d/dossier %x.zip!/a.csv", i, uint64(i)*0x9E3779B97F4A7C15)
		if err := s.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil || packed.n > 1_000_000 {
		t.Errorf("%d bytes, packed %d, %v", out.n, packed.n, err)
	}
	s.runs, s.results = maxRuns, maxResults
	for range 3 {
		if err := s.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	if s.runs != maxRuns || s.beyond != 3 {
		t.Errorf("%d runs, %d beyond", s.runs, s.beyond)
	}
	var b strings.Builder
	s.w = &b
	if err := s.Close(); err != nil || !strings.Contains(b.String(), "and 3 findings more than a file of SARIF may hold") {
		t.Error(b.String(), err)
	}
}
