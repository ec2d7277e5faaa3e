package format

import (
	"cmp"
	"io"
	"slices"
)

const (
	pstSpares = 1 << 20 // leaves that are looked for
	pstTries  = 64      // of these, which may say where a block is
)

// A pstSpare is what lies about of the indexes of a mailbox that is damaged or cut
// off: leaves in use, and those of before.
type pstSpare struct {
	nodes  []int64
	blocks []pstLeaf // in order
}

type pstLeaf struct {
	first uint64
	at    int64
}

// search looks over the whole file for leaves of the indexes.
func (p *pst) search() *pstSpare {
	s := new(pstSpare)
	size := p.pageSize()
	b := make([]byte, 64<<10)
	for off := int64(0); off < p.size; off += int64(len(b)) {
		n, err := p.from.ReadAt(b, off)
		for at := int64(0); at+size <= int64(n); at += size {
			page := b[at : at+size]
			if pg, err := p.parsePage(page, pstNodePage); err == nil && pg.level == 0 && len(s.nodes) < pstSpares {
				s.nodes = append(s.nodes, off+at)
			} else if pg, err := p.parsePage(page, pstBlockPage); err == nil && pg.level == 0 && len(pg.rows) > 0 && len(s.blocks) < pstSpares {
				s.blocks = append(s.blocks, pstLeaf{p.number(pg.rows, 0) &^ 1, off + at})
			}
		}
		if err != nil && err != io.EOF || n == 0 {
			break
		}
	}
	slices.SortFunc(s.blocks, func(a, b pstLeaf) int { return cmp.Compare(a.first, b.first) })
	return s
}

// places returns where a block may be.
func (s *pstSpare) places(p *pst, id uint64) (all []pstPlace) {
	id &^= 1
	k, found := slices.BinarySearchFunc(s.blocks, id, func(l pstLeaf, id uint64) int { return cmp.Compare(l.first, id) })
	for found && k < len(s.blocks) && s.blocks[k].first == id {
		k++
	}
	for tries := 0; k > 0 && tries < pstTries; tries++ {
		k--
		pg, err := p.page(s.blocks[k].at, pstBlockPage)
		if err != nil {
			continue
		}
		if place, ok := p.findRow(pg, id); ok && !slices.Contains(all, place) {
			all = append(all, place)
		}
	}
	return all
}
