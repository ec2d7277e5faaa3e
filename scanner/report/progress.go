package report

import (
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// A State says how far a scan has come.
type State struct {
	Objects, Members int64
	Bytes            int64  // read or scanned, whichever is more
	Current          string // path of an object in hand

	Listed      int64 // objects listed so far
	ListedBytes int64 // of those whose size is known
	DoneBytes   int64 // of these, looked at
	Whole       bool  // nothing is left to be listed
}

// Snapshot returns how far a scan has come. It is called from another
// goroutine.
type Snapshot func() State

// A Progress is one line at the foot of a terminal, redrawn five times a second
// until Stop; where there is no terminal, a line every ten seconds. A nil
// Progress draws nothing. Its methods may be called from any goroutine.
type Progress struct {
	w        io.Writer
	l        language
	width    func() int // nil: no terminal
	snapshot Snapshot

	mu    sync.Mutex
	drawn bool // the line stands on the terminal
	bytes int64
	last  time.Time
	rate  float64 // bytes a second, smoothed over about two seconds
	begun time.Time

	stop chan struct{}
	done chan struct{}
	once sync.Once
}

// How often a line is drawn.
const (
	redraw = 200 * time.Millisecond // on a terminal
	repeat = 10 * time.Second       // elsewhere
)

// OpenProgress begins to draw on f in the language of the options.
func OpenProgress(f *os.File, o Options, snapshot Snapshot) *Progress {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) || os.Getenv("TERM") == "dumb" {
		ticker := time.NewTicker(repeat)
		return openProgress(f, o.language(), nil, snapshot, ticker.C, ticker.Stop)
	}
	ticker := time.NewTicker(redraw)
	return openProgress(f, o.language(), func() int {
		width, _, err := term.GetSize(fd)
		if err != nil {
			return 80
		}
		return width
	}, snapshot, ticker.C, ticker.Stop)
}

func openProgress(w io.Writer, l language, width func() int, s Snapshot, ticks <-chan time.Time, end func()) *Progress {
	p := &Progress{w: w, l: l, width: width, snapshot: s, begun: time.Now(), stop: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(p.done)
		defer end()
		for {
			select {
			case now := <-ticks:
				p.draw(now)
			case <-p.stop:
				return
			}
		}
	}()
	return p
}

// Stop ends the drawing and clears the line; nothing is drawn after it returns.
func (p *Progress) Stop() {
	if p == nil {
		return
	}
	p.once.Do(func() { close(p.stop) })
	<-p.done
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clear()
}

// Writer returns a writer to w, the same terminal, that clears the line before
// it writes. What is written must end in a line end each time; the next tick
// draws the line again below it.
func (p *Progress) Writer(w io.Writer) io.Writer {
	if p == nil || p.width == nil {
		return w
	}
	return above{p, w}
}

type above struct {
	p *Progress
	w io.Writer
}

func (a above) Write(b []byte) (int, error) {
	a.p.mu.Lock()
	defer a.p.mu.Unlock()
	a.p.clear()
	return a.w.Write(b)
}

// clear is called with the lock held. A terminal that is gone is no reason to
// end a scan, so errors are dropped here and in draw.
func (p *Progress) clear() {
	if p.drawn {
		_, _ = io.WriteString(p.w, "\r\x1b[K")
		p.drawn = false
	}
}

func (p *Progress) draw(now time.Time) {
	state := p.snapshot()
	p.mu.Lock()
	defer p.mu.Unlock()
	if seconds := now.Sub(p.last).Seconds(); p.last.IsZero() {
		p.bytes, p.last = state.Bytes, now
	} else if seconds > 0 {
		p.rate += (float64(state.Bytes-p.bytes)/seconds - p.rate) * min(1, seconds/2)
		p.bytes, p.last = state.Bytes, now
	}
	line := p.line(state, now)
	if p.width == nil {
		if state.Current != "" {
			line += ", " + show(state.Current)
		}
		_, _ = io.WriteString(p.w, line+"\n")
		return
	}
	// The last cell stays free: some terminals wrap as soon as it is filled.
	room := p.width() - 1
	if state.Current != "" && room > cells(line)+2+8 {
		line += "  " + shorten(show(state.Current), room-cells(line)-2)
	}
	_, _ = io.WriteString(p.w, "\r\x1b[K"+clip(line, room))
	p.drawn = true
}

// line says how far the scan has come: of how many objects, which grows while
// they are listed, and how long it may take once they all are.
func (p *Progress) line(s State, now time.Time) string {
	l := p.l
	line := l.count(s.Objects, "object")
	switch {
	case s.Listed > s.Objects && s.Whole:
		line = l.say("%s of %s", l.number(s.Objects), l.count(s.Listed, "object"))
	case s.Listed > s.Objects:
		line = l.say("%s of %s so far", l.number(s.Objects), l.count(s.Listed, "object"))
	}
	if s.Members > 0 {
		line += ", " + l.count(s.Members, "member")
	}
	line += ", " + l.size(s.Bytes)
	if p.rate >= 1 {
		line += ", " + l.say("%s/s", l.size(int64(p.rate)))
	}
	if left := remaining(s, now.Sub(p.begun)); left > 0 {
		line += ", " + l.say("about %s left", l.duration(left))
	}
	return line
}

// remaining is how long the rest takes at the pace until now; 0 where that
// cannot be told: while objects are being listed, and in the beginning.
func remaining(s State, took time.Duration) time.Duration {
	if !s.Whole || s.DoneBytes <= 0 || took < 2*time.Second || s.DoneBytes >= s.ListedBytes {
		return 0
	}
	left := time.Duration(float64(took) * float64(s.ListedBytes-s.DoneBytes) / float64(s.DoneBytes))
	return max(left.Round(time.Second), time.Second)
}
