package format

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"io"
	"math"
)

// rows reads the rows of a table, all of them if that is known. Columns stand in
// the order of their descriptions: not all programs give true places. Blanks fill
// the last record, and may look like rows.
func (x *xptReader) rows(g *grid, columns []xptColumn, all int64) error {
	width := 0
	kinds := make([]sasKind, len(columns))
	for i, c := range columns {
		width += c.width
		kinds[i] = sasKindOf(c.form)
		g.titles = append(g.titles, titled(c.name, c.label))
	}
	data := &xptData{in: x.in}
	if width > sasPage {
		return malformed("width of a row")
	}
	row := make([]byte, width)
	blank := 0 // rows that may be what fills the last record
	for n := int64(0); ; n++ {
		got, err := io.ReadFull(data, row)
		if err != nil {
			return xptEnd(data, row[:got], n-int64(blank), all, err)
		}
		if allBlank(row) {
			blank++
			continue
		}
		for ; blank > 0; blank-- {
			for range columns {
				g.value(nil)
			}
			if err := g.endRow(); err != nil {
				return err
			}
		}
		rest := row
		for i := range columns {
			c := &columns[i]
			b := rest[:c.width]
			rest = rest[c.width:]
			if c.text {
				g.value(x.utf8(b))
			} else {
				g.cell(kinds[i], ibmFloat(b))
			}
		}
		if err := g.endRow(); err != nil {
			return err
		}
	}
}

// xptEnd says whether the rows of a table ended well: what is left is no row,
// and there were n of them.
func xptEnd(data *xptData, left []byte, n, all int64, err error) error {
	switch {
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		return err
	case data.read%xptRecord != 0, !allBlank(left), all > 0 && n < all-xptRecord:
		return truncated("ends in the middle")
	}
	return nil
}

func allBlank(b []byte) bool {
	for _, c := range b {
		if c != ' ' {
			return false
		}
	}
	return true
}

// ibmFloat reads a number as mainframes have it: a sign, a power of 16, a
// fraction. Missing is NaN.
func ibmFloat(b []byte) float64 {
	var whole [8]byte
	copy(whole[:], b)
	bits := binary.BigEndian.Uint64(whole[:])
	fraction := bits & (1<<56 - 1)
	if fraction == 0 {
		if bits == 0 {
			return 0
		}
		return math.NaN() // '.', '_', 'A' to 'Z'
	}
	v := math.Ldexp(float64(fraction), 4*(int(bits>>56&0x7F)-64)-56)
	if bits>>63 != 0 {
		v = -v
	}
	return v
}

// xptData reads the records of a table, up to the header of the next.
type xptData struct {
	in   *bufio.Reader
	free int // bytes ahead that hold no header
	read int64
}

func (d *xptData) Read(p []byte) (int, error) {
	if d.free == 0 {
		b, err := d.in.Peek(xptRecord)
		if len(b) == 0 {
			return 0, err
		}
		if isNextTable(b) {
			return 0, io.EOF
		}
		b, _ = d.in.Peek(d.in.Buffered())
		d.free = len(b)
		if whole := len(b) - len(b)%xptRecord; whole > 0 {
			d.free = whole
		}
		for at := xptRecord; at < d.free; at += xptRecord {
			if b[at] == 'H' && isNextTable(b[at:d.free]) {
				d.free = at
			}
		}
	}
	n, err := d.in.Read(p[:min(len(p), d.free)])
	d.free -= n
	d.read += int64(n)
	return n, err
}

func isNextTable(b []byte) bool {
	return len(b) >= 48 && bytes.HasPrefix(b, []byte(xptMark+"MEMB")) && string(b[28:48]) == "HEADER RECORD!!!!!!!"
}
