package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"vigie/scanner"
)

// compound is a compound file of the given streams, made by hand: sectors of 512
// bytes, streams below 4096 bytes in small ones.
func compound(streams ...part) []byte {
	le := binary.LittleEndian
	const end, free, table = 0xfffffffe, 0xffffffff, 0xfffffffd
	var next, nextSmall []uint32
	var data, small, directory []byte
	add := func(b []byte) uint32 { // a chain of sectors
		if len(b) == 0 {
			return end
		}
		at := uint32(len(next))
		for i := 0; i < len(b); i += 512 {
			next = append(next, uint32(len(next)+1))
			data = append(data, append(bytes.Clone(b[i:min(i+512, len(b))]), make([]byte, max(0, i+512-len(b)))...)...)
		}
		next[len(next)-1] = end
		return at
	}
	record := func(name string, kind byte, left, right, child, start uint32, size int) {
		b := make([]byte, oleRecord)
		for i, u := range utf16.Encode([]rune(name)) {
			le.PutUint16(b[2*i:], u)
		}
		le.PutUint16(b[64:], uint16(2*len(name)+2))
		b[66] = kind
		le.PutUint32(b[68:], left)
		le.PutUint32(b[72:], right)
		le.PutUint32(b[76:], child)
		le.PutUint32(b[116:], start)
		le.PutUint64(b[120:], uint64(size))
		directory = append(directory, b...)
	}
	record("Root", 5, free, free, 1, 0, 0)
	for i, s := range streams {
		right := uint32(free)
		if i+1 < len(streams) {
			right = uint32(i + 2)
		}
		start := uint32(len(nextSmall))
		if len(s.data) >= 4096 {
			start = add([]byte(s.data))
		} else {
			for k := 0; k < len(s.data); k += 64 {
				nextSmall = append(nextSmall, uint32(len(nextSmall)+1))
			}
			nextSmall[len(nextSmall)-1] = end
			small = append(small, s.data...)
			small = append(small, make([]byte, -len(s.data)&63)...)
		}
		record(s.name, 2, free, right, free, start, len(s.data))
	}
	le.PutUint32(directory[116:], add(small))
	at := add(directory)
	var b []byte
	for _, n := range nextSmall {
		b = le.AppendUint32(b, n)
	}
	smallAt := add(b)
	head := make([]byte, oleHeader)
	copy(head, oleMagic)
	le.PutUint16(head[30:], 9)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[48:], at)
	le.PutUint32(head[56:], 4096)
	le.PutUint32(head[60:], smallAt)
	le.PutUint32(head[64:], uint32(len(b)+511)/512)
	le.PutUint32(head[68:], end)
	for i := 76; i < oleHeader; i += 4 {
		le.PutUint32(head[i:], free)
	}
	tables := (len(next) + 127) / 127
	for i := range tables {
		le.PutUint32(head[76+4*i:], uint32(len(next)))
		next = append(next, table)
	}
	for len(next)%128 != 0 {
		next = append(next, free)
	}
	for _, n := range next {
		data = le.AppendUint32(data, n)
	}
	return append(head, data...)
}

// A records writes the records of a workbook.
type records struct{ bytes.Buffer }

func (r *records) add(kind uint16, values ...any) *records {
	var b bytes.Buffer
	for _, v := range values {
		if s, ok := v.(string); ok {
			b.WriteString(s)
		} else {
			binary.Write(&b, binary.LittleEndian, v)
		}
	}
	binary.Write(r, binary.LittleEndian, []uint16{kind, uint16(b.Len())})
	r.Write(b.Bytes())
	return r
}

// properties are the author in Windows-1252, and a list of texts.
var properties = "\xfe\xff\x00\x00" + strings.Repeat("\x00", 20) + "\x01\x00\x00\x00" + strings.Repeat("f", 16) + "\x30\x00\x00\x00" +
	"\x50\x00\x00\x00\x02\x00\x00\x00\x04\x00\x00\x00\x18\x00\x00\x00\x08\x00\x00\x00\x2c\x00\x00\x00" +
	"\x1e\x00\x00\x00\x09\x00\x00\x00M. Ren\xe9e\x00\x00\x00\x00" +
	"\x1f\x10\x00\x00\x02\x00\x00\x00\x02\x00\x00\x00\x71\x5c\x00\x00\x02\x00\x00\x00b\x00\x00\x00"

// workbook8 is a BIFF8 workbook of one sheet.
func workbook8(globals, cells func(*records)) []byte {
	var r records
	r.add(biffBOF, uint16(0x600), uint16(5), uint64(0))
	globals(&r)
	r.add(biffSheet, uint32(r.Len()+4+8+4+4), uint8(1), uint8(0), uint8(4), "\x00Noms").add(biffEOF)
	r.add(biffBOF, uint16(0x600), uint16(0x10), uint64(0))
	cells(&r)
	r.add(biffEOF)
	return compound(part{"Workbook", r.String()}, part{"MBD0001", "un objet"}, part{"\x05SummaryInformation", properties}, part{"\x01Ole", "x"})
}

