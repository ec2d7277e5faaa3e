package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"

	"vigie/detectors"
)

// TestMain is the child too, when a test starts this program as one.
func TestMain(m *testing.M) {
	if len(os.Args) == 2 && os.Args[1] == "child" {
		if err := ServeChild(strangers, os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m)
}

// texts is a source of n small texts in one folder.
type texts struct {
	n      int
	listed int
}

func (s *texts) List(ctx context.Context, _, _ string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		for i := range s.n {
			s.listed = i + 1
			o := Object{Path: fmt.Sprintf("d/%d.txt", i), Size: -1}
			o.Open = func(context.Context, int64, int64) (io.ReadCloser, error) {
				return io.NopCloser(strings.NewReader(o.Path)), nil
			}
			if !yield(o, nil) {
				return
			}
		}
	}
}

// plain reads an object as one block of running text; what is called "bad"
// panics, as a reader never should.
var plain = Format{Name: "plain",
	Match: func(string, []byte) bool { return true },
	Read: func(_ context.Context, c *Content, yield func(*Block) error) error {
		b, err := io.ReadAll(c.Stream())
		if strings.Contains(c.Name(), "/7.") {
			panic("as a reader never should")
		}
		if yerr := yield(&Block{Text: b}); yerr != nil {
			return yerr
		}
		return err
	},
}

// all finds everything, and groups the documents of a folder.
type all struct{}

func (all) Group(*Tally) string { return "all" }

func (all) Judge(tallies []*Tally, e Exposure) []Finding {
	n := int64(0)
	for _, t := range tallies {
		n += t.Documents
	}
	return []Finding{{Severity: High, Profile: "all", Path: tallies[0].Object, Documents: n, Exposure: e}}
}

// kept is a sink that keeps the records, and fails at the nth.
type kept struct {
	records []Record
	fail    int
	closed  bool
}

func (k *kept) Write(_ context.Context, r Record) error {
	k.records = append(k.records, r)
	if len(k.records) == k.fail {
		return errors.New("disk full")
	}
	return nil
}

func (k *kept) Close() error { k.closed = true; return nil }

func configured(sink Sink) Config {
	return Config{Detectors: detectors.All(), Formats: []Format{plain}, Assessor: all{}, Sink: sink, Workers: 4}
}

// TestRunTellsEverything: a finding for the documents of the folder, a problem
// for a crash, a summary, and Done once for each object.
func TestRunTellsEverything(t *testing.T) {
	sink := new(kept)
	cfg := configured(sink)
	var mu sync.Mutex
	done := make(map[string]Outcome)
	cfg.Done = func(o Object, out Outcome) {
		mu.Lock()
		defer mu.Unlock()
		done[o.Path] = out
	}
	sum, err := Run(t.Context(), cfg, []Target{{"d", &texts{n: 1000}}})
	if err != nil || sum.Objects != 1000 || sum.Findings != 1 || sum.Problems != 1 || sum.Complete || !sink.closed {
		t.Fatalf("%+v, %v", sum, err)
	}
	var crash *Problem
	for _, r := range sink.records {
		switch r := r.(type) {
		case *Finding:
			if r.Documents != 999 {
				t.Errorf("%d documents in the group, want 999", r.Documents)
			}
		case *Problem:
			crash = r
		}
	}
	if crash == nil || crash.Reason != Crashed || crash.Path != "d/7.txt" {
		t.Errorf("the crash: %+v", crash)
	}
	if len(done) != 1000 || done["d/7.txt"].Problems != 1 {
		t.Errorf("done with %d objects, %+v", len(done), done["d/7.txt"])
	}
	if last, ok := sink.records[len(sink.records)-1].(*Summary); !ok || last.Objects != 1000 {
		t.Errorf("the last record is %T", sink.records[len(sink.records)-1])
	}
}

// TestSinkStopsTheRun: nobody scans for a report that cannot be written.
func TestSinkStopsTheRun(t *testing.T) {
	sink, source := &kept{fail: 1}, &texts{n: 1 << 30}
	cfg := configured(sink)
	cfg.Assessor = alone{}
	if _, err := Run(t.Context(), cfg, []Target{{"d", source}}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v", err)
	}
	if source.listed == source.n {
		t.Error("the listing went on to its end")
	}
}

// alone judges each document by itself.
type alone struct{ all }

func (alone) Group(*Tally) string { return "" }

// TestInterruptedRunWritesWhatItFound: findings until then, and a summary that
// says it is not all.
func TestInterruptedRunWritesWhatItFound(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	sink := new(kept)
	cfg := configured(sink)
	seen := 0
	var mu sync.Mutex
	cfg.Done = func(Object, Outcome) {
		mu.Lock()
		defer mu.Unlock()
		if seen++; seen == 100 {
			cancel()
		}
	}
	sum, err := Run(ctx, cfg, []Target{{"d", &texts{n: 1 << 30}}})
	if !errors.Is(err, context.Canceled) || sum.Complete || sum.Findings != 1 {
		t.Fatalf("%+v, %v", sum, err)
	}
	if f, ok := sink.records[len(sink.records)-2].(*Finding); !ok || f.Documents < 50 {
		t.Errorf("no finding of what was seen: %+v", f)
	}
}

// A listing is whole when nothing is left to be listed, and finished when all of
// it was looked at.
func TestListingIsCounted(t *testing.T) {
	p := new(Progress)
	cfg := configured(new(kept))
	cfg.Progress = p
	if _, err := Run(t.Context(), cfg, []Target{{Name: "a", Source: &texts{n: 5}}, {Name: "b", Source: &texts{n: 4}}}); err != nil {
		t.Fatal(err)
	}
	if l := p.Listing(); l.Objects != 9 || !l.Whole || l.Finished != l.Bytes {
		t.Errorf("%+v", l)
	}
}
