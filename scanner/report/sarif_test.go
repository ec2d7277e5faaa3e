package report

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"testing"

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