func TestXLSCells(t *testing.T) {
	rk := func(v uint32, flags uint32) uint32 { return v<<2 | flags }
	b := workbook8(func(r *records) {
		r.add(biffDates, uint16(0))
		r.add(biffFormat, uint16(164), uint16(10), "\x00dd/mm/yyyy")
		for _, id := range []uint16{0, 164, 14} {
			r.add(biffXF, uint16(0), id, uint64(0), uint64(0))
		}
		r.add(biffSST, uint32(4), uint32(4), uint16(3), "\x00abc", uint16(2), "\x09", uint16(1), "h\x00\xe9\x00\x00\x00\x00\x00", // rich
			uint16(4), "\x05", uint32(3), "a\x00b\x00") // cut in the middle
		r.add(biffContinue, "\x00cd", "xyz", uint16(1), "\x00z")
	}, func(r *records) {
		for i := range uint16(4) {
			r.add(biffLabelSST, uint16(0), i, uint16(0), uint32(i))
		}
		r.add(biffNumber, uint16(1), uint16(0), uint16(0), math.Float64bits(185057800608491))
		r.add(biffRK, uint16(1), uint16(1), uint16(1), rk(31179, 2))
		r.add(biffMulRK, uint16(1), uint16(2), uint16(0), rk(1234, 3), uint16(2), rk(31179, 2), uint16(3))
		r.add(biffFormula, uint16(2), uint16(1), uint16(0), uint64(0xffff000000000000), "formule")
		r.add(biffString, uint16(3), "\x01\xe9\x00t\x00\xe9\x00")
		r.add(biffFormula, uint16(2), uint16(2), uint16(0), math.Float64bits(2.5), "formule")
		r.add(biffBool, uint16(2), uint16(3), uint16(0), uint8(1), uint8(0)).add(biffBool, uint16(2), uint16(4), uint16(0), uint8(7), uint8(1))
		r.add(biffLabel, uint16(2), uint16(5), uint16(0), uint16(2), "\x00\xe9\x1f")
		r.add(biffTXO, make([]byte, 10), uint16(4), make([]byte, 6)).add(biffContinue, "\x00note")
	})
	format, blocks, err := readObject(t, "x", b)
	if err != nil || format != "xls" {
		t.Fatal(format, err)
	}
	names, rows, titles := tables(t, blocks)
	want := [][]string{titles["Noms (hidden)"], {"185057800608491", "1985-05-12", "12.34", "1985-05-12"}, {"", "été", "2.5", "true", "#DIV/0!", "é "}}
	if !slices.Equal(names, []string{"Noms (hidden)"}) || !slices.Equal(want[0], []string{"abc", "hé", "abcd", "z"}) || !slices.EqualFunc(rows[names[0]], want[1:], slices.Equal[[]string]) {
		t.Errorf("%q: titles %q, %q", names, titles, rows)
	}
	if got := runningText(blocks); got != "note\nM. Renée\n山\nb\n" {
		t.Errorf("running text %q", got)
	}
	if got := openArchive(t, "x", b); got.Members["MBD0001"] != "un objet" || len(got.Order) != 1 {
		t.Errorf("members %q", got.Order)
	}
}

// TestSealedSheets: what is encrypted, and what cannot be read, is told.
func TestSealedSheets(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"xls/encrypted.xls.gz", "encrypted: Excel workbook"},
		{"ods/encrypted.ods", "encrypted: OpenDocument"},
		{"xlsx/encrypted.xlsx", "encrypted: Office document"},
		{"xlsx/sheetjs.xlsb.gz", "unsupported: Excel binary workbook (XLSB)"},
	} {
		_, blocks, err := readObject(t, strings.TrimSuffix(test.name, ".gz"), unzipped(t, test.name))
		if err == nil || err.Error() != test.want || len(blocks) > 0 {
			t.Errorf("%s: %d blocks, %v", test.name, len(blocks), err)
		}
	}
	_, _, err := readObject(t, "x.vsd", compound(part{"VisioDocument", "x"}))
	if err == nil || !strings.HasPrefix(err.Error(), "unsupported: OLE2 document") {
		t.Errorf("vsd: %v", err)
	}
}

