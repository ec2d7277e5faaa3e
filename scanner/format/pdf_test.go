package format

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vigie/scanner"
)

func documentFixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../fixtures/documents", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// zipped returns what an archive in fixtures/documents holds.
func zippedDocuments(t testing.TB, name string) map[string][]byte {
	t.Helper()
	b := documentFixture(t, name)
	z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	all := make(map[string][]byte)
	for _, f := range z.File {
		rc, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		if all[f.Name], err = io.ReadAll(rc); err != nil {
			t.Fatal(err)
		}
		rc.Close()
	}
	return all
}

// TestPDFRegister: a table over several pages has the titles and rows that it shows.
func TestPDFRegister(t *testing.T) {
	format, blocks, err := readObject(t, "x.pdf", documentFixture(t, "pdf/register.pdf"))
	if err != nil || format != "pdf" {
		t.Fatal(format, err)
	}
	names, rows, titles := tables(t, blocks)
	if len(names) != 1 || len(rows[""]) != 300 {
		t.Fatalf("tables %q, %d rows", names, len(rows[""]))
	}
	if got := strings.Join(titles[""], "|"); got != "Nom|Prénom|Date de naissance|N° de sécurité sociale|Adresse|Code postal|Ville|Courriel|Téléphone" {
		t.Errorf("titles %s", got)
	}
	for _, row := range rows[""] {
		if len(row) != 9 || len(row[3]) != 15 || len(row[2]) != 10 || !strings.Contains(row[7], "@") {
			t.Fatalf("row %q", row)
		}
	}
	if text := runningText(blocks); !strings.Contains(text, "Liste arrêtée au 31/12/2024, à usage interne.\n") {
		t.Errorf("text %q", text)
	}
}

// TestPDFVariants: one letter reads the same however a program keeps it.
func TestPDFVariants(t *testing.T) {
	letter := zippedDocuments(t, "pdf/notifications.zip")["notification_03.pdf"]
	_, blocks, err := readObject(t, "x.pdf", letter)
	if err != nil {
		t.Fatal(err)
	}
	want := runningText(blocks)
	if !strings.Contains(want, "CDAPH") || !strings.Contains(want, "Nom : ") && !strings.Contains(want, "MDPH") {
		t.Fatalf("text %q", want)
	}
	for _, name := range []string{"rc4-40", "rc4-128", "aes-128", "aes-256", "aes-256-r5", "object-streams", "linear", "attached"} {
		_, blocks, err := readObject(t, "x.pdf", documentFixture(t, "pdf/"+name+".pdf"))
		if got := runningText(blocks); err != nil || got != want {
			t.Errorf("%s: %v, %q", name, err, got)
		}
	}
	_, blocks, err = readObject(t, "x.pdf", documentFixture(t, "pdf/no-table.pdf"))
	if got := runningText(blocks); err == nil || !strings.HasPrefix(err.Error(), "truncated: ") || got != want {
		t.Errorf("no table: %v, %q", err, got)
	}
	if u := openArchive(t, "x.pdf", documentFixture(t, "pdf/attached.pdf")); u.Members["annexe.csv"] != "nom;ne le\n" {
		t.Errorf("members %q", u.Members)
	}
}

// TestPDFProducers: one letter as several programs write it.
func TestPDFProducers(t *testing.T) {
	for _, name := range []string{"pdftex", "wkhtmltopdf", "chromium", "read"} {
		_, blocks, err := readObject(t, "x.pdf", documentFixture(t, "pdf/"+name+".pdf"))
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		words := []string{"MDPH - NOTIFICATION DE DECISION\n", "Prénom", "Marie", "POUSTAY", "07/07/1972", "Numéro de sécurité sociale", "2 72 07 33 056 008 16", "53 RUE MONTMEJEAN", "Décision de la CDAPH"}
		if name == "read" { // another letter, with its text behind the picture
			words = []string{"Équipe pluridisciplinaire d'évaluation", "Benjamin FRANCOIS, né le 24/05/1988"}
		}
		text := runningText(blocks)
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("%s: no %q in %q", name, word, text)
			}
		}
	}
}

// TestPDFProblems: what cannot be read is told.
func TestPDFProblems(t *testing.T) {
	for _, test := range []struct{ name, want string }{
		{"locked", "encrypted: PDF document"},
		{"scan", "image_only: 1 of 1 page is an image"},
	} {
		_, blocks, err := readObject(t, "x.pdf", documentFixture(t, "pdf/"+test.name+".pdf"))
		if err == nil || err.Error() != test.want || len(blocks) > 0 {
			t.Errorf("%s: %d blocks, %v", test.name, len(blocks), err)
		}
	}
	at := bytes.NewReader(documentFixture(t, "pdf/locked.pdf"))
	for _, word := range []string{"sesame", "owner"} {
		if _, err := openPDF(at, at.Size(), nil, []string{"faux", word}); err != nil {
			t.Errorf("with the password %s: %v", word, err)
		}
	}
}

// onePDF is a document of one page with the given content, made by hand.
func onePDF(content, resources, more string) []byte {
	return []byte("%PDF-1.4\n1 0 obj <</Type/Catalog/Pages 2 0 R" + more + ">> endobj\n2 0 obj <</Type/Pages/Kids[3 0 R 2 0 R]/Count 1>> endobj\n" +
		"3 0 obj <</Type/Page/Parent 2 0 R/Contents 4 0 R/Resources<<" + resources + "/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica" +
		"/Encoding<</Differences[200/Eacute/fi]>>>>>>>>>> endobj\n" +
		fmt.Sprintf("4 0 obj <</Length %d>> stream\n%s\nendstream endobj\n", len(content), content))
}

