package format

import (
	"fmt"
	"math/big"
	"strings"
	"time"

	"vigie/scanner"
)

// The types of fields.
const (
	arrowNull      = 1
	arrowInt       = 2
	arrowFloat     = 3
	arrowBinary    = 4
	arrowUTF8      = 5
	arrowBool      = 6
	arrowDecimal   = 7
	arrowDate      = 8
	arrowTime      = 9
	arrowTimestamp = 10
	arrowInterval  = 11
	arrowList      = 12
	arrowStruct    = 13
	arrowUnion     = 14
	arrowFixed     = 15
	arrowFixedList = 16
	arrowMap       = 17
	arrowDuration  = 18
	arrowLarge     = 19
	arrowLargeUTF8 = 20
	arrowLargeList = 21
	arrowRunEnd    = 22
	arrowView      = 23
	arrowViewUTF8  = 24
	arrowListView  = 25

	arrowLargeListView = 26
)

// An arrowField is a field of the schema, and where its values of the batch at hand
// come from.
type arrowField struct {
	kind   byte
	width  int // of a value, in bytes
	signed bool
	unit   time.Duration
	scale  int
	length int64 // of a list of fixed length
	column int
	below  []*arrowField
	words  *arrowWords
	dense  bool       // of a union
	which  [256]uint8 // field of a union by the number of its type

	valid   *arrowBits
	bits    *arrowBits
	offsets *arrowValues
	values  *arrowValues
	at      int64 // values or bytes that were passed
	begun   bool
	apart   []*arrowApart // texts of a view
	counts  []int64       // values of the fields of a dense union that were passed
	end     int64         // of the run at hand
	word    []byte        // its value
	lost    bool
}

// schema makes the fields and the columns.
func (a *arrowReader) schema(m flat) error {
	if m.short(0) != 0 {
		return unsupported("big-endian Arrow")
	}
	if a.fields != nil {
		return malformed("two schemas")
	}
	n := 0
	fields := []*arrowField{}
	a.titles = nil
	clear(a.words)
	for _, t := range m.tables(1) {
		f, err := a.compile(t, "", -1, 0, &n)
		if err != nil {
			return err
		}
		fields = append(fields, f)
	}
	a.fields = fields
	a.cells = make([][]byte, len(a.titles))
	return nil
}

// compile makes a field. Its values go to their own column, or to that of the list
// they are in.
func (a *arrowReader) compile(t flat, path string, column, depth int, n *int) (*arrowField, error) {
	if *n++; depth > arrowDepth || *n > arrowFields {
		return nil, malformed("fields within fields")
	}
	name := strings.ToValidUTF8(t.text(0), "\uFFFD")
	if path != "" {
		name = path + "." + name
	}
	f := &arrowField{kind: t.byte(2), column: column}
	kind, _ := t.table(3)
	if err := f.shape(kind); err != nil {
		if p, ok := err.(*scanner.Problem); ok {
			p.Detail += fmt.Sprintf(": column %.80s", name)
		}
		return nil, err
	}
	dictionary, coded := t.table(4)
	if f.column < 0 && (f.kind != arrowStruct || coded) {
		if f.column = len(a.titles); f.column < scanner.MaxColumns {
			a.titles = append(a.titles, name)
		} else {
			f.column--
		}
	}
	for _, below := range t.tables(5) {
		b, err := a.compile(below, name, f.column, depth+1, n)
		if err != nil {
			return nil, err
		}
		f.below = append(f.below, b)
	}
	want := map[byte]int{arrowList: 1, arrowLargeList: 1, arrowMap: 1, arrowFixedList: 1, arrowListView: 1, arrowLargeListView: 1, arrowRunEnd: 2}[f.kind]
	if f.kind != arrowStruct && f.kind != arrowUnion && len(f.below) != want {
		return nil, malformed("fields within a field")
	}
	if f.kind == arrowRunEnd && (f.below[0].kind != arrowInt || f.below[0].words != nil) {
		return nil, malformed("runs of a column")
	}
	if !coded {
		return f, nil
	}
	if len(f.below) > 0 {
		return nil, unsupported(fmt.Sprintf("dictionary of lists in Arrow: column %.80s", name))
	}
	id := dictionary.long(0)
	if a.words[id] == nil {
		a.words[id] = &arrowWords{field: f}
	}
	index := &arrowField{kind: arrowInt, width: 4, signed: true, column: f.column, words: a.words[id]}
	if t, ok := dictionary.table(1); ok {
		if err := index.shape(t); err != nil {
			return nil, err
		}
	}
	return index, nil
}

