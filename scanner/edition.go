package scanner

import (
	"math"
	"slices"

	"vigie/detectors"
)

// study looks at a block before it is counted: the first decides the kinds, and
// later ones extend the study where something is new.
func (t *table) study(w *worker, b *Block) {
	pos, row := 0, b.At
	first := t.editions == nil
	if first {
		t.until = b.At + studyRows
		if w.run.Whole {
			t.until = math.MaxInt64
		}
		pos, row = t.decide(w, b)
	}
	if b.At >= t.until {
		t.imprint(w)
	}
	t.watched(w, b, pos, row)
	t.entitle(w, b)
	var kinds []detectors.Kind
	if t.tally.Study != nil {
		kinds = t.tally.Study.Kinds
	}
	novel, ripe, drifted := t.news(kinds)
	for i := len(kinds); i < len(b.Titles); i++ {
		if t.widen(len(b.Titles)); i < len(t.columns) && !slices.Contains(novel, i) {
			novel = append(novel, i)
		}
	}
	if t.blocks++; len(novel)+len(ripe)+len(drifted) > 0 && t.extended < maxExtended+t.blocks/8 {
		t.extended++
		t.extend(w, b, novel, ripe, drifted)
	}
	t.pass(false)
	t.studying = b.At < t.until
}

// decide makes the study of a table from the first rows of its first block. It
// returns where they end.
func (t *table) decide(w *worker, b *Block) (pos int, row int64) {
	t.widen(len(b.Titles))
	var rows, cells, wide int
	starts := w.starts[:0]
	for pos < len(b.Text) && rows < decideRows && (cells < decideCells || rows < 20) {
		end, quoted := b.Ruler.rowEnd(b.Text, pos)
		if end > pos {
			w.split = b.Ruler.split(w.split[:0], b.Text, pos, end, quoted)
			cells += len(w.split)
			wide = max(wide, len(w.split))
		}
		starts = append(starts, pos)
		pos = end + 1
		rows++
	}
	t.widen(wide)
	traits := w.book.newTraits(len(t.columns))
	for i := range t.columns {
		t.columns[i].trait = traits[i]
	}
	for _, at := range starts {
		t.see(w, b, at, 1, true)
	}
	t.rows += rows
	w.starts = starts
	study, named := w.book.decide(b.Titles, traits)
	for i := range t.columns {
		c := &t.columns[i]
		c.named, c.sure = named[i], study.Kinds[i] != "" && c.trait.filled > 0
		c.rest(study.Kinds[i])
	}
	t.pass(true)
	t.entitle(w, b)
	t.tally.Table = w.run.mask.title(t.name)
	t.issue(w, study, b.At, t.until, func(int) bool { return true })
	return pos, b.At + int64(rows)
}

// rest keeps the trait of a column only where more cells may tell its kind.
func (c *watch) rest(k detectors.Kind) {
	if k != "" || c.trait.filled == 0 || c.trait.filled >= watchCells {
		c.trait = nil
		return
	}
	c.next = min(max(2*c.trait.filled, 8), watchCells)
}

// widen makes room for n columns.
func (t *table) widen(n int) {
	if n = min(n, MaxColumns); n > len(t.columns) {
		t.columns = append(t.columns, make([]watch, n-len(t.columns))...)
	}
}

