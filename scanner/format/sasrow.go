package format

import (
	"encoding/binary"
	"math"
	"time"
)

// A sasColumn is where the values of a column stand in a row, and what they are.
type sasColumn struct {
	off, width int
	text       bool
	kind       sasKind
}

// pageRows reads the rows of a page.
func (s *sasReader) pageRows(b []byte, kind uint16, at, blocks int, parts []sasPointer, subs int) error {
	for _, p := range parts {
		if !s.isRow(p) {
			continue
		}
		if err := s.packedRow(p); err != nil {
			return err
		}
	}
	rows := int64(blocks)
	switch kind & sasMask {
	case sasData:
	case sasMix:
		at += subs * (2*s.word + 4 + s.word - 4)
		if at%8 == 4 && !s.tight {
			at += 4
		}
		rows = min(s.mixed, s.all-s.done)
	default:
		return nil
	}
	for ; rows > 0; rows-- {
		if at+s.width > len(b) {
			s.fail(malformed("more rows than a page has room for"))
			return nil
		}
		if err := s.row(b[at : at+s.width]); err != nil {
			return err
		}
		at += s.width
	}
	return nil
}

// packedRow reads a row of a compressed table. One that does not decode counts
// as far as it does.
func (s *sasReader) packedRow(p sasPointer) error {
	row := p.data
	if p.method&4 != 0 {
		if s.unpack == nil {
			s.fail(malformed("compressed rows without a method"))
			return nil
		}
		var err error
		row, err = s.unpack(s.room[:0], p.data)
		if err != nil {
			s.fail(err)
		}
	}
	if len(row) < s.width {
		s.fail(malformed("a row is too short"))
	}
	return s.row(row)
}

// row reads a row.
func (s *sasReader) row(b []byte) error {
	s.done++
	for i := range s.columns {
		c := &s.columns[i]
		switch {
		case c.off+c.width > len(b):
			s.value(nil)
		case c.text:
			s.value(s.utf8(b[c.off : c.off+c.width]))
		default:
			s.cell(c.kind, s.float(b[c.off:c.off+c.width]))
		}
	}
	return s.endRow()
}

// float reads a number; its last bytes may be left out.
func (s *sasReader) float(b []byte) float64 {
	if len(b) == 8 {
		return math.Float64frombits(s.order.Uint64(b))
	}
	var whole [8]byte
	if s.order == binary.ByteOrder(binary.LittleEndian) {
		copy(whole[8-len(b):], b)
		return math.Float64frombits(binary.LittleEndian.Uint64(whole[:]))
	}
	copy(whole[:], b)
	return math.Float64frombits(binary.BigEndian.Uint64(whole[:]))
}

var sasEpoch = time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)

// cell adds a number of a kind. Missing is NaN.
func (g *grid) cell(kind sasKind, v float64) {
	switch kind {
	case sasDay:
		g.date(sasEpoch, v)
	case sasMoment:
		g.moment(sasEpoch, v)
	case sasClock:
		switch {
		case v >= 0 && v < 86400:
			g.next()
			g.text = sasEpoch.Add(time.Duration(v*1e9)).AppendFormat(g.text, time.TimeOnly)
		case v > 1e8: // the time of a day
			g.moment(sasEpoch, v)
		default:
			g.number(v)
		}
	default:
		g.number(v)
	}
}
