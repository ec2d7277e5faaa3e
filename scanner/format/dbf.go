package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"time"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var dbfFormat = scanner.Format{
	Name: "dbf",
	Doc: `dBase table (.dbf)

dBase III to 7, FoxPro and their like. Records that are marked as deleted are
read too: they are still there. The character set is the one of the header, or
what the text looks like. Memo files beside the table are read, but not joined to it.`,
	Match: func(_ string, head []byte) bool { return isDBF(head) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := &dbfReader{in: bufio.NewReaderSize(c.Stream(), 64<<10), grid: grid{ctx: ctx, yield: yield}, high: sniffHighOf(c.Head())}
		err := d.read()
		if ferr := d.flush(); err == nil {
			err = ferr
		}
		return fault(err)
	},
}

// dbfCodes are the character sets by the header's byte that are not Windows-1252.
var dbfCodes = map[byte]*charmap.Charmap{
	0x01: charmap.CodePage437, 0x02: charmap.CodePage850, 0x04: charmap.Macintosh, 0x09: charmap.CodePage437,
	0x0A: charmap.CodePage850, 0x0B: charmap.CodePage437, 0x0D: charmap.CodePage437, 0x0E: charmap.CodePage850,
	0x0F: charmap.CodePage437, 0x10: charmap.CodePage850, 0x12: charmap.CodePage850, 0x14: charmap.CodePage850,
	0x1A: charmap.CodePage850, 0x1B: charmap.CodePage437, 0x1C: charmap.CodePage863, 0x1D: charmap.CodePage850,
	0x25: charmap.CodePage850, 0x36: charmap.CodePage850, 0x37: charmap.CodePage850, 0x64: charmap.CodePage852,
	0x65: charmap.CodePage866, 0x66: charmap.CodePage865, 0x6C: charmap.CodePage863,
}

// A dbfField is a column.
type dbfField struct {
	kind  byte
	width int
}

type dbfReader struct {
	in *bufio.Reader
	grid
	fields []dbfField
	row    int              // bytes of a record
	code   *charmap.Charmap // nil: UTF-8
	high   charset          // what the bytes above 0x7F look like
}

// isDBF recognises the header: version, a date, sizes that agree with the field
// descriptors, the first of which has a name and a type.
func isDBF(head []byte) bool {
	if len(head) < 65 {
		return false
	}
	switch head[0] &^ 0x88 {
	case 0x02, 0x03, 0x04, 0x30, 0x31, 0x32, 0x43, 0x63, 0x05, 0x73:
	default:
		return false
	}
	size, row := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if head[2] == 0 || head[2] > 12 || head[3] == 0 || head[3] > 31 || size < 65 || row < 2 {
		return false
	}
	_, width, ok := dbfFields(head[:min(size, len(head))])
	return ok && (width == row || len(head) < size)
}

// dbfFields reads the field descriptors of a header: titles, and the fields that
// make a record of width bytes.
func dbfFields(head []byte) (titles []string, width int, ok bool) {
	fields, titles, ok := dbfDescribed(head)
	width = 1
	for _, f := range fields {
		width += f.width
	}
	return titles, width, ok
}

func dbfDescribed(head []byte) (fields []dbfField, titles []string, ok bool) {
	at, step, name := 32, 32, 11
	if head[0]&7 == 4 && head[0]&0x30 == 0 { // dBase 7
		at, step, name = 68, 48, 32
	}
	for ; at+step <= len(head) && head[at] != 0x0D && head[at] != 0; at += step {
		d := head[at : at+step]
		title := d[:name]
		if i := bytes.IndexByte(title, 0); i >= 0 {
			title = title[:i]
		}
		f := dbfField{kind: d[name], width: int(d[name+1])}
		if step == 32 {
			f.width = int(d[16])
			if f.kind == 'C' {
				f.width += int(d[17]) << 8
			}
		}
		if bytes.IndexByte([]byte("CDFNLMGPBIYTVWXQ@+O0"), f.kind) < 0 || f.width == 0 || len(title) == 0 || title[0] < ' ' {
			return fields, titles, false
		}
		fields = append(fields, f)
		titles = append(titles, string(appendCharmap(nil, title, charmap.CodePage850)))
	}
	return fields, titles, len(fields) > 0
}

