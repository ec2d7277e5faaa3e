package scanner

import (
	"slices"
	"strings"

	"vigie/detectors"
)

// maxSamples is how many masked samples a count keeps.
const maxSamples = 3

// column returns the column at i, which grows the tally as needed.
func (t *Tally) column(i int) *Column {
	i = min(i, MaxColumns-1)
	for len(t.Columns) <= i {
		t.Columns = append(t.Columns, Column{})
	}
	return &t.Columns[i]
}

// count returns the count of a kind, which it adds when it is new.
func (c *Column) count(k detectors.Kind) *Count {
	for i := range c.Counts {
		if c.Counts[i].Kind == k {
			return &c.Counts[i]
		}
	}
	c.Counts = append(c.Counts, Count{Kind: k})
	return &c.Counts[len(c.Counts)-1]
}

// Add adds a tally of another part of the same data set, or of a like document.
// What the study of the first does not know it takes from the other's; o is not
// used afterwards.
func (t *Tally) Add(o *Tally) {
	if t.Object != o.Object {
		t.Object = commonFolder(t.Object, o.Object)
	}
	t.Documents += o.Documents
	t.Rows += o.Rows
	t.Bytes += o.Bytes
	t.Studied += o.Studied
	switch {
	case t.Study == nil:
		t.Study = o.Study
	case o.Study != nil:
		t.learn(o.Study)
	}
	for i := range o.Columns {
		t.place(&o.Columns[i], i).add(&o.Columns[i])
	}
	if len(t.Births) < len(o.Births) {
		t.Births = append(t.Births, make([]uint32, len(o.Births)-len(t.Births))...)
	}
	for i, n := range o.Births {
		t.Births[i] += n
	}
	for i := range o.Unique {
		j := t.set(o, i)
		t.Unique[j].Merge(&o.Unique[i])
	}
	for _, a := range o.Agree {
		i := slices.IndexFunc(t.Agree, func(b Agreement) bool { return b.Relation == a.Relation })
		if i < 0 {
			t.Agree = append(t.Agree, a)
			continue
		}
		t.Agree[i].Rows += a.Rows
		t.Agree[i].Held += a.Held
	}
	t.People.Merge(&o.People)
	t.Sketch.Merge(&o.Sketch)
}

// learn takes over the kinds of columns that the study of t does not know.
func (t *Tally) learn(o *Study) {
	more := *t.Study
	more.Kinds = slices.Clone(more.Kinds)
	for i, k := range o.Kinds {
		if i == len(more.Kinds) {
			more.Kinds = append(more.Kinds, "")
		}
		if more.Kinds[i] == "" {
			more.Kinds[i] = k
		}
	}
	if more.People == nil {
		more.People = o.People
	}
	t.Study = &more
}

// set finds set i of o among those of t, and adds it where it is new: a part
// may have extended the study it began with.
func (t *Tally) set(o *Tally, i int) int {
	if t.Study != nil && o.Study != nil && i < len(o.Study.Sets) {
		set := o.Study.Sets[i]
		j := slices.IndexFunc(t.Study.Sets, func(s []int) bool { return slices.Equal(s, set) })
		if j < 0 {
			j = len(t.Study.Sets)
			more := *t.Study
			more.Sets = append(slices.Clone(more.Sets), set)
			t.Study = &more
		}
		i = j
	}
	for i >= len(t.Unique) {
		t.Unique = append(t.Unique, BottomK{})
	}
	return i
}

// place finds the column of t for c, which stands at i in its own tally: by
// title and occurrence, so that parts with their columns in another order add
// up.
func (t *Tally) place(c *Column, i int) *Column {
	if here := t.column(i); here.Title == c.Title && here.Nth == c.Nth || c.Title == "" {
		return here
	}
	for j := range t.Columns {
		if t.Columns[j].Title == c.Title && t.Columns[j].Nth == c.Nth {
			return &t.Columns[j]
		}
	}
	return t.column(len(t.Columns))
}

func (c *Column) add(o *Column) {
	if c.Title == "" {
		c.Title, c.Nth = o.Title, o.Nth
	}
	c.Filled += o.Filled
	c.Seen += o.Seen
	c.Studied += o.Studied
	c.First += o.First
	c.Proven += o.Proven
	c.Named = c.Named || o.Named
	c.Values.Merge(&o.Values)
	for i := range o.Counts {
		n := &o.Counts[i]
		into := c.count(n.Kind)
		into.Matches += n.Matches
		into.Valid += n.Valid
		into.Whole += n.Whole
		for _, s := range n.Samples {
			into.sample(s)
		}
	}
}

func (n *Count) sample(s string) {
	if len(n.Samples) < maxSamples {
		n.Samples = append(n.Samples, s)
	}
}

// commonFolder returns the deepest folder, or container, that both paths lie in.
func commonFolder(a, b string) string {
	n := 0
	for i := 0; i < len(a) && i < len(b) && a[i] == b[i]; i++ {
		if a[i] == '/' {
			n = i + 1
		}
	}
	return a[:n]
}

// folder returns the folder or container that a path lies in.
func folder(p string) string {
	i := strings.LastIndexByte(p, '/')
	return p[:i+1]
}
