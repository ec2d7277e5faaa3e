package format

import (
	"bytes"
	"encoding/binary"
	"strconv"
	"unicode/utf8"

	"vigie/scanner"
)

const (
	sqliteTextLeast = 8        // bytes of a text that is left of a row
	sqliteRestMost  = 64 << 10 // of such texts, gathered before they are handed over
)

// freed reads the pages that hold nothing any more: a list of trunks, each with a
// list of pages, which are as they were when they were freed. Behind the list the
// trunk is so too.
func (s *sqliteReader) freed(trunk uint32) error {
	t := &sqliteTable{grid: grid{ctx: s.ctx, yield: s.yield}, deleted: make(map[int]int64)}
	b := make([]byte, s.pageSize)
	for trunk != 0 && s.claim(trunk) {
		if err := s.page(trunk, b); err != nil {
			return s.bad(err)
		}
		trunk = binary.BigEndian.Uint32(b)
		n := min(int64(binary.BigEndian.Uint32(b[4:])), int64(s.usable/4-2))
		for i := range n {
			if err := s.orphan(t, binary.BigEndian.Uint32(b[8+4*i:])); err != nil {
				return err
			}
		}
		if err := s.carve(b[8+4*n:s.usable], t.orphan); err != nil {
			return err
		}
	}
	if err := t.flush(); err != nil {
		return err
	}
	return s.flushRest()
}

// orphan reads the rows of a page that belongs to no known table.
func (s *sqliteReader) orphan(t *sqliteTable, n uint32) error {
	if !s.claim(n) {
		return nil
	}
	if err := s.page(n, s.leaf); err != nil {
		return s.bad(err)
	}
	switch {
	case n == 1:
		return nil
	case s.leaf[0] == 0: // no tree begins so, but what goes on from another page does
		return s.carve(s.leaf[4:s.usable], nil)
	case s.leaf[0] != sqliteTableLeaf:
		return nil
	}
	spoilt := s.spoilt
	err := s.cells(n, s.leaf, t.orphan)
	s.spoilt = spoilt // what was given up may be overwritten in part
	return err
}

// orphan lays down a row of an unknown table: all of so many columns are one.
func (t *sqliteTable) orphan(r *sqliteRecord) error {
	if name := "deleted rows of " + strconv.Itoa(len(r.kinds)) + " columns"; name != t.name {
		if err := t.flush(); err != nil {
			return err
		}
		t.deleted[t.shape.columns] = t.at
		t.name, t.shape.columns, t.at = name, len(r.kinds), t.deleted[len(r.kinds)]
	}
	return t.row(r)
}

// carve hands over the rows that are whole in b, of which the beginning was
// overwritten. Texts between them are running text; without row all are.
func (s *sqliteReader) carve(b []byte, row func(*sqliteRecord) error) error {
	rest := 0 // where what is no row begins
	for at := 0; at < len(b); {
		if b[at] == 0 {
			at++
			continue
		}
		n := 0
		if row != nil {
			n = s.rowAt(b[at:])
		}
		if n == 0 {
			at++
			continue
		}
		s.texts(b[rest:at])
		s.record.begin(s, 0, b[at:at+n], 0, 0)
		if err := s.record.header(); err == nil {
			if err := row(&s.record); err != nil {
				return err
			}
		}
		at += n
		rest = at
	}
	s.texts(b[rest:])
	if len(s.rest) > sqliteRestMost {
		return s.flushRest()
	}
	return nil
}

// rowAt returns the length of the row at the beginning of b: a header, and values of
// which one at least is a text and reads as one; 0 where there is none.
func (s *sqliteReader) rowAt(b []byte) int {
	head := int(b[0])
	if head < 3 || head > 0x7F || head >= len(b) {
		return 0
	}
	count, total, texts := 0, int64(0), 0
	for kinds := b[1:head]; len(kinds) > 0; count++ {
		kind, more, ok := sqliteVarint(kinds)
		if !ok || kind == 10 || kind == 11 || kind > 1<<16 {
			return 0
		}
		if total += sqliteWidth(kind); total > int64(len(b)-head) {
			return 0
		}
		if kind > 12 && kind%2 == 1 {
			v := b[head+int(total-sqliteWidth(kind)) : head+int(total)]
			if !s.reads(v) {
				return 0
			}
			texts += len(v)
		}
		kinds = more
	}
	if count < 2 || texts < 3 {
		return 0
	}
	return head + int(total)
}

// reads reports whether a value is a text.
func (s *sqliteReader) reads(v []byte) bool {
	if s.wide != nil {
		return len(v)%2 == 0 && bytes.IndexByte(v, 0) >= 0
	}
	for _, c := range v {
		if c < ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return utf8.Valid(v)
}

// texts keeps the texts in b as running text.
func (s *sqliteReader) texts(b []byte) {
	for from, i := 0, 0; i <= len(b); i++ {
		if i < len(b) && (b[i] >= ' ' && b[i] != 0x7F || b[i] == '\n') {
			continue
		}
		if i-from >= sqliteTextLeast {
			s.rest = append(append(s.rest, b[from:i]...), '\n')
		}
		from = i + 1
	}
}

func (s *sqliteReader) flushRest() error {
	if len(s.rest) == 0 {
		return nil
	}
	err := s.yield(&scanner.Block{Text: s.rest})
	s.rest = s.rest[:0]
	return err
}
