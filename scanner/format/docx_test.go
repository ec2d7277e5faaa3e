package format

import (
	"fmt"
	"strings"
	"testing"

	"vigie/scanner"
)

const wordML = ` xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"`

// wordDocument is a DOCX with the given body.
func wordDocument(body string, more ...part) []byte {
	parts := append([]part{{"[Content_Types].xml", "<Types/>"}, {"_rels/.rels", "<Relationships/>"}}, more...)
	return packageOf(append(parts, part{"word/document.xml", `<?xml version="1.0"?><w:document` + wordML + `><w:body>` + body + `</w:body></w:document>`})...)
}

// laid returns what was read of a document: running text, and behind it the
// tables, cells parted by |.
func laid(t testing.TB, name string, b []byte, want string) string {
	t.Helper()
	format, blocks, err := readObject(t, name, b)
	if err != nil || format != want {
		t.Errorf("%s: read as %s, %v", name, format, err)
	}
	return laidBlocks(blocks)
}

func laidBlocks(blocks []scanner.Block) string {
	var out strings.Builder
	out.WriteString(runningText(blocks))
	table := ""
	for _, k := range blocks {
		if k.Rows == 0 {
			continue
		}
		if k.Table != table {
			table = k.Table
			fmt.Fprintf(&out, "[%s: %s]\n", table, strings.Join(k.Titles, "|"))
		}
		out.WriteString(strings.NewReplacer("\x1F", "|", "\x1E", "\n").Replace(string(k.Text)))
	}
	return out.String()
}

func wordRun(s string) string {
	return `<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">` + s + `</w:t></w:r>`
}
func wordLine(s ...string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteString(wordRun(r))
	}
	return `<w:p><w:pPr/>` + b.String() + `</w:p>`
}

func wordTable(rows ...string) string {
	var b strings.Builder
	b.WriteString("<w:tbl><w:tblPr/>")
	for _, row := range rows {
		b.WriteString("<w:tr>")
		for _, c := range strings.Split(row, "|") {
			b.WriteString("<w:tc><w:tcPr/>" + wordLine(c) + "</w:tc>")
		}
		b.WriteString("</w:tr>")
	}
	return b.String() + "</w:tbl>"
}

// tenRows are rows that only a table has.
func tenRows(n int) (rows []string) {
	for i := range n {
		rows = append(rows, fmt.Sprintf("DUPONT%d|Jeanne|12/03/19%02d", i, 50+i))
	}
	return rows
}

