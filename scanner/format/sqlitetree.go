package format

import (
	"encoding/binary"
	"slices"
)

// The kinds of pages.
const (
	sqliteIndexInner = 2
	sqliteTableInner = 5
	sqliteIndexLeaf  = 10
	sqliteTableLeaf  = 13
)

// errSQLiteAbsent says that a page is not in a log.
var errSQLiteAbsent = malformed("a page is not in the log")

// tree hands over the records of a tree. Leaves are read in the order in which
// they lie in the file, a great many at a time.
func (s *sqliteReader) tree(t *sqliteTable, row func(*sqliteRecord) error) error {
	depth, err := s.depth(t.root)
	if err != nil {
		return s.absent(err)
	}
	s.leaves = s.leaves[:0]
	if err := s.descend(t.root, depth, row); err != nil {
		return err
	}
	return s.gathered(row)
}

// absent is bad; but a log is not the worse for pages it has not.
func (s *sqliteReader) absent(err error) error {
	if err == errSQLiteAbsent {
		return nil
	}
	return s.bad(err)
}

// depth returns how many levels lie above the leaves.
func (s *sqliteReader) depth(n uint32) (int, error) {
	for depth := range sqliteDepth {
		if err := s.page(n, s.leaf); err != nil {
			return 0, err
		}
		h := s.header(n, s.leaf)
		if h.leaf() {
			return depth, nil
		}
		if n = h.right; h.count > 0 {
			n = binary.BigEndian.Uint32(s.leaf[h.cell(s.leaf, 0):])
		}
	}
	return 0, malformed("pages that hold no rows")
}

// descend goes down to the leaves below a page, and notes them.
func (s *sqliteReader) descend(n uint32, level int, row func(*sqliteRecord) error) error {
	if level == 0 {
		s.leaves = append(s.leaves, n)
		if len(s.leaves) == sqliteLeaves {
			return s.gathered(row)
		}
		return nil
	}
	if !s.claim(n) {
		return s.bad(malformed("pages that are used twice"))
	}
	b := make([]byte, s.pageSize)
	if err := s.page(n, b); err != nil {
		return s.absent(err)
	}
	h := s.header(n, b)
	if h.kind != sqliteTableInner && h.kind != sqliteIndexInner {
		return s.bad(malformed("kind of a page"))
	}
	if h.kind == sqliteIndexInner { // these hold rows, too
		if err := s.cells(n, b, row); err != nil {
			return err
		}
	}
	for i := range h.count {
		if err := s.descend(binary.BigEndian.Uint32(b[h.cell(b, i):]), level-1, row); err != nil {
			return err
		}
	}
	return s.descend(h.right, level-1, row)
}

// gathered reads the leaves that were noted.
func (s *sqliteReader) gathered(row func(*sqliteRecord) error) error {
	slices.Sort(s.leaves)
	for _, n := range s.leaves {
		if !s.claim(n) {
			if err := s.bad(malformed("pages that are used twice")); err != nil {
				return err
			}
			continue
		}
		if err := s.page(n, s.leaf); err != nil {
			if err = s.absent(err); err != nil {
				return err
			}
			continue
		}
		if err := s.cells(n, s.leaf, row); err != nil {
			return err
		}
	}
	s.leaves = s.leaves[:0]
	return nil
}

// A sqliteHeader is that of a page.
type sqliteHeader struct {
	kind  byte
	count int
	right uint32 // of inner pages: the last one below
	first int    // where the offsets of the cells are
	limit int    // where cells end
}

func (h sqliteHeader) leaf() bool { return h.kind == sqliteTableLeaf || h.kind == sqliteIndexLeaf }

// cell returns where a cell is: within the page, with 4 bytes behind at least.
func (h sqliteHeader) cell(b []byte, i int) int {
	return min(int(binary.BigEndian.Uint16(b[h.first+2*i:])), h.limit-4)
}

// header reads that of page n; it has no more cells than fit.
func (s *sqliteReader) header(n uint32, b []byte) sqliteHeader {
	from := 0
	if n == 1 {
		from = sqliteHead
	}
	h := sqliteHeader{kind: b[from], first: from + 8, limit: s.usable}
	if !h.leaf() {
		h.first = from + 12
		h.right = binary.BigEndian.Uint32(b[from+8:])
	}
	h.count = min(int(binary.BigEndian.Uint16(b[from+3:])), (s.usable-h.first)/4)
	return h
}

// cells hands over the records of a page. Together they are no longer than the
// page, whatever the offsets say.
func (s *sqliteReader) cells(n uint32, b []byte, row func(*sqliteRecord) error) error {
	h := s.header(n, b)
	table := h.kind == sqliteTableLeaf
	if !h.leaf() && h.kind != sqliteIndexInner {
		return s.bad(malformed("kind of a page"))
	}
	most, least := (s.usable-12)*64/255-23, (s.usable-12)*32/255-23
	if table {
		most = s.usable - 35
	}
	left := s.usable
	for i := range h.count {
		c := b[h.cell(b, i):s.usable]
		if h.kind == sqliteIndexInner {
			c = c[4:]
		}
		whole := len(c)
		size, c, ok := sqliteVarint(c)
		rowid := uint64(0)
		if ok && table {
			rowid, c, ok = sqliteVarint(c)
		}
		if !ok || size >= 1<<31 {
			return s.bad(malformed("size of a row"))
		}
		local := int(size)
		if local > most {
			if local = least + (int(size)-least)%(s.usable-4); local > most {
				local = least
			}
		}
		more := uint32(0)
		if local < int(size) {
			if len(c) < local+4 {
				return s.bad(malformed("size of a row"))
			}
			more = binary.BigEndian.Uint32(c[local:])
		}
		if left -= whole - len(c) + local; len(c) < local || left < 0 {
			return s.bad(malformed("size of a row"))
		}
		s.record.begin(s, int64(rowid), c[:local], int64(size)-int64(local), more)
		if err := s.record.header(); err != nil {
			if err = s.absent(err); err != nil {
				return err
			}
			continue
		}
		if err := row(&s.record); err != nil {
			return err
		}
		if s.record.fault != nil {
			if err := s.absent(s.record.fault); err != nil {
				return err
			}
		}
	}
	return nil
}

// sqliteVarint reads a number of up to nine bytes, the highest first.
func sqliteVarint(b []byte) (uint64, []byte, bool) {
	v := uint64(0)
	for i := range min(len(b), 9) {
		if i == 8 {
			return v<<8 | uint64(b[i]), b[9:], true
		}
		v = v<<7 | uint64(b[i]&0x7F)
		if b[i] < 0x80 {
			return v, b[i+1:], true
		}
	}
	return 0, nil, false
}
