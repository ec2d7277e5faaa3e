package format

import (
	"encoding/hex"
	"io"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/deprecated"
	"github.com/parquet-go/parquet-go/format"

	"vigie/scanner"
)

// A parquetColumn gathers the cells of a batch of rows. It holds a page of its
// column at a time.
type parquetColumn struct {
	write func(dst []byte, v parquet.Value) []byte

	pages  parquet.Pages
	page   parquet.Page
	values parquet.ValueReader
	room   [parquetBatch]parquet.Value
	ready  []parquet.Value // of room
	ended  bool

	text []byte
	ends []int // of cells
}

// schema makes the columns.
func (p *parquetReader) schema(f *parquet.File) error {
	var walk func(c *parquet.Column, path []string)
	walk = func(c *parquet.Column, path []string) {
		if c.Leaf() {
			if title := strings.Join(path, "."); len(p.titles) < scanner.MaxColumns {
				p.titles = append(p.titles, strings.ToValidUTF8(title, "\uFFFD"))
			}
			p.columns = append(p.columns, &parquetColumn{write: parquetWriter(c.Type())})
			return
		}
		for _, below := range c.Columns() {
			walk(below, parquetPath(path, c, below))
		}
	}
	walk(f.Root(), nil)
	return nil
}

// parquetPath adds a name to a path, but not those that lists and maps are made of
// ("tags.list.element" is tags).
func parquetPath(path []string, above, c *parquet.Column) []string {
	name := c.Name()
	switch {
	case c.Repeated() && !c.Leaf() && (name == "list" || name == "bag" || name == "array" || name == "key_value" || name == "map"),
		above.Repeated() && (name == "element" || name == "item" || name == "array_element" || name == "array"):
		return path
	}
	return append(path[:len(path):len(path)], name)
}

// open begins with a column chunk.
func (c *parquetColumn) open(chunk parquet.ColumnChunk) {
	c.close()
	c.pages, c.ended = chunk.Pages(), false
}

func (c *parquetColumn) close() {
	if c.page != nil {
		parquet.Release(c.page)
	}
	if c.pages != nil {
		c.pages.Close()
	}
	c.pages, c.page, c.values, c.ready = nil, nil, nil, nil
}

// rows gathers the cells of the next n rows, and returns how many there are.
func (c *parquetColumn) rows(n int) (int, error) {
	c.text, c.ends = c.text[:0], c.ends[:0]
	for open := false; ; {
		if len(c.ready) == 0 {
			if err := c.more(); err != nil || c.ended {
				if open {
					c.ends = append(c.ends, len(c.text))
				}
				return len(c.ends), err
			}
		}
		v := c.ready[0]
		if v.RepetitionLevel() == 0 {
			if open {
				if c.ends = append(c.ends, len(c.text)); len(c.ends) == n {
					return n, nil
				}
			}
			open = true
		}
		c.ready = c.ready[1:]
		if v.IsNull() || !open {
			continue
		}
		from := 0
		if len(c.ends) > 0 {
			from = c.ends[len(c.ends)-1]
		}
		if len(c.text)-from > gridCell {
			continue
		}
		if len(c.text) > from {
			c.text = append(c.text, "; "...)
		}
		c.text = c.write(c.text, v)
	}
}

// more reads values; it ends with the chunk.
func (c *parquetColumn) more() error {
	for !c.ended {
		if c.values == nil {
			page, err := c.pages.ReadPage()
			if err == io.EOF {
				c.ended = true
				return nil
			}
			if err != nil {
				return err
			}
			c.page, c.values = page, page.Values()
		}
		n, err := c.values.ReadValues(c.room[:])
		if err == io.EOF {
			// The values lie in the page: it is kept until they are used.
			c.values = nil
			if n == 0 {
				parquet.Release(c.page)
				c.page = nil
				continue
			}
			c.values = noValues{}
			err = nil
		}
		if err != nil {
			return err
		}
		if n > 0 {
			c.ready = c.room[:n]
			return nil
		}
	}
	return nil
}

// noValues has ended.
type noValues struct{}

func (noValues) ReadValues([]parquet.Value) (int, error) { return 0, io.EOF }

