package format

import (
	"bytes"
	"encoding/binary"
	"strings"
	"testing"

	"vigie/scanner"
)

func pptOf(kind, version uint16, data string) string {
	le := binary.LittleEndian
	b := le.AppendUint16(nil, version)
	b = le.AppendUint16(b, kind)
	return string(le.AppendUint32(b, uint32(len(data)))) + data
}

func TestPPT(t *testing.T) {
	deck := pptOf(0x03ee, 0xf, pptOf(0xf00d, 0xf, pptOf(pptText, 0, utf16Text("Née le\r12/05/1985"))+pptOf(pptBytes, 0, "caf\xe9\x0bx"))) +
		pptOf(pptMaster, 0xf, pptOf(pptBytes, 0, "Click to edit")) + pptOf(pptObject, 0, string(message()))
	b := compound(part{"PowerPoint Document", deck})
	if got := laid(t, "x", b, "ppt"); got != "Née le\n12/05/1985\ncafé\nx\n" {
		t.Errorf("%q", got)
	}
	if u := openArchive(t, "x", b); len(u.Order) != 1 || u.Members["oleObject1.bin"] != string(message()) {
		t.Errorf("members %q", u.Order)
	}
	_, _, err := readObject(t, "x", compound(part{"PowerPoint Document", deck}, part{"EncryptedSummary", "x"}))
	if reason(err) != scanner.Encrypted {
		t.Error(err)
	}
}

// A workbook that is embedded is read as one, and a file as it is.
func TestEmbedded(t *testing.T) {
	book := compound(part{"Workbook", "x"}, part{"Ole", "x"})
	if format, _, _ := readObject(t, "oleObject1.bin", book); format != "xls" {
		t.Errorf("a workbook: %s", format)
	}
	file := native("liste.csv", "nom;ville\n")
	u := openArchive(t, "oleObject1.bin", compound(part{"\x01Ole10Native", "\x00\x00\x00\x00" + file}))
	if len(u.Order) != 1 || u.Members["liste.csv"] != "nom;ville\n" {
		t.Errorf("members %q", u.Members)
	}
	o, err := openOLE(bytes.NewReader(book), int64(len(book)))
	if err != nil {
		t.Fatal(err)
	}
	var again bytes.Buffer
	if _, err := again.ReadFrom(o.compound("", []*oleStream{o.find("Workbook"), o.find("Ole")})); err != nil {
		t.Fatal(err)
	}
	if o, err = openOLE(bytes.NewReader(again.Bytes()), int64(again.Len())); err != nil || o.find("Workbook") == nil || o.find("Workbook").size != 1 {
		t.Errorf("a storage of its own: %v", err)
	}
}

// LibreOffice writes the same text as into a PPTX.
func TestPPTOfLibreOffice(t *testing.T) {
	text := laid(t, "x.ppt", documentOf(t, "pptx/notification_01.ppt.gz"), "ppt")
	for _, line := range strings.Split(strings.TrimSpace(laid(t, "x", documentOf(t, "pptx/notifications.zip!notification_01.pptx"), "pptx")), "\n") {
		if !strings.Contains(text, line) {
			t.Errorf("%q is not in %.500q", line, text)
		}
	}
}

func FuzzPPT(f *testing.F) {
	f.Add(compound(part{"PowerPoint Document", pptOf(0x03ee, 0xf, pptOf(pptText, 0, utf16Text("a"))) + pptOf(pptObject, 0, "b") + pptOf(pptObject, 0x10, "bbbbb")}))
	f.Fuzz(func(t *testing.T, b []byte) {
		readFuzzed(t, pptFormat, "x.ppt", b)
		walkFuzzed(t, pptFormat, "x.ppt", b, 1)
	})
}
