package scanner

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type counter = atomic.Int64

// maxGroup is how many tallies of a group are kept apart; further ones are
// added to the last.
const maxGroup = 256

// A group is the like documents of one folder.
type group struct {
	tree    *tree // of the first: its exposure is the group's
	tallies []*Tally
}

func (g *group) add(t *Tally) {
	if len(g.tallies) < maxGroup {
		g.tallies = append(g.tallies, t)
		return
	}
	g.tallies[maxGroup-1].Add(t)
}

// gather collects like documents that lie together in a store until the lister
// has left their folder and everything in it is done.
type gather struct {
	run     *run
	mu      sync.Mutex
	folders map[string]*place
}

// A place is a folder being visited.
type place struct {
	pending int // objects being walked, and one for the lister
	groups  map[string]*group
}

// A visit is the way of one lister through its folders.
type visit struct {
	gather *gather
	number int
	open   []string // keys of folders not left yet, outermost first
}

func (g *gather) visit(number int) *visit { return &visit{gather: g, number: number} }

// enter notes that the tree of an object is on its way. Folders that do not hold
// the object are left.
func (v *visit) enter(t *tree) {
	g, dir := v.gather, fmt.Sprintf("%d %s", v.number, folder(t.object.Path))
	for n := len(v.open); n > 0 && !strings.HasPrefix(dir, v.open[n-1]); n-- {
		g.release(v.open[n-1])
		v.open = v.open[:n-1]
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.folders == nil {
		g.folders = make(map[string]*place)
	}
	p := g.folders[dir]
	if p == nil {
		p = &place{pending: 1}
		g.folders[dir] = p
		v.open = append(v.open, dir)
	}
	p.pending++
	t.place, t.release = p, func() { g.release(dir) }
}

// leave closes the folders that are open.
func (v *visit) leave() {
	for _, dir := range v.open {
		v.gather.release(dir)
	}
	v.open = nil
}

func (g *gather) release(dir string) {
	g.mu.Lock()
	p := g.folders[dir]
	p.pending--
	if p.pending > 0 {
		g.mu.Unlock()
		return
	}
	delete(g.folders, dir)
	g.mu.Unlock()
	g.run.judgeAll(p.groups)
}

// closeAll judges what an interrupted scan left open.
func (g *gather) closeAll() {
	for _, p := range g.folders {
		g.run.judgeAll(p.groups)
	}
	g.folders = nil
}

func (r *run) judgeAll(groups map[string]*group) {
	keys := make([]string, 0, len(groups))
	for k := range groups {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		r.judge(groups[k].tree, groups[k].tallies)
	}
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
	dir := folder(tally.Object)
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
	if tally.Object != t.object.Path {
		t.mu.Lock()
		defer t.mu.Unlock()
		put(&t.groups)
		return
	}
	t.run.gather.mu.Lock()
	defer t.run.gather.mu.Unlock()
	put(&t.place.groups)
}

// end closes the tree: its own groups are judged, its folder is one object
// nearer to being done, and the ledger and the fleet are told.
func (t *tree) end() {
	t.run.judgeAll(t.groups)
	t.cancel()
	if t.run.Done != nil {
		t.run.Done(t.object, Outcome{Findings: int(t.findings.Load()), Problems: int(t.problems.Load())})
	}
	t.release()
	t.run.trees.Done()
}

// judge has the tallies of one data set judged and writes the findings. Who can
// read the object is asked only when there is one.
func (r *run) judge(t *tree, tallies []*Tally) {
	if len(tallies) == 0 || len(r.Assessor.Judge(tallies, Exposure{State: Unknown})) == 0 {
		return
	}
	for _, f := range r.Assessor.Judge(tallies, t.exposure()) {
		f.Target = r.mask.path(t.target)
		f.Path = r.mask.path(f.Path)
		f.Object = Stored{Size: t.object.Size, Modified: t.object.Modified, ETag: t.object.Version}
		f.FirstSeen = r.started.UTC().Truncate(time.Second)
		f.ID = digest(f.Path, f.Table, f.Profile)
		f.Leak = leak(&f, tallies)
		r.Progress.findings.Add(1)
		t.findings.Add(1)
		r.records <- &f
	}
}

// leak names a data set by what it is and not by where it lies: its titles,
// its size, and how its columns are filled.
func leak(f *Finding, tallies []*Tally) string {
	var parts []string
	for _, t := range tallies {
		p := fmt.Sprint(t.Rows, t.Bytes*min(1, t.Documents))
		for i := range t.Columns {
			c := &t.Columns[i]
			p += fmt.Sprint("\n", c.Title, c.Nth, c.Filled)
			counts := slices.Clone(c.Counts)
			slices.SortFunc(counts, func(a, b Count) int { return cmp.Compare(a.Kind, b.Kind) })
			for _, n := range counts {
				p += fmt.Sprint(" ", n.Kind, n.Matches, n.Valid)
			}
		}
		parts = append(parts, p)
	}
	slices.Sort(parts)
	return digest(f.Profile, strings.Join(parts, "\n\n"))
}

// digest names something in 16 hexadecimal digits.
func digest(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:8])
}