func TestDOCXText(t *testing.T) {
	titles := "Nom|Prénom|Date de naissance"
	ten := tenRows(10)
	for _, test := range []struct{ name, body, want string }{
		{"runs", wordLine("2 69 0", "5 49 588 ", "157 80") + wordLine("a &amp; b"), "2 69 05 49 588 157 80\na & b\n"},
		{"marks", `<w:p><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/><w:softHyphen/><w:t>d</w:t></w:r></w:p>`, "a\tb\nc-d\n"},
		{"changes", `<w:p><w:ins><w:r><w:t>neuf</w:t></w:r></w:ins><w:del><w:r><w:delText>12</w:delText></w:r></w:del></w:p>`, "neuf12\n"},
		{"fields", `<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>HYPERLINK "mailto:a@example.org"</w:instrText><w:fldChar w:fldCharType="separate"/><w:t>écrire</w:t></w:r></w:p>`,
			"écrire\nHYPERLINK \"mailto:a@example.org\"\n"},
		{"a text box", `<w:p><w:r><w:t>avant </w:t><mc:AlternateContent><mc:Choice><wps:txbx><w:txbxContent>` + wordLine("boîte") + `</w:txbxContent></wps:txbx></mc:Choice><mc:Fallback>` +
			`<w:pict><w:txbxContent>` + wordLine("boîte") + `</w:txbxContent></w:pict></mc:Fallback></mc:AlternateContent><w:t>après</w:t></w:r></w:p>`, "avant après\nboîte\n"},
		{"only a fallback", `<w:p><mc:AlternateContent><mc:Choice><a:pic/></mc:Choice><mc:Fallback><w:r><w:t>texte</w:t></w:r></mc:Fallback></mc:AlternateContent></w:p>`, "texte\n"},
		{"a picture", `<w:p><w:drawing><wp:docPr id="1" name="Image 1" descr="Carte de Mme Petit"/></w:drawing></w:p>`, "Carte de Mme Petit\n"},
		{"a form", wordTable("Nom :|DUPONT", "Prénom|Jeanne", "Date de naissance|12/03/1985", "Droit|AAH"), "Nom: DUPONT\nPrénom: Jeanne\nDate de naissance: 12/03/1985\nDroit: AAH\n"},
		{"a wide form", wordTable("Nom|DUPONT|Prénom|Jeanne", "Né le :|12/03/1985|Ville|Pau"), "Nom: DUPONT\nPrénom: Jeanne\nNé le: 12/03/1985\nVille: Pau\n"},
		{"a small table", wordTable(append([]string{titles}, ten[:2]...)...),
			"Nom: DUPONT0\nPrénom: Jeanne\nDate de naissance: 12/03/1950\n\nNom: DUPONT1\nPrénom: Jeanne\nDate de naissance: 12/03/1951\n\n"},
		{"a table", wordLine("avant") + wordTable(append([]string{titles}, ten...)...) + wordLine("après"), "avant\naprès\n[table 1: " + titles + "]\n" + strings.Join(ten, "\n") + "\n"},
		{"a table that goes on", wordTable(append([]string{titles}, ten[:8]...)...) + wordLine("page 2") + wordTable(titles, ten[8]) + wordTable(ten[9]),
			"page 2\n[table 1: " + titles + "]\n" + strings.Join(ten, "\n") + "\n"},
		{"two tables", wordTable(append([]string{titles}, ten...)...) + wordTable(append([]string{"Ville|Code postal"}, strings.Split(strings.Repeat("PAU|64000;", 9)+"PAU|64000", ";")...)...),
			"[table 1: " + titles + "]\n" + strings.Join(ten, "\n") + "\n[table 2: Ville|Code postal]\n" + strings.Repeat("PAU|64000\n", 10)},
		{"a table in a table", `<w:tbl><w:tr><w:tc>` + wordLine("gauche") + wordTable("Nom|DUPONT", "Ville|Pau") + `</w:tc><w:tc>` + wordLine("droite") + `</w:tc></w:tr></w:tbl>`,
			"gauche\nNom: DUPONT\nVille: Pau\ndroite\n"},
		{"merged cells", `<w:tbl><w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>` + wordLine("a1") + `</w:tc><w:tc>` + wordLine("b 2") + `</w:tc></w:tr></w:tbl>`, "a1\t\tb 2\n"},
		{"lines in cells", `<w:tbl><w:tr><w:tc>` + wordLine("MDPH de Pau") + wordLine("64000 PAU") + `</w:tc><w:tc>` + wordLine("Mme Petit") + `</w:tc></w:tr></w:tbl>`, "MDPH de Pau\n64000 PAU\nMme Petit\n"},
		{"no ends", `<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a`, "a\n"},
	} {
		if got := laid(t, "x", wordDocument(test.body), "docx"); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

func TestDOCXParts(t *testing.T) {
	header := `<w:hdr>` + wordLine("MDPH") + `</w:hdr>`
	b := wordDocument(wordLine("corps"), part{"word/header1.xml", header}, part{"word/header2.xml", header}, part{"word/footer1.xml", `<w:ftr>` + wordLine("page") + `</w:ftr>`},
		part{"word/footnotes.xml", `<w:footnotes><w:footnote>` + wordLine("note") + `</w:footnote></w:footnotes>`},
		part{"word/comments.xml", `<w:comments><w:comment w:author="Mme Durand">` + wordLine("voir") + `</w:comment></w:comments>`},
		part{"word/_rels/document.xml.rels", `<Relationships><Relationship Target="mailto:a@example.org" TargetMode="External"/><Relationship Target="styles.xml"/></Relationships>`},
		part{"docProps/core.xml", `<cp:coreProperties><dc:title>Décision</dc:title><dc:creator>M. Petit</dc:creator><dcterms:created>2024</dcterms:created></cp:coreProperties>`},
		part{"word/styles.xml", "<w:styles/>"}, part{"word/vbaProject.bin", "x"}, part{"word/media/image1.png", "x"}, part{"word/embeddings/a.xlsx", "x"}, part{"customXml/item1.xml", "<a/>"})
	if got, want := laid(t, "x", b, "docx"), "MDPH\ncorps\nnote\nvoir\nMme Durand\npage\nmailto:a@example.org\nDécision\nM. Petit\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if got := strings.Join(openArchive(t, "x", b).Order, " "); got != "word/media/image1.png word/embeddings/a.xlsx customXml/item1.xml" {
		t.Errorf("members %s", got)
	}
}
