package format

import "fmt"

// spread sets what a type has beside its fields: which value of a union is of which
// field, or how long the offsets of a list view are.
func (f *arrowField) spread(t flat) {
	switch f.kind {
	case arrowUnion:
		f.dense = t.short(0) == 1
		f.which = [256]uint8{}
		for i := range f.which {
			f.which[i] = uint8(i)
		}
		ids, n := t.vector(1, 4)
		for i := range min(n, 255) {
			f.which[ids[4*i]] = uint8(i)
		}
	case arrowListView:
		f.width = 4
	case arrowLargeListView:
		f.width = 8
	}
}

// apartFields begins with the parts of types whose fields do not go side by side.
func (b *arrowBatch) apartFields(f *arrowField) error {
	f.counts, f.end, f.word, f.lost = nil, 0, nil, false
	switch f.kind {
	case arrowUnion:
		f.counts = make([]int64, len(f.below))
		r, _, err := b.stream() // which field each value is of
		if err != nil {
			return err
		}
		f.values = &arrowValues{r: r}
		if !f.dense {
			return nil
		}
	case arrowRunEnd:
		return nil
	}
	r, _, err := b.stream()
	if err != nil {
		return err
	}
	f.offsets = &arrowValues{r: r}
	if f.kind == arrowUnion {
		return nil
	}
	if r, _, err = b.stream(); err == nil { // sizes
		f.values = &arrowValues{r: r}
	}
	return err
}

// union reads a value that is of one of the fields. In a sparse union all of them
// have a value for each row, in a dense one only that field.
func (a *arrowReader) union(f *arrowField, shown bool) error {
	id, err := f.values.next(1)
	if err != nil {
		return err
	}
	which := int(f.which[id[0]])
	if !f.dense {
		for i, below := range f.below {
			if err := a.next(below, shown && i == which); err != nil {
				return err
			}
		}
		return nil
	}
	b, err := f.offsets.next(4)
	if err != nil || which >= len(f.below) || f.lost {
		return err
	}
	if ok, err := a.forward(f, f.below[which], &f.counts[which], arrowInteger(b, true)); !ok {
		return err
	}
	f.counts[which]++
	return a.next(f.below[which], shown)
}

// forward passes over values of a field up to a place. What lies before the place of
// the last one is gone: the column is given up, and a problem says so.
func (a *arrowReader) forward(f, below *arrowField, at *int64, to int64) (bool, error) {
	for ; *at < to; *at++ {
		if err := a.next(below, false); err != nil {
			return false, err
		}
	}
	if *at != to {
		f.lost = true
		a.miss(f)
	}
	return *at == to, nil
}

// miss notes that a column was not read to its end.
func (a *arrowReader) miss(f *arrowField) {
	if a.missed == nil {
		a.missed = unsupported(fmt.Sprintf("column %.80s: values in another order than the rows", a.titles[min(f.column, len(a.titles)-1)]))
	}
}

// run reads a value that stands for all rows up to the end of its run.
func (a *arrowReader) run(f *arrowField, shown bool) error {
	f.at++
	for f.at > f.end {
		ends := f.below[0]
		b, err := ends.values.next(ends.width)
		if err != nil {
			return err
		}
		end := arrowInteger(b, true)
		if end <= f.end {
			return malformed("runs of a column")
		}
		f.end = end
		cell := a.cells[f.column]
		a.cells[f.column] = f.word[:0]
		err = a.next(f.below[1], true)
		f.word, a.cells[f.column] = a.cells[f.column], cell
		if err != nil {
			return err
		}
	}
	if shown {
		a.add(f, f.word)
	}
	return nil
}

// viewedList reads a list whose place and size are said.
func (a *arrowReader) viewedList(f *arrowField, shown bool) error {
	b, err := f.offsets.next(f.width)
	if err != nil {
		return err
	}
	at := arrowInteger(b, true)
	if b, err = f.values.next(f.width); err != nil {
		return err
	}
	n := arrowInteger(b, true)
	if n <= 0 || f.lost {
		return nil
	}
	if ok, err := a.forward(f, f.below[0], &f.at, at); !ok {
		return err
	}
	f.at += n
	return a.elements(f, n, shown)
}
