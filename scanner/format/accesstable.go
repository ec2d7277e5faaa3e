package format

import (
	"encoding/binary"
	"strconv"
	"strings"

	"vigie/scanner"
)

// An accessTable is a table as its definition has it, with the rows that wait.
type accessTable struct {
	grid
	deleted grid // rows that are marked as deleted
	columns []accessColumn
	varying int    // columns of varying length
	used    uint32 // where the map of its pages is
	owned   []byte // the map
	bits    []byte // a page of it
	bitsAt  uint32
	system  bool
}

// An accessColumn is a column.
type accessColumn struct {
	kind     byte
	number   int // bit of the row's mask
	varying  int // place among those of varying length
	offset   int // of one of fixed length
	width    int
	scale    int
	fixed    bool
	reckoned bool // by a formula: its value has a head
	title    string
}

// table returns the table whose definition begins at a page, nil where there is
// none.
func (a *accessReader) table(page uint32) *accessTable {
	t, ok := a.tables[page]
	if !ok {
		t = a.define(page)
		size := 64
		if t != nil {
			if t.name = a.names[page]; t.name == "" {
				t.name = "page " + strconv.Itoa(int(page))
			}
			t.ctx, t.yield = a.ctx, a.yield
			for _, c := range t.columns {
				t.titles = append(t.titles, c.title)
				size += 128 + len(c.title)
			}
			t.deleted = grid{ctx: a.ctx, yield: a.yield, name: t.name + " (deleted)", titles: t.titles}
			t.owned = a.rowAt(t.used)
			size += a.page
			a.short = a.short || int64(a.last(t.used)+1)*int64(a.page) > a.size
			t.system = t.system || strings.HasPrefix(t.name, "MSys")
		}
		a.tables[page] = t
		a.kept += size
	}
	return t
}

func (t *accessTable) find(title string) *accessColumn {
	for i := range t.columns {
		if t.columns[i].title == title {
			return &t.columns[i]
		}
	}
	return nil
}

// owns reports whether a page is the table's: others were once, and their rows
// are what was left behind. Where there is no map all are.
func (a *accessReader) owns(t *accessTable, page uint32) bool {
	m := t.owned
	if len(m) < 5 || m[0] > 1 {
		return true
	}
	if m[0] == 0 {
		first := binary.LittleEndian.Uint32(m[1:])
		at := int64(page) - int64(first)
		return at >= 0 && at < int64(8*(len(m)-5)) && m[5+at/8]>>(at%8)&1 != 0
	}
	each := uint32(8 * (a.page - 4))
	i := int(page / each)
	if 5+4*i > len(m) {
		return false
	}
	if n := binary.LittleEndian.Uint32(m[1+4*i:]); n != t.bitsAt || t.bits == nil {
		t.bits, t.bitsAt = a.read(n), n
	}
	at := page % each
	return t.bits == nil || t.bits[0] == 5 && t.bits[4+at/8]>>(at%8)&1 != 0
}

// define reads a definition, which goes on in other pages.
func (a *accessReader) define(page uint32) *accessTable {
	b := a.read(page)
	if b == nil || b[0] != 2 {
		return nil
	}
	for next := binary.LittleEndian.Uint32(b[4:]); next != 0 && len(b) < accessChain*a.page; {
		more := a.read(next)
		if more == nil || more[0] != 2 {
			break
		}
		next = binary.LittleEndian.Uint32(more[4:])
		b = append(b, more[8:]...)
	}
	// Where things are, and how long: Jet 3, and what came after it.
	kind, counts, index, column := 40, 43, 12, 25
	if a.jet3 {
		kind, counts, index, column = 20, 23, 8, 18
	}
	t := &accessTable{varying: int(binary.LittleEndian.Uint16(b[counts:])), system: b[kind] == 'S'}
	count := int(binary.LittleEndian.Uint16(b[counts+2:]))
	indexes := int(binary.LittleEndian.Uint32(b[counts+8:]) & 0xFFFF)
	t.used = binary.LittleEndian.Uint32(b[counts+12:])
	at := counts + 20 + indexes*index
	names := at + count*column
	if count == 0 || count > scanner.MaxColumns || names > len(b) {
		return nil
	}
	for ; at < names; at += column {
		t.columns = append(t.columns, a.column(b[at:at+column]))
	}
	for i := range t.columns {
		n := 0
		if a.jet3 {
			if names+1 > len(b) {
				return nil
			}
			n = int(b[names])
			names++
		} else {
			if names+2 > len(b) {
				return nil
			}
			n = int(binary.LittleEndian.Uint16(b[names:]))
			names += 2
		}
		if n == 0 || n > 512 || names+n > len(b) {
			return nil
		}
		t.columns[i].title = strings.ToValidUTF8(string(a.text(nil, b[names:names+n])), "\uFFFD")
		names += n
	}
	return t
}

func (a *accessReader) column(b []byte) accessColumn {
	u16 := func(at int) int { return int(binary.LittleEndian.Uint16(b[at:])) }
	if a.jet3 {
		return accessColumn{kind: b[0], number: u16(1), varying: u16(3), scale: int(b[10]), fixed: b[13]&1 != 0, offset: u16(14), width: u16(16)}
	}
	return accessColumn{kind: b[0], number: u16(5), varying: u16(7), scale: int(b[12]), fixed: b[15]&1 != 0, reckoned: b[16]&0xC0 == 0xC0, offset: u16(21), width: u16(23)}
}
