package format

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// documentOf returns a fixture of documents: see fixtures/documents/RECIPE.sh. Of
// those in notifications.zip it is the member that path names behind "!".
func documentOf(t testing.TB, path string) []byte {
	t.Helper()
	name, member, packed := strings.Cut(path, "!")
	if !packed {
		return unzipped(t, "../documents/"+name)
	}
	b := fixture(t, "../documents/"+name)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	rc, err := z.Open(member)
	if err != nil {
		t.Fatal(err)
	}
	defer rc.Close()
	if b, err = io.ReadAll(rc); err != nil {
		t.Fatal(err)
	}
	return b
}

// wordFixtures are the documents of each kind, by format.
func wordFixtures(t testing.TB) map[string][]string {
	t.Helper()
	all := map[string][]string{}
	for _, f := range []scanner.Format{docxFormat, odtFormat, pptxFormat, htmlFormat, rtfFormat, docFormat} {
		kind := f.Name
		registers, err := filepath.Glob("../../fixtures/documents/" + kind + "/registre.*")
		if err != nil || len(registers) != 1 {
			t.Fatal(kind, registers, err)
		}
		all[kind] = []string{kind + "/notifications.zip!notification_02." + kind, kind + "/" + filepath.Base(registers[0])}
	}
	return all
}

// Every format gives the same lines of a notification, and the same register.
func TestWordProcessorsAgree(t *testing.T) {
	for kind, names := range wordFixtures(t) {
		text := laid(t, "x."+kind, documentOf(t, names[0]), kind)
		for _, line := range []string{"Monsieur Paul HECQ", "Dossier n° 2015-58339-25", "notification de décision de la CDAPH", "né le 07/01/1992", "Courrier"} {
			if kind == "pptx" && line == "Courrier" {
				continue // a presentation has no such title
			}
			if !strings.Contains(text, line) {
				t.Errorf("%s: %q is not in %q", kind, line, text)
			}
		}
		_, blocks, err := readObject(t, "x."+kind, documentOf(t, names[1]))
		if err != nil {
			t.Errorf("%s: %v", kind, err)
		}
		tables, rows, titles := tables(t, blocks)
		if len(tables) != 1 || len(rows[tables[0]]) != 300 || strings.Join(titles[tables[0]], "|") != "Nom|Prénom|Date de naissance|N° de sécurité sociale|Adresse|Code postal|Ville|Courriel|Téléphone" {
			t.Fatalf("%s: tables %q, titles %q", kind, tables, titles)
		}
		if text := runningText(blocks); !strings.Contains(text, "Liste arrêtée au 31/12/2024") || !strings.Contains(text, "Fin de la liste") {
			t.Errorf("%s: running text %q", kind, text)
		}
		for i, row := range rows[tables[0]] {
			if len(row) != 9 || slices.Contains(row, "") || len(row[3]) != 15 {
				t.Fatalf("%s: row %d is %q", kind, i, row)
			}
		}
	}
}

// Cut at 50 places, and with bytes changed 200 times, documents end with Problems
// at most.
func TestDamagedWordProcessors(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	for kind, names := range wordFixtures(t) {
		b := documentOf(t, names[0])
		for i := range 50 {
			damagedDocument(t, "x."+kind, b[:len(b)*i/50])
		}
		for range 200 {
			flipped := bytes.Clone(b)
			for range 1 + rnd.IntN(4) {
				flipped[rnd.IntN(len(b))] = byte(rnd.IntN(256))
			}
			damagedDocument(t, "x."+kind, flipped)
		}
	}
}

func damagedDocument(t *testing.T, name string, b []byte) {
	t.Helper()
	for _, f := range All() {
		if f.Read != nil && f.Match(name, b[:min(len(b), headSize)]) {
			readFuzzed(t, f, name, b)
			if f.Unpack != nil {
				c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{})
				if err != nil {
					t.Fatal(err)
				}
				if err := onlyProblem(f.Unpack(context.Background(), c, func(scanner.Object) error { return nil })); err != nil {
					t.Error(err)
				}
				c.Close()
			}
			return
		}
	}
}

