package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"vigie/fixtures"
	"vigie/scanner"
)

// An xmlRead is what came of a document.
type xmlRead struct {
	Titles []string
	Rows   [][]string
	Text   string
}

func readXML(t testing.TB, doc string, size int) (got xmlRead, err error) {
	t.Helper()
	x := xmlReader{ctx: context.Background(), yield: func(b *scanner.Block) error {
		if b.Ruler != (scanner.Ruler{Cell: 0x1F, Row: 0x1E}) {
			got.Text += string(b.Text)
			return nil
		}
		if len(b.Titles) < len(got.Titles) || !cmp.Equal(b.Titles[:len(got.Titles)], got.Titles) && len(got.Titles) > 0 {
			t.Errorf("titles %q after %q", b.Titles, got.Titles)
		}
		got.Titles = b.Titles
		rows := strings.Split(strings.TrimSuffix(string(b.Text), "\x1e"), "\x1e")
		if len(rows) != b.Rows || b.At != int64(len(got.Rows)) {
			t.Errorf("%d rows at %d in a block that says %d at %d", len(rows), len(got.Rows), b.Rows, b.At)
		}
		for _, row := range rows {
			got.Rows = append(got.Rows, strings.Split(row, "\x1f"))
		}
		return nil
	}}
	err = x.read(decode(strings.NewReader(doc)), size)
	return got, err
}

