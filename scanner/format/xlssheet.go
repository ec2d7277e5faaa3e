package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

// An xlsBook reads the stream of a workbook: first what all sheets share, then
// sheet by sheet.
type xlsBook struct {
	ctx   context.Context
	in    biff
	sheet sheet
	names sheetNames

	listed   []xlsSheet
	codes    map[int]numberFormat
	formats  []numberFormat // by XF
	from1904 bool
	strings  sharedStrings
	began    bool // a table
	inSheet  bool
	depth    int // of BOF in one another
	row      int
	result   int // column of a formula whose string comes next; -1: none
	value    []byte
	lost     bool // strings that cells name are not there
	locked   bool // encrypted
	failed   error
}

// An xlsSheet is a sheet as the workbook lists it.
type xlsSheet struct {
	at          int64
	name, state string
}

func (b *xlsBook) read(r io.Reader) error {
	b.in = biff{br: bufio.NewReaderSize(r, 64<<10), page: charmap.Windows1252}
	b.codes, b.result = make(map[int]numberFormat), -1
	for count := 0; !b.locked && b.sheet.stop == nil && b.in.next(); count++ {
		if count%4096 == 0 && b.ctx.Err() != nil {
			return b.ctx.Err()
		}
		if b.locked = b.in.kind == biffFilePass; !b.locked {
			b.record()
		}
	}
	b.sheet.finish(b.in.pos)
	if b.sheet.stop == nil && !b.strings.used && b.strings.count > 0 {
		for n := range b.strings.count {
			b.sheet.aside(b.strings.of(n))
		}
		b.sheet.flushOther()
	}
	switch {
	case b.sheet.stop != nil:
		return b.sheet.stop
	case b.locked:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Excel workbook"}
	case b.failed != nil:
		return b.failed
	case b.in.fault != nil:
		return b.in.fault
	case b.depth > 0:
		return truncated("ends in the middle")
	case b.lost:
		return malformed("cells name shared strings that are not there")
	}
	return nil
}

// record takes a record.
func (b *xlsBook) record() {
	in := &b.in
	switch in.kind {
	case biffBOF:
		b.begin()
	case biffEOF:
		b.depth = max(0, b.depth-1)
		if b.inSheet && b.depth == 0 {
			b.sheet.finish(in.pos)
			b.inSheet = false
		}
	case biffCodePage:
		if p := in.body(); len(p) >= 2 {
			in.page = codePage(binary.LittleEndian.Uint16(p))
		}
	case biffDates:
		p := in.body()
		b.from1904 = len(p) >= 2 && p[0] == 1
	case biffFormat:
		b.format(in.body())
	case biffXF:
		b.style(in.body())
	case biffSheet:
		b.list(in.body())
	case biffSST:
		b.shared()
	case biffHeader, biffFooter:
		b.header(in.body())
	case biffTXO:
		b.drawn(in.body())
	case biffNote:
		b.note(in.body())
	case biffLink:
		b.link(in.body())
	default:
		if b.inSheet && b.depth == 1 {
			b.cell(in.kind)
		}
	}
}

// begin begins a part of the stream: the globals, a sheet, a chart.
func (b *xlsBook) begin() {
	p := b.in.body()
	if b.depth++; len(p) < 4 {
		return
	}
	version, kind := binary.LittleEndian.Uint16(p), binary.LittleEndian.Uint16(p[2:])
	if !b.began {
		b.in.wide = version >= 0x0600
		b.began = true
	}
	if b.depth > 1 || kind != 0x10 && kind != 0x40 {
		return
	}
	name := xlsSheet{name: "sheet"}
	for _, l := range b.listed {
		if l.at == b.in.at {
			name = l
		}
	}
	b.sheet.begin(b.names.of(name.name, name.state))
	b.inSheet, b.row, b.result = true, -1, -1
}

func (b *xlsBook) format(p []byte) {
	if len(p) < 4 || len(b.codes) == bookStyles {
		return
	}
	n, s := int(p[2]), p[3:]
	if b.in.wide {
		n, s = int(binary.LittleEndian.Uint16(p[2:])), p[4:]
	}
	b.codes[int(binary.LittleEndian.Uint16(p))] = parseFormat(string(b.in.text(nil, s, n)))
}