// entitle takes over titles that are new.
func (t *table) entitle(w *worker, b *Block) {
	if t.titles >= len(b.Titles) {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for ; t.titles < min(len(b.Titles), MaxColumns); t.titles++ {
		c := t.tally.column(t.titles)
		c.Title = w.run.mask.title(b.Titles[t.titles])
		c.Nth = t.nth[c.Title]
		t.nth[c.Title]++
	}
}

// extend decides columns again, by their cells from this block on, and issues
// the study that this makes, from its first row on. A kind that was decided
// stays, unless nothing but a title or the first rows spoke for it.
func (t *table) extend(w *worker, b *Block, novel, ripe, drifted []int) {
	from := t.gather(w, b, novel)
	behind := from >= t.until
	old := t.tally.Study
	s := &Study{Kinds: make([]detectors.Kind, len(t.columns)), Sets: slices.Clone(old.Sets), Pairs: slices.Clone(old.Pairs), People: old.People}
	copy(s.Kinds, old.Kinds)
	traits := make([]*trait, len(t.columns))
	revived := make([]bool, len(t.columns))
	for _, i := range slices.Concat(novel, ripe) {
		c, title := &t.columns[i], ""
		if i < len(b.Titles) {
			title = b.Titles[i]
		}
		traits[i] = c.trait
		blank := c.filled == 0
		if k, named := w.book.kind(c.trait, title, b.Titles != nil); s.Kinds[i] == "" || blank || !behind && !c.named {
			s.Kinds[i], c.named = k, named
		}
		if !blank && slices.Contains(novel, i) {
			c.filled, c.studied, c.later = 0, c.fresh, 0 // what was there before is something else
			if behind {
				c.studied = 0
			}
		}
		revived[i] = blank && s.Kinds[i] != ""
		c.rest(s.Kinds[i])
	}
	w.book.neighbours(s.Kinds, traits)
	asked := make(map[int]bool)
	for i, k := range s.Kinds {
		changed := i >= len(old.Kinds) || old.Kinds[i] != k
		if changed || revived[i] || slices.Contains(drifted, i) {
			asked[i] = true
		}
	}
	if len(asked) == 0 {
		return
	}
	w.book.relate(s)
	t.mu.Lock()
	for i := range asked {
		passed := from // rows that no edition before this will count
		if i < len(old.Kinds) && old.Kinds[i] != "" {
			passed -= max(min(from, t.until)-b.At, 0)
		}
		t.restart(i, passed, s.Kinds[i], behind)
	}
	t.mu.Unlock()
	until := t.until
	if behind {
		until = max(b.At+int64(b.Rows), from+againRows)
	}
	t.issue(w, s, from, until, func(i int) bool { return asked[i] || !behind })
}

// restart begins the count of a column anew at a row: with the cells that the
// rows watched let reckon, and, behind the studied rows, for every row.
func (t *table) restart(i int, row int64, k detectors.Kind, behind bool) {
	c, n := &t.columns[i], t.tally.column(i)
	n.Named = c.named
	if c.exact || k == "" || row == 0 {
		return
	}
	n.Filled, n.Seen = int64(math.Round(c.filled)), row
	if !behind {
		return
	}
	c.drifted = true
	if t.counted < maxCounted {
		t.counted++
		c.exact = true
	}
}

// issue makes a study ready for the blocks from a row on.
func (t *table) issue(w *worker, s *Study, from, until int64, asked func(int) bool) {
	counted := func(i int) bool { return t.columns[i].exact }
	e := edition{from: from, until: until, full: w.book.plan(s, asked, counted), fast: w.book.plan(s, func(int) bool { return false }, counted)}
	for _, slot := range e.fast.slots {
		t.columns[slot.col].exact = true
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.editions) == maxEditions {
		t.editions = slices.Delete(t.editions, 0, 1)
	}
	t.editions = append(t.editions, e)
	t.tally.Study = s
	for len(t.tally.Unique) < len(s.Sets) {
		t.tally.Unique = append(t.tally.Unique, BottomK{})
	}
	for _, p := range s.Pairs[len(t.tally.Agree):] {
		t.tally.Agree = append(t.tally.Agree, Agreement{Relation: p.Relation})
	}
	for i := range s.Kinds {
		t.tally.column(i).Named = t.columns[i].named
	}
}

// imprint keeps what the rows studied first had, in which every reader sees the
// same: later figures depend on how it cuts blocks.
func (t *table) imprint(w *worker) {
	if t.printed || t.editions == nil {
		return
	}
	t.printed = true
	t.mu.Lock()
	defer t.mu.Unlock()
	for i, k := range t.tally.Study.Kinds {
		c := t.tally.column(i)
		c.First = int64(t.columns[i].first)
		for _, n := range c.Counts {
			if n.Kind == k && t.columns[i].sure && !w.book.detectors[w.book.number[k]].Sieve {
				c.Proven = n.Valid // a sieve's counts go beyond those rows
			}
		}
	}
}

// close puts the figures of columns that changed and were not counted in every
// row right, by the rows watched.
func (t *table) close(w *worker) {
	t.imprint(w)
	for i := range t.columns {
		if c := &t.columns[i]; c.drifted && !c.exact {
			n := t.tally.column(i)
			n.Filled, n.Seen = int64(math.Round(c.filled)), t.tally.Rows
		}
	}
}
