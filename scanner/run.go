package scanner

import (
	"context"
	"errors"
	"io/fs"
	"os/exec"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"vigie/detectors"
)

// A Config says what a scan is made of. Detectors, Formats, Assessor and Sink
// are needed; the rest has defaults.
type Config struct {
	Detectors []detectors.Detector
	Formats   []Format
	Assessor  Assessor
	Sink      Sink
	Workers   int      // goroutines that scan; one a CPU
	Limits    Limits   // on each stored object
	MaskPaths bool     // mask names in paths too
	Passwords []string // tried on encrypted containers, in order
	OCR       OCR      // nil: what pictures show is not read
	Whole     bool     // every detector sees every row and all text: no sample, several times the work
	// Child is the command of a process that runs ServeChild with the same
	// formats; foreign formats work there. Nil: they work in this process.
	Child func() *exec.Cmd

	// Choose says what to do with an object; nil takes everything. From several
	// goroutines.
	Choose func(Object) Choice
	// Accept reports problems one knows: they are written, but the scan
	// counts as complete. Nil accepts none.
	Accept func(*Problem) bool
	// Done is called once for each stored object, when all of its tree was
	// looked at; from several goroutines.
	Done func(Object, Outcome)
	// Progress is where the scan counts while it runs; nil: nobody looks.
	Progress *Progress
}

// Choice is what to do with an object because of its path, size or age.
type Choice uint8

const (
	Take  Choice = iota // look at it
	Wraps               // look only for members that are wanted
	Leave               // do not open it
)

// A Target is a source and the name it was given on the command line.
type Target struct {
	Name   string
	Source Source
}

// An Outcome is what became of a stored object.
type Outcome struct {
	Findings, Problems int
}

// Progress is counted while a scan runs. Any goroutine may take a Snapshot.
type Progress struct {
	objects, members, leftOut, media, read, scanned, studied, findings, problems atomic.Int64
	current                                                                      atomic.Pointer[string]
	listing                                                                      listing
}

// Snapshot returns the counts so far, and the path in hand as it may be shown.
func (p *Progress) Snapshot() (Summary, string) {
	s := Summary{
		Objects: p.objects.Load(), Members: p.members.Load(), LeftOut: p.leftOut.Load(), Media: p.media.Load(),
		BytesRead: p.read.Load(), Scanned: p.scanned.Load(), Studied: p.studied.Load(),
		Findings: p.findings.Load(), Problems: p.problems.Load(),
	}
	if c := p.current.Load(); c != nil {
		return s, *c
	}
	return s, ""
}

// A run is one scan.
type run struct {
	Config
	book     *book
	key      runKey
	mask     mask
	gather   gather
	large    largeSlot
	offers   chan func(*worker) // members, without a buffer: taken at once or not at all
	blocks   chan func(*worker) // copied blocks, one waiting a worker
	records  chan Record
	waiting  atomic.Int32 // workers with nothing to do
	helping  atomic.Int32 // workers that scan a block of somebody else
	trees    sync.WaitGroup
	accepted atomic.Int64
	buffers  sync.Pool
	started  time.Time
}

// Run scans the targets and writes findings, problems and at the end the
// summary to the sink, which it closes. The error is that of the sink, or of
// ctx: what was found until then is written, and the summary says that the
// look was not complete. Trouble with objects is no error but a Problem.
func Run(ctx context.Context, cfg Config, targets []Target) (*Summary, error) {
	r := &run{Config: cfg, book: newBook(cfg.Detectors), key: newRunKey(), started: time.Now(),
		offers: make(chan func(*worker)), records: make(chan Record, 64)}
	r.Limits = r.Limits.orDefault()
	if cfg.Child != nil {
		kids := &children{command: cfg.Child, patience: patience}
		defer kids.close()
		r.Formats = kids.wrap(cfg.Formats)
	}
	r.mask = mask{book: r.book, names: cfg.MaskPaths}
	r.gather.run = r
	if r.Workers <= 0 {
		r.Workers = runtime.GOMAXPROCS(0)
	}
	r.blocks = make(chan func(*worker), r.Workers)
	if r.Progress == nil {
		r.Progress = new(Progress)
	}
	stopped, stop := context.WithCancel(ctx) // by the sink
	defer stop()
	group, gctx := errgroup.WithContext(stopped)
	written := make(chan error, 1)
	go func() { written <- r.write(stopped, stop) }()

	objects := make(chan *tree)
	var listers sync.WaitGroup
	for i := range targets {
		listers.Add(1)
		group.Go(func() error {
			defer listers.Done()
			return r.list(gctx, i, targets[i], objects)
		})
	}
	idle := make(chan struct{})
	go func() {
		listers.Wait()
		r.Progress.listing.whole.Store(true)
		close(objects)
		r.trees.Wait()
		close(idle)
	}()
	for range r.Workers {
		group.Go(func() error {
			newWorker(r).work(objects, idle)
			return nil
		})
	}
	err := group.Wait()
	r.gather.closeAll()
	close(r.records)
	if werr := <-written; werr != nil {
		err = werr
	}
	sum, _ := r.Progress.Snapshot()
	sum.DurationMS = time.Since(r.started).Milliseconds()
	if err == nil {
		err = ctx.Err()
	}
	sum.Interrupted = err != nil
	sum.Complete = err == nil && sum.Problems == r.accepted.Load()
	if werr := r.Sink.Write(context.WithoutCancel(ctx), &sum); werr != nil && err == nil {
		err = werr
	}
	if cerr := r.Sink.Close(); cerr != nil && err == nil {
		err = cerr
	}
	return &sum, err
}

