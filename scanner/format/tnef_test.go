package format

import (
	"encoding/binary"
	"strings"
	"testing"
)

// winmail is a message with an attachment: [MS-OXTNEF].
func winmail(text, name, data string) []byte {
	le := binary.LittleEndian
	b := []byte(tnefMagic + "\x01\x00")
	attribute := func(id uint16, v string) {
		b = append(b, 1)
		b = le.AppendUint16(b, id)
		b = le.AppendUint16(b, 6)
		b = append(le.AppendUint32(b, uint32(len(v))), v...)
		b = le.AppendUint16(b, 0)
	}
	property := func(id, kind uint16, v string) string {
		p := le.AppendUint16(nil, kind)
		p = le.AppendUint32(le.AppendUint16(p, id), 1)
		p = append(le.AppendUint32(p, uint32(len(v))), v...)
		return string(p) + strings.Repeat("\x00", (4-len(v)&3)&3)
	}
	attribute(tnefPage, "\xe4\x04\x00\x00\x00\x00\x00\x00")
	attribute(tnefSubject, "D\xe9cision\x00")
	attribute(tnefProps, "\x03\x00\x00\x00"+property(0x0c1a, 0x1f, utf16Text("x"))+property(0x3a08, 0x1e, "0536490651\x00")+property(0x1000, 0x1f, utf16Text(text)))
	attribute(tnefRender, "")
	attribute(tnefTitle, "DECISI~1.CSV\x00")
	attribute(tnefData, data)
	attribute(tnefAttached, "\x01\x00\x00\x00"+property(0x3707, 0x1f, utf16Text(name)))
	return b
}

func TestTNEF(t *testing.T) {
	b := winmail("Née le 12/05/1985\r\n", "a/décision.csv", "nom;ville\n")
	if got := laid(t, "winmail.dat", b, "tnef"); got != "Décision\n0536490651\nNée le 12/05/1985\n" {
		t.Errorf("%q", got)
	}
	if u := openArchive(t, "winmail.dat", b); len(u.Order) != 1 || u.Members["a_décision.csv"] != "nom;ville\n" {
		t.Errorf("members %q", u.Members)
	}
	if _, _, err := readObject(t, "winmail.dat", b[:len(b)-9]); err == nil {
		t.Error("cut short, and nothing says so")
	}
}

func FuzzTNEF(f *testing.F) {
	f.Add(winmail("a", "b", "c"))
	f.Fuzz(func(t *testing.T, b []byte) {
		readFuzzed(t, tnefFormat, "x", b)
		walkFuzzed(t, tnefFormat, "x", b, 1)
	})
}
