package format

import "encoding/binary"

const (
	pstHeapBlocks = 1 << 16 // of a heap
	pstHeapKept   = 16
	pstRecords    = 1 << 12 // of a tree in a heap
	pstTree       = 0xb5
	pstTable      = 0x7c
)

// A pstHeap is a heap in the data of a node (2.3.1): many small values.
type pstHeap struct {
	l      *pstLook
	blocks []uint64
	kept   map[int][]byte
	root   uint32 // what it is for
	kind   byte
}

func (l *pstLook) heap(id uint64) *pstHeap {
	h := &pstHeap{l: l, kept: make(map[int][]byte)}
	d := l.data(id)
	for len(h.blocks) < pstHeapBlocks {
		id, ok := d.id()
		if !ok {
			break
		}
		h.blocks = append(h.blocks, id)
	}
	b := h.block(0)
	if len(b) < 12 || b[2] != 0xec {
		if len(b) > 0 {
			l.bad(malformed("a heap of properties"))
		}
		h.blocks = nil
		return h
	}
	h.kind, h.root = b[3], binary.LittleEndian.Uint32(b[4:])
	return h
}

func (h *pstHeap) block(n int) []byte {
	if n >= len(h.blocks) {
		return nil
	}
	b, ok := h.kept[n]
	if !ok {
		if len(h.kept) == pstHeapKept {
			clear(h.kept)
		}
		b, _ = h.l.block(h.blocks[n], nil)
		h.kept[n] = b
	}
	return b
}

// get returns a value by its id (2.3.1.1).
func (h *pstHeap) get(id uint32) []byte {
	if id == 0 {
		return nil
	}
	le := binary.LittleEndian
	n, block := int(id>>5&0x7ff), int(id>>16)
	if h.l.p.large {
		n, block = int(id>>5&0x3fff), int(id>>19)
	}
	b := h.block(block)
	if len(b) < 2 {
		return h.lost()
	}
	at := int(le.Uint16(b)) + 4 + 2*(n-1)
	if n == 0 || at+4 > len(b) {
		return h.lost()
	}
	from, to := int(le.Uint16(b[at:])), int(le.Uint16(b[at+2:]))
	if from > to || to > len(b) {
		return h.lost()
	}
	return b[from:to]
}

func (h *pstHeap) lost() []byte {
	if h.l.spoilt == nil {
		h.l.bad(malformed("a value of a heap is missing"))
	}
	return nil
}

// tree hands over the records of a tree (2.3.2) whose keys and data have these sizes,
// in order.
func (h *pstHeap) tree(root uint32, key, data int, yield func(record []byte)) {
	b := h.get(root)
	if len(b) < 8 || b[0] != pstTree || int(b[1]) != key || int(b[2]) < data {
		if len(b) > 0 || root != 0 {
			h.lost()
		}
		return
	}
	left := pstRecords
	h.level(binary.LittleEndian.Uint32(b[4:]), int(b[3]), key, int(b[2]), &left, yield)
}

func (h *pstHeap) level(id uint32, level, key, data int, left *int, yield func([]byte)) {
	if level > pstLevels {
		h.lost()
		return
	}
	step := key + data
	if level > 0 {
		step = key + 4
	}
	for b := h.get(id); len(b) >= step; b = b[step:] {
		if *left--; *left < 0 {
			return
		}
		if level > 0 {
			h.level(binary.LittleEndian.Uint32(b[key:]), level-1, key, data, left, yield)
		} else {
			yield(b[:step])
		}
	}
}
