package scanner

import (
	"fmt"
	"strings"
	"sync"
)

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
