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
	p := openProgress(&s, func() int { return 80 }, func() (int64, int64, int64, string) {
		read += 2_000_000
		return 12, 3, read, path
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

func TestNoProgressWithoutTerminal(t *testing.T) {
	defer goleak.VerifyNone(t)
	f, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	p := OpenProgress(f, func() (int64, int64, int64, string) { panic("asked") })
	if p != nil {
		t.Fatal("a file is no terminal")
	}
	var b bytes.Buffer
	p.Writer(&b).Write([]byte("x\n"))
	p.Stop()
	if info, err := f.Stat(); err != nil || info.Size() != 0 || b.String() != "x\n" {
		t.Errorf("wrote %q, and %v", b.String(), info)
	}
}
