package format

import (
	"bytes"
	"cmp"
	"io"
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

const (
	pivotDefinition = "pivotcachedefinition"
	pivotRecords    = "pivotcacherecords"
	pivotMarked     = 1 << 24 // items of which it is noted that a record names them
)

// A pivotCache is the copy that a pivot table keeps of all rows it was made from,
// also when their sheet was deleted long ago (ECMA-376, part 1, 18.10): a
// definition with fields and the values that they share, and records that name
// these by their number.
type pivotCache struct {
	*workbook
	pivotItems
	in     *markup
	key    string // what the names of both parts end with
	source string // sheet that it was made from
	inside bool   // of the items of a field
}

// pivotItems are the values that the fields of a cache share.
type pivotItems struct {
	fields []pivotField
	items  sharedStrings // of all fields
	count  uint32        // of items
	named  []uint64      // bits of items that a record names
	value  []byte
}

// A pivotField is a column, with its items from first on.
type pivotField struct {
	title    string
	first, n uint32
	computed bool // records have no value of it
}

// take returns an item of a field, which a record names; ok is false where there
// is none of that number.
func (c *pivotItems) take(f pivotField, i uint32) (v []byte, ok bool) {
	if i >= f.n {
		return nil, false
	}
	n := f.first + i
	if word := int(n >> 6); n < pivotMarked {
		if word >= len(c.named) {
			c.named = append(c.named, make([]uint64, int(min(c.count, pivotMarked)>>6)+1-len(c.named))...)
		}
		c.named[word] |= 1 << (n & 63)
	}
	return c.items.of(n), true
}

// finish hands over what no record names: values that are left of rows of before.
func (c *pivotItems) finish(s *sheet) {
	defer c.items.close()
	for _, f := range c.fields {
		for n := f.first; n < f.first+f.n && s.stop == nil; n++ {
			if n < pivotMarked && int(n>>6) < len(c.named) && c.named[n>>6]>>(n&63)&1 != 0 {
				continue
			}
			if v := c.items.of(n); len(v) > 0 {
				c.value = append(append(append(c.value[:0], f.title...), ": "...), v...)
				s.aside(c.value)
			}
		}
	}
	s.flushOther()
}

// table begins the table of the records, and returns the fields that they have.
func (c *pivotItems) table(s *sheet, name string) (fields []pivotField) {
	s.begin(name)
	for _, f := range c.fields {
		if !f.computed {
			fields = append(fields, f)
			s.titles = append(s.titles, f.title)
		}
	}
	s.ready = true
	return fields
}

// pivotKey returns what the names of the parts of one cache have in common.
func pivotKey(part string) string {
	base := strings.ToLower(path.Base(part))
	return strings.TrimPrefix(strings.TrimPrefix(base, pivotDefinition), pivotRecords)
}

// readPivots reads the caches that can be opened.
func (b *workbook) readPivots() {
	slices.SortStableFunc(b.pivots, func(x, y scanner.Object) int {
		return cmp.Or(cmp.Compare(pivotKey(x.Path), pivotKey(y.Path)), cmp.Compare(strings.ToLower(x.Path), strings.ToLower(y.Path)))
	})
	for _, o := range b.pivots {
		if b.pivot(o) != nil {
			break
		}
	}
	b.endPivot()
}

// pivot reads a part of a cache. Of one that has its records before its definition,
// they are read without titles and shared values, and those as text.
func (b *workbook) pivot(o scanner.Object) error {
	key := pivotKey(o.Path)
	if strings.HasPrefix(strings.ToLower(path.Base(o.Path)), pivotDefinition) {
		b.endPivot()
		c := &pivotCache{workbook: b, key: key}
		b.cache = c
		return b.part(o, c.define)
	}
	if b.cache == nil || b.cache.key != key {
		b.endPivot()
		b.cache = &pivotCache{workbook: b, key: key}
	}
	return b.part(o, b.cache.records)
}

func (b *workbook) endPivot() {
	if b.cache != nil {
		b.cache.finish(&b.sheet)
		b.cache = nil
	}
}

// define reads a definition.
func (c *pivotCache) define(r io.Reader) error {
	c.in = openMarkup(c.ctx, r)
	defer c.in.close()
	c.items.next = func(*sharedStrings) bool { return c.item() }
	return c.items.fill(c.ctx)
}

// item appends the next item of a field to the text of the items.
func (c *pivotCache) item() bool {
	in := c.in
	for in.next(nil) {
		switch string(in.name) {
		case "worksheetSource":
			if c.source == "" {
				c.source = in.attrText("sheet")
			}
		case "cacheField":
			if c.inside = false; !in.end && len(c.fields) < sheetColumns {
				title := joined([][]byte{appendXML(nil, in.attr("name"))})[0]
				c.fields = append(c.fields, pivotField{title: title, first: c.count, computed: string(in.attr("databaseField")) == "0"})
			}
		case "sharedItems":
			c.inside = !in.end && !in.empty && len(c.fields) > 0
		case "s", "n", "d", "b", "e", "m":
			if in.end {
				continue
			}
			if !c.inside {
				if v := in.attr("v"); len(v) > 0 { // names of groups
					c.sheet.aside(appendXML(nil, v[:min(len(v), xmlCell)]))
				}
				continue
			}
			from := len(c.items.text)
			c.items.text = cellText(c.cell(c.items.text), from)
			c.count++
			c.fields[len(c.fields)-1].n++
			return true
		}
	}
	c.items.fault = in.fault
	return false
}

// cell appends the value of the element at hand.
func (c *pivotCache) cell(dst []byte) []byte {
	v := c.in.attr("v")
	v = v[:min(len(v), xmlCell)]
	switch c.in.name[0] {
	case 'n':
		return appendNumber(dst, v)
	case 'd':
		return append(dst, bytes.TrimSuffix(v, []byte("T00:00:00"))...)
	case 'b':
		if string(v) == "1" {
			return append(dst, "true"...)
		}
		return append(dst, "false"...)
	}
	return appendXML(dst, v)
}

// records reads the records: a table with the fields as titles.
func (c *pivotCache) records(r io.Reader) error {
	in := openMarkup(c.ctx, r)
	defer in.close()
	c.in = in
	s := &c.sheet
	name := "pivot cache"
	if c.source != "" {
		name += " of " + c.source
	}
	fields := c.table(s, c.names.of(name, ""))
	column, inRow := 0, false // of the next value
	for s.stop == nil && in.next(nil) {
		if len(in.name) != 1 {
			continue
		}
		switch in.name[0] {
		case 'r':
			s.endRow(c.out)
			column, inRow = 0, !in.end && !in.empty
		case 'x', 's', 'n', 'd', 'b', 'e', 'm':
			if in.end || !inRow {
				continue
			}
			switch in.name[0] {
			case 'm':
			case 'x':
				var f pivotField
				if column < len(fields) {
					f = fields[column]
				}
				c.refer(f, column)
			default:
				c.value = cellText(c.cell(c.value[:0]), 0)
				s.put(column, c.value)
			}
			column++
		}
	}
	s.finish(c.out)
	return in.fault
}

// refer lays down the item of a field that a record names.
func (c *pivotCache) refer(f pivotField, column int) {
	i, ok := digits(c.in.attr("v"))
	v, known := c.take(f, uint32(i))
	if !ok || !known {
		v, c.lost = c.in.attr("v"), true
	}
	c.sheet.put(column, v)
}
