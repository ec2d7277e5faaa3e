package format

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"vigie/scanner"
)

// A part is a member of a package, made by hand.
type part struct{ name, data string }

func packageOf(parts ...part) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, p := range parts {
		w, err := z.Create(p.name)
		if err != nil {
			panic(err)
		}
		io.WriteString(w, p.data)
	}
	z.Close()
	return b.Bytes()
}

const spreadsheetML = ` xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"`

// book is a workbook of one sheet with the given rows.
func book(rows string, more ...part) []byte {
	parts := []part{{"[Content_Types].xml", "<Types/>"}, {"xl/workbook.xml", `<workbook` + spreadsheetML + `><sheets><sheet name="Feuil1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>`}}
	parts = append(parts, more...)
	return packageOf(append(parts, part{"xl/worksheets/sheet1.xml", "<?xml version=\"1.0\"?><worksheet" + spreadsheetML + "><sheetData>" + rows + "</sheetData></worksheet>"})...)
}

// cellsOf reads a workbook and returns the rows of its first table, cells parted
// by |, rows by line ends.
func cellsOf(t *testing.T, b []byte) string {
	t.Helper()
	_, blocks, err := readObject(t, "x.xlsx", b)
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	for _, k := range blocks {
		if k.Rows > 0 {
			out.WriteString(strings.Join(k.Titles, "|") + "\n")
		}
		out.Write(k.Text)
	}
	return strings.NewReplacer("\x1F", "|", "\x1E", "\n").Replace(strings.TrimPrefix(out.String(), "\n"))
}

func TestXLSXCells(t *testing.T) {
	shared := part{"xl/sharedStrings.xml", `<sst><si><t>un</t></si><si><r><rPr><b/></rPr><t xml:space="preserve">deux </t></r><r><t>&amp; trois</t></r></si>` +
		`<si><t>山</t><rPh sb="0" eb="1"><t>やま</t></rPh></si><si/><si><t/></si><si><t>l1_x000D_&#10;l2_x005F_x</t></si><si><t><![CDATA[<c>]]></t></si></sst>`}
	styles := part{"xl/styles.xml", `<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/><numFmt numFmtId="165" formatCode="00000"/></numFmts>` +
		`<cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="22"/></cellXfs></styleSheet>`}
	for _, test := range []struct{ name, rows, want string }{
		{"shared", `<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="s"><v>3</v></c><c r="E1" t="s"><v>5</v></c><c r="F1" t="s"><v>6</v></c></row>`,
			"un|deux & trois|山||l1 \nl2_x|<c>\n"},
		{"inline", `<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><r><t>b</t></r><r><t>c</t></r></is></c></row>`, "a|bc\n"},
		{"formulas", `<row><c t="str"><f>A1&amp;"x"</f><v>ax</v></c><c><f>1+1</f><v>2</v></c><c><f>now()</f></c></row>`, "ax|2\n"},
		{"others", `<row><c t="b"><v>1</v></c><c t="b"><v>0</v></c><c t="e"><v>#N/A</v></c><c t="d"><v>1985-05-12T00:00:00</v></c></row>`, "true|false|#N/A|1985-05-12\n"},
		{"numbers", `<row><c><v>1.85057800608491E14</v></c><c s="1"><v>31179</v></c><c s="2"><v>1000</v></c><c s="3"><v>31179.5</v></c><c s="99"><v>5</v></c></row>`,
			"185057800608491|1985-05-12|01000|1985-05-12 12:00:00|5\n"},
		{"gaps", `<row r="3"><c r="C3"><v>1</v></c><c r="E3"><v>2</v></c><c><v>3</v></c></row><row r="9"/><row r="10"><c r="B10"><v>4</v></c></row>`, "||1||2|3\n|4\n"},
		{"prefix", `<x:row r="1"><x:c r="A1" t="s"><x:v>0</x:v></x:c><x:c r="B1"><x:v>7</x:v></x:c></x:row>`, "un|7\n"},
		{"no row ends", `<row><c><v>1</v></c><row><c><v>2</v>`, "1\n2\n"},
		{"a delimiter", `<row><c t="str"><v>a&#31;b&#30;c_x001F_</v></c></row>`, "a b c \n"},
	} {
		parts := []part{styles}
		if strings.Contains(test.rows, `t="s"`) {
			parts = append(parts, shared)
		}
		if got := cellsOf(t, book(test.rows, parts...)); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestXLSXBooks(t *testing.T) {
	data := func(v string) string {
		return `<worksheet><sheetData><row><c><v>` + v + `</v></c><c s="1"><v>100</v></c></row></sheetData></worksheet>`
	}
	strict := `<?xml version="1.0"?><x:workbook xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main" xmlns:r="http://purl.oclc.org/ooxml/officeDocument/relationships">` +
		`<x:workbookPr date1904="1"/><x:sheets><x:sheet name="Caché" state="hidden" r:id="b"/><x:sheet name="Très" state="veryHidden" r:id="a"/><x:sheet name="Tr&#232;s" r:id="c"/></x:sheets></x:workbook>`
	b := packageOf(part{"[Content_Types].xml", ""}, part{"xl/workbook.xml", strict},
		part{"xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="a" Target="/xl/worksheets/sheet1.xml"/><Relationship Id="b" Target="worksheets/sheet2.xml"/><Relationship Id="c" Target="worksheets/sheet3.xml"/></Relationships>`},
		part{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`},
		part{"xl/worksheets/sheet1.xml", data("1")}, part{"xl/worksheets/sheet2.xml", string(utf16Of(data("2")))}, part{"xl/worksheets/sheet3.xml", data("3")},
		part{"xl/worksheets/orphan.xml", data("4")}, part{"xl/comments1.xml", "<comments><t>note</t></comments>"}, part{"xl/embeddings/a.docx", "x"}, part{"docProps/core.xml", "<a/>"})
	_, blocks, err := readObject(t, "x.bin", b)
	if err != nil {
		t.Fatal(err)
	}
	names, rows, _ := tables(t, blocks)
	if want := []string{"Caché (hidden)", "Très (very hidden)", "Très", "orphan"}; !slices.Equal(names, want) {
		t.Errorf("tables %q, want %q", names, want)
	}
	if got := fmt.Sprint(rows["Caché (hidden)"], rows["Très"]); got != "[[2 1904-04-10]] [[3 1904-04-10]]" {
		t.Errorf("rows %s", got)
	}
	got := openArchive(t, "x.bin", b)
	if want := []string{"xl/comments1.xml", "xl/embeddings/a.docx", "docProps/core.xml"}; !slices.Equal(got.Order, want) {
		t.Errorf("members %q, want %q", got.Order, want)
	}
}

func utf16Of(s string) []byte {
	b := []byte{0xFF, 0xFE}
	for _, u := range utf16.Encode([]rune(s)) {
		b = append(b, byte(u), byte(u>>8))
	}
	return b
}

func TestXLSXMatch(t *testing.T) {
	inner := book(`<row><c><v>1</v></c></row>`)
	var outer bytes.Buffer
	z := zip.NewWriter(&outer)
	w, _ := z.CreateHeader(&zip.FileHeader{Name: "a.xlsx", Method: zip.Store})
	w.Write(inner)
	z.Close()
	for _, test := range []struct {
		name   string
		b      []byte
		format string
	}{
		{"x.zip", inner, "xlsx"},
		{"x.zip", outer.Bytes(), "zip"},
		{"x.docx", packageOf(part{"[Content_Types].xml", ""}, part{"word/document.xml", ""}), "docx"},
		{"x.xlsx", packageOf(part{"[Content_Types].xml", ""}, part{"word/document.xml", ""}), "docx"},
		{"x.xlsb", packageOf(part{"[Content_Types].xml", ""}, part{"xl/workbook.bin", ""}), "xlsx"},
		{"x.zip", packageOf(part{"a.csv", ""}, part{"xl/workbook.xml", ""}), "zip"},
	} {
		if got := first(test.name, test.b); got != test.format {
			t.Errorf("%s: %s, want %s", test.name, got, test.format)
		}
	}
	_, _, err := readObject(t, "x.xlsb", packageOf(part{"[Content_Types].xml", ""}, part{"xl/workbook.bin", ""}))
	if err == nil || err.Error() != "unsupported: Excel binary workbook (XLSB)" {
		t.Errorf("XLSB: %v", err)
	}
}

// TestXLSXBesideCells: what stands beside the cells is running text.
func TestXLSXBesideCells(t *testing.T) {
	b := packageOf(part{"[Content_Types].xml", ""}, part{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row><c><v>1</v></c></row></sheetData>` +
		`<hyperlinks><hyperlink ref="A1" display="a@example.org"/></hyperlinks><dataValidations><dataValidation prompt="Qui ?"><formula1>"Dupont,Martin"</formula1></dataValidation></dataValidations>` +
		`<headerFooter><oddHeader>&amp;C&amp;"Arial,Gras"&amp;12Confidentiel &amp;&amp; secret</oddHeader><oddFooter>&amp;P</oddFooter></headerFooter></worksheet>`})
	_, blocks, err := readObject(t, "x.xlsx", b)
	if want := "a@example.org\nQui ?\n\"Dupont,Martin\"\nConfidentiel & secret\n"; err != nil || runningText(blocks) != want {
		t.Errorf("%q, %v, want %q", runningText(blocks), err, want)
	}
}

// TestXLSXStringsLost: the strings of a workbook whose sheets are gone are running
// text; cells that name strings that are not there are told.
func TestXLSXStringsLost(t *testing.T) {
	shared := part{"xl/sharedStrings.xml", `<sst><si><t>Dupont</t></si><si><t>Martin</t></si></sst>`}
	_, blocks, err := readObject(t, "x.xlsx", packageOf(part{"[Content_Types].xml", ""}, shared))
	if err != nil || runningText(blocks) != "Dupont\nMartin\n" {
		t.Errorf("%q, %v", runningText(blocks), err)
	}
	_, blocks, err = readObject(t, "x.xlsx", book(`<row><c><v>5</v></c><c t="s"><v>9</v></c></row>`, shared))
	if err == nil || len(blocks) != 1 {
		t.Errorf("%d blocks, %v", len(blocks), err)
	}
}

// TestXLSXManyStrings: strings that go to disk come back, in any order.
func TestXLSXManyStrings(t *testing.T) {
	const n = 200_000
	var sst, rows strings.Builder
	sst.WriteString("<sst>")
	for i := range n {
		fmt.Fprintf(&sst, "<si><t>chaîne partagée numéro %d, assez longue pour que cela fasse quelques mégaoctets en tout</t></si>", i)
	}
	sst.WriteString("</sst>")
	for i := range n {
		fmt.Fprintf(&rows, `<row><c t="s"><v>%d</v></c><c t="s"><v>%d</v></c></row>`, i, i*7919%n)
	}
	_, blocks, err := readObject(t, "x.xlsx", book(rows.String(), part{"xl/sharedStrings.xml", sst.String()}))
	if err != nil {
		t.Fatal(err)
	}
	_, all, _ := tables(t, blocks)
	if len(all["Feuil1"]) != n {
		t.Fatalf("%d rows", len(all["Feuil1"]))
	}
	for i, row := range all["Feuil1"] {
		for k, want := range []int{i, i * 7919 % n} {
			if !strings.HasPrefix(row[k], fmt.Sprintf("chaîne partagée numéro %d,", want)) {
				t.Fatalf("row %d: %q", i, row)
			}
		}
	}
}

// TestXLSXBombs: small workbooks that would be large are read within bounds, or
// refused.
func TestXLSXBombs(t *testing.T) {
	long := strings.Repeat("x", 30_000)
	laughs := `<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "` + strings.Repeat("ha", 100) + `"><!ENTITY b "` + strings.Repeat("&a;", 100) + `">]><sst><si><t>&b;&b;</t></si></sst>`
	for _, test := range []struct {
		name string
		b    []byte
		most int // bytes of text that may come
		want scanner.Reason
	}{
		{"one string a million times", book(strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 10)+`</row>`, 300), part{"xl/sharedStrings.xml", "<sst><si><t>" + long + "</t></si></sst>"}), 1 << 30, ""},
		{"and a hundred times more", book(strings.Repeat(`<row>`+strings.Repeat(`<c t="s"><v>0</v></c>`, 10)+`</row>`, 6000), part{"xl/sharedStrings.xml", "<sst><si><t>" + long + "</t></si></sst>"}), 2 << 30, scanner.Ratio},
		{"laughs", book(`<row><c t="s"><v>0</v></c></row>`, part{"xl/sharedStrings.xml", laughs}), 100, ""},
		{"far columns", book(strings.Repeat(`<row><c r="XFD1"><v>1</v></c></row>`, 10_000) + strings.Repeat(`<row><c r="EZZ1"><v>1</v></c></row>`, 20_000)), 20 << 20, ""},
		{"zeros", book(strings.Repeat(" ", 300<<20)), 0, scanner.Ratio},
		{"a tag without end", book("<row " + strings.Repeat("x", 3<<20)), 0, scanner.Malformed},
		{"one row", book(`<row>` + strings.Repeat(`<c t="inlineStr"><is><t>`+long+`</t></is></c>`, 3000) + `</row>`), 100 << 20, ""},
	} {
		sum, largest := 0, 0
		c, err := scanner.NewContent(context.Background(), stored("x.xlsx", test.b), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		err = xlsxFormat.Read(context.Background(), c, func(b *scanner.Block) error {
			sum += len(b.Text)
			largest = max(largest, len(b.Text))
			return nil
		})
		c.Close()
		var p *scanner.Problem
		reason := scanner.Reason("")
		if errors.As(err, &p) {
			reason = p.Reason
		}
		if reason != test.want || sum > test.most || largest > 6<<20 {
			t.Errorf("%s: %d bytes, %d in a block, %v", test.name, sum, largest, err)
		}
	}
}

func TestXLSXStops(t *testing.T) {
	enough := errors.New("enough")
	c, err := scanner.NewContent(context.Background(), stored("x.xlsx", fixture(t, "xlsx/calc.xlsx")), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	calls := 0
	if err := xlsxFormat.Read(context.Background(), c, func(*scanner.Block) error { calls++; return enough }); err != enough || calls != 1 {
		t.Errorf("%v after %d calls", err, calls)
	}
}

// readFuzzed reads any bytes: it ends, with Problems only, and blocks are what
// they say.
func readFuzzed(t *testing.T, f scanner.Format, name string, b []byte) {
	c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = f.Read(context.Background(), c, func(b *scanner.Block) error {
		if b.Rows != bytes.Count(b.Text, []byte{b.Ruler.Row}) && b.Ruler.Row != 0 {
			t.Fatalf("block says %d rows", b.Rows)
		}
		return nil
	})
	if err = onlyProblem(err); err != nil {
		t.Error(err)
	}
}

func FuzzXLSX(f *testing.F) {
	f.Add(book(`<row><c t="s"><v>0</v></c><c s="1"><v>31179</v></c></row>`, part{"xl/sharedStrings.xml", "<sst><si><t>a</t></si></sst>"}))
	f.Add(fixture(f, "xlsx/calc.xlsx"))
	f.Fuzz(func(t *testing.T, b []byte) { readFuzzed(t, xlsxFormat, "x.xlsx", b) })
}

// FuzzXLSXParts fuzzes what is in the parts, past the compression.
func FuzzXLSXParts(f *testing.F) {
	f.Add(`<row><c t="s"><v>0</v></c></row>`, `<sst><si><t>a</t></si></sst>`, `<cellXfs><xf numFmtId="14"/></cellXfs>`)
	f.Add(`<row r="1"><c r="XFD1" s="0"><v>1E5</v></c>`, `<sst><si><r><t>a</t></r><rPh><t>b`, `<numFmt numFmtId="5" formatCode="d"/>`)
	f.Fuzz(func(t *testing.T, rows, sst, styles string) {
		readFuzzed(t, xlsxFormat, "x.xlsx", book(rows, part{"xl/sharedStrings.xml", sst}, part{"xl/styles.xml", styles}))
	})
}

// BenchmarkXLSX reads a register of 200,000 rows; bytes are those of its parts.
func BenchmarkXLSX(b *testing.B) {
	var sst, rows strings.Builder
	sst.WriteString("<sst>")
	for i := range 200_000 {
		fmt.Fprintf(&sst, "<si><t>%d RUE DES LILAS APPT %d</t></si>", i, i%90)
		fmt.Fprintf(&rows, `<row r="%d"><c r="A%d"><v>%d</v></c><c r="B%d" t="s"><v>%d</v></c><c r="C%d" s="1"><v>%d</v></c></row>`,
			i+1, i+1, 185057800600000+i, i+1, i, i+1, 10000+i%30000)
	}
	sst.WriteString("</sst>")
	doc := book(rows.String(), part{"xl/sharedStrings.xml", sst.String()},
		part{"xl/styles.xml", `<styleSheet><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/></cellXfs></styleSheet>`})
	b.SetBytes(int64(sst.Len() + rows.Len()))
	b.ReportAllocs()
	for b.Loop() {
		readBench(b, xlsxFormat, doc)
	}
}

func readBench(b *testing.B, f scanner.Format, doc []byte) {
	c, err := scanner.NewContent(context.Background(), stored("x", doc), scanner.Limits{})
	if err != nil {
		b.Fatal(err)
	}
	defer c.Close()
	if err := f.Read(context.Background(), c, func(*scanner.Block) error { return nil }); err != nil {
		b.Fatal(err)
	}
}
