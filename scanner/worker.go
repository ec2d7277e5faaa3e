package scanner

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"vigie/detectors"
)

// A worker takes one stored object and finishes the whole tree under it, depth
// first. With nothing to do it takes members and blocks that others offer.
type worker struct {
	run   *run
	allot allotment
	walker
	lists  [][]detectors.Match // by detector; memory used again
	people []uint64
	spans  []detectors.Span
}

func newWorker(r *run) *worker {
	w := &worker{run: r, allot: allotment{memory: r.Limits.Memory, disk: r.Limits.Spool}}
	n := len(r.book.detectors)
	w.walker.book, w.walker.key = r.book, &r.key
	w.lists = make([][]detectors.Match, n)
	w.part.grid.width = n
	return w
}

// work goes on until no tree is being walked and none will come.
func (w *worker) work(objects <-chan *tree, idle <-chan struct{}) {
	for {
		w.run.waiting.Add(1)
		select {
		case t, ok := <-objects:
			w.run.waiting.Add(-1)
			if !ok {
				objects = nil
				continue
			}
			w.tree(t)
		case give := <-w.run.offers:
			w.run.waiting.Add(-1)
			give(w)
		case scan := <-w.run.blocks:
			w.run.helping.Add(1)
			w.run.waiting.Add(-1)
			scan(w)
			w.run.helping.Add(-1)
		case <-idle:
			w.run.waiting.Add(-1)
			return
		}
	}
}

// tree walks a stored object and all it holds.
func (w *worker) tree(t *tree) {
	defer t.end()
	shown := w.run.mask.path(t.object.Path)
	w.run.Progress.current.Store(&shown)
	w.run.Progress.objects.Add(1)
	w.object(t, t.object, 0)
}

// guard turns a panic into a problem: no input may end the scan.
func (w *worker) guard(t *tree, path string, work func()) {
	defer func() {
		if p := recover(); p != nil {
			w.run.problem(path, &Problem{Reason: Crashed, Detail: fmt.Sprintf("%T while reading", p)}, t)
		}
	}()
	work()
}

// object walks one object.
func (w *worker) object(t *tree, o Object, depth int) {
	w.guard(t, o.Path, func() {
		if err := w.look(t, o, depth); err != nil {
			w.run.problem(o.Path, err, t)
			t.seal(o.Path, err)
		}
	})
}

func (w *worker) look(t *tree, o Object, depth int) error {
	choice := Take
	if w.run.Choose != nil {
		if choice = w.run.Choose(o); choice == Leave {
			w.run.Progress.leftOut.Add(1)
			return nil
		}
	}
	c, err := open(t.ctx, o, &w.allot, t.meter, depth == 0)
	if err != nil {
		return err
	}
	defer c.Close()
	c.words, c.ocr, c.large = w.run.Passwords, w.run.OCR, &w.run.large
	f := w.match(c)
	switch {
	case f == nil && len(c.head) == 0:
		return c.early
	case f == nil:
		return &Problem{Reason: Unsupported, Detail: "no format knows it"}
	case choice == Wraps && f.Unpack == nil:
		w.run.Progress.leftOut.Add(1)
		return nil
	}
	if f.Beside {
		defer t.hold(o.Path)()
	}
	if f.Unpack != nil {
		err = w.unpack(t, c, f, depth)
	}
	if f.Read != nil && choice == Take {
		d := &document{tree: t, path: o.Path}
		if rerr := f.Read(t.ctx, c, func(b *Block) error { return d.block(w, b) }); err == nil {
			err = rerr
		}
		d.finish(w, d.tables)
		if err == nil && (len(d.tables) == 0 || c.ocr == nil) {
			w.run.Progress.media.Add(media(f))
		}
	}
	return err
}

// media counts an object of the format that holds no text, or only says something about
// itself.
func media(f *Format) int64 {
	if f.Name == "media" {
		return 1
	}
	return 0
}

// match finds the format of an object: the first that knows its head.
func (w *worker) match(c *Content) *Format {
	if len(c.head) == 0 {
		return nil
	}
	name := c.Name()
	for i := range w.run.Formats {
		if f := &w.run.Formats[i]; f.Match(name, c.head) {
			return f
		}
	}
	return nil
}

// help scans blocks of others until those who have been given something are
// done.
func (w *worker) help(given *sync.WaitGroup) {
	done := make(chan struct{})
	go func() { given.Wait(); close(done) }()
	for {
		w.run.waiting.Add(1)
		select {
		case scan := <-w.run.blocks:
			w.run.waiting.Add(-1)
			w.run.helping.Add(1)
			scan(w)
			w.run.helping.Add(-1)
		case <-done:
			w.run.waiting.Add(-1)
			return
		}
	}
}

// unpack walks the members of a container. Those that may be opened apart are
// offered to idle workers; the container is closed when they are done.
func (w *worker) unpack(t *tree, c *Content, f *Format, depth int) error {
	var given sync.WaitGroup
	var gave bool
	defer func() {
		if gave {
			w.help(&given)
		}
	}()
	if depth >= w.run.Limits.Depth {
		return &Problem{Reason: TooDeep, Detail: fmt.Sprintf("more than %d containers in one another", w.run.Limits.Depth)}
	}
	return f.Unpack(t.ctx, c, func(m Object) error {
		if err := t.ctx.Err(); err != nil {
			return err
		}
		if err := t.meter.member(); err != nil {
			return err
		}
		w.run.Progress.members.Add(1)
		m.Path = c.object.Path + "!/" + m.Path
		if m.Apart && w.run.waiting.Load() > 0 {
			given.Add(1)
			if w.run.offer(func(other *worker) {
				defer given.Done()
				other.object(t, m, depth+1)
			}) {
				gave = true
				return nil
			}
			given.Done()
		}
		w.object(t, m, depth+1)
		return nil
	})
}

func isTruncated(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }
