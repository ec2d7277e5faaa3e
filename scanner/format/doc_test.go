package format

import (
	"encoding/binary"
	"testing"

	"vigie/scanner"
)

// wordStreams are the streams of a document with the given text, in one piece of
// Windows-1252 and one of UTF-16.
func wordStreams(narrow, wide string, flags uint16) []part {
	le := binary.LittleEndian
	text := make([]byte, 0x400)
	le.PutUint16(text, 0xa5ec)
	le.PutUint16(text[2:], 0xc1)
	le.PutUint16(text[10:], flags|0x0200)
	first := len(text)
	text = append(text, narrow...)
	if len(text)&1 != 0 {
		text = append(text, 0)
	}
	second := len(text)
	units := utf16Of(wide)[2:]
	text = append(text, units...)
	text = append(text, make([]byte, 4096)...)
	plc := le.AppendUint32(nil, 0)
	plc = le.AppendUint32(plc, uint32(len(narrow)))
	plc = le.AppendUint32(plc, uint32(len(narrow)+len(units)/2))
	plc = le.AppendUint32(append(plc, 0, 0), uint32(2*first)|0x40000000)
	plc = le.AppendUint32(append(plc, 0, 0, 0, 0), uint32(second))
	plc = append(plc, 0, 0)
	clx := append(le.AppendUint32([]byte{1, 2, 0, 9, 9, 2}, uint32(len(plc))), plc...)
	le.PutUint32(text[0x1a2:], 0)
	le.PutUint32(text[0x1a6:], uint32(len(clx)))
	return []part{{"WordDocument", string(text)}, {"1Table", string(append(clx, make([]byte, 4096)...))}}
}

func TestDOC(t *testing.T) {
	b := compound(wordStreams("n\xe9e\r\x13 HYPERLINK \"mailto:a@example.org\" \x14lien\x15 \xe0\x0bb\r", "山 é\rNom :\aDUPONT\a\aVille\aPau\a\afin\r", 0)...)
	if got, want := laid(t, "x.doc", b, "doc"), "née\nlien à\nb\n HYPERLINK \"mailto:a@example.org\" \n山 é\nNom: DUPONT\nVille: Pau\nfin\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	_, blocks, err := readObject(t, "x.doc", compound(wordStreams("secret\r", "", 0x0100)...))
	if reason(err) != scanner.Encrypted || len(blocks) > 0 {
		t.Errorf("%d blocks, %v", len(blocks), err)
	}
}

func FuzzDOC(f *testing.F) {
	f.Add(compound(wordStreams("a\r", "b\ac\a\ad\r", 0)...))
	fuzzDocument(f, "doc", docFormat)
}