func (b *xlsBook) style(p []byte) {
	if len(p) < 4 || len(b.formats) == bookStyles {
		return
	}
	id := int(binary.LittleEndian.Uint16(p[2:]))
	f, ok := b.codes[id]
	if !ok {
		f = builtinFormat(id)
	}
	b.formats = append(b.formats, f)
}

func (b *xlsBook) list(p []byte) {
	if len(p) < 8 || len(b.listed) == bookSheets {
		return
	}
	state := [...]string{"", "hidden", "veryHidden", ""}[p[4]&3]
	b.listed = append(b.listed, xlsSheet{int64(binary.LittleEndian.Uint32(p)), string(b.in.text(nil, p[7:], int(p[6]))), state})
}

// shared spools the strings that cells name by their number.
func (b *xlsBook) shared() {
	var h [8]byte
	if b.strings.spool != nil || !b.in.read(h[:]) {
		return
	}
	left := binary.LittleEndian.Uint32(h[4:])
	b.strings.next = func(s *sharedStrings) bool {
		if left == 0 {
			return false
		}
		left--
		return b.sharedString(s)
	}
	if err := b.strings.fill(b.ctx); err != nil && b.failed == nil {
		b.failed = err
	}
}

// sharedString appends the next string ([MS-XLS] 2.5.293).
func (b *xlsBook) sharedString(s *sharedStrings) bool {
	in := &b.in
	var h [4]byte
	if in.left == 0 && !in.more() || !in.read(h[:3]) {
		return false
	}
	n, flags, behind := int(binary.LittleEndian.Uint16(h[:])), h[2], int64(0)
	if flags&8 != 0 { // runs of formatting
		if !in.read(h[:2]) {
			return false
		}
		behind = 4 * int64(binary.LittleEndian.Uint16(h[:]))
	}
	if flags&4 != 0 { // how it is pronounced
		if !in.read(h[:4]) {
			return false
		}
		behind += int64(binary.LittleEndian.Uint32(h[:]))
	}
	from := len(s.text)
	var whole bool
	s.text, whole = in.unicode(s.text, n, flags&1 != 0)
	noDelimiters(s.text[from:])
	if !whole {
		return len(s.text) > from
	}
	in.pass(behind)
	return true
}

// header takes a header or footer.
func (b *xlsBook) header(p []byte) {
	switch {
	case b.in.wide && len(p) > 3:
		b.value = b.in.text(b.value[:0], p[2:], int(binary.LittleEndian.Uint16(p)))
	case !b.in.wide && len(p) > 1:
		b.value = b.in.text(b.value[:0], p[1:], int(p[0]))
	default:
		return
	}
	if v := plainHeader(b.value); len(v) > 0 {
		b.sheet.aside(v)
	}
}

// drawn takes the text of a drawing or comment, which is in the record behind.
func (b *xlsBook) drawn(p []byte) {
	var flags [1]byte
	if len(p) < 12 || !b.in.more() || !b.in.read(flags[:]) {
		return
	}
	b.value, _ = b.in.unicode(b.value[:0], int(binary.LittleEndian.Uint16(p[10:])), flags[0]&1 != 0)
	if len(b.value) > 0 {
		b.sheet.aside(b.value)
	}
}

// note takes a comment: in BIFF5 its text, in BIFF8 its author.
func (b *xlsBook) note(p []byte) {
	switch {
	case b.in.wide && len(p) > 11:
		b.value = b.in.text(b.value[:0], p[10:], int(binary.LittleEndian.Uint16(p[8:])))
	case !b.in.wide && len(p) > 6:
		b.value = b.in.text(b.value[:0], p[6:], len(p))
	default:
		return
	}
	if len(b.value) > 0 {
		b.sheet.aside(b.value)
	}
}

// link takes the readable parts of a link: runs of UTF-16.
func (b *xlsBook) link(p []byte) {
	for len(p) >= 12 {
		n := 0
		for n+1 < len(p) && p[n] >= ' ' && p[n] < 0x7f && p[n+1] == 0 {
			n += 2
		}
		if n < 12 {
			p = p[max(n, 1):]
			continue
		}
		b.value, _ = appendUnits(b.value[:0], p[:n], true, 0)
		b.sheet.aside(b.value)
		p = p[n:]
	}
}

