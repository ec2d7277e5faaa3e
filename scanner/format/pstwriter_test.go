package format

import (
	"bytes"
	"cmp"
	"compress/zlib"
	"encoding/binary"
	"slices"
)

// A pstShape is how a mailbox is written.
type pstShape struct {
	wide, large bool
	code        byte
}

// A pstWriter lays a mailbox out as [MS-PST] says, so that readers of others open it:
// see fixtures/formats/pst/RECIPE.
type pstWriter struct {
	pstShape
	out    []byte
	blocks []pstRow
	nodes  []pstRow
	next   uint64 // id of a block
}

// A pstRow is a row of an index: its key and the bytes behind.
type pstRow struct {
	key  uint64
	rest []byte
}

const (
	pstFirstMap  = 0x4400
	pstMapStride = 496 * 8 * 64 // bytes that a map of what is used covers
)

func newPSTWriter(s pstShape) *pstWriter {
	return &pstWriter{pstShape: s, out: make([]byte, pstFirstMap), next: 4}
}

// word appends an id or an offset.
func (w *pstWriter) word(b []byte, v uint64) []byte {
	if w.wide {
		return binary.LittleEndian.AppendUint64(b, v)
	}
	return binary.LittleEndian.AppendUint32(b, uint32(v))
}

// room makes room for n bytes at a multiple of align, where no map of what is used
// belongs: those are left out.
func (w *pstWriter) room(n, align int) int {
	at := (len(w.out) + align - 1) / align * align
	stride := pstMapStride
	if w.large {
		stride *= 64
	}
	from := pstFirstMap + (at-pstFirstMap)/stride*stride
	if at-from < 8<<10 {
		at = from + 8<<10
	}
	if at+n > from+stride {
		at = from + stride + 8<<10
	}
	w.out = append(w.out, make([]byte, at+n-len(w.out))...)
	return at
}

// pstSign is the signature of what lies at a place (5.5).
func pstSign(at int, id uint64) uint16 {
	v := uint32(at) ^ uint32(id)
	return uint16(v>>16) ^ uint16(v)
}

// block writes a block and returns its id.
func (w *pstWriter) block(data []byte, inner bool) uint64 {
	le := binary.LittleEndian
	id := w.next
	w.next += 4
	if inner {
		id |= pstInner
	}
	tail, align := 16, 64
	switch {
	case w.large:
		tail, align = 24, 512
	case !w.wide:
		tail = 12
	}
	b, plain := bytes.Clone(data), len(data)
	if w.large && len(data) > 256 && !inner {
		var z bytes.Buffer
		zw := zlib.NewWriter(&z)
		zw.Write(data)
		zw.Close()
		if z.Len() < len(data) {
			b = z.Bytes()
		}
	}
	if !inner {
		pstEncode(b, w.code, id)
	}
	whole := (len(b) + tail + align - 1) / align * align
	at := w.room(whole, align)
	copy(w.out[at:], b)
	foot := w.out[at+whole-tail:]
	le.PutUint16(foot, uint16(len(b)))
	le.PutUint16(foot[2:], pstSign(at, id))
	if w.wide {
		le.PutUint32(foot[4:], pstSum(b))
		le.PutUint64(foot[8:], id)
	} else {
		le.PutUint32(foot[4:], uint32(id))
		le.PutUint32(foot[8:], pstSum(b))
	}
	row := w.word(nil, uint64(at))
	row = le.AppendUint16(row, uint16(len(b)))
	if w.large {
		le.PutUint16(foot[16:], 2)
		le.PutUint16(foot[18:], uint16(plain))
		row = le.AppendUint16(row, uint16(plain))
	}
	row = le.AppendUint16(row, 2)
	for len(row)%w.span() != 0 {
		row = append(row, 0)
	}
	w.blocks = append(w.blocks, pstRow{id, row})
	return id
}

// span is how many bytes a word has.
func (w *pstWriter) span() int {
	if w.wide {
		return 8
	}
	return 4
}

// pstEncode is what pstDecode undoes.
func pstEncode(b []byte, code byte, id uint64) {
	if code != 1 {
		pstDecode(b, code, id) // which undoes itself
		return
	}
	for k, c := range b {
		b[k] = pstR[c]
	}
}

func (w *pstWriter) most() int {
	switch {
	case w.large:
		return 1<<16 - 512
	case w.wide:
		return 8192 - 16
	}
	return 8192 - 12
}

// data writes the data of a node, in as many blocks as they need.
func (w *pstWriter) data(b []byte) uint64 {
	var ids, sizes []uint64
	for part := range slices.Chunk(b, w.most()) {
		ids, sizes = append(ids, w.block(part, false)), append(sizes, uint64(len(part)))
	}
	for level := byte(1); len(ids) > 1; level++ {
		var up, sums []uint64
		for list := range slices.Chunk(ids, (w.most()-8)/w.span()) {
			b := []byte{1, level}
			b = binary.LittleEndian.AppendUint16(b, uint16(len(list)))
			sum := uint64(0)
			for _, n := range sizes[:len(list)] {
				sum += n
			}
			b = binary.LittleEndian.AppendUint32(b, uint32(sum))
			for _, id := range list {
				b = w.word(b, id)
			}
			up, sums, sizes = append(up, w.block(b, true)), append(sums, sum), sizes[len(list):]
		}
		ids, sizes = up, sums
	}
	if len(ids) == 0 {
		return 0
	}
	return ids[0]
}