func TestXML(t *testing.T) {
	tests := map[string]struct {
		doc  string
		want xmlRead
	}{
		"flat": {"<gens><p><nom>A</nom><age>1</age></p>\n<p><nom>B</nom><ville>V</ville></p></gens>",
			xmlRead{[]string{"nom", "age", "ville"}, [][]string{{"A", "1"}, {"B", "", "V"}}, ""}},
		"nested": {"<gens><p><nom>A</nom><adresse><rue>R</rue><cp>75001</cp></adresse></p><p><nom>B</nom><adresse><rue>S</rue></adresse></p></gens>",
			xmlRead{[]string{"nom", "adresse/rue", "adresse/cp"}, [][]string{{"A", "R", "75001"}, {"B", "S"}}, ""}},
		"attributes": {`<gens an="2024"><p id="1" nom='A'/><p nom="B" id = "2">actif</p></gens>`,
			xmlRead{[]string{"@id", "@nom", "p"}, [][]string{{"1", "A"}, {"2", "B", "actif"}}, "an: 2024\n"}},
		"prefixes": {`<x:gens xmlns:x="urn:x"><x:p x:id="1"><y:nom xmlns:y="urn:y">A</y:nom></x:p><x:p><y:nom>B</y:nom></x:p></x:gens>`,
			xmlRead{[]string{"@id", "nom"}, [][]string{{"1", "A"}, {"", "B"}}, ""}},
		"entities": {`<g><p><n>a &amp; b &lt;&gt;&quot;&apos; &#233;&#xE9; &eacute; &</n></p><p><n a="&#65;">B</n></p></g>`,
			xmlRead{[]string{"n", "n/@a"}, [][]string{{`a & b <>"' éé &eacute; &`}, {"B", "A"}}, ""}},
		"CDATA": {`<g><p><n>x <![CDATA[<b>&amp;]]]]><![CDATA[>]]> y</n></p><p><n>2</n></p></g>`,
			xmlRead{[]string{"n"}, [][]string{{"x <b>&amp;]]> y"}, {"2"}}, ""}},
		"repeats": {"<g><p><e>1</e><n>A</n><e>2</e></p><p><e>3</e></p></g>",
			xmlRead{[]string{"e", "n"}, [][]string{{"1 2", "A"}, {"3"}}, ""}},
		"separators": {"<g><p><e>1\x1e2\x1f3</e></p><p><e>4</e></p></g>",
			xmlRead{[]string{"e"}, [][]string{{"1 2 3"}, {"4"}}, ""}},
		"skipped": {`<?xml version="1.0"?><!-- <p> --><!DOCTYPE g [<!ENTITY a "<p>]>"><!-- ' --><?i "?>]><g><?x <p>?><p><n>1</n></p><!-- "- --><p><n>2</n></p></g>`,
			xmlRead{[]string{"n"}, [][]string{{"1"}, {"2"}}, " <p> \n<!DOCTYPE g [<!ENTITY a \"<p>]>\"><!-- ' --><?i \"?>]>\n \"- \n"}},
		"a quote that hides a comment": {`<!DOCTYPE g SYSTEM "x><!-- "l ami --><g><p><n>1</n></p><p><n>2</n></p></g>`,
			xmlRead{[]string{"n"}, [][]string{{"1"}, {"2"}}, "<!DOCTYPE g SYSTEM \"x><!-- \"l ami \n"}},
		"a quote that hides": {`<!DOCTYPE g [l'x]><!-- l'ami --><!-- ]> --><g><p><n>1</n></p><p><n>2</n></p></g>`,
			xmlRead{nil, nil, `<!DOCTYPE g [l'x]><!-- l'ami --><!-- ]> --><g><p><n>1</n></p><p><n>2</n></p></g>`}},
		"outside": {"<g><titre>Liste</titre><p><n>1</n></p>note<p><n>2</n></p><fin le='3'/></g>",
			xmlRead{[]string{"n"}, [][]string{{"1"}, {"2"}}, "titre: Liste\ng: note\nle: 3\n"}},
		"alone": {"<p><nom>A</nom><age>1</age></p>",
			xmlRead{nil, nil, "nom: A\nage: 1\n"}},
		"parts": {"<g><d c='1'><p><n>A</n><m>1</m></p><p><n>B</n></p><p><n>C</n></p></d><d c='2'><p><n>D</n></p></d></g>",
			xmlRead{[]string{"n", "m"}, [][]string{{"A", "1"}, {"B"}, {"C"}, {"D"}}, "c: 1\nc: 2\n"}},
		"named by attributes": {`<d><t name="x"><row><field name="nir">1</field><field name="nom" type="c">A</field></row><row><field name="nom">B</field><field name="nir">2</field></row></t></d>`,
			xmlRead{[]string{"nir", "nom/@type", "nom"}, [][]string{{"1", "c", "A"}, {"2", "", "B"}}, "name: x\n"}},
		"cut short": {"<g><p><n>1</n></p><p><n>2</n><m>3",
			xmlRead{[]string{"n", "m"}, [][]string{{"1"}, {"2", "3"}}, ""}},
		"cut in a tag": {"<g><p><n>1</n></p><p><n>2</n><m a='3",
			xmlRead{[]string{"n", "p"}, [][]string{{"1"}, {"2", "<m a='3"}}, ""}},
		"missing ends": {"<g><p><n>1<m>5</m></p><p><n>2</n></o></p></g>",
			xmlRead{[]string{"n", "n/m"}, [][]string{{"1", "5"}, {"2"}}, ""}},
		"stray marks": {"<g><p><n>1 < 2 <3</n></p><p><n>a<b c</n></p></g>",
			xmlRead{[]string{"n"}, [][]string{{"1 < 2 <3"}, {"a<b c"}}, ""}},
		"open comment": {"<g><p><n>1</n></p><p><n>2</n></p><!-- <p><n>3</n></p>",
			xmlRead{[]string{"n"}, [][]string{{"1"}, {"2"}}, "<!-- <p><n>3</n></p>"}},
	}
	for name, test := range tests {
		for _, size := range []int{64, 200, slabSize} {
			if size < 200 && name != "flat" { // the head must hold rows
				continue
			}
			got, err := readXML(t, test.doc, size)
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if diff := cmp.Diff(test.want, got); diff != "" && size > 64 {
				t.Errorf("%s, %d bytes at once: %s", name, size, diff)
			}
		}
	}
}

func TestXMLIsKnown(t *testing.T) {
	for doc, want := range map[string]bool{
		`<?xml version="1.0"?><a/>`: true, "\n<g><b>1</b></g>": true, "<!-- x --><g><b/>": true, "<?xml version='1.0'?><!-- long": true,
		"<!DOCTYPE html><g><b/></g>": false, "<html><p></p></html>": false, `<?xml version="1.0"?><svg></svg>`: false,
		"<svg xmlns='x'><g/></svg>": false, "<g> b": false, "<a@b.fr> 12": false, "a<b></b>": false, "<?php echo 1 ?><a/>": false,
		"<1><2>": false, "<stdio.h>\n": false, "<g><b></g></b>": false, "<?xml version='1.0'?><!DOCTYPE html PUBLIC ''><x/>": false,
		"<table1><ligne><nom>A</nom></ligne></table1>": true, "<?xml version='1.0'?><table><row/></table>": true,
		"<<<<": false, "": false, "<g></g> b <c></c>": false, "<div><b></b></div>": false,
	} {
		if got := xmlFormat.Match("x", []byte(doc)); got != want {
			t.Errorf("%q: %v", doc, got)
		}
		if want && htmlFormat.Match("x", []byte(doc)) {
			t.Errorf("%q: HTML", doc)
		}
	}
}

func TestOfficeXMLIsText(t *testing.T) {
	for doc, want := range map[string]string{
		`<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>Du</w:t></w:r><w:r><w:t xml:space="preserve">pont </w:t></w:r><w:r><w:t>A</w:t></w:r></w:p><w:p><w:r><w:t>B</w:t></w:r></w:p></w:document>`: "Dupont A\nB\n",
		`<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><row r="1"><c><v>1</v></c><c t="str"><is><t>x</t></is></c></row></worksheet>`:                                                                                    "1\tx\t\n",
		`<o:d xmlns:o="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><t:table-row><t:table-cell><x:p>A &amp; B</x:p></t:table-cell></t:table-row><x:p><x:a l:href="mailto:a@b.fr">lien</x:a></x:p></o:d>`:                                          "A & B \t\n mailto:a@b.fr lien\n",
	} {
		got, err := readXML(t, doc, slabSize)
		if err != nil || len(got.Rows) > 0 || got.Text != want && strings.TrimRight(got.Text, " ") != want {
			t.Errorf("%.40s: %q %v, want %q", doc, got, err, want)
		}
	}
}

// registerXML writes invented people as XML.
func registerXML(n int) string {
	people := fixtures.Registered(7, n)
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<personnes>\n")
	for i, row := range people.Rows {
		fmt.Fprintf(&b, "  <personne id=\"%d\">\n", i)
		for j, c := range people.Columns {
			fmt.Fprintf(&b, "    <%s>%s</%[1]s>\n", c.Title, row[j])
		}
		b.WriteString("  </personne>\n")
	}
	b.WriteString("</personnes>\n")
	return b.String()
}

func TestXMLOfManyBlocks(t *testing.T) {
	got, err := readXML(t, registerXML(3000), slabSize)
	if err != nil || len(got.Rows) != 3000 || len(got.Titles) != 11 || got.Text != "" {
		t.Fatalf("%d rows, titles %q, text %.80q, %v", len(got.Rows), got.Titles, got.Text, err)
	}
	for _, row := range got.Rows {
		if len(row) != 11 {
			t.Fatalf("%q", row)
		}
	}
}

// What is too much for a row, a cell or the paths is running text.
func TestXMLLimits(t *testing.T) {
	row := func(inside string) string {
		return "<g><p><n>1</n></p><p><n>2</n></p><p>" + inside + "</p><p><n>4</n></p></g>"
	}
	var many strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&many, "<c%d>v%d</c%d>", i, i, i)
	}
	for name, test := range map[string]struct {
		doc   string
		rows  int
		bytes int // in rows and text, at least
	}{
		"cell":     {row("<n>" + strings.Repeat("mot ", 50_000) + "</n>"), 4, 190_000},
		"repeats":  {row(strings.Repeat("<n>mot</n>", 50_000)), 4, 150_000},
		"values":   {row(strings.Repeat("<n>mot</n>", 200_000)), 4, 600_000},
		"columns":  {row(many.String()), 4, 14_000},
		"depth":    {row(strings.Repeat("<d>", 5000)), 2, 11_000},
		"entities": {row(strings.Repeat("&amp;", 100_000)), 4, 100_000},
		"comments": {row(strings.Repeat("<!--", 400_000)), 2, 1_600_000},
		"marks":    {row(strings.Repeat("<", 400_000)), 4, 400_000},
		"quotes":   {row("<n a='" + strings.Repeat("x", 2<<20)), 3, 2 << 20},
	} {
		got, err := readXML(t, test.doc, slabSize)
		size := len(got.Text)
		for _, r := range got.Rows {
			size += len(strings.Join(r, ""))
			for _, cell := range r {
				if len(cell) > xmlCell {
					t.Errorf("%s: a cell of %d bytes", name, len(cell))
				}
			}
		}
		if err != nil || len(got.Rows) < test.rows || size < test.bytes || len(got.Titles) > xmlColumns {
			t.Errorf("%s: %d rows, %d titles, %d bytes, %v", name, len(got.Rows), len(got.Titles), size, err)
		}
	}
}

func TestXMLExpandsNothing(t *testing.T) {
	doc := `<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "ha">`
	for i := range 20 {
		doc += fmt.Sprintf(`<!ENTITY a%d "%s">`, i, strings.Repeat("&a;", 10))
	}
	doc += "]>"
	got, err := readXML(t, doc+`<z><p><n>&a19;</n></p><p><n>&a19;</n></p></z>`, slabSize)
	if diff := cmp.Diff(xmlRead{[]string{"n"}, [][]string{{"&a19;"}, {"&a19;"}}, strings.TrimPrefix(doc, `<?xml version="1.0"?>`) + "\n"}, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

func TestDamagedXML(t *testing.T) {
	rnd := rand.New(rand.NewPCG(4, 4))
	doc := registerXML(40)
	for range 300 {
		if _, err := readXML(t, doc[:rnd.IntN(len(doc))], 600); err != nil {
			t.Fatal(err)
		}
		flipped := []byte(doc)
		for range 1 + rnd.IntN(6) {
			flipped[rnd.IntN(len(flipped))] = "<>&;'\"/![a ="[rnd.IntN(12)]
		}
		if got, err := readXML(t, string(flipped), slabSize); err != nil || len(got.Rows) < 20 && !bytes.Contains(flipped, []byte("<!")) {
			t.Fatalf("%d rows, %v", len(got.Rows), err)
		}
	}
}

func TestXMLStopsWithItsCaller(t *testing.T) {
	stop := errors.New("enough")
	x := xmlReader{ctx: context.Background(), yield: func(*scanner.Block) error { return stop }}
	if err := x.read(decode(strings.NewReader(registerXML(5000))), slabSize); !errors.Is(err, stop) {
		t.Error(err)
	}
}

func FuzzXML(f *testing.F) {
	f.Add(registerXML(3), uint16(600))
	f.Add(`<!DOCTYPE g [<!ENTITY a "]>">]><g><p a='1'>x<![CDATA[<y>]]>&#233;</p><p/></g>`, uint16(100))
	f.Add("<t><r><f name='a'>1</f><f name='b'>2</f></r><r><f name='a'>1</f><f name='b'/></r></t>", uint16(100))
	f.Add(`<w:p xmlns:w="urn:oasis:names:tc:opendocument"><w:tr><w:tc>a</w:tc></w:tr></w:p>`, uint16(100))
	f.Fuzz(func(t *testing.T, doc string, size uint16) {
		isXML([]byte(doc))
		if _, err := readXML(t, doc, 64+int(size)); err != nil {
			var p *scanner.Problem
			if !errors.As(err, &p) {
				t.Fatal(err)
			}
		}
	})
}

func BenchmarkXML(b *testing.B) {
	doc := []byte(registerXML(60_000))
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		x := xmlReader{ctx: context.Background(), yield: func(*scanner.Block) error { return nil }}
		if err := x.read(decode(bytes.NewReader(doc)), slabSize); err != nil {
			b.Fatal(err)
		}
	}
}
