package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"time"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var savFormat = scanner.Format{
	Name: "sav",
	Doc: `SPSS system file (.sav, .zsav)

In either byte order, plain, with bytecode or zlib (PSPP Developers Guide,
"System File Format"). Dates and times are what their print formats say,
labelled values their labels, very long strings are joined. Documents and attributes
are read as running text.`,
	Match: func(_ string, head []byte) bool { return savOrder(head) != nil },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		s := &savReader{in: bufio.NewReaderSize(c.Stream(), 64<<10), order: savOrder(c.Head()), grid: grid{ctx: ctx, yield: yield}}
		err := s.read()
		if ferr := s.flush(); err == nil {
			err = ferr
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fault(err)
	},
}

const (
	savVariables = 1 << 16
	savRecord    = 16 << 20 // bytes of one record of the dictionary
	savRoom      = 64 << 20 // bytes of the dictionary
)

// savOrder returns the byte order of a system file, nil where there is none.
func savOrder(head []byte) binary.ByteOrder {
	if len(head) < 176 || !bytes.HasPrefix(head, []byte("$FL2")) && !bytes.HasPrefix(head, []byte("$FL3")) {
		return nil
	}
	for _, order := range []binary.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		if v := order.Uint32(head[64:]); v == 2 || v == 3 {
			return order
		}
	}
	return nil
}

// A savVariable is one variable; a very long string has several, which are one
// column.
type savVariable struct {
	width  int // bytes of a string; 0: a number
	format byte
	name   string
	label  string
	labels map[float64]string
	more   int // segments that follow
}

type savReader struct {
	in    *bufio.Reader
	order binary.ByteOrder
	grid
	compression uint32
	bias        float64
	cases       int64
	code        *charmap.Charmap // nil: UTF-8
	said        []byte           // documents and attributes, until the character set is known

	variables []savVariable
	slots     []int // the variable of each slot, by number
	room      int
	long      map[string]string // names by short name
	wide      map[string]int    // widths of very long strings

	packed io.Reader // slots as they are stored, without zlib
	codes  [8]byte
	used   int // of codes
	buffer []byte
}

func (s *savReader) read() error {
	head, err := s.bytes(176)
	if err != nil {
		return err
	}
	s.compression = s.order.Uint32(head[72:])
	s.cases = int64(int32(s.order.Uint32(head[80:])))
	s.bias = math.Float64frombits(s.order.Uint64(head[84:]))
	s.long, s.wide = make(map[string]string), make(map[string]int)
	s.code = charmap.Windows1252
	if err := s.dictionary(); err != nil {
		return err
	}
	if s.room = 0; len(s.said) > 0 {
		s.aside("", s.utf8(s.said))
	}
	s.columns()
	switch s.compression {
	case 0, 1:
		s.packed = s.in
	case 2:
		if s.packed, err = s.unzipped(); err != nil {
			return err
		}
	default:
		return unsupported("compression of SPSS")
	}
	return s.rows()
}

// bytes reads n bytes, which are valid until the next call.
func (s *savReader) bytes(n int) ([]byte, error) {
	if s.room += n; n < 0 || n > savRecord || s.room > savRoom {
		return nil, malformed("size of a record")
	}
	if cap(s.buffer) < n {
		if n > 1<<20 { // the length may lie: as much as there is
			b, err := io.ReadAll(io.LimitReader(s.in, int64(n)))
			if err == nil && len(b) < n {
				err = io.ErrUnexpectedEOF
			}
			return b, err
		}
		s.buffer = make([]byte, n, max(n, 4<<10))
	}
	b := s.buffer[:n]
	_, err := io.ReadFull(s.in, b)
	return b, err
}

func (s *savReader) int() (int, error) {
	b, err := s.bytes(4)
	if err != nil {
		return 0, err
	}
	return int(int32(s.order.Uint32(b))), nil
}

