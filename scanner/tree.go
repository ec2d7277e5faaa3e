package scanner

import (
	"context"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A tree is a stored object with everything in it, while it is walked.
type tree struct {
	run      *run
	ctx      context.Context
	cancel   context.CancelFunc
	target   string
	object   Object
	meter    *meter
	place    *place // the folder it lies in
	release  func() // of the place
	exposure func() Exposure

	problems, findings atomic.Int64
	mu                 sync.Mutex
	groups             map[string]*group // documents in its containers
	beside             map[string]bool   // messages being walked: what they hold lies where they lie
	sealed             map[string]*Tally // encrypted members, by container
}

func newTree(ctx context.Context, r *run, target string, o Object) *tree {
	t := &tree{run: r, target: target, object: o}
	t.ctx, t.cancel = context.WithTimeout(ctx, r.Limits.Time)
	t.meter = &meter{limits: r.Limits, stored: o.Size, total: &r.Progress.read}
	t.exposure = sync.OnceValue(func() Exposure {
		e := Exposure{State: Unknown}
		if o.Exposure != nil {
			e = o.Exposure(context.WithoutCancel(t.ctx))
		}
		if e.FileDated.IsZero() {
			e.FileDated = o.Modified
		}
		if e.State == Public || e.State == Network {
			e.SeenOpenSince = r.started.UTC().Truncate(time.Second)
		}
		return e
	})
	return t
}

// tallied takes the tally of a table or text that is done.
func (t *tree) tallied(tally *Tally) {
	if len(tally.Columns) == 0 {
		return
	}
	name := t.run.Assessor.Group(tally)
	if name == "" {
		t.run.judge(t, []*Tally{tally})
		return
	}
	dir := t.lies(tally.Object)
	key := name + " " + dir
	put := func(groups *map[string]*group) {
		if *groups == nil {
			*groups = make(map[string]*group)
		}
		if (*groups)[key] == nil {
			(*groups)[key] = &group{tree: t}
		}
		(*groups)[key].add(tally)
	}
	if dir != folder(t.object.Path) {
		t.mu.Lock()
		defer t.mu.Unlock()
		put(&t.groups)
		return
	}
	t.run.gather.mu.Lock()
	defer t.run.gather.mu.Unlock()
	put(&t.place.groups)
}

// lies returns the folder, container or mailbox in which an object lies.
func (t *tree) lies(path string) string {
	t.mu.Lock()
	defer t.mu.Unlock()
	dir := folder(path)
	for strings.HasSuffix(dir, "!/") && t.beside[dir[:len(dir)-2]] {
		dir = folder(dir[:len(dir)-2])
	}
	return dir
}

// hold notes that the members of the object at path lie where it lies, until the
// function it returns is called.
func (t *tree) hold(path string) (done func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.beside == nil {
		t.beside = make(map[string]bool)
	}
	t.beside[path] = true
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.beside, path)
	}
}

// end closes the tree: its own groups are judged, its folder is one object
// nearer to being done, and the ledger and the fleet are told.
func (t *tree) end() {
	t.run.judgeAll(t.groups)
	t.judgeSealed()
	t.cancel()
	t.run.Progress.listing.end(t.object)
	if t.run.Done != nil {
		t.run.Done(t.object, Outcome{Findings: int(t.findings.Load()), Problems: int(t.problems.Load())})
	}
	t.release()
	t.run.trees.Done()
}