func (d *dbfReader) read() error {
	first, err := d.in.Peek(32)
	if err != nil {
		return err
	}
	count, size := int64(binary.LittleEndian.Uint32(first[4:])), int(binary.LittleEndian.Uint16(first[8:]))
	d.row = int(binary.LittleEndian.Uint16(first[10:]))
	mark := first[29]
	head := make([]byte, size)
	if _, err := io.ReadFull(d.in, head); err != nil {
		return err
	}
	var ok bool
	d.fields, d.titles, ok = dbfDescribed(head)
	if !ok {
		return malformed("field descriptors")
	}
	switch code, known := dbfCodes[mark]; {
	case known:
		d.code = code
	case mark == 0 && d.high == cp850:
		d.code = charmap.CodePage850
	case mark == 0 && d.high == utf8Text:
	default:
		d.code = charmap.Windows1252
	}
	return d.records(count)
}

// records reads until the end mark: the header's count is often wrong.
func (d *dbfReader) records(count int64) error {
	row := make([]byte, d.row)
	for n := int64(0); ; n++ {
		got, err := io.ReadFull(d.in, row)
		if got == 0 || row[0] == 0x1A {
			if n < count {
				return truncated("fewer records than the header says")
			}
			return nil
		}
		if err != nil {
			return err
		}
		cell := row[1:]
		for _, f := range d.fields {
			if f.width > len(cell) {
				return malformed("fields longer than the record")
			}
			d.cell(f.kind, cell[:f.width])
			cell = cell[f.width:]
		}
		if err := d.endRow(); err != nil {
			return err
		}
	}
}

var dbfEpoch = time.Date(-4713, 11, 24, 0, 0, 0, 0, time.UTC) // of Julian days

// cell adds a value.
func (d *dbfReader) cell(kind byte, b []byte) {
	switch {
	case kind == 'I' || kind == '+':
		if len(b) == 4 {
			d.integer(int64(int32(binary.LittleEndian.Uint32(b))))
			return
		}
	case (kind == 'B' || kind == 'O') && len(b) == 8:
		d.number(math.Float64frombits(binary.LittleEndian.Uint64(b)))
		return
	case kind == 'Y' && len(b) == 8:
		d.number(float64(int64(binary.LittleEndian.Uint64(b))) / 1e4)
		return
	case (kind == 'T' || kind == '@') && len(b) == 8:
		days, ms := binary.LittleEndian.Uint32(b), binary.LittleEndian.Uint32(b[4:])
		if days == 0 {
			d.value(nil)
			return
		}
		d.moment(dbfEpoch, float64(days)*86400+math.Floor(float64(ms)/1000))
		return
	}
	b = bytes.Trim(b, " \x00")
	switch {
	case kind == 'D' && len(b) == 8:
		d.value([]byte(string(b[:4]) + "-" + string(b[4:6]) + "-" + string(b[6:])))
	case kind == 'M' || kind == 'G' || kind == 'P' || kind == '0':
		d.value(nil) // a number in another file
	case d.code == nil || indexHigh(b) == len(b):
		d.value(b)
	default:
		d.value(appendCharmap(nil, b, d.code))
	}
}

// sniffHighOf tells what the bytes above 0x7F in the beginning look like.
func sniffHighOf(head []byte) charset {
	if len(head) < 512 {
		return sniffFrom(head)
	}
	return sniffFrom(head[32:])
}

func sniffFrom(b []byte) charset {
	i := indexHigh(b)
	if i == len(b) {
		return windows1252
	}
	return sniffHigh(b[i:])
}
