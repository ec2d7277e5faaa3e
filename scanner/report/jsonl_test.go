package report

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

// The lines of the contract, in the order in which it names the fields.
func TestJSONLContract(t *testing.T) {
	tests := []struct {
		name   string
		record scanner.Record
		want   string
	}{
		{"problem", &scanner.Problem{Path: "/a <b>&\u2028\x1b", Reason: scanner.Encrypted, Detail: "WinZip AES"},
			`{"type":"problem","path":"/a <b>&\u2028\u001b","reason":"encrypted","detail":"WinZip AES"}`},
		{"summary", &scanner.Summary{Objects: 1, Members: 2, LeftOut: 3, Media: 4, BytesRead: 5, Scanned: 6, Studied: 7, Findings: 8, Problems: 9, DurationMS: 10, Complete: true},
			`{"type":"summary","objects":1,"members":2,"left_out":3,"media":4,"bytes_read":5,"bytes_scanned":6,"bytes_studied":7,"findings":8,"problems":9,"duration_ms":10,"complete":true}`},
		{"empty lists", &scanner.Finding{Severity: scanner.Low, Reidentification: &scanner.Reidentification{}},
			`{"type":"finding","id":"","severity":"low","profile":"","confidence":0,"target":"","path":"","table":"","rows":0,` +
				`"object":{"size":0},"leak":"","exposure":{"state":""},` +
				`"people":{"estimate":0,"unit":"","low":0,"high":0,"minors":0,"basis":""},"fields":[],` +
				`"reidentification":{"unique_share":0,"k_min":0,"quasi_identifiers":[]},` +
				`"authenticity":{"verdict":"","probability_real":0},"why":[],"first_seen":"0001-01-01T00:00:00Z"}`},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if diff := cmp.Diff(tt.want+"\n", write(t, jsonl, Options{}, []scanner.Record{tt.record})); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// A line read back is the record that was written.
func TestJSONLReadsBack(t *testing.T) {
	want := caf()
	var got struct {
		Type string `json:"type"`
		scanner.Finding
	}
	line := write(t, jsonl, Options{}, []scanner.Record{want})
	if err := json.Unmarshal([]byte(line), &got); err != nil {
		t.Fatal(err)
	}
	if strings.Count(line, "\n") != 1 || got.Type != "finding" {
		t.Errorf("type %q in %q", got.Type, line)
	}
	want.Why[1].Args["minors"] = 11020. // JSON knows one sort of number
	if diff := cmp.Diff(*want, got.Finding); diff != "" {
		t.Error(diff)
	}
}

func TestJSONLLeavesTheFindingAlone(t *testing.T) {
	f := &scanner.Finding{Severity: scanner.Low, Reidentification: &scanner.Reidentification{}}
	write(t, jsonl, Options{}, []scanner.Record{f})
	if f.Fields != nil || f.Why != nil || f.Reidentification.QuasiIdentifiers != nil {
		t.Errorf("changed to %+v", f)
	}
	g := &scanner.Finding{Severity: scanner.Low, Fields: []scanner.Field{{Kind: "nir", Class: detectors.Direct}}}
	if line := write(t, jsonl, Options{}, []scanner.Record{g}); !strings.Contains(line, `"class":"direct"`) {
		t.Error(line)
	}
}
