package report

import (
	"io"
	"os"
	"sync"
	"time"

	"golang.org/x/term"
)

// A Snapshot says how far a scan has come: stored objects, members of
// containers, bytes, and the path of an object in hand. It is called from
// another goroutine, five times a second.
type Snapshot func() (objects, members, bytes int64, current string)

// A Progress is one line at the foot of a terminal, redrawn five times a second
// until Stop. A nil Progress is one for a stream that is no terminal: its
// methods do nothing. Its methods may be called from any goroutine.
type Progress struct {
	w        io.Writer
	width    func() int
	snapshot Snapshot

	mu    sync.Mutex
	drawn bool // the line stands on the terminal
	bytes int64
	last  time.Time
	rate  float64 // bytes a second, smoothed over about two seconds

	stop chan struct{}
	done chan struct{}
	once sync.Once
}

// OpenProgress begins to draw on f, and returns nil where f is no terminal that
// knows how to clear a line.
func OpenProgress(f *os.File, snapshot Snapshot) *Progress {
	fd := int(f.Fd())
	if !term.IsTerminal(fd) || os.Getenv("TERM") == "dumb" {
		return nil
	}
	ticker := time.NewTicker(200 * time.Millisecond)
	return openProgress(f, func() int {
		width, _, err := term.GetSize(fd)
		if err != nil {
			return 80
		}
		return width
	}, snapshot, ticker.C, ticker.Stop)
}

func openProgress(w io.Writer, width func() int, s Snapshot, ticks <-chan time.Time, end func()) *Progress {
	p := &Progress{w: w, width: width, snapshot: s, stop: make(chan struct{}), done: make(chan struct{})}
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
	if p == nil {
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
	objects, members, bytes, current := p.snapshot()
	p.mu.Lock()
	defer p.mu.Unlock()
	if seconds := now.Sub(p.last).Seconds(); p.last.IsZero() {
		p.bytes, p.last = bytes, now
	} else if seconds > 0 {
		p.rate += (float64(bytes-p.bytes)/seconds - p.rate) * min(1, seconds/2)
		p.bytes, p.last = bytes, now
	}
	line := count(objects, "object")
	if members > 0 {
		line += ", " + count(members, "member")
	}
	line += ", " + size(bytes)
	if p.rate >= 1 {
		line += ", " + size(int64(p.rate)) + "/s"
	}
	// The last cell stays free: some terminals wrap as soon as it is filled.
	room := p.width() - 1
	if current != "" && room > cells(line)+2+8 {
		line += "  " + shorten(show(current), room-cells(line)-2)
	}
	_, _ = io.WriteString(p.w, "\r\x1b[K"+clip(line, room))
	p.drawn = true
}
