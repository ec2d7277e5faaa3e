package format

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"unicode/utf16"
)

// A pstValue is a property to be written: uint32, bool, uint64 (a time), string,
// []byte, or a part (an object).
type pstValue struct {
	id    uint16
	value any
}

// A pstPacker fills the heap of a node (2.3.1), and parts with what is too large.
type pstPacker struct {
	w     *pstWriter
	heap  []byte
	ends  []uint16
	parts []pstNode
}

func (w *pstWriter) packer(kind byte) *pstPacker {
	return &pstPacker{w: w, heap: []byte{0, 0, 0xec, kind, 0, 0, 0, 0, 0, 0, 0, 0}, ends: []uint16{12}}
}

// put puts a value in the heap and returns its id.
func (p *pstPacker) put(b []byte) uint32 {
	p.heap = append(p.heap, b...)
	p.ends = append(p.ends, uint16(len(p.heap)))
	return uint32(len(p.ends)-1) << 5
}

// value is put, but what is large becomes a part.
func (p *pstPacker) value(b []byte) uint32 {
	if len(b) == 0 {
		return 0
	}
	if len(b) <= 512 && len(p.heap) < 6000 {
		return p.put(b)
	}
	id := uint32(len(p.parts)+0x20)<<5 | 0x1f
	p.parts = append(p.parts, pstNode{id: id, data: p.w.data(b)})
	return id
}

// node returns the node that the heap is of; root is what it is for.
func (p *pstPacker) node(id, root, parent uint32) pstNode {
	le := binary.LittleEndian
	le.PutUint32(p.heap[4:], root)
	if len(p.heap)%2 == 1 {
		p.heap = append(p.heap, 0)
	}
	le.PutUint16(p.heap, uint16(len(p.heap)))
	b := le.AppendUint16(p.heap, uint16(len(p.ends)-1))
	b = le.AppendUint16(b, 0)
	for _, e := range p.ends {
		b = le.AppendUint16(b, e)
	}
	p.heap = b
	return pstNode{id: id, data: p.w.data(b), sub: p.w.parts(p.parts), parent: parent}
}

// tree puts a tree of one level (2.3.2).
func (p *pstPacker) tree(key, data byte, records []byte) uint32 {
	var at uint32
	if len(records) > 0 {
		at = p.put(records)
	}
	return p.put(binary.LittleEndian.AppendUint32([]byte{pstTree, key, data, 0}, at))
}

// item writes an object by its properties (2.3.3), in order of their ids.
func (w *pstWriter) item(id, parent uint32, values []pstValue, parts ...pstNode) pstNode {
	le := binary.LittleEndian
	p := w.packer(0xbc)
	p.parts = parts
	slices.SortStableFunc(values, func(a, b pstValue) int { return cmp.Compare(a.id, b.id) })
	var records []byte
	for _, v := range values {
		kind, raw := w.raw(v.value)
		at := uint32(0)
		if len(raw) <= 4 && kind < 0x14 && kind != pstObject {
			at = le.Uint32(append(raw, 0, 0, 0, 0))
		} else {
			at = p.value(raw)
		}
		records = le.AppendUint32(le.AppendUint16(le.AppendUint16(records, v.id), kind), at)
	}
	return p.node(id, p.tree(2, 6, records), parent)
}

func (w *pstWriter) raw(v any) (kind uint16, raw []byte) {
	le := binary.LittleEndian
	switch v := v.(type) {
	case uint32:
		return 3, le.AppendUint32(nil, v)
	case bool:
		return 0xb, []byte{map[bool]byte{true: 1}[v]}
	case uint64:
		return pstTime, le.AppendUint64(nil, v)
	case []byte:
		return pstBinary, v
	case pstNode:
		return pstObject, le.AppendUint32(le.AppendUint32(nil, v.id), 0)
	case string:
		if w.wide {
			for _, u := range utf16.Encode([]rune(v)) {
				raw = le.AppendUint16(raw, u)
			}
			return pstWide, raw
		}
		for _, r := range v {
			raw = append(raw, byte(r))
		}
		return pstNarrow, raw
	}
	panic("a value of no kind")
}

// table writes a table (2.3.4) whose first columns are the id of a row and its
// version; the others are texts or numbers.
func (w *pstWriter) table(id, parent uint32, columns []uint16, ids []uint32, rows [][]any) pstNode {
	le := binary.LittleEndian
	p := w.packer(pstTable)
	width := 8 + 4*len(columns)
	head := []byte{pstTable, byte(2 + len(columns))}
	for _, end := range []int{width, width, width, width + (9+len(columns))/8} {
		head = le.AppendUint16(head, uint16(end))
	}
	total := width + (9+len(columns))/8
	descriptions := make([][]byte, 0, 2+len(columns))
	describe := func(id, kind uint16, at, bit int) {
		d := le.AppendUint16(le.AppendUint16(nil, kind), id)
		descriptions = append(descriptions, append(le.AppendUint16(d, uint16(at)), 4, byte(bit)))
	}
	var matrix, index []byte
	for r, values := range rows {
		row := make([]byte, total)
		le.PutUint32(row, ids[r])
		le.PutUint32(row[4:], 1)
		row[width] = 0xc0
		for c, v := range values {
			kind, raw := w.raw(v)
			if kind == 3 {
				copy(row[8+4*c:], raw)
			} else {
				le.PutUint32(row[8+4*c:], p.value(raw))
			}
			row[width+(c+2)/8] |= 0x80 >> ((c + 2) % 8)
		}
		matrix = append(matrix, row...)
		index = le.AppendUint32(index, ids[r])
		index = w.rowNumber(index, r)
	}
	describe(0x67f2, 3, 0, 0)
	describe(0x67f3, 3, 4, 1)
	for c, id := range columns {
		kind := uint16(pstWide)
		if !w.wide {
			kind = pstNarrow
		}
		if id == 0x0c15 || id == 0x3705 {
			kind = 3
		}
		describe(id, kind, 8+4*c, c+2)
	}
	slices.SortFunc(descriptions, func(a, b []byte) int { return cmp.Compare(le.Uint32(a), le.Uint32(b)) })
	width4 := byte(4)
	if !w.wide {
		width4 = 2
	}
	head = le.AppendUint32(head, p.tree(4, width4, index))
	head = le.AppendUint32(le.AppendUint32(head, p.value(matrix)), 0)
	return p.node(id, p.put(append(head, bytes.Join(descriptions, nil)...)), parent)
}

func (w *pstWriter) rowNumber(b []byte, n int) []byte {
	if w.wide {
		return binary.LittleEndian.AppendUint32(b, uint32(n))
	}
	return binary.LittleEndian.AppendUint16(b, uint16(n))
}
