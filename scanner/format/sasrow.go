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
		if at%8 == 4 && (!s.tight || at+4 <= len(b) && len(unpadded(b[at:at+4])) == 0) {
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

// row reads a row. One that is too short ends where it does: a few bytes must not
// become thousands of cells.
func (s *sasReader) row(b []byte) error {
	s.done++
	for i := range s.columns {
		c := &s.columns[i]
		if c.off+c.width > len(b) {
			break
		}
		if v := b[c.off : c.off+c.width]; c.text {
			s.value(s.utf8(v))
		} else {
			s.cell(c.kind, s.float(v))
		}
	}
	return s.endRow()
}

// float reads a number; its last bytes may be left out.
func (s *sasReader) float(b []byte) float64 {
	var whole [8]byte
	switch {
	case len(b) < 8 && s.little:
		copy(whole[8-len(b):], b)
		b = whole[:]
	case len(b) < 8:
		copy(whole[:], b)
		b = whole[:]
	}
	if s.little {
		return math.Float64frombits(binary.LittleEndian.Uint64(b))
	}
	return math.Float64frombits(binary.BigEndian.Uint64(b))
}

// unpadded returns text without the blanks and zeros behind it.
func unpadded(b []byte) []byte {
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == 0) {
		b = b[:len(b)-1]
	}
	return b
}

var sasEpoch = time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)

// The days that are written without package time, which takes five times as long.
const (
	sasFirstDay = -138061 // 1582-01-01
	sasLastDay  = 2936549 // 9999-12-31
	sasTo1970   = 3653
)

// cell adds a number of a kind. Missing is NaN.
func (g *grid) cell(kind sasKind, v float64) {
	switch kind {
	case sasDay:
		if v >= sasFirstDay && v <= sasLastDay {
			g.next()
			g.text = appendDay(g.text, int(math.Floor(v))-sasTo1970)
			return
		}
		g.date(sasEpoch, v)
	case sasMoment:
		if v >= sasFirstDay*86400 && v < sasLastDay*86400 {
			g.next()
			day := math.Floor(v / 86400)
			g.text = appendDay(g.text, int(day)-sasTo1970)
			if second := v - day*86400; second > 0 {
				g.text = appendClock(append(g.text, ' '), int(second))
			}
			return
		}
		g.moment(sasEpoch, v)
	case sasClock:
		switch {
		case v >= 0 && v < 86400:
			g.next()
			g.text = appendClock(g.text, int(v))
		case v > 1e8: // the time of a day
			g.cell(sasMoment, v)
		default:
			g.number(v)
		}
	default:
		g.number(v)
	}
}
