package format

import (
	"bytes"
	"io"
	"testing"
)

func FuzzPDFContent(f *testing.F) {
	f.Add("BT /F 12 Tf 50 700 Td [(a)-40(b)] TJ 1 0 0 1 9 9 Tm (c) ' ET q 1 0 0 1 0 0 cm /X Do Q 0 0 9 9 re")
	f.Add("BI /W 1 /H 1 ID \x01 EI /Span <</ActualText(x)>> BDC (\x01) Tj EMC")
	f.Fuzz(func(t *testing.T, content string) {
		readDamagedPDF(t, withObjects(onePDF(content, "/XObject<</X 10 0 R>>", ""), streamObject("/Subtype/Form", content)))
	})
}

func FuzzPDFPicture(f *testing.F) {
	f.Add("/ColorSpace[/Indexed/DeviceRGB 1<ffffff000000>]/BitsPerComponent 1", "\x40\x80")
	f.Add("/Filter/CCITTFaxDecode/DecodeParms<</K -1/Columns 2>>", "fax")
	f.Add("/ColorSpace[/DeviceN[/A/B]/DeviceRGB]/BitsPerComponent 4/Decode[1 0]/Width 7/Height 9", "\x40\x80\x10\x99")
	f.Fuzz(func(t *testing.T, dict, data string) { readDamagedPDF(t, pictured(dict, data)) })
}

func FuzzPDFCMap(f *testing.F) {
	f.Add("1 begincodespacerange <00><ff> endcodespacerange 2 beginbfchar <01><0041> <02></eacute> endbfchar 1 beginbfrange <03><09>[<0042><0043>] endbfrange", "\x01\x02\x03")
	f.Fuzz(func(t *testing.T, cmap, codes string) {
		m := readCMap(bytes.NewReader([]byte(cmap)))
		if len(m.ranges) > pdfMappings+256 {
			t.Fatalf("%d ranges", len(m.ranges))
		}
		for s := pdfString(codes); len(s) > 0; {
			code, n := m.next(s, 2)
			if n < 1 {
				t.Fatal("it stays where it is")
			}
			m.find(code)
			s = s[n:]
		}
	})
}

// FuzzPDFFilter decodes with any two filters, and no more than it is allowed to.
func FuzzPDFFilter(f *testing.F) {
	names := []pdfName{"FlateDecode", "LZWDecode", "ASCIIHexDecode", "ASCII85Decode", "RunLengthDecode", "Crypt", "DCTDecode"}
	for i := range names {
		f.Add(uint8(i), uint8(i), uint8(12), "48656c6c6f>\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01")
	}
	f.Fuzz(func(t *testing.T, a, b, predictor uint8, data string) {
		at := bytes.NewReader([]byte(data))
		p := pdfDict{"Predictor": float64(predictor), "Columns": float64(a), "Colors": float64(b % 5), "EarlyChange": float64(a & 1)}
		filters := pdfArray{names[int(a)%len(names)], names[int(b)%len(names)]}
		d := &pdfFile{from: at, size: at.Size()}
		s := &pdfStream{pdfDict: pdfDict{"Filter": filters, "DecodeParms": pdfArray{p, p}}, n: at.Size()}
		if got := d.read(s, 1<<20); len(got) > 1<<20 {
			t.Errorf("%d bytes", len(got))
		}
	})
}

func FuzzPDFCrypt(f *testing.F) {
	long := string(bytes.Repeat([]byte("x"), 48))
	f.Add(uint8(3), uint8(16), long, long, long, long, "word")
	f.Add(uint8(6), uint8(32), long, long, long, long, "word")
	f.Fuzz(func(t *testing.T, revision, length uint8, owner, user, oe, ue, word string) {
		s := pdfSeal{revision: int(revision % 8), length: min(max(int(length), 5), 16), owner: owner, user: user, oe: oe, ue: ue, id: word}
		key := s.key(word)
		if key == nil {
			key = bytes.Repeat([]byte{length}, s.length)
		}
		for _, m := range []pdfMethod{pdfIdentity, pdfRC4, pdfAES128, pdfAES256} {
			c := &pdfCrypt{key: key, strings: m, data: m}
			c.text(pdfRef{1, 0}, owner)
			n, err := io.Copy(io.Discard, c.stream(pdfRef{1, 0}, bytes.NewReader([]byte(owner))))
			if err != nil || n > int64(len(owner)) {
				t.Errorf("%d bytes of %d, %v", n, len(owner), err)
			}
		}
	})
}

// FuzzPDFTable reads a table of objects that is a stream.
func FuzzPDFTable(f *testing.F) {
	f.Add("/W[1 2 1]/Index[0 3]", "\x01\x00\x09\x00\x02\x00\x05\x00\x00\x00\x00\x00")
	f.Fuzz(func(t *testing.T, dict, data string) {
		doc := "%PDF-1.5\n1 0 obj " + streamObject("/Type/XRef/Root 1 0 R"+dict, data) + " endobj\nstartxref\n9\n%%EOF"
		readDamagedPDF(t, []byte(doc))
		f, err := openPDF(bytes.NewReader([]byte(doc)), int64(len(doc)), nil, nil)
		if err == nil && len(f.places) > pdfObjects {
			t.Errorf("%d objects", len(f.places))
		}
	})
}

// BenchmarkPDF reads a table of 300 rows.
func BenchmarkPDF(b *testing.B) {
	doc := documentFixture(b, "pdf/register.pdf")
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		if _, _, err := readObject(b, "x.pdf", doc); err != nil {
			b.Fatal(err)
		}
	}
}
