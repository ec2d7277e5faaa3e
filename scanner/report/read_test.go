package report

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"vigie/detectors"
	"vigie/scanner"
)

// kept is a sink that keeps what it is given.
type kept struct{ records []scanner.Record }

func (k *kept) Write(_ context.Context, r scanner.Record) error {
	k.records = append(k.records, r)
	return nil
}

func (k *kept) Close() error { return nil }

// read reads texts as the files 1, 2 … and returns what they say together.
func read(texts ...string) ([]scanner.Record, error) {
	var inputs []Input
	for i, text := range texts {
		inputs = append(inputs, Input{fmt.Sprint(i + 1), strings.NewReader(text)})
	}
	r, err := Read(inputs)
	if err != nil {
		return nil, err
	}
	var k kept
	err = r.Send(context.Background(), &k)
	return k.records, err
}

// What the jsonl report wrote comes back as it was.
func TestReadsBackWhatWasWritten(t *testing.T) {
	all := stories()
	for name, records := range map[string][]scanner.Record{
		"caf":         {caf(), &scanner.Summary{Objects: 3, Members: 2, BytesRead: 5, Findings: 1, Complete: true}},
		"interrupted": all["interrupted"],
		"nothing":     all["nothing"],
		"accepted":    all["accepted"],
		"mixed":       all["mixed"],
	} {
		want := write(t, jsonl, Options{}, records)
		back, err := read("\xEF\xBB\xBF" + strings.ReplaceAll(want, "\n", "\r\n\n"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := write(t, jsonl, Options{}, back); got != want {
			t.Errorf("%s: %d bytes became %d", name, len(want), len(got))
		}
	}
}

func TestSameFindingOfSeveralFilesIsToldOnce(t *testing.T) {
	at := func(day int) time.Time { return time.Date(2026, 11, day, 8, 0, 0, 0, time.UTC) }
	finding := func(id, path string, day int, open bool) *scanner.Finding {
		f := &scanner.Finding{ID: id, Severity: scanner.High, Path: path, FirstSeen: at(day), Why: []scanner.Why{}, Fields: []scanner.Field{}}
		if open {
			f.Exposure.SeenOpenSince = at(day)
		}
		return f
	}
	gone := &scanner.Problem{Path: "/x", Reason: scanner.Denied}
	file := func(records ...scanner.Record) string { return write(t, jsonl, Options{}, records) }
	got, err := read(
		file(finding("a", "/old", 3, true), finding("b", "/b", 3, true), gone, &scanner.Summary{Objects: 2, Findings: 2, Problems: 1}),
		file(finding("a", "/new", 5, true), finding("b", "/b", 5, false), gone, &scanner.Summary{Objects: 3, Findings: 2, Problems: 1, Complete: true}),
		file(finding("b", "/b", 7, true), finding("", "/c", 7, false), finding("", "/c", 7, false), &scanner.Summary{Objects: 1, Complete: true}),
	)
	if err != nil {
		t.Fatal(err)
	}
	a, b := finding("a", "/new", 3, true), finding("b", "/b", 3, false) // b was closed in between
	want := []scanner.Record{gone, a, b, finding("", "/c", 7, false), finding("", "/c", 7, false),
		&scanner.Summary{Objects: 6, Findings: 4, Problems: 1}}
	b.Exposure.SeenOpenSince = at(7)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A file without its summary is that of a scan which was interrupted.
func TestFileWithoutSummaryIsIncomplete(t *testing.T) {
	done := `{"type":"summary","complete":true}` + "\n"
	tests := []struct {
		files                 []string
		complete, interrupted bool
	}{
		{[]string{done}, true, false},
		{[]string{done, done}, true, false},
		{[]string{done, `{"type":"problem","path":"/x","reason":"denied"}`}, false, true},
		{[]string{done, `{"type":"summary"}`}, false, false},
	}
	for _, tt := range tests {
		got, err := read(tt.files...)
		if err != nil {
			t.Fatal(err)
		}
		s := got[len(got)-1].(*scanner.Summary)
		if s.Complete != tt.complete || s.Interrupted != tt.interrupted {
			t.Errorf("%q: %+v", tt.files, s)
		}
	}
	if got, err := read(""); err != nil || got != nil {
		t.Errorf("nothing gives %v, %v", got, err)
	}
}

// An error says where, and nothing of what stands there.
func TestUnreadableLineIsNotTold(t *testing.T) {
	const secret = "253072A07300443"
	good := `{"type":"problem","path":"/x","reason":"denied"}` + "\n"
	tests := []struct{ line, want string }{
		{secret, "is not JSON at byte 7"},
		{"x" + secret, "is not JSON at byte 1"},
		{`{"type":"finding","severity":"high","path":"/` + secret, "is not JSON at byte 60"},
		{`{"type":"` + secret + `"}`, `"type" is not finding, problem or summary`},
		{`{"type":"finding","severity":"` + secret + `","path":"/x"}`, "holds a value that no scan writes"},
		{`{"type":"finding","severity":"high","path":"/x","fields":[{"class":"` + secret + `"}]}`, "holds a value that no scan writes"},
		{`{"type":"finding","severity":"high","path":"/x","first_seen":"` + secret + `"}`, "holds a value that no scan writes"},
		{`{"type":"finding","severity":"high","path":"/x","rows":` + secret[:6] + `.5}`, "field rows is of another type"},
		{`{"type":"finding","severity":"high","people":{"high":"` + secret + `"}}`, "field people.high is of another type"},
		{`{"type":"finding","path":"` + secret + `"}`, "a finding without severity or path"},
		{`{"type":"problem","path":"` + secret + `"}`, "a problem without reason"},
		{`[]`, "is not a JSON object"},
		{`null`, `"type" is not finding, problem or summary`},
	}
	for _, tt := range tests {
		_, err := read(good, good+"\n"+tt.line+"\n"+good)
		if err == nil || err.Error() != "read 2: line 3: "+tt.want || strings.Contains(err.Error(), secret) {
			t.Errorf("%s: %v, want %s", tt.line, err, tt.want)
		}
	}
	_, err := read(strings.Repeat(" ", maxLine+1))
	if err == nil || err.Error() != "read 1: line 1: is longer than 17 MB" {
		t.Error(err)
	}
}

// Fields that are not known are passed over: a later vigie may add them.
func TestUnknownFieldsArePassedOver(t *testing.T) {
	got, err := read(`{"type":"finding","severity":"low","path":"/x","colour":{"a":[1]},"fields":[{"kind":"nir","class":"direct","weight":1}]}`)
	want := []scanner.Record{&scanner.Finding{Severity: scanner.Low, Path: "/x", Fields: []scanner.Field{{Kind: "nir", Class: detectors.Direct}}}}
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
}

// The memory for findings does not grow with what they say.
func TestReadKeepsOnlyIds(t *testing.T) {
	f := caf()
	pr, pw := io.Pipe()
	pr.CloseWithError(errors.New("closed"))
	var b strings.Builder
	s := openJSONL(&b, Options{})
	for i := range 50 {
		f.ID = fmt.Sprint(i)
		if err := s.Write(context.Background(), f); err != nil {
			t.Fatal(err)
		}
	}
	r, err := Read([]Input{{"1", strings.NewReader(b.String())}})
	if err != nil || len(r.last) != 50 {
		t.Fatal(len(r.last), err)
	}
	if err := r.Send(context.Background(), openCSV(pw, Options{})); err == nil || !strings.HasPrefix(err.Error(), "write csv: ") {
		t.Errorf("a sink that is broken: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := r.Send(ctx, &kept{}); !errors.Is(err, context.Canceled) {
		t.Errorf("interrupted: %v", err)
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"type":"finding","severity":"low","path":"/x","people":{"high":3}}` + "\n" + `{"type":"summary"}`))
	f.Add([]byte("\xEF\xBB\xBF{\"type\":\"problem\",\"reason\":\"denied\"}\r\n\r\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		got, err := read(string(b))
		if err != nil {
			return
		}
		for _, r := range All() {
			s := r.Open(io.Discard, Options{})
			for _, rec := range got {
				if err := s.Write(context.Background(), rec); err != nil {
					t.Fatalf("%s: %v", r.Name, err)
				}
			}
			if err := s.Close(); err != nil {
				t.Fatalf("%s: %v", r.Name, err)
			}
		}
	})
}
