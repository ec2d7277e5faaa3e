package format

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/klauspost/compress/flate"

	"vigie/scanner"
)

const (
	pstInner = 2       // bit of the id of a block that lists others
	pstParts = 1 << 14 // of a message
)

// block reads a block into room and returns its data; ok says whether they are all
// there.
func (l *pstLook) block(id uint64, room []byte) (b []byte, ok bool) {
	if err := l.ctx.Err(); err != nil {
		l.stop = err
	}
	if l.stop != nil {
		return nil, false
	}
	place, err := l.p.find(id)
	if err == nil {
		b, err = l.p.blockAt(place, id, room)
	}
	if err != nil && b == nil && isProblem(err) {
		for _, other := range l.p.spare().places(l.p, id) {
			if c, cerr := l.p.blockAt(other, id, room); cerr == nil {
				return c, true // nothing is lost; the walk tells what is wrong with the index
			}
		}
	}
	l.bad(err)
	return b, b != nil
}

// blockAt reads the block at a place (2.2.2.8). One whose checksum is wrong comes
// with a Problem.
func (p *pst) blockAt(place pstPlace, id uint64, room []byte) ([]byte, error) {
	le := binary.LittleEndian
	tail, align, most := 16, 64, 8192
	switch {
	case p.large:
		tail, align, most = 24, 512, 1<<16
	case !p.wide:
		tail = 12
	}
	whole := (place.size + tail + align - 1) / align * align
	if whole > most || place.size == 0 || place.at <= 0 {
		return nil, malformed("place of a block")
	}
	if len(room) < whole {
		room = make([]byte, whole)
	}
	b := room[:whole]
	if place.at > p.size-int64(whole) {
		return nil, truncated("a block lies behind the end")
	}
	if n, err := p.from.ReadAt(b, place.at); n < whole {
		return nil, readFault(err)
	}
	foot := b[whole-tail:]
	own, sum := uint64(le.Uint32(foot[4:])), le.Uint32(foot[8:])
	if p.wide {
		own, sum = le.Uint64(foot[8:]), le.Uint32(foot[4:])
	}
	if own&^1 != id&^1 || int(le.Uint16(foot)) != place.size {
		return nil, malformed("a block is not where its index says")
	}
	b = b[:place.size]
	var err error
	if pstSum(b) != sum {
		err = malformed("checksum of a block")
	}
	if p.large && place.plain != place.size {
		var fault error
		if b, fault = pstExpand(b, place.plain); err == nil {
			err = fault
		}
	}
	if id&pstInner == 0 {
		pstDecode(b, p.code, own)
	}
	return b, err
}

// pstExpand expands a block (zlib, RFC 1950). What came before damage is returned.
func pstExpand(b []byte, size int) ([]byte, error) {
	if len(b) < 2 || b[0]&0xf != 8 || (int(b[0])<<8|int(b[1]))%31 != 0 {
		return nil, malformed("a compressed block")
	}
	out := make([]byte, size)
	n, err := io.ReadFull(flate.NewReader(bytes.NewReader(b[2:])), out)
	if err != nil {
		err = malformed("a compressed block")
	}
	return out[:n], err
}

// A pstData reads the data of a node: a block, or those that a block lists, on two
// levels at most (2.2.2.8.3.2).
type pstData struct {
	l    *pstLook
	todo [][]byte // rows of ids, on each level
	buf  []byte
	room []byte
}

func (l *pstLook) data(id uint64) *pstData {
	first := binary.LittleEndian.AppendUint64(nil, id)
	return &pstData{l: l, todo: [][]byte{first[:l.p.word()]}}
}

// id returns the id of the next block that holds data.
func (d *pstData) id() (uint64, bool) {
	word := d.l.p.word()
	for len(d.todo) > 0 {
		top := len(d.todo) - 1
		if len(d.todo[top]) < word {
			d.todo = d.todo[:top]
			continue
		}
		id := d.l.p.number(d.todo[top], 0)
		d.todo[top] = d.todo[top][word:]
		if id&pstInner == 0 {
			return id, id != 0
		}
		b, ok := d.l.block(id, nil)
		if !ok {
			break
		}
		if len(b) < 8 || b[0] != 1 || top == 2 {
			d.l.bad(malformed("a list of blocks"))
			break
		}
		n := int(binary.LittleEndian.Uint16(b[2:])) * word
		d.todo = append(d.todo, b[8:min(8+n, len(b))])
	}
	d.todo = nil
	return 0, false
}

// next returns the data of the next block, nil behind the last or where one is
// missing. They are valid until the next call.
func (d *pstData) next() []byte {
	id, ok := d.id()
	if !ok {
		return nil
	}
	if d.room == nil {
		d.room = make([]byte, 8192)
	}
	b, ok := d.l.block(id, d.room)
	if !ok {
		d.todo = nil
	}
	return b
}

func (d *pstData) Read(b []byte) (int, error) {
	if len(d.buf) == 0 {
		if d.buf = d.next(); len(d.buf) == 0 {
			return 0, io.EOF
		}
	}
	n := copy(b, d.buf)
	d.buf = d.buf[n:]
	return n, nil
}

// parts hands over the parts that a block lists, in order (2.2.2.8.3.3).
func (l *pstLook) parts(id uint64, yield func(pstNode)) {
	left := pstParts
	l.partsOf(id, 2, &left, yield)
	if left < 0 {
		l.bad(&scanner.Problem{Reason: scanner.TooMany, Detail: "more parts of a message than the limit"})
	}
}

func (l *pstLook) partsOf(id uint64, above int, left *int, yield func(pstNode)) {
	b, ok := l.block(id, nil)
	if !ok {
		return
	}
	word := l.p.word()
	rows, step := 4, 3*word
	if l.p.wide {
		rows = 8
	}
	if len(b) < rows || b[0] != 2 || int(b[1]) >= above {
		l.bad(malformed("a list of parts"))
		return
	}
	level, n := int(b[1]), int(binary.LittleEndian.Uint16(b[2:]))
	if level > 0 {
		step = 2 * word
	}
	for b = b[rows:]; n > 0 && len(b) >= step; n-- {
		if *left--; *left < 0 {
			return
		}
		if level > 0 {
			l.partsOf(l.p.number(b, 1), level, left, yield)
		} else {
			yield(pstNode{id: uint32(l.p.number(b, 0)), data: l.p.number(b, 1), sub: l.p.number(b, 2)})
		}
		b = b[step:]
	}
}