// shape reads the parameters of a type.
func (f *arrowField) shape(t flat) error {
	units := []time.Duration{time.Second, time.Millisecond, time.Microsecond, time.Nanosecond}
	unit := func(n, otherwise int) time.Duration {
		if b, ok := t.field(n, 2); ok {
			otherwise = int(b[0])
		}
		return units[min(otherwise, 3)]
	}
	switch f.kind {
	case arrowInt:
		f.width, f.signed = t.int(0, 0)/8, t.byte(1) != 0
	case arrowFloat:
		f.width = 2 << min(max(t.short(0), 0), 2)
	case arrowDecimal:
		f.width, f.scale = t.int(2, 128)/8, t.int(1, 0)
	case arrowDate:
		f.width, f.unit = 8, time.Millisecond
		if b, ok := t.field(0, 2); ok && b[0] == 0 {
			f.width, f.unit = 4, 24*time.Hour
		}
	case arrowTime:
		f.width, f.unit = t.int(1, 32)/8, unit(0, 1)
	case arrowTimestamp:
		f.width, f.unit = 8, unit(0, 0)
	case arrowDuration:
		f.width = 8
	case arrowInterval:
		f.width = []int{4, 8, 16}[min(max(t.short(0), 0), 2)]
	case arrowFixed:
		f.width = t.int(0, 0)
	case arrowFixedList:
		f.length = int64(t.int(0, 0))
	case arrowView, arrowViewUTF8:
		f.width = 16
	case arrowUnion, arrowListView, arrowLargeListView:
		f.spread(t)
	case arrowRunEnd, arrowNull, arrowBinary, arrowUTF8, arrowBool, arrowList, arrowStruct, arrowMap, arrowLarge, arrowLargeUTF8, arrowLargeList:
	default:
		return unsupported("type of a column in Arrow")
	}
	switch w := f.width; {
	case w < 0 || w > gridCell || f.length < 0 || f.length > 1<<40,
		(f.kind == arrowInt || f.kind == arrowTime) && w != 1 && w != 2 && w != 4 && w != 8,
		f.kind == arrowDecimal && (w == 0 || w > 32):
		return malformed("width of a column")
	}
	return nil
}

// text appends a value of fixed width.
func (f *arrowField) text(dst, b []byte) []byte {
	switch f.kind {
	case arrowFloat:
		switch f.width {
		case 2:
			return appendReal(dst, halfFloat(uint16(b[0])|uint16(b[1])<<8), 32)
		case 4:
			return appendReal(dst, float64(arrowSingle(b)), 32)
		}
		return appendReal(dst, arrowDouble(b), 64)
	case arrowDecimal:
		high := make([]byte, len(b))
		for i := range b {
			high[len(b)-1-i] = b[i]
		}
		return appendDecimal(dst, signedBig(high), f.scale)
	case arrowFixed:
		return append(dst, b...)
	case arrowInterval:
		return dst
	}
	v := arrowInteger(b, f.signed || f.kind != arrowInt)
	switch f.kind {
	case arrowDate, arrowTimestamp:
		return appendMoment(dst, v, f.unit)
	case arrowTime:
		return unixEpoch.Add(time.Duration(v)*f.unit).AppendFormat(dst, time.TimeOnly)
	}
	if v < 0 && !f.signed && f.kind == arrowInt {
		return new(big.Int).SetUint64(uint64(v)).Append(dst, 10)
	}
	return big.NewInt(v).Append(dst, 10)
}