// parquetWriter returns what appends a value of a type as text.
func parquetWriter(t parquet.Type) func([]byte, parquet.Value) []byte {
	scale, decimal := 0, false
	unit := time.Duration(0) // of a time
	day, date, unsigned, id, half := false, false, false, false, false
	if l := t.LogicalType(); l != nil {
		switch l := l.Value.(type) {
		case *format.DateType:
			date = true
		case *format.TimestampType:
			unit = parquetUnit(l.Unit)
		case *format.TimeType:
			unit, day = parquetUnit(l.Unit), true
		case *format.DecimalType:
			scale, decimal = int(l.Scale), true
		case *format.IntType:
			unsigned = !l.IsSigned
		case *format.UUIDType:
			id = true
		case *format.Float16Type:
			half = true
		}
	}
	if c := t.ConvertedType(); c != nil {
		switch *c {
		case deprecated.Date:
			date = true
		case deprecated.TimestampMillis:
			unit = time.Millisecond
		case deprecated.TimestampMicros:
			unit = time.Microsecond
		case deprecated.Uint8, deprecated.Uint16, deprecated.Uint32, deprecated.Uint64:
			unsigned = true
		}
	}
	integer := func(dst []byte, v int64) []byte {
		switch {
		case date:
			return appendMoment(dst, v, 24*time.Hour)
		case day:
			return unixEpoch.Add(time.Duration(v)*unit).AppendFormat(dst, time.TimeOnly)
		case unit > 0:
			return appendMoment(dst, v, unit)
		case decimal:
			return appendDecimal(dst, big.NewInt(v), scale)
		}
		return strconv.AppendInt(dst, v, 10)
	}
	switch t.Kind() {
	case parquet.Boolean:
		return func(dst []byte, v parquet.Value) []byte { return strconv.AppendBool(dst, v.Boolean()) }
	case parquet.Int32:
		return func(dst []byte, v parquet.Value) []byte {
			if unsigned {
				return strconv.AppendUint(dst, uint64(v.Uint32()), 10)
			}
			return integer(dst, int64(v.Int32()))
		}
	case parquet.Int64:
		return func(dst []byte, v parquet.Value) []byte {
			if unsigned {
				return strconv.AppendUint(dst, v.Uint64(), 10)
			}
			return integer(dst, v.Int64())
		}
	case parquet.Int96: // of Impala and Spark: nanoseconds, and the day of the Julian calendar
		return func(dst []byte, v parquet.Value) []byte {
			w := v.Int96()
			return appendMoment(dst, (int64(w[2])-2440588)*86400+int64(uint64(w[0])|uint64(w[1])<<32)/1e9, time.Second)
		}
	case parquet.Float:
		return func(dst []byte, v parquet.Value) []byte { return appendReal(dst, float64(v.Float()), 32) }
	case parquet.Double:
		return func(dst []byte, v parquet.Value) []byte { return appendReal(dst, v.Double(), 64) }
	}
	return func(dst []byte, v parquet.Value) []byte {
		b := v.ByteArray()
		switch {
		case decimal && len(b) <= 64:
			return appendDecimal(dst, signedBig(b), scale)
		case id && len(b) == 16:
			return hex.AppendEncode(dst, b)
		case half && len(b) == 2:
			return appendReal(dst, halfFloat(uint16(b[0])|uint16(b[1])<<8), 32)
		}
		return append(dst, b[:min(len(b), gridCell)]...)
	}
}

func parquetUnit(u format.TimeUnit) time.Duration {
	if u.Value == nil {
		return time.Millisecond
	}
	return u.Value.Duration()
}

// appendMoment appends a count of units since 1970: a day, and a time where there
// is one.
func appendMoment(dst []byte, v int64, unit time.Duration) []byte {
	var t time.Time
	switch {
	case unit >= time.Second:
		if v > math.MaxInt64/86400/4 || v < math.MinInt64/86400/4 {
			return dst
		}
		t = time.Unix(v*int64(unit/time.Second), 0).UTC()
	default:
		a := int64(time.Second / unit)
		s := v / a
		if v%a < 0 {
			s--
		}
		t = time.Unix(s, 0).UTC()
	}
	if y := t.Year(); y < 0 || y > 9999 {
		return dst
	}
	if h, m, s := t.Clock(); h == 0 && m == 0 && s == 0 {
		return t.AppendFormat(dst, time.DateOnly)
	}
	return t.AppendFormat(dst, time.DateTime)
}

// appendReal appends a number as a person would write it; missing is empty.
func appendReal(dst []byte, v float64, bits int) []byte {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return dst
	case v == math.Trunc(v) && size < 1e18:
		return strconv.AppendInt(dst, int64(v), 10)
	case size > 1e-3 && size < 1e18:
		return strconv.AppendFloat(dst, v, 'f', -1, bits)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, bits)
}

// halfFloat returns a number of 16 bits.
func halfFloat(b uint16) float64 {
	sign := 1.0
	if b&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(b>>10&31), float64(b&1023)/1024
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -14)
	case 31:
		return math.NaN()
	}
	return sign * math.Ldexp(1+fraction, exponent-15)
}

// signedBig returns a number in two's complement, the highest byte first.
func signedBig(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

// appendDecimal appends v with scale digits behind the point; a whole number has
// none.
func appendDecimal(dst []byte, v *big.Int, scale int) []byte {
	if scale <= 0 || scale > 100 {
		return v.Append(dst, 10)
	}
	s := v.Text(10)
	if s[0] == '-' {
		dst, s = append(dst, '-'), s[1:]
	}
	if len(s) <= scale {
		s = strings.Repeat("0", scale+1-len(s)) + s
	}
	dst = append(dst, s[:len(s)-scale]...)
	if part := strings.TrimRight(s[len(s)-scale:], "0"); part != "" {
		dst = append(append(dst, '.'), part...)
	}
	return dst
}
