package format

import (
	"fmt"
	"strings"
	"testing"
)

// withObjects adds objects to a document, which has no table of them.
func withObjects(doc []byte, objects ...string) []byte {
	for i, o := range objects {
		doc = fmt.Appendf(doc, "%d 0 obj %s endobj\n", 10+i, o)
	}
	return doc
}

func streamObject(dict, data string) string {
	return fmt.Sprintf("<<%s/Length %d>> stream\n%s\nendstream", dict, len(data), data)
}

// TestPDFNotes: what is filled in stands where its label is, notes and bookmarks are
// text, and so is what stands for glyphs.
func TestPDFNotes(t *testing.T) {
	form := withObjects(onePDF("BT /F 12 Tf 50 700 Td (Nom :) Tj ET", "", "/Outlines<</First 11 0 R>>"),
		streamObject("/Subtype/Form/BBox[0 0 100 20]/Resources<</Font<</F<</Subtype/Type1/BaseFont/Helvetica>>>>>>", "BT /F 12 Tf 2 5 Td (DUPONT) Tj ET"),
		"<</Title(Dossier 7)/Next 12 0 R>>", "<</Title(Dossier 8)/Next 11 0 R>>")
	form = []byte(strings.Replace(string(form), "/Type/Page/", "/Annots[<</Subtype/Widget/Rect[100 695 200 715]/AP<</N 10 0 R>>>><</Subtype/Text/Contents(voir avec elle)>>]/Type/Page/", 1))
	for _, test := range []struct {
		name string
		doc  []byte
		want string
	}{
		{"form, note and bookmarks", form, "Nom : DUPONT\nvoir avec elle\nDossier 7\nDossier 8\n"},
		{"text of glyphs that say nothing", onePDF("BT /F 12 Tf 50 700 Td /Span <</ActualText(\xfe\xff\x00\xc9)>> BDC (\\001) Tj EMC (cole) Tj ET", "", ""), "École\n"},
		{"text of glyphs that say something", onePDF("BT /F 12 Tf 50 700 Td /Span <</ActualText(X)>> BDC (a) Tj EMC (b) Tj ET", "", ""), "ab\n"},
		{"on a slope", onePDF("BT /F 12 Tf .7 .7 -.7 .7 50 50 Tm (CONFI) Tj (DENTIEL no 7) Tj ET", "", ""), "CONFIDENTIEL no 7\n"},
		{"a font that is missing", onePDF("BT /G 12 Tf 50 700 Td (texte) Tj ET", "", ""), "texte\n"},
		{"a space that was shown before", onePDF("BT /F 12 Tf 50 700 Td (a ) Tj 7 0 Td (b) Tj ET", "", ""), "a b\n"},
	} {
		_, blocks, _ := readObject(t, "x.pdf", test.doc)
		if got := runningText(blocks); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// TestPDFRevisions: a page that was replaced is still in the file, and is read as
// running text.
func TestPDFRevisions(t *testing.T) {
	doc := pictured("", "")
	doc = []byte(strings.Replace(string(doc), "612 0 0 792 0 0 cm /X Do", "BT /F 12 Tf 9 9 Td(avant)Tj ET", 1))
	first := strings.LastIndex(string(doc), "xref\n1 1")
	table := fmt.Sprintf("%d", first)
	doc = doc[:first]
	at := func(object string) int { return strings.LastIndex(string(doc), object) }
	xref := func(prev string) {
		here := len(doc)
		doc = fmt.Appendf(doc, "xref\n1 4\n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \n%010d 00000 n \ntrailer <</Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n",
			at("1 0 obj"), at("2 0 obj"), at("3 0 obj"), at("4 0 obj"), prev, here)
	}
	xref("")
	doc = append(doc, "4 0 obj "+streamObject("", "BT /F 12 Tf 9 9 Td(apres)Tj ET")+" endobj\n"...)
	xref("/Prev " + table)
	_, blocks, err := readObject(t, "x.pdf", doc)
	if got := runningText(blocks); err != nil || got != "apres\navant\n" {
		t.Errorf("%v, %q", err, got)
	}
}

func TestPDFFormData(t *testing.T) {
	data := "<xfa:datasets><nom>DUPONT</nom></xfa:datasets>"
	doc := withObjects(onePDF("", "", "/AcroForm<</XFA[(template)11 0 R(datasets)10 0 R]>>"), streamObject("", data), streamObject("", "<template/>"))
	if u := openArchive(t, "x.pdf", doc); u.Members["xfa.xml"] != data {
		t.Errorf("members %q", u.Members)
	}
}

// TestPDFPrograms: fonts that do not say what their codes mean, but whose programs
// name their glyphs.
func TestPDFPrograms(t *testing.T) {
	cmap := func(platform, encoding, table string) string {
		return "\x00\x00\x00\x01" + platform + encoding + "\x00\x00\x00\x0c" + table
	}
	four := "\x00\x04\x00\x20\x00\x00\x00\x04\x00\x04\x00\x01\x00\x00" + "\x00\x45\xff\xff" + "\x00\x00" + "\x00\x41\xff\xff" + "\xff\xc2\x00\x01" + "\x00\x00\x00\x00" // A to E are 3 to 7
	twelve := "\x00\x0c\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x00\x00\x00\x00\x01" + "\x00\x00\x00\x41\x00\x00\x00\x45\x00\x00\x00\x03"
	post := "\x00\x02\x00\x00" + strings.Repeat("\x00", 28) + "\x00\x05" + "\x00\x00\x00\x00\x00\x00\x00\x24\x01\x03" + "\x05beta1\x06eacute"
	symbols := "\x00\x06\x00\x0e\x00\x00\xf0\x21\x00\x02\x00\x03\x00\x04"
	for _, test := range []struct {
		name   string
		tables map[string]string
		code   uint32
		own    bool
		want   string
	}{
		{"characters", map[string]string{"cmap": cmap("\x00\x03", "\x00\x01", four)}, 5, false, "C"},
		{"characters of all planes", map[string]string{"cmap": cmap("\x00\x03", "\x00\x0a", twelve)}, 7, false, "E"},
		{"names of Apple's order", map[string]string{"post": post}, 3, false, "A"},
		{"names of its own", map[string]string{"post": post}, 4, false, "é"},
		{"codes of its own", map[string]string{"cmap": cmap("\x00\x03", "\x00\x00", symbols), "post": post}, 0x21, true, "A"},
		{"no such glyph", map[string]string{"cmap": cmap("\x00\x03", "\x00\x01", four)}, 99, false, ""},
	} {
		b := "\x00\x01\x00\x00\x00" + string(rune(len(test.tables))) + "\x00\x00\x00\x00\x00\x00"
		data := ""
		for _, tag := range []string{"cmap", "post"} {
			if table, ok := test.tables[tag]; ok {
				at := 12 + 16*len(test.tables) + len(data)
				b += tag + "\x00\x00\x00\x00" + fmt.Sprintf("%c%c%c%c", 0, 0, 0, at) + fmt.Sprintf("%c%c%c%c", 0, 0, 0, len(table))
				data += table
			}
		}
		n := pdfProgramOf("FontFile2", b+data)
		if got := n.find(test.code, test.own); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	// A font of three glyphs: .notdef, A and one with a name of its own.
	compact := "\x01\x00\x04\x01" + "\x00\x01\x01\x01\x02F" +
		"\x00\x01\x01\x01\x13" + "\x1d\x00\x00\x00\x2e\x0f" + "\x1d\x00\x00\x00\x33\x10" + "\x1d\x00\x00\x00\x37\x11" +
		"\x00\x01\x01\x01\x07eacute" + "\x00\x00" + "\x00\x00\x22\x01\x87" + "\x00\x02\x41\x42" + "\x00\x03\x01\x01\x02\x03\x04abc"
	n := pdfProgramOf("FontFile3", compact)
	if n.find(0x41, true) != "A" || n.find(0x42, true) != "é" || n.find(1, false) != "A" {
		t.Errorf("compact: %q %q, %v", n.find(0x41, true), n.find(0x42, true), n)
	}
	for i := range compact {
		pdfProgramOf("FontFile3", compact[:i])
	}
	if compactGlyph(1) != " " || compactGlyph(149) != "ß" || compactGlyph(228) != "ž" || macGlyph(225) != "ˇ" || macGlyph(257) != "đ" {
		t.Errorf("glyphs %q %q %q %q %q", compactGlyph(1), compactGlyph(149), compactGlyph(228), macGlyph(225), macGlyph(257))
	}
}

func pdfProgramOf(key pdfName, b string) *pdfNames {
	at := strings.NewReader(b)
	f := &pdfFile{from: at, size: at.Size()}
	return f.program(pdfDict{key: &pdfStream{pdfDict: pdfDict{}, n: at.Size()}})
}

func FuzzPDFProgram(f *testing.F) {
	f.Add("\x00\x01\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00cmap\x00\x00\x00\x00\x00\x00\x00\x1c\x00\x00\x00\x40\x00\x00\x00\x01\x00\x03\x00\x01\x00\x00\x00\x0c\x00\x04\x00\x20\x00\x00\x00\x04\x00\x04\x00\x01\x00\x00\x00\x45\xff\xff\x00\x00\x00\x41\xff\xff\xff\xc2\x00\x01\x00\x00\x00\x00")
	f.Add("\x01\x00\x04\x01\x00\x01\x01\x01\x02F\x00\x01\x01\x01\x08\xb6\x0f\xbb\x10\xc0\x11\x8b\x00\x01\x01\x01\x07eacute\x00\x00")
	f.Fuzz(func(t *testing.T, b string) {
		n := pdfProgramOf("FontFile3", b)
		if len(n.text) > 2<<16 || len(n.glyph) > 1<<16 {
			t.Errorf("%d names, %d codes of %d bytes", len(n.text), len(n.glyph), len(b))
		}
	})
}