// What came before a cut is read, and the cut is told.
func TestWordProcessorsCutShort(t *testing.T) {
	for kind, names := range wordFixtures(t) {
		b := documentOf(t, names[1])
		_, blocks, err := readObject(t, "x."+kind, b[:len(b)*3/4])
		rows := 0
		for _, k := range blocks {
			rows += k.Rows
		}
		if kind == "doc" { // whose directory is at its end
			rows = 300
		}
		if err == nil && kind != "html" || rows < 100 { // a page needs no end
			t.Errorf("%s: %d rows, %v", kind, rows, err)
		}
	}
}

// A document that has no end of anything is read in little memory, and to no end.
func TestEndlessWordProcessors(t *testing.T) {
	for name, doc := range map[string]string{
		"paragraph": `<w:document` + wordML + `><w:body><w:p>` + strings.Repeat(`<w:r><w:t>abc 12 </w:t></w:r>`, 200_000),
		"cell":      `<w:document` + wordML + `><w:body><w:tbl><w:tr><w:tc><w:p>` + strings.Repeat(`<w:r><w:t>abc 12 </w:t></w:r>`, 200_000),
		"note":      `<w:document` + wordML + `><w:body><w:p><w:txbxContent>` + strings.Repeat(`<w:r><w:t>abc 12 </w:t></w:r>`, 200_000),
		"tables":    `<w:document` + wordML + `><w:body>` + strings.Repeat(`<w:tbl><w:tr><w:tc><w:t>abc 12 </w:t>`, 100_000),
		"elements":  `<w:document` + wordML + `><w:body>` + strings.Repeat(`<w:p>`, 400_000) + "<w:t>abc 12 </w:t>",
		"entities":  `<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;&b;"><!ENTITY d "&c;&c;&c;">]><w:document` + wordML + `><w:body><w:p><w:t>` + strings.Repeat("&d;", 20_000) + `abc 12 </w:t></w:p></w:body></w:document>`,
	} {
		b := []byte(doc)
		c, err := scanner.NewContent(context.Background(), stored("x.xml", b), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		longest, sum := 0, 0
		err = docxFormat.Read(context.Background(), c, func(k *scanner.Block) error {
			longest, sum = max(longest, len(k.Text)), sum+len(k.Text)
			return nil
		})
		c.Close()
		if onlyProblem(err) != nil || longest > 1<<20 || sum < 7 || sum > 2*len(b) {
			t.Errorf("%s: %d bytes, the longest block %d, %v", name, sum, longest, err)
		}
	}
}

// The same of other formats: groups, open tags, cells that repeat.
func TestBombsOfWordProcessors(t *testing.T) {
	laughs := `<!DOCTYPE lolz [<!ENTITY lol "lol">`
	for i := range 10 {
		laughs += fmt.Sprintf(`<!ENTITY lol%d "%s">`, i+1, strings.Repeat(fmt.Sprintf("&lol%d;", i), 10))
	}
	for name, test := range map[string]struct {
		format scanner.Format
		doc    []byte
	}{
		"docx of laughs": {docxFormat, packageOf(part{"[Content_Types].xml", "<Types/>"}, part{"word/document.xml", laughs + "]><w:document" + wordML + "><w:body><w:p><w:r><w:t>&lol9; abc 12</w:t></w:r></w:p></w:body></w:document>"})},
		"groups":         {rtfFormat, []byte(`{\rtf1 abc 12 ` + strings.Repeat("{", 1_000_000))},
		"groups closed":  {rtfFormat, []byte(`{\rtf1 abc 12 ` + strings.Repeat("{}", 2_000_000) + "}")},
		"objects":        {rtfFormat, []byte(`{\rtf1 abc 12 ` + strings.Repeat(`{\objdata 01`, 300_000))},
		"open tags":      {htmlFormat, []byte("<html>abc 12" + strings.Repeat("<b><div><table><tr><td>", 200_000))},
		"pre":            {htmlFormat, []byte("<html>abc 12" + strings.Repeat("<pre>a</pre>", 300_000))},
		"columns":        {odtFormat, []byte(odtXML("<text:p>abc 12</text:p>" + `<table:table>` + strings.Repeat(`<table:table-row><table:table-cell table:number-columns-repeated="2000000000"><text:p>x</text:p></table:table-cell></table:table-row>`, 10_000) + `</table:table>`))},
		"rows":           {odtFormat, []byte(odtXML("<text:p>abc 12</text:p>" + `<table:table><table:table-row table:number-rows-repeated="2000000000"><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row></table:table>`))},
		"spaces":         {odtFormat, []byte(odtXML("<text:p>abc 12" + strings.Repeat(`<text:s text:c="2000000000"/>`, 10_000) + "</text:p>"))},
	} {
		c, err := scanner.NewContent(context.Background(), stored("x", test.doc), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		longest, sum, read := 0, 0, false
		err = test.format.Read(context.Background(), c, func(k *scanner.Block) error {
			longest, sum = max(longest, len(k.Text)), sum+len(k.Text)
			read = read || bytes.Contains(k.Text, []byte("abc 12"))
			return nil
		})
		c.Close()
		if onlyProblem(err) != nil || longest > 5<<20 || sum > 64<<20 || !read {
			t.Errorf("%s: %d bytes, the longest block %d, %v", name, sum, longest, err)
		}
	}
}

// A reading stops when the scan does.
func TestWordProcessorsStop(t *testing.T) {
	for kind, names := range wordFixtures(t) {
		ctx, cancel := context.WithCancel(context.Background())
		c, err := scanner.NewContent(ctx, stored("x."+kind, documentOf(t, names[1])), scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		cancel()
		for _, f := range All() {
			if f.Name == kind {
				if err := f.Read(ctx, c, func(*scanner.Block) error { return nil }); err != context.Canceled {
					t.Errorf("%s: %v", kind, err)
				}
			}
		}
		c.Close()
	}
}

func fuzzDocument(f *testing.F, kind string, format scanner.Format) {
	for _, name := range wordFixtures(f)[kind][:1] {
		f.Add(documentOf(f, name))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		readFuzzed(t, format, "x."+kind, b)
		if format.Unpack != nil {
			walkFuzzed(t, format, "x."+kind, b, 1)
		}
	})
}

func FuzzDOCX(f *testing.F) { fuzzDocument(f, "docx", docxFormat) }
func FuzzPPTX(f *testing.F) { fuzzDocument(f, "pptx", pptxFormat) }
func FuzzODT(f *testing.F)  { fuzzDocument(f, "odt", odtFormat) }

// FuzzDOCXText fuzzes what is in the parts, past the compression.
func FuzzDOCXText(f *testing.F) {
	f.Add(wordTable("a|b", "c|d") + wordLine("e", "f"))
	f.Add(wordTable(append([]string{"Nom|Ville"}, strings.Split(strings.Repeat("DUPONT|Pau;", 60), ";")...)...) + wordTable("Nom|Ville", "x|y"))
	f.Add(`<w:tbl><w:tr><w:tc>` + wordTable("a|b") + `<w:txbxContent>` + wordTable("a|b") + `</w:txbxContent></w:tc></w:tr></w:tbl>`)
	f.Fuzz(func(t *testing.T, body string) {
		readFuzzed(t, docxFormat, "x.xml", []byte(`<w:document`+wordML+`><w:body>`+body))
	})
}

// FuzzODTText does the same with OpenDocument.
func FuzzODTText(f *testing.F) {
	f.Add(odtTable("a|b", "c|d") + "<text:p>e<text:s text:c=\"3\"/>f</text:p>")
	f.Add(`<text:p>a<draw:frame><draw:text-box><text:p>b</text:p>` + odtTable("a|b") + `</draw:text-box></draw:frame><text:note><text:p>c`)
	f.Fuzz(func(t *testing.T, body string) { readFuzzed(t, odtFormat, "x.fodt", []byte(odtXML(body))) })
}
