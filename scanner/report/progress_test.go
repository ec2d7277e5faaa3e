package report

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// screen is a terminal one line high: it shows what stands on the line.
type screen struct {
	bytes.Buffer
	above []string // lines that have scrolled up
}

func (s *screen) line() string {
	all := s.String()
	s.above = nil
	for {
		head, rest, found := strings.Cut(all, "\n")
		if !found {
			break
		}
		s.above, all = append(s.above, last(head)), rest
	}
	return last(all)
}

// last returns what was written after the line was cleared.
func last(s string) string { return s[strings.LastIndex("\r\x1b[K"+s, "\r\x1b[K"):] }

func TestProgress(t *testing.T) {
	defer goleak.VerifyNone(t)
	var s screen
	var read int64
	path := "https://host.example/" + strings.Repeat("folder/", 20) + "CAF\x1b.zip"
	ticks, ended := make(chan time.Time), false
	p := openProgress(&s, en, func() int { return 80 }, func() State {
		read += 2_000_000
		return State{Objects: 12, Members: 3, Bytes: read, Current: path}
	}, ticks, func() { ended = true })
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	ticks <- now
	ticks <- now.Add(2 * time.Second) // received when the first is drawn
	p.Writer(&s).Write([]byte("CRITICAL\n"))
	p.Stop()
	p.Stop()
	if got := s.line(); got != "" {
		t.Errorf("after Stop the line shows %q", got)
	}
	if len(s.above) != 1 || s.above[0] != "CRITICAL" {
		t.Errorf("above the line: %q", s.above)
	}
	if !ended {
		t.Error("the ticker goes on")
	}
	first := strings.Split(s.String(), "\r\x1b[K")[1]
	if cells(first) > 79 || !strings.HasPrefix(first, "12 objects, 3 members, 2.0 MB  https://") || !strings.HasSuffix(first, `/CAF\x1b.zip`) {
		t.Errorf("drawn: %q", first)
	}
	p.draw(now.Add(4 * time.Second)) // after Stop only this test draws
	if got := s.line(); !strings.Contains(got, " MB, 1.0 MB/s  ") {
		t.Errorf("the rate in %q, want 1.0 MB/s", got)
	}
}

// Where there is no terminal, every tick is a plain line, and what the report
// writes is left alone.
func TestProgressWithoutTerminal(t *testing.T) {
	defer goleak.VerifyNone(t)
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := OpenProgress(f, Options{}, func() State { panic("asked before ten seconds are over") })
	var report bytes.Buffer
	p.Writer(&report).Write([]byte("x\n"))
	p.Stop()
	if info, err := f.Stat(); err != nil || info.Size() != 0 || report.String() != "x\n" {
		t.Errorf("wrote %q, and %v", report.String(), info)
	}

	var b bytes.Buffer
	ticks := make(chan time.Time)
	p = openProgress(&b, en, nil, func() State {
		return State{Objects: 1204, Listed: 1300, Bytes: 3_400_000, Current: "s3://b/\x1b[2Jname"}
	}, ticks, func() {})
	now := time.Now()
	ticks <- now
	ticks <- now.Add(repeat)
	p.Stop()
	want := strings.Repeat("1,204 of 1,300 objects so far, 3.4 MB, s3://b/\\x1b[2Jname\n", 2)
	if got := b.String(); got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A nil Progress is one that nobody wants.
func TestNilProgress(t *testing.T) {
	var p *Progress
	var b bytes.Buffer
	p.Writer(&b).Write([]byte("x\n"))
	p.Stop()
	if b.String() != "x\n" {
		t.Errorf("wrote %q", b.String())
	}
}

// The line says no more than is known: an end is foretold when all is listed.
func TestProgressLine(t *testing.T) {
	begun := time.Date(2026, 11, 22, 9, 0, 0, 0, time.UTC)
	half := State{Objects: 10, Listed: 20, Bytes: 5000, ListedBytes: 10_000, DoneBytes: 5000}
	whole := half
	whole.Whole = true
	last := State{Objects: 20, Listed: 20, Bytes: 10_000, ListedBytes: 10_000, DoneBytes: 10_000, Whole: true}
	tests := []struct {
		l     language
		state State
		after time.Duration
		want  string
	}{
		{en, half, time.Minute, "10 of 20 objects so far, 5.0 kB"},
		{en, whole, time.Second, "10 of 20 objects, 5.0 kB"},
		{en, whole, time.Minute, "10 of 20 objects, 5.0 kB, about 1\u00A0min 0\u00A0s left"},
		{en, last, time.Minute, "20 objects, 10 kB"},
		{fr, half, time.Minute, "10 sur 20\u00A0objets listés jusqu’ici, 5,0\u00A0ko"},
		{fr, whole, 90 * time.Minute, "10 sur 20\u00A0objets, 5,0\u00A0ko, encore 1\u00A0h 30\u00A0min environ"},
	}
	for _, tt := range tests {
		p := &Progress{l: tt.l, begun: begun}
		if got := p.line(tt.state, begun.Add(tt.after)); got != tt.want {
			t.Errorf("%q, want %q", got, tt.want)
		}
	}
}