// parts writes the list of the parts of a node.
func (w *pstWriter) parts(all []pstNode) uint64 {
	if len(all) == 0 {
		return 0
	}
	slices.SortFunc(all, func(a, b pstNode) int { return cmp.Compare(a.id, b.id) })
	head := func(level byte, n int) []byte {
		b := binary.LittleEndian.AppendUint16([]byte{2, level}, uint16(n))
		if w.wide {
			b = append(b, 0, 0, 0, 0)
		}
		return b
	}
	var above []byte
	var id uint64
	lists := 0
	for list := range slices.Chunk(all, (w.most()-8)/(3*w.span())) {
		b := head(0, len(list))
		for _, n := range list {
			b = w.word(w.word(w.word(b, uint64(n.id)), n.data), n.sub)
		}
		id = w.block(b, true)
		above = w.word(w.word(above, uint64(list[0].id)), id)
		lists++
	}
	if lists > 1 {
		id = w.block(append(head(1, lists), above...), true)
	}
	return id
}

func (w *pstWriter) node(n pstNode) {
	b := w.word(w.word(nil, n.data), n.sub)
	b = binary.LittleEndian.AppendUint32(b, n.parent)
	for len(b)%w.span() != 0 {
		b = append(b, 0)
	}
	w.nodes = append(w.nodes, pstRow{uint64(n.id), b})
}

// page writes a page of an index, or of a map.
func (w *pstWriter) page(at int, kind, level byte, step int, rows [][]byte) uint64 {
	le := binary.LittleEndian
	size, foot, tail := 512, 488, 496
	switch {
	case w.large:
		size, foot, tail = 4096, 4056, 4072
	case !w.wide:
		foot, tail = 496, 500
	}
	id := w.next
	w.next += 4
	b := w.out[at : at+size]
	copy(b, bytes.Join(rows, nil))
	if w.large {
		le.PutUint16(b[foot:], uint16(len(rows)))
		le.PutUint16(b[foot+2:], uint16(foot/step))
		b[foot+4], b[foot+5] = byte(step), level
	} else {
		b[foot], b[foot+1], b[foot+2], b[foot+3] = byte(len(rows)), byte(foot/step), byte(step), level
	}
	b[tail], b[tail+1] = kind, kind
	le.PutUint16(b[tail+2:], pstSign(at, id))
	if w.wide {
		le.PutUint32(b[tail+4:], pstSum(b[:tail]))
		le.PutUint64(b[tail+8:], id)
	} else {
		le.PutUint32(b[tail+4:], uint32(id))
		le.PutUint32(b[tail+8:], pstSum(b[:tail]))
	}
	return id
}

// index writes the pages of an index and returns the id and the place of its root.
func (w *pstWriter) index(kind byte, rows []pstRow) (uint64, int) {
	slices.SortFunc(rows, func(a, b pstRow) int { return cmp.Compare(a.key, b.key) })
	size, most := 512, 488
	switch {
	case w.large:
		size, most = 4096, 4056
	case !w.wide:
		most = 496
	}
	for level := byte(0); ; level++ {
		step := w.span() + len(rows[0].rest)
		var up []pstRow
		for part := range slices.Chunk(rows, most/step) {
			var raw [][]byte
			for _, r := range part {
				raw = append(raw, append(w.word(nil, r.key), r.rest...))
			}
			at := w.room(size, size)
			id := w.page(at, kind, level, step, raw)
			if len(part) == len(rows) {
				return id, at
			}
			up = append(up, pstRow{part[0].key, w.word(w.word(nil, id), uint64(at))})
		}
		rows = up
	}
}

// finish writes the indexes and the header.
func (w *pstWriter) finish() []byte {
	le := binary.LittleEndian
	nodeID, nodes := w.index(pstNodePage, w.nodes)
	indexID, index := w.index(pstBlockPage, w.blocks)
	h := w.out[:pstHeader]
	copy(h, "!BDN")
	copy(h[8:], "SM\x17\x00\x13\x00\x01\x01")
	end := uint64(len(w.out))
	switch {
	case !w.wide:
		h[10] = 15
		le.PutUint32(h[24:], uint32(w.next))
		le.PutUint32(h[28:], uint32(w.next))
		for k, v := range []uint64{end, pstFirstMap, 0, 0, nodeID, uint64(nodes), indexID, uint64(index)} {
			le.PutUint32(h[168+4*k:], uint32(v))
		}
		h[460], h[461] = 0x80, w.code
	default:
		if w.large {
			h[9], h[10] = 'O', 36
		}
		le.PutUint64(h[32:], w.next)
		for k, v := range []uint64{end, pstFirstMap, 0, 0, nodeID, uint64(nodes), indexID, uint64(index)} {
			le.PutUint64(h[184+8*k:], v)
		}
		h[512], h[513] = 0x80, w.code
		le.PutUint64(h[516:], w.next)
		defer func() { le.PutUint32(h[524:], pstSum(h[8:524])) }()
	}
	le.PutUint32(h[4:], pstSum(h[8:479]))
	return w.out
}
