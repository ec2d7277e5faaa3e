package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"math"
	"strconv"
	"time"

	"vigie/scanner"
)

var dtaFormat = scanner.Format{
	Name: "dta",
	Doc: `Stata data set (.dta)

Versions 108 to 115 (Stata 6 to 12) and 117 to 121 (Stata 13 to 18), in either byte order
(Stata's help, "dta"). Dates and times are what their display formats say, labelled values
their labels. Notes and other characteristics are read as running text, and so is what a
strL has beyond 64 KiB. A long text to which many cells refer stands in the first of them,
its beginning in the others.`,
	Match: func(_ string, head []byte) bool { return isOldDTA(head) || bytes.HasPrefix(head, []byte(dtaMark)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		d := &dtaReader{cursor: newCursor(at, size, 0, slabSize), grid: grid{ctx: ctx, yield: yield}}
		err = d.read(isOldDTA(c.Head()))
		ferr := d.flush()
		for _, e := range []error{ferr, broken, d.flaw} {
			if err == nil {
				err = e
			}
		}
		return fault(err)
	},
}

const (
	dtaMark    = "<stata_dta><header><release>"
	dtaColumns = 1 << 17
	dtaLabels  = 8 << 20 // bytes of value labels
	dtaTexts   = 1 << 20 // strLs that cells may refer to
)

// isOldDTA recognises the header of versions without marks: version, byte order,
// type of file and a zero.
func isOldDTA(head []byte) bool {
	return len(head) > 109 && head[0] >= 108 && head[0] <= 115 && head[0] != 109 && (head[1] == 1 || head[1] == 2) && head[2] == 1 && head[3] == 0
}

// A dtaColumn is one variable.
type dtaColumn struct {
	kind   uint16 // as version 117 numbers them: 1 to 2045 texts
	width  int
	format string
	label  string // name of its value labels
	name   string
	title  string
}

// The types of version 117 and later.
const (
	dtaLong  = 32768 // strL
	dtaAlias = 65525 // of a variable of another frame: nothing is stored
	dtaDbl   = 65526
	dtaFloat = 65527
	dtaInt32 = 65528
	dtaInt16 = 65529
	dtaInt8  = 65530
)

type dtaReader struct {
	*cursor
	grid
	order   binary.ByteOrder
	version int
	columns []dtaColumn
	count   int64
	labels  map[string]map[int64]string
	room    int              // bytes of labels
	texts   map[dtaRef]int64 // where strLs are; negative when they were read
	long    *cursor
	flaw    error // beside the data
}

// A dtaRef is how a cell names a strL.
type dtaRef struct {
	v uint32
	o uint64
}

func (d *dtaReader) read(old bool) error {
	if old {
		return d.readOld()
	}
	return d.readMarked()
}

// text returns a fixed field up to its zero, in UTF-8.
func (d *dtaReader) text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	if d.version >= 118 {
		return string(b)
	}
	return string(legacy(b))
}

// fields reads one text of the given width for each column.
func (d *dtaReader) fields(width int, set func(*dtaColumn, string)) error {
	for i := range d.columns {
		b, err := d.take(width)
		if err != nil {
			return err
		}
		set(&d.columns[i], d.text(b))
	}
	return nil
}

// widths sets the width of each column, and returns that of a row.
func (d *dtaReader) widths() (int64, error) {
	row := int64(0)
	for i := range d.columns {
		c := &d.columns[i]
		switch k := c.kind; {
		case k == dtaDbl, k == dtaLong:
			c.width = 8
		case k == dtaFloat, k == dtaInt32:
			c.width = 4
		case k == dtaInt16:
			c.width = 2
		case k == dtaInt8:
			c.width = 1
		case k == dtaAlias:
		case k >= 1 && k <= 2045:
			c.width = int(k)
		default:
			return 0, malformed("type of a variable")
		}
		row += int64(c.width)
		d.titles = append(d.titles, c.title)
	}
	if row == 0 {
		return 0, malformed("no variables")
	}
	return row, nil
}

// rows reads the data.
func (d *dtaReader) rows(width int64) error {
	if width > slabSize {
		d.cursor.room = make([]byte, width)
	}
	for range d.count {
		row, err := d.take(int(width))
		if err != nil {
			return err
		}
		for i := range d.columns {
			c := &d.columns[i]
			d.cell(c, row[:c.width])
			row = row[c.width:]
		}
		if err := d.endRow(); err != nil {
			return err
		}
	}
	return nil
}

// cell adds a value. The highest values of each number type are missing; before
// version 113 only the highest.
func (d *dtaReader) cell(c *dtaColumn, b []byte) {
	v, old := math.NaN(), d.version < 113
	switch c.kind {
	case dtaLong:
		d.longText(b)
		return
	case dtaDbl:
		if f := math.Float64frombits(d.order.Uint64(b)); f < 0x1p1023 {
			v = f
		}
	case dtaFloat:
		if f := math.Float32frombits(d.order.Uint32(b)); f < 0x1p127 {
			v, _ = strconv.ParseFloat(strconv.FormatFloat(float64(f), 'g', -1, 32), 64)
		}
	case dtaInt32:
		if n := int32(d.order.Uint32(b)); n <= 2147483620 || old && n < math.MaxInt32 {
			v = float64(n)
		}
	case dtaInt16:
		if n := int16(d.order.Uint16(b)); n <= 32740 || old && n < math.MaxInt16 {
			v = float64(n)
		}
	case dtaInt8:
		if n := int8(b[0]); n <= 100 || old && n < math.MaxInt8 {
			v = float64(n)
		}
	case dtaAlias:
	default:
		if i := bytes.IndexByte(b, 0); i >= 0 {
			b = b[:i]
		}
		if d.version < 118 && indexHigh(b) < len(b) {
			b = legacy(b)
		}
		d.value(b)
		return
	}
	d.named(c, v)
}

var stataEpoch = time.Date(1960, 1, 1, 0, 0, 0, 0, time.UTC)

// named adds a number as its label, its date format, or itself.
func (d *dtaReader) named(c *dtaColumn, v float64) {
	if labels := d.labels[c.label]; labels != nil && v == math.Trunc(v) {
		if s, ok := labels[int64(v)]; ok {
			d.value([]byte(s))
			return
		}
	}
	f := bytes.TrimLeft([]byte(c.format), "%-")
	switch {
	case len(f) > 1 && f[0] == 't' && (f[1] == 'c' || f[1] == 'C'):
		d.moment(stataEpoch, math.Floor(v/1000))
	case len(f) > 1 && f[0] == 't' && f[1] == 'd', len(f) > 0 && f[0] == 'd':
		d.date(stataEpoch, v)
	case len(f) > 1 && f[0] == 't' && f[1] == 'm' && math.Abs(v) < 1e5: // months
		d.next()
		d.grid.text = stataEpoch.AddDate(0, int(v), 0).AppendFormat(d.grid.text, "2006-01")
	default:
		d.number(v)
	}
}