// cell takes a record of cells.
func (b *xlsBook) cell(kind uint16) {
	in := &b.in
	if kind == biffString {
		p := in.body()
		if b.result >= 0 && len(p) > 2 {
			n := int(binary.LittleEndian.Uint16(p))
			b.value = in.text(b.value[:0], p[2:], n)
			if k := n - len([]rune(string(b.value))); in.wide && k > 0 && in.more() {
				var flags [1]byte
				if in.read(flags[:]) {
					b.value, _ = in.unicode(b.value, k, flags[0]&1 != 0)
				}
			}
			b.sheet.put(b.result, b.value)
		}
		b.result = -1
		return
	}
	switch kind {
	case biffFormula, biffFormula3, biffFormula4, biffMulRK, biffRString, biffLabelSST, biffNumber, biffLabel, biffBool, biffRK:
	default:
		return
	}
	p := in.body()
	if len(p) < 8 {
		return
	}
	le := binary.LittleEndian
	row, column, style := int(le.Uint16(p)), int(le.Uint16(p[2:])), int(le.Uint16(p[4:]))
	if row != b.row {
		b.sheet.endRow(in.pos)
		b.row = row
	}
	b.result = -1
	switch data := p[6:]; kind {
	case biffLabelSST:
		if len(data) >= 4 {
			v := b.strings.of(le.Uint32(data))
			b.lost = b.lost || v == nil
			b.sheet.put(column, v)
		}
	case biffRK:
		if len(data) >= 4 {
			b.number(column, style, rkNumber(le.Uint32(data)))
		}
	case biffMulRK:
		for p = p[4:]; len(p) >= 8; p = p[6:] {
			b.number(column, int(le.Uint16(p)), rkNumber(le.Uint32(p[2:])))
			column++
		}
	case biffNumber:
		if len(data) >= 8 {
			b.number(column, style, math.Float64frombits(le.Uint64(data)))
		}
	case biffLabel, biffRString:
		if len(data) > 2 {
			b.value = in.text(b.value[:0], data[2:], int(le.Uint16(data)))
			b.sheet.put(column, b.value)
		}
	case biffBool:
		b.sheet.put(column, biffTruth(data[0], data[1] != 0))
	default:
		b.formula(column, style, data)
	}
}

// formula takes what a formula came to.
func (b *xlsBook) formula(column, style int, data []byte) {
	if len(data) < 8 {
		return
	}
	if data[6] != 0xff || data[7] != 0xff {
		b.number(column, style, math.Float64frombits(binary.LittleEndian.Uint64(data)))
		return
	}
	switch data[0] {
	case 0:
		b.result = column
	case 1, 2:
		b.sheet.put(column, biffTruth(data[2], data[0] == 2))
	}
}

// number lays down a number as its format shows it.
func (b *xlsBook) number(column, style int, v float64) {
	var room, shown [64]byte
	text := strconv.AppendFloat(room[:0], v, 'g', -1, 64)
	var f numberFormat
	if style < len(b.formats) {
		f = b.formats[style]
	}
	if v == math.Trunc(v) && math.Abs(v) < 1e15 {
		text = strconv.AppendInt(room[:0], int64(v), 10)
	}
	b.sheet.put(column, bytes.TrimSpace(f.append(shown[:0], text, b.from1904)))
}

// rkNumber unpacks a number of 30 bits ([MS-XLS] 2.5.122).
func rkNumber(rk uint32) float64 {
	v := math.Float64frombits(uint64(rk&^3) << 32)
	if rk&2 != 0 {
		v = float64(int32(rk) >> 2)
	}
	if rk&1 != 0 {
		v /= 100
	}
	return v
}

// biffTruth writes a boolean or an error.
func biffTruth(c byte, isError bool) []byte {
	if !isError {
		return strconv.AppendBool(nil, c != 0)
	}
	switch c {
	case 0x00:
		return []byte("#NULL!")
	case 0x07:
		return []byte("#DIV/0!")
	case 0x0f:
		return []byte("#VALUE!")
	case 0x17:
		return []byte("#REF!")
	case 0x1d:
		return []byte("#NAME?")
	case 0x24:
		return []byte("#NUM!")
	}
	return []byte("#N/A")
}