// write hands the records to the sink. An error stops the scan; after it the
// channel is only emptied, so that nobody waits.
func (r *run) write(ctx context.Context, stop func()) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	for rec := range r.records {
		if err != nil {
			continue
		}
		if err = r.Sink.Write(ctx, rec); err != nil {
			stop()
		}
	}
	return err
}

// list sends the objects of one target to the workers. The channel has no
// buffer: a slow scan slows the listing, and that is all the backpressure.
func (r *run) list(ctx context.Context, number int, target Target, objects chan<- *tree) error {
	visit := r.gather.visit(number)
	defer visit.leave()
	for o, err := range target.Source.List(ctx, "", "") {
		if ctx.Err() != nil {
			return nil // Run returns the cause
		}
		if err != nil {
			r.problem(o.Path, Because(Unreachable, err), nil)
			continue
		}
		if r.Choose != nil && r.Choose(o) == Leave {
			r.Progress.leftOut.Add(1)
			continue
		}
		r.Progress.listing.add(o)
		t := newTree(ctx, r, target.Name, o)
		visit.enter(t)
		r.trees.Add(1)
		select {
		case objects <- t:
		case <-ctx.Done():
			t.end()
			return nil
		}
	}
	return nil
}

// problem writes a problem.
func (r *run) problem(path string, err error, t *tree) {
	if errors.Is(err, context.Canceled) {
		return // Run says that it was interrupted
	}
	p := &Problem{Path: r.mask.path(path), Reason: Malformed}
	var why *Problem
	switch {
	case errors.As(err, &why):
		p.Reason, p.Detail = why.Reason, why.Detail
	case errors.Is(err, context.DeadlineExceeded):
		p.Reason, p.Detail = Timeout, "took longer than the limit"
	case isTruncated(err):
		p.Reason, p.Detail = Truncated, "ends too early"
	case errors.Is(err, fs.ErrPermission):
		p.Reason, p.Detail = Denied, err.Error()
	default:
		p.Detail = err.Error()
	}
	p.Detail = r.mask.line(p.Detail)
	r.Progress.problems.Add(1)
	if r.Accept != nil && r.Accept(p) {
		p.Accepted = true
		r.accepted.Add(1)
	}
	if t != nil {
		t.problems.Add(1)
	}
	r.records <- p
}

// offer gives work to an idle worker, if there is one.
func (r *run) offer(work func(*worker)) bool {
	select {
	case r.offers <- work:
		return true
	default:
		return false
	}
}

// offerBlock gives a copy of a block to the others, if one of them is idle or
// about to be. Who reads the document takes back in the end what nobody took.
func (r *run) offerBlock(d *document, t *table, b *Block) bool {
	if r.waiting.Load()+r.helping.Load() == 0 || len(r.blocks) == cap(r.blocks) {
		return false
	}
	buf, _ := r.buffers.Get().(*[]byte)
	if buf == nil {
		buf = new([]byte)
	}
	*buf = append((*buf)[:0], b.Text...)
	moved := *b
	moved.Text, moved.Titles = *buf, slices.Clone(b.Titles)
	t.working.Add(1)
	scan := func(w *worker) {
		defer t.working.Done()
		defer r.buffers.Put(buf)
		w.guard(d.tree, d.path, func() { w.scan(t, &moved, false) })
	}
	select {
	case r.blocks <- scan:
		return true
	default:
		t.working.Done()
		r.buffers.Put(buf)
		return false
	}
}