func TestPDFText(t *testing.T) {
	for _, test := range []struct{ name, content, want string }{
		{"numbers in pieces come together", "BT /F 12 Tf 50 700 Td (2 69 05 49) Tj ( 588 157) Tj ( 80) Tj ET", "2 69 05 49 588 157 80\n"},
		{"kerning is no space", "BT /F 12 Tf 50 700 Td [(18505)-40(78)30(006084)-500(91)] TJ ET", "1850578006084 91\n"},
		{"spacing that is a space", "BT /F 12 Tf 3 Tc 50 700 Td [(ab)250(c)] TJ ET", "a bc\n"},
		{"spacing of a word", "BT /F 12 Tf 3 Tc 50 700 Td (titre) Tj ET", "titre\n"},
		{"places make lines", "BT /F 12 Tf 300 700 Td (droite) Tj -250 0 Td (gauche) Tj 0 -14 Td (dessous) Tj ET", "gauche\tdroite\ndessous\n"},
		{"names of glyphs", `BT /F 12 Tf 50 700 Td (\310l\311n) Tj ET`, "Élfin\n"},
		{"text that goes up", "BT /F 12 Tf 0 1 -1 0 50 700 Tm (debout) Tj ET", "debout\n"},
		{"bold by twice", "BT /F 12 Tf 50 700 Td (gras) Tj 0.3 0 Td (gras) Tj ET", "gras\n"},
		{"a picture in the line", "BI /W 1 /H 1 ID \x01 EI\x02 EI BT /F 12 Tf 50 700 Td (apr\\350s) Tj ET", "aprŁs\n"},
	} {
		_, blocks, _ := readObject(t, "x.pdf", onePDF(test.content, "", ""))
		if got := runningText(blocks); got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
	form := onePDF("", "", "/AcroForm<</Fields[<</T(nom)/V(DUPONT)>><</TU(n\xe9e le)/Kids[<</V(01/02/1980)>>]>>]>>")
	if _, blocks, _ := readObject(t, "x.pdf", form); runningText(blocks) != "nom: DUPONT\nnée le: 01/02/1980\n" {
		t.Errorf("form %q", runningText(blocks))
	}
}

func TestPDFFilters(t *testing.T) {
	for _, test := range []struct{ filter, data, want string }{
		{"ASCII85Decode", "87cURD]i,\"Ebo80~>", "Hello World!"},
		{"ASCIIHexDecode", "48 65 6C6c 6F>", "Hello"},
		{"RunLengthDecode", "\x02abc\xfex\x80", "abcxxx"},
		{"LZWDecode", "\x80\x0B\x60\x50\x22\x0C\x0C\x85\x01", "-----A---B"}, // the example of ISO 32000-1, 7.4.4.2
	} {
		at := bytes.NewReader([]byte(test.data))
		f := &pdfFile{from: at, size: at.Size()}
		s := &pdfStream{pdfDict: pdfDict{"Filter": pdfName(test.filter)}, n: at.Size()}
		if got := string(f.read(s, 100)); got != test.want {
			t.Errorf("%s: %q, want %q", test.filter, got, test.want)
		}
	}
}

// TestDamagedPDF cuts documents short and flips their bytes.
func TestDamagedPDF(t *testing.T) {
	rnd := rand.New(rand.NewPCG(6, 6))
	for _, name := range []string{"aes-256", "object-streams", "attached", "scan"} {
		whole := documentFixture(t, "pdf/"+name+".pdf")
		for range 40 {
			readDamagedPDF(t, whole[:rnd.IntN(len(whole))])
			b := bytes.Clone(whole)
			for range 1 + rnd.IntN(8) {
				b[rnd.IntN(len(b))] = byte(rnd.Uint32())
			}
			readDamagedPDF(t, b)
		}
	}
}

func readDamagedPDF(t *testing.T, b []byte) {
	c, err := scanner.NewContent(context.Background(), stored("x.pdf", b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	blank := func(context.Context, []byte) ([]byte, error) { return nil, nil }
	err = readPDFWith(context.Background(), c, blank, func(*scanner.Block) error { return nil })
	if err = onlyProblem(err); err == nil {
		err = onlyProblem(pdfFormat.Unpack(context.Background(), c, func(o scanner.Object) error {
			rc, err := o.Open(context.Background(), 0, -1)
			if err == nil {
				_, err = io.Copy(io.Discard, io.LimitReader(rc, 1<<20))
			}
			return onlyProblem(err)
		}))
	}
	if err != nil {
		t.Error(err)
	}
}

func FuzzPDF(f *testing.F) {
	for _, name := range []string{"rc4-40", "aes-256", "object-streams", "no-table"} {
		f.Add(documentFixture(f, "pdf/"+name+".pdf"))
	}
	f.Add(onePDF("BT /F 12 Tf 50 700 Td [(a)-40(b)] TJ ET /X Do", "/XObject<</X 4 0 R>>", "/AcroForm<</Fields[<</T(nom)/V(x)>>]>>"))
	f.Fuzz(func(t *testing.T, b []byte) { readDamagedPDF(t, b) })
}
