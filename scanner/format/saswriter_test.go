package format

import (
	"cmp"
	"encoding/binary"
	"flag"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

var writeSAS = flag.Bool("write-sas", false, "write the tables of fixtures/formats/sas7bdat that sasTable makes")

// A sasShape is how a table is written.
type sasShape struct {
	wide    bool // 64 bits
	order   binary.AppendByteOrder
	method  string // of compression: SASYZCRL or SASYZCR2
	digits  int    // bytes of a number, but of a NIR
	mixed   bool   // rows stand on the page that describes them, too
	late    bool   // names stand on the last page, not on the first
	deleted bool   // every row is marked as deleted
	odd     bool   // an odd number of parts: the first row of a mixed page stands at no multiple of eight
	release string // of the program; 9.0401M6
	tight   bool   // nothing fills the gap before that row
}

// sasShapes are the tables in fixtures that no software at hand writes. They are
// written by sasTable, which ReadStat reads.
var sasShapes = map[string]sasShape{
	"char64.sas7bdat":   {wide: true, order: binary.LittleEndian, method: "SASYZCRL", digits: 8},
	"char32.sas7bdat":   {order: binary.BigEndian, method: "SASYZCRL", digits: 8},
	"binary64.sas7bdat": {wide: true, order: binary.BigEndian, method: "SASYZCR2", digits: 8},
	"binary32.sas7bdat": {order: binary.LittleEndian, method: "SASYZCR2", digits: 4},
	"big64.sas7bdat":    {wide: true, order: binary.BigEndian, digits: 8},
	"big32.sas7bdat":    {order: binary.BigEndian, digits: 4, mixed: true},
	"little32.sas7bdat": {order: binary.LittleEndian, digits: 4, mixed: true},
}

const sasPageSize = 4096

// sasColumnsWritten are those of the register.
var sasColumnsWritten = []struct {
	name, format, label string
	width               int // 0: a number
}{
	{"NIR", "BEST", "", 0}, {"NOM", "$", "", 14}, {"PRENOM", "$", "", 18}, {"NAISSANCE", "DDMMYY", "", 0}, {"V5", "", "Code postal", 0},
}

// A sasWriter lays parts on pages.
type sasWriter struct {
	sasShape
	out   []byte
	parts []sasPart
	room  int
	rows  int
}

type sasPart struct {
	data         []byte
	method, kind byte
}

func (w *sasWriter) word() int {
	if w.wide {
		return 8
	}
	return 4
}

// size is how many bytes the numbers of a column have.
func (w *sasWriter) size(column int) int {
	if column == 0 {
		return 8
	}
	return w.digits
}

func (w *sasWriter) long(b []byte, n uint64) []byte {
	if w.wide {
		return w.order.AppendUint64(b, n)
	}
	return w.order.AppendUint32(b, uint32(n))
}

// sign begins a part.
func (w *sasWriter) sign(n uint32) []byte {
	if n>>24 != 0xFF && w.wide && w.order == binary.AppendByteOrder(binary.BigEndian) {
		return w.order.AppendUint64(nil, uint64(n)<<32|0xFFFFFBFE)
	}
	if n>>24 != 0xFF {
		return w.long(nil, uint64(n))
	}
	return w.long(nil, 0xFFFFFFFF<<32|uint64(n))
}

func (w *sasWriter) short(b []byte, n ...int) []byte {
	for _, n := range n {
		b = w.order.AppendUint16(b, uint16(n))
	}
	return b
}

// sizes of the header of a page, and of a pointer.
func (w *sasWriter) sizes() (header, pointer int) {
	if w.wide {
		return 40, 24
	}
	return 24, 12
}

// part puts a part on the page at hand, or on the next.
func (w *sasWriter) part(data []byte, method, kind byte) {
	header, pointer := w.sizes()
	if header+(len(w.parts)+2)*pointer+w.room+len(data) > sasPageSize {
		w.page(0, nil)
	}
	w.parts = append(w.parts, sasPart{data, method, kind})
	w.room += len(data)
}

// page ends a page: parts from its end on, rows behind the pointers.
func (w *sasWriter) page(kind int, rows [][]byte) {
	header, pointer := w.sizes()
	p := w.short(make([]byte, header-8, sasPageSize), kind, len(w.parts)+len(rows), len(w.parts), 0)
	at := sasPageSize
	for _, part := range w.parts {
		at -= len(part.data)
		p = w.long(w.long(p, uint64(at)), uint64(len(part.data)))
		p = append(append(p, part.method, part.kind), make([]byte, pointer-2*w.word()-2)...)
	}
	if kind&sasMask == sasMix && !w.tight {
		p = append(p, make([]byte, -len(p)&7)...)
	}
	for _, r := range rows {
		p = append(p, r...)
	}
	p = append(p, make([]byte, sasPageSize-len(p))...)
	at = sasPageSize
	for _, part := range w.parts {
		at -= len(part.data)
		copy(p[at:], part.data)
	}
	w.out = append(w.out, p...)
	w.parts, w.room = nil, 0
}

// sasTable writes a table of the register's columns.
func sasTable(s sasShape, rows [][]string) []byte {
	w := &sasWriter{sasShape: s, rows: len(rows)}
	var packed [][]byte
	for _, r := range rows {
		packed = append(packed, w.row(r))
	}
	mixed := 0
	if s.mixed {
		mixed = 8
	}
	text, refs := w.text()
	w.describe(len(packed[0]), mixed)
	if !s.late {
		w.part(text, 0, 1)
	} else {
		w.part(append(append(w.short(w.sign(sasTexts), 44-2*w.word()-4, 0), make([]byte, 24)...), fmt.Sprintf("%*s", -16+w.word(), w.method)...), 0, 1)
	}
	w.columns(refs)
	if s.odd {
		w.part(append(w.sign(sasList), make([]byte, 32)...), 0, 1)
	}
	kind := sasData
	if s.deleted {
		kind |= 0x80
	}
	switch {
	case s.method != "":
		for _, r := range packed {
			w.part(w.pack(r), byte(4+kind>>7&1), 1)
		}
		w.page(0, nil)
	case mixed > 0:
		w.page(sasMix, packed[:mixed])
	default:
		w.page(0, nil)
	}
	if s.method == "" {
		header, _ := w.sizes()
		for rest := packed[mixed:]; len(rest) > 0; {
			n := min(len(rest), (sasPageSize-header)/len(rest[0]))
			w.page(kind, rest[:n])
			rest = rest[n:]
		}
	}
	if s.late {
		w.part(text, 0, 1)
		w.page(sasAmd, nil)
	}
	return append(w.header(), w.out...)
}

func (w *sasWriter) header() []byte {
	h := make([]byte, 1024)
	copy(h, sasMagic+"\x18\x1f\x10\x11")
	copy(h[84:], "SAS FILE"+"REGISTRE")
	h[32], h[35], h[37], h[39], h[70] = '"', '"', 0, '1', 62
	if w.wide {
		h[32], h[35] = '3', '3'
	}
	if w.order == binary.AppendByteOrder(binary.LittleEndian) {
		h[37] = 1
	}
	pad := 0
	if w.wide {
		pad = 4
	}
	b := w.order.AppendUint32(w.order.AppendUint32(nil, uint32(len(h))), sasPageSize)
	copy(h[196+pad:], w.long(b, uint64(len(w.out)/sasPageSize)))
	copy(h[212+pad+w.word():], cmp.Or(w.release, "9.0401M6")+"Linux")
	return h
}

// describe writes the sizes of rows and columns.
func (w *sasWriter) describe(width, mixed int) {
	size := 480
	if w.wide {
		size = 808
	}
	b := w.sign(sasRowSize)
	for _, n := range []int{0, 0, 0, 0, width, w.rows, 0, 0, len(sasColumnsWritten), 0, 0, 0, sasPageSize, 0, mixed} {
		b = w.long(b, uint64(n))
	}
	b = append(b, make([]byte, size-len(b))...)
	if w.method != "" { // where the name of the method stands
		copy(b[size-118:], w.short(nil, 0, 28, 8))
	}
	w.part(b, 0, 0)
	w.part(w.long(w.long(w.sign(sasColumnCount), uint64(len(sasColumnsWritten))), 0), 0, 0)
}

// text writes the names, formats and labels, and returns where they are.
func (w *sasWriter) text() (b []byte, refs [][3][]int) {
	number := 0
	if w.late {
		number = 1
	}
	b = append(append(w.sign(sasTexts), make([]byte, 28)...), w.method...)
	for _, c := range sasColumnsWritten {
		var of [3][]int
		for i, s := range []string{c.name, c.format, c.label} {
			of[i] = []int{number, len(b) - w.word(), len(s)}
			b = append(append(b, s...), make([]byte, -len(s)&3)...)
		}
		refs = append(refs, of)
	}
	copy(b[w.word():], w.short(nil, len(b)-2*w.word()-4))
	return b, refs
}

// columns writes what columns are called, where they are, and how they look.
func (w *sasWriter) columns(refs [][3][]int) {
	names := w.short(w.sign(sasNames), 8*len(refs)+8, 0, 0, 0)
	places := w.short(w.sign(sasPlaces), (8+w.word())*len(refs)+8, 0, 0, 0)
	at := 0
	for i, c := range sasColumnsWritten {
		names = w.short(w.short(names, refs[i][0]...), 0)
		size, kind := c.width, byte(2)
		if size == 0 {
			size, kind = w.size(i), 1
		}
		places = append(w.order.AppendUint32(w.long(places, uint64(at)), uint32(size)), 0, 4, kind, 0)
		at += size
	}
	w.part(append(names, make([]byte, w.word()+4)...), 0, 1)
	w.part(append(places, make([]byte, w.word()+4)...), 0, 1)
	for _, r := range refs {
		b := append(w.sign(sasLooks), make([]byte, 22+2*w.word())...)
		b = w.short(w.short(w.short(b, r[1]...), r[2]...), 0, 0, 0)
		w.part(append(b, make([]byte, 12)...), 0, 1)
	}
}

// row writes a row of the register.
func (w *sasWriter) row(cells []string) (b []byte) {
	for i, c := range sasColumnsWritten {
		if c.width > 0 {
			v := appendWindows(nil, cells[i])
			b = append(b, fmt.Sprintf("%-*s", c.width, v)[:c.width]...)
			continue
		}
		v, err := strconv.ParseFloat(cells[i], 64)
		if day, derr := time.Parse("02/01/2006", cells[i]); derr == nil {
			v, err = day.Sub(sasEpoch).Hours()/24, nil
		}
		if err != nil {
			v = math.NaN()
		}
		number := w.order.AppendUint64(nil, math.Float64bits(v))
		if w.order == binary.AppendByteOrder(binary.LittleEndian) {
			b = append(b, number[8-w.size(i):]...)
		} else {
			b = append(b, number[:w.size(i)]...)
		}
	}
	return b
}

func appendWindows(b []byte, s string) []byte {
	for _, r := range s {
		b = append(b, byte(r))
	}
	return b
}

func (w *sasWriter) pack(row []byte) []byte {
	if w.method == "SASYZCRL" {
		return packRLE(row)
	}
	return packRDC(row)
}

// runOf returns how often the first byte of b is repeated.
func runOf(b []byte) int {
	n := 1
	for n < len(b) && b[n] == b[0] {
		n++
	}
	return n
}

func packRLE(row []byte) (b []byte) {
	literal := []byte{}
	flush := func() {
		for len(literal) > 0 {
			n := min(len(literal), 64)
			b = append(b, byte(0x80+n-1))
			b = append(b, literal[:n]...)
			literal = literal[n:]
		}
	}
	for len(row) > 0 {
		n := min(runOf(row), 4000)
		special := strings.IndexByte("@ \x00", row[0])
		switch {
		case special >= 0 && n >= 18:
			flush()
			b = append(b, byte(0x50+16*special+(n-17)>>8), byte(n-17))
		case special >= 0 && n >= 2:
			flush()
			b = append(b, byte(0xD0+16*special+n-2))
		case n >= 19:
			flush()
			b = append(b, byte(0x40+(n-18)>>8), byte(n-18), row[0])
		case n >= 3:
			flush()
			b = append(b, byte(0xC0+n-3), row[0])
		default:
			literal = append(literal, row[:n]...)
		}
		row = row[n:]
	}
	flush()
	return b
}

func packRDC(row []byte) (b []byte) {
	at, bits := 0, 16 // where the bits of the items stand, and how many were used
	item := func(pattern bool, v ...byte) {
		if bits == 16 {
			at, bits = len(b), 0
			b = append(b, 0, 0)
		}
		if pattern {
			b[at+bits/8] |= 0x80 >> (bits % 8)
		}
		bits++
		b = append(b, v...)
	}
	for i := 0; i < len(row); {
		n := runOf(row[i:])
		back, size := 0, 0
		for from := max(0, i-4000); from <= i-3; from++ {
			k := 0
			for i+k < len(row) && k < 270 && from+k < i && row[from+k] == row[i+k] {
				k++
			}
			if k > size {
				back, size = i-from, k
			}
		}
		switch {
		case n >= 19:
			n = min(n, 4000)
			item(true, byte(0x10|(n-19)&15), byte((n-19)>>4), row[i])
		case n >= 3:
			item(true, byte(n-3), row[i])
		case size >= 16:
			n = size
			item(true, byte(0x20|(back-3)&15), byte((back-3)>>4), byte(n-16))
		case size >= 3:
			n = size
			item(true, byte(n<<4|(back-3)&15), byte((back-3)>>4))
		default:
			n = 1
			item(false, row[i])
		}
		i += n
	}
	return b
}
