package format

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"vigie/scanner"
)

var xptFormat = scanner.Format{
	Name: "xpt",
	Doc: `SAS transport file (.xpt)

Versions 5, 6, 8 and 9, with all their tables, in a stream (SAS technical notes TS-140
and its successor). Dates and times are what their display formats say. What PROC CPORT
writes is another format, and is not read.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte(xptMark+"LIBRARY HEADER RECORD!!!!!!!")) || bytes.HasPrefix(head, []byte(xptMark+"LIBV8   HEADER RECORD!!!!!!!"))
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		x := &xptReader{in: bufio.NewReaderSize(c.Stream(), xptRoom), ctx: ctx, yield: yield}
		return fault(x.read())
	},
}

const (
	xptMark    = "HEADER RECORD*******"
	xptRecord  = 80
	xptRoom    = 1000 * xptRecord
	xptColumns = 1 << 16
	xptLabels  = 16 << 20 // bytes of the long names and labels of a table
)

// An xptReader reads tables one after the other.
type xptReader struct {
	in      *bufio.Reader
	ctx     context.Context
	yield   func(*scanner.Block) error
	buf     []byte
	unicode bool // text was seen that is UTF-8
}

// An xptColumn is a variable.
type xptColumn struct {
	width             int
	text              bool
	name, label, form string
}

// record reads the next record; it is valid until the one after.
func (x *xptReader) record() ([]byte, error) { return x.bytes(xptRecord) }

// bytes reads n bytes.
func (x *xptReader) bytes(n int) ([]byte, error) {
	if cap(x.buf) < n {
		x.buf = make([]byte, n)
	}
	_, err := io.ReadFull(x.in, x.buf[:n])
	return x.buf[:n], err
}

// header reads a record that must be a header, and returns which, and the
// numbers behind it.
func (x *xptReader) header() (kind, rest string, err error) {
	b, err := x.record()
	if err != nil {
		return "", "", err
	}
	if !bytes.HasPrefix(b, []byte(xptMark)) {
		return "", "", malformed("a header is missing")
	}
	return strings.TrimSpace(string(b[20:28])), string(b[48:]), nil
}

func (x *xptReader) read() error {
	for range 3 { // the library's
		if _, err := x.record(); err != nil {
			return err
		}
	}
	for {
		if _, err := x.in.Peek(1); err == io.EOF {
			return nil
		}
		if err := x.table(); err != nil {
			return x.rest(err)
		}
	}
}

// rest hands over what follows headers that make no sense as running text.
func (x *xptReader) rest(err error) error {
	var p *scanner.Problem
	if !errors.As(err, &p) || p.Reason != scanner.Malformed {
		return err
	}
	return cmp.Or(rawText(x.ctx, x.in, x.yield), err)
}

// table reads a table, from its header on.
func (x *xptReader) table() error {
	kind, rest, err := x.header()
	if err != nil {
		return err
	}
	if kind != "MEMBER" && kind != "MEMBV8" {
		return malformed("header of a table")
	}
	size := int(decimal(rest[25:30]))
	if size != 136 {
		size = 140
	}
	if kind, _, err = x.header(); err != nil {
		return err
	}
	if kind != "DSCRPTR" && kind != "DSCPTV8" {
		return malformed("header of a description")
	}
	b, err := x.record()
	if err != nil {
		return err
	}
	name := b[8:16]
	if kind == "DSCPTV8" {
		name = b[8:40]
	}
	g := &grid{ctx: x.ctx, yield: x.yield, name: x.utf8Text(name)}
	if _, err = x.record(); err != nil {
		return err
	}
	if kind, rest, err = x.header(); err != nil {
		return err
	}
	if kind != "NAMESTR" && kind != "NAMSTV8" {
		return malformed("header of columns")
	}
	columns, err := x.columns(int(decimal(rest[5:10])), size)
	if err != nil {
		return err
	}
	all := int64(-1)
	for {
		if kind, rest, err = x.header(); err != nil {
			return err
		}
		if kind == "OBSV8" {
			if n := decimal(strings.TrimSpace(rest[:min(15, len(rest))])); n > 0 {
				all = n
			}
		}
		if kind == "OBS" || kind == "OBSV8" {
			break
		}
		if err := x.labels(columns, kind, int(decimal(strings.TrimSpace(rest[:5])))); err != nil {
			return err
		}
	}
	err = x.rows(g, columns, all)
	if ferr := g.flush(); ferr != nil {
		err = ferr
	}
	return err
}

// decimal reads the digits that a text begins with.
func decimal(s string) (n int64) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > 1<<40 {
			break
		}
		n = n*10 + int64(c-'0')
	}
	return n
}

// columns reads n descriptions of size bytes.
func (x *xptReader) columns(n, size int) (columns []xptColumn, err error) {
	if n == 0 || n > xptColumns {
		return nil, malformed("number of columns")
	}
	for range n {
		b, err := x.bytes(size)
		if err != nil {
			return nil, err
		}
		c := xptColumn{
			text: binary.BigEndian.Uint16(b) != 1, width: int(binary.BigEndian.Uint16(b[4:])),
			name: x.utf8Text(b[8:16]), label: x.utf8Text(b[16:56]), form: x.utf8Text(b[56:64]),
		}
		if size == 140 && b[88] > ' ' {
			c.name = x.utf8Text(b[88:120])
		}
		if c.width == 0 || !c.text && c.width > 8 {
			return nil, malformed("width of a column")
		}
		columns = append(columns, c)
	}
	return columns, x.align(n * size)
}

// align skips what fills the last record of n bytes.
func (x *xptReader) align(n int) error {
	_, err := x.in.Discard((xptRecord - n%xptRecord) % xptRecord)
	return err
}

// labels reads names, labels and formats that are too long for a description.
func (x *xptReader) labels(columns []xptColumn, kind string, n int) error {
	fields := map[string]int{"LABELV8": 3, "LABELV9": 5}[kind]
	if fields == 0 {
		return malformed("header of rows")
	}
	if n > xptColumns {
		return malformed("number of labels")
	}
	read := 0
	for range n {
		b, err := x.bytes(2 * fields)
		if err != nil {
			return err
		}
		var sizes [5]int
		size := 0
		for i := range fields {
			sizes[i] = int(binary.BigEndian.Uint16(b[2*i:]))
			if i > 0 {
				size += sizes[i]
			}
		}
		if read += 2*fields + size; read > xptLabels {
			return malformed("size of labels")
		}
		if b, err = x.bytes(size); err != nil {
			return err
		}
		if i := sizes[0] - 1; i >= 0 && i < len(columns) {
			c := &columns[i]
			c.name, b = x.utf8Text(b[:sizes[1]]), b[sizes[1]:]
			c.label, b = x.utf8Text(b[:sizes[2]]), b[sizes[2]:]
			if sizes[3] > 0 {
				c.form = x.utf8Text(b[:sizes[3]])
			}
		}
	}
	return x.align(read)
}

// utf8Text returns a text of a header in UTF-8.
func (x *xptReader) utf8Text(b []byte) string {
	return strings.TrimSpace(string(x.utf8(b[:min(len(b), sasTitle)])))
}

// utf8 returns the text of a cell without its padding, in UTF-8. The format does
// not say what character set it is in: the cells before tell of a letter that is
// cut.
func (x *xptReader) utf8(cell []byte) []byte {
	b := unpadded(cell)
	high := indexHigh(b)
	switch {
	case high == len(b):
		return b
	case utf8.Valid(b[high:]):
		x.unicode = true
		return b
	case x.unicode && len(b) == len(cell) && sniffHigh(b[high:]) == utf8Text:
		return b
	}
	return legacy(b)
}

// legacy returns text in UTF-8 whose format does not say what character set it is
// in: that which it looks like.
func legacy(b []byte) []byte {
	high := indexHigh(b)
	if high == len(b) || utf8.Valid(b[high:]) {
		return b
	}
	cs := sniffHigh(append(b[high:len(b):len(b)], ' '))
	if cs == utf8Text {
		cs = windows1252
	}
	return appendCharmap(nil, b, charmaps[cs])
}