// TestOLE reads streams of every size, and damaged files without end.
func TestOLE(t *testing.T) {
	var parts []part
	for _, n := range []int{1, 63, 64, 65, 511, 4095, 4096, 4097, 100_000} {
		parts = append(parts, part{itoa(n), strings.Repeat("abcdefg", n/7+1)[:n]})
	}
	b := compound(parts...)
	o, err := openOLE(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		got, err := io.ReadAll(o.open(o.find(p.name)))
		if err != nil || string(got) != p.data {
			t.Errorf("%s: %d bytes, %v", p.name, len(got), err)
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 200 {
		d := bytes.Clone(b[:r.IntN(len(b))+1])
		for range 1 + r.IntN(20) {
			d[r.IntN(min(len(d), 512<<r.IntN(9)))] = byte(r.Uint32())
		}
		walkOLE(t, d)
	}
}

func walkOLE(t *testing.T, b []byte) {
	o, err := openOLE(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		return
	}
	for i := range o.streams {
		if i == 100 {
			break
		}
		if n, err := io.Copy(io.Discard, o.open(&o.streams[i])); n > int64(len(b)) || onlyProblem(err) != nil {
			t.Fatalf("%d bytes of %d, %v", n, len(b), err)
		}
	}
}

const spreadsheetXML = `<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"><DocumentProperties><Author>M. Durand</Author></DocumentProperties>` +
	`<Styles><Style ss:ID="d"><NumberFormat ss:Format="Short Date"/></Style></Styles><Worksheet ss:Name="A"><Table>` +
	`<Row><Cell><Data ss:Type="Number">1.85057800608491E14</Data></Cell><Cell ss:Index="3" ss:StyleID="d"><Data ss:Type="Number">31179</Data><Comment><ss:Data>une <B>note</B></ss:Data></Comment></Cell>` +
	`<Cell/><Cell><Data ss:Type="DateTime">1985-05-12T00:00:00.000</Data></Cell></Row><Row ss:Index="9"><Cell ss:MergeAcross="1"><ss:Data ss:Type="String"><B>L&#233;a</B> Petit</ss:Data></Cell><Cell><Data ss:Type="String">x</Data></Cell></Row></Table></Worksheet></Workbook>`

func TestXMLSpreadsheet(t *testing.T) {
	format, blocks, err := readObject(t, "x.xls", []byte(spreadsheetXML))
	if err != nil || format != "xls" {
		t.Fatal(format, err)
	}
	_, rows, _ := tables(t, blocks)
	want := [][]string{{"185057800608491", "", "1985-05-12", "", "1985-05-12"}, {"Léa Petit", "", "x"}}
	if !slices.EqualFunc(rows["A"], want, slices.Equal[[]string]) || runningText(blocks) != "M. Durand\nune note\n" {
		t.Errorf("rows %q, running text %q", rows, runningText(blocks))
	}
}

func FuzzXMLSpreadsheet(f *testing.F) {
	f.Add([]byte(spreadsheetXML))
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, xlsFormat, "x.xls", b) })
}

func FuzzOLE(f *testing.F) {
	f.Add(compound(part{"a", "x"}, part{"b", strings.Repeat("y", 5000)}))
	f.Fuzz(walkOLE)
}

func FuzzOLEProperties(f *testing.F) {
	f.Add([]byte(properties))
	f.Fuzz(func(t *testing.T, b []byte) {
		if text, _ := oleProperties(nil, b); len(text) > 8*len(b)+100 {
			t.Errorf("%d bytes of %d", len(text), len(b))
		}
	})
}

func FuzzXLS(f *testing.F) {
	f.Add(unzipped(f, "xls/calc.xls.gz"))
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, xlsFormat, "x.xls", b) })
}

// FuzzBIFF fuzzes the records, past the compound file.
func FuzzBIFF(f *testing.F) {
	for _, name := range []string{"xls/gnumeric-biff5.xls.gz", "xls/gnumeric.xls.gz"} {
		b := unzipped(f, name)
		o, err := openOLE(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			f.Fatal(err)
		}
		for i := range o.streams {
			stream, err := io.ReadAll(io.LimitReader(o.open(&o.streams[i]), 8<<10))
			if err != nil {
				f.Fatal(err)
			}
			f.Add(stream)
		}
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		book := &xlsBook{names: make(sheetNames), ctx: context.Background()}
		book.sheet = sheet{ctx: book.ctx, yield: func(k *scanner.Block) error {
			if k.Ruler.Row != 0 && k.Rows != bytes.Count(k.Text, []byte{k.Ruler.Row}) {
				t.Fatalf("block says %d rows", k.Rows)
			}
			return nil
		}}
		book.sheet.begin("")
		defer book.strings.close()
		if err := onlyProblem(book.read(bytes.NewReader(b))); err != nil {
			t.Error(err)
		}
	})
}

func BenchmarkXLS(b *testing.B) {
	doc := workbook8(func(r *records) {
		r.add(biffSST, uint32(1), uint32(1), uint16(13), "\x00RUE DES LILAS")
	}, func(r *records) {
		for i := range uint32(200_000) {
			r.add(biffNumber, uint16(i), uint16(0), uint16(0), math.Float64bits(float64(185057800+i)))
			r.add(biffLabelSST, uint16(i), uint16(1), uint16(0), uint32(0))
		}
	})
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		readBench(b, xlsFormat, doc)
	}
}