// dictionary reads the records before the data.
func (s *savReader) dictionary() error {
	for {
		kind, err := s.int()
		if err != nil {
			return err
		}
		switch kind {
		case 2:
			err = s.variable()
		case 3:
			err = s.valueLabels()
		case 6:
			err = s.documents()
		case 7:
			err = s.extension()
		case 999:
			_, err = s.bytes(4)
			return err
		default:
			return malformed("record of the dictionary")
		}
		if err != nil {
			return err
		}
	}
}

// documents reads notes, in lines of 80 bytes.
func (s *savReader) documents() error {
	n, err := s.int()
	for ; err == nil && n > 0; n-- {
		var b []byte
		if b, err = s.bytes(80); err == nil {
			s.said = append(append(s.said, bytes.TrimRight(b, " \x00")...), '\n')
		}
	}
	return err
}

// variable reads a variable, or one more slot of the string before.
func (s *savReader) variable() error {
	b, err := s.bytes(28)
	if err != nil {
		return err
	}
	width, labelled := int(int32(s.order.Uint32(b))), s.order.Uint32(b[4:]) == 1
	missing := int(int32(s.order.Uint32(b[8:])))
	v := savVariable{width: width, format: byte(s.order.Uint32(b[12:]) >> 16), name: strings.TrimRight(string(b[20:28]), " ")}
	if labelled {
		n, err := s.int()
		if err != nil {
			return err
		}
		if b, err = s.bytes((n + 3) &^ 3); err != nil {
			return err
		}
		v.label = string(b[:min(n, len(b))])
	}
	if missing < 0 {
		missing = -missing
	}
	if missing > 3 || width > 255 || len(s.slots) == savVariables {
		return malformed("variable")
	}
	if _, err := s.bytes(8 * missing); err != nil {
		return err
	}
	if width < 0 { // a further slot
		s.slots = append(s.slots, -1)
		return nil
	}
	s.slots = append(s.slots, len(s.variables))
	s.variables = append(s.variables, v)
	return nil
}

// valueLabels reads labels, and the variables that have them.
func (s *savReader) valueLabels() error {
	n, err := s.int()
	if err != nil {
		return err
	}
	labels := make(map[float64]string)
	for range n {
		b, err := s.bytes(9)
		if err != nil {
			return err
		}
		value, size := math.Float64frombits(s.order.Uint64(b)), int(b[8])
		if b, err = s.bytes((size+8)&^7 - 1); err != nil {
			return err
		}
		labels[value] = string(b[:size])
	}
	kind, err := s.int()
	if err == nil && kind != 4 {
		err = malformed("value labels without variables")
	}
	if err == nil {
		n, err = s.int()
	}
	for ; err == nil && n > 0; n-- {
		var i int
		if i, err = s.int(); err == nil && i >= 1 && i <= len(s.slots) && s.slots[i-1] >= 0 {
			s.variables[s.slots[i-1]].labels = labels
		}
	}
	return err
}

// extension reads a record that old programs skip.
func (s *savReader) extension() error {
	b, err := s.bytes(12)
	if err != nil {
		return err
	}
	kind, size, count := s.order.Uint32(b), int(int32(s.order.Uint32(b[4:]))), int(int32(s.order.Uint32(b[8:])))
	if size < 0 || count < 0 || size > savRecord || count > savRecord || size*count > savRecord {
		return malformed("size of a record")
	}
	if b, err = s.bytes(size * count); err != nil {
		return err
	}
	switch kind {
	case 3:
		if len(b) >= 32 {
			s.encode(map[uint32]string{65001: "utf-8", 850: "850", 437: "850", 10000: "mac"}[s.order.Uint32(b[28:])])
		}
	case 13:
		for pair := range bytes.SplitSeq(b, []byte("\t")) {
			if short, name, ok := bytes.Cut(pair, []byte("=")); ok {
				s.long[strings.ToUpper(string(short))] = string(name)
			}
		}
	case 14:
		for pair := range bytes.SplitSeq(b, []byte("\t")) {
			if short, width, ok := bytes.Cut(bytes.TrimRight(pair, "\x00"), []byte("=")); ok {
				n := 0
				for _, c := range width {
					n = min(n*10+int(c&15), 1<<20)
				}
				s.wide[strings.ToUpper(string(short))] = n
			}
		}
	case 17, 18: // attributes of the file, and of variables
		s.said = append(append(s.said, b...), '\n')
	case 20:
		s.encode(string(b))
	}
	return nil
}

