package format

import (
	"encoding/binary"
	"slices"
)

const (
	pstNodePage  = 0x81
	pstBlockPage = 0x80
	pstLevels    = 8       // of an index
	pstPages     = 2 << 20 // bytes of pages that are kept
)

// A pstPage is a page of an index (2.2.2.7.7).
type pstPage struct {
	kind  byte
	level int // 0: a leaf
	step  int // bytes of a row
	rows  []byte
}

func (p *pst) pageSize() int64 {
	if p.large {
		return 4096
	}
	return 512
}

// page reads a page. One whose checksum is wrong comes with a Problem.
func (p *pst) page(at int64, kind byte) (pstPage, error) {
	p.mu.Lock()
	pg, ok := p.pages[at]
	p.mu.Unlock()
	if ok && pg.kind == kind {
		return pg, nil
	}
	size := p.pageSize()
	if at <= 0 || at > p.size-size {
		return pstPage{}, truncated("a page of an index lies behind the end")
	}
	b := make([]byte, size)
	if n, err := p.from.ReadAt(b, at); int64(n) < size {
		return pstPage{}, readFault(err)
	}
	pg, err := p.parsePage(b, kind)
	if err != nil {
		return pg, err
	}
	p.mu.Lock()
	if int64(len(p.pages))*size > pstPages {
		clear(p.pages)
	}
	p.pages[at] = pg
	p.mu.Unlock()
	return pg, nil
}

func (p *pst) parsePage(b []byte, kind byte) (pg pstPage, err error) {
	le := binary.LittleEndian
	foot, tail, sum := 488, 496, 500
	switch {
	case p.large:
		foot, tail, sum = 4056, 4072, 4076
	case !p.wide:
		foot, tail, sum = 496, 500, 508
	}
	rows, step, level := int(b[foot]), int(b[foot+2]), int(b[foot+3])
	if p.large {
		rows, step, level = int(le.Uint16(b[foot:])), int(b[foot+4]), int(b[foot+5])
	}
	least := p.word() + 2*p.word() // a key, and where it leads
	switch {
	case level == 0 && kind == pstNodePage:
		least = 4 * p.word()
	case level == 0:
		least = 2*p.word() + 4
	}
	if b[tail] != kind || b[tail+1] != kind || step < least || rows*step > foot || level >= pstLevels {
		return pg, malformed("a page of an index")
	}
	if pstSum(b[:tail]) != le.Uint32(b[sum:]) {
		err = malformed("checksum of a page of an index")
	}
	return pstPage{kind, level, step, b[:rows*step]}, err
}

// word is how many bytes an id and an offset have.
func (p *pst) word() int {
	if p.wide {
		return 8
	}
	return 4
}

// number reads the word at a place of a row.
func (p *pst) number(row []byte, at int) uint64 {
	if p.wide {
		return binary.LittleEndian.Uint64(row[8*at:])
	}
	return uint64(binary.LittleEndian.Uint32(row[4*at:]))
}

// A pstPlace is where a block lies (2.2.2.7.7.3).
type pstPlace struct {
	at    int64
	size  int // as it is stored
	plain int // as it is expanded
}

// find looks a block up. The lowest bit of an id does not count.
func (p *pst) find(id uint64) (pstPlace, error) {
	id &^= 1
	for at, above := p.index, pstLevels; ; {
		pg, err := p.page(at, pstBlockPage)
		if pg.rows == nil {
			return pstPlace{}, err
		}
		if pg.level >= above {
			return pstPlace{}, malformed("levels of an index")
		}
		if pg.level == 0 {
			if place, ok := p.findRow(pg, id); ok {
				return place, nil
			}
			return pstPlace{}, malformed("a block is missing")
		}
		above, at = pg.level, 0
		for row := range slices.Chunk(pg.rows, pg.step) {
			if p.number(row, 0)&^1 > id {
				break
			}
			at = int64(p.number(row, 2))
		}
	}
}

// findRow looks a block up in a leaf.
func (p *pst) findRow(pg pstPage, id uint64) (pstPlace, bool) {
	le := binary.LittleEndian
	for row := range slices.Chunk(pg.rows, pg.step) {
		if p.number(row, 0)&^1 == id {
			size := row[2*p.word():]
			place := pstPlace{at: int64(p.number(row, 1)), size: int(le.Uint16(size))}
			if place.plain = place.size; p.large {
				place.plain = int(le.Uint16(size[2:]))
			}
			return place, true
		}
	}
	return pstPlace{}, false
}