// encode sets the character set.
func (s *savReader) encode(name string) {
	switch name = strings.ToLower(name); {
	case strings.Contains(name, "utf"):
		s.code = nil
	case strings.Contains(name, "850"), strings.Contains(name, "437"):
		s.code = charmap.CodePage850
	case strings.Contains(name, "mac"):
		s.code = charmap.Macintosh
	case strings.Contains(name, "8859-15"):
		s.code = charmap.ISO8859_15
	case name != "":
		s.code = charmap.Windows1252
	}
}

// utf8 returns text without its padding, in UTF-8.
func (s *savReader) utf8(b []byte) []byte {
	b = bytes.TrimRight(b, " \x00")
	if s.code == nil || indexHigh(b) == len(b) {
		return b
	}
	return appendCharmap(nil, b, s.code)
}

// columns joins the segments of very long strings and names the columns.
func (s *savReader) columns() {
	const segment = 252 // of each, that many bytes count for the number of segments
	for i := 0; i < len(s.variables); i++ {
		v := &s.variables[i]
		if w := s.wide[strings.ToUpper(v.name)]; w > 255 {
			v.more = min((w+segment-1)/segment-1, len(s.variables)-i-1)
		}
		title := v.name
		if name, ok := s.long[strings.ToUpper(v.name)]; ok {
			title = name
		}
		s.title(string(s.utf8([]byte(title))), string(s.utf8([]byte(v.label))))
		i += v.more
	}
}

// over tells whether err before a case is the end, after n of them: less than
// eight bytes behind them are nothing.
func (s *savReader) over(err error, n int64) bool {
	return n >= s.cases && (err == io.EOF || err == io.ErrUnexpectedEOF && s.cases >= 0)
}

// rows reads the cases: all that are there, whatever the header says.
func (s *savReader) rows() error {
	var slot [8]byte
	var value []byte
	for n := int64(0); ; n++ {
		for i := 0; i < len(s.variables); i++ {
			v := &s.variables[i]
			value = value[:0]
			for k := 0; k <= v.more; k++ {
				part := &s.variables[i+k]
				from := len(value)
				for range max(1, (part.width+7)/8) {
					if err := s.slot(&slot); err != nil {
						if i == 0 && k == 0 && len(value) == 0 && s.over(err, n) {
							return nil
						}
						return err
					}
					value = append(value, slot[:]...)
				}
				if part.width > 0 {
					value = value[:from+part.width]
				}
			}
			i += v.more
			s.cell(v, value)
		}
		if len(s.variables) == 0 {
			return malformed("no variables")
		}
		if err := s.endRow(); err != nil {
			return err
		}
	}
}

var savEpoch = time.Date(1582, 10, 14, 0, 0, 0, 0, time.UTC)

// cell adds a value.
func (s *savReader) cell(v *savVariable, b []byte) {
	if v.width > 0 {
		s.value(s.utf8(b))
		return
	}
	n := math.Float64frombits(s.order.Uint64(b))
	if n <= -math.MaxFloat64 {
		n = math.NaN()
	}
	s.numeric(v, n)
}

// numeric adds a number; NaN is missing.
func (s *savReader) numeric(v *savVariable, n float64) {
	if label, ok := v.labels[n]; ok {
		s.value(s.utf8([]byte(label)))
		return
	}
	switch v.format {
	case 20, 22, 23, 24, 28, 29, 30, 38, 39, 41:
		s.moment(savEpoch, n)
	default:
		s.number(n)
	}
}
