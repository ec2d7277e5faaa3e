package format

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

// A variant is one of the ways in which exports come.
type variant struct {
	sep     byte
	charset string
	end     string
	titles  string // yes, no, third line, broken over two lines
	quotes  string // never, needed, always, apostrophe
}

func (v variant) String() string {
	return fmt.Sprintf("%q %s %q titles=%s quotes=%s", v.sep, v.charset, v.end, v.titles, v.quotes)
}

func variants() (all []variant) {
	for _, sep := range []byte(";,\t|") {
		for _, cs := range []string{"utf8", "utf8 bom", "windows1252", "cp850", "mac", "utf16le bom", "utf16be bom", "utf16le"} {
			for _, end := range []string{"\n", "\r\n", "\r"} {
				for _, titles := range []string{"yes", "no", "third", "broken"} {
					for _, quotes := range []string{"never", "needed", "always", "apostrophe"} {
						if titles == "broken" && (quotes == "never" || quotes == "apostrophe") {
							continue
						}
						all = append(all, variant{sep, cs, end, titles, quotes})
					}
				}
			}
		}
	}
	return all
}

var (
	surnames = []string{"Lefèvre", "Dupont", "Müller", "Gérard", "Besançon", "Noël", "d'Arc", "Benoît", "Le Goff", "Châtelet"}
	streets  = []string{"rue de la République", "avenue Foch", "chemin des Écoles", "place de l'Église", "allée du Château"}
)

// record writes a fictitious person.
func fictitious(rnd *rand.Rand, v variant) []string {
	row := []string{
		fmt.Sprint(1000000 + rnd.IntN(9000000)),
		surnames[rnd.IntN(len(surnames))],
		fmt.Sprintf("%02d/%02d/%d", 1+rnd.IntN(28), 1+rnd.IntN(12), 1930+rnd.IntN(80)),
		fmt.Sprintf("%d %s", 1+rnd.IntN(200), streets[rnd.IntN(len(streets))]),
		fmt.Sprintf("%d,%02d", rnd.IntN(2000), rnd.IntN(100)),
		"",
	}
	if v.sep == ',' && (v.quotes == "never") {
		row[4] = strings.Replace(row[4], ",", ".", 1)
	}
	if v.quotes != "never" {
		switch rnd.IntN(8) {
		case 0:
			row[5] = "absent" + string(v.sep) + "rappeler"
		case 1:
			row[5] = "première ligne" + v.end + "seconde"
		case 2:
			if v.quotes != "apostrophe" {
				row[5] = `dit "le grand"`
			}
		}
	}
	return row
}

// write writes the document of a variant, and the rows and titles it holds.
func (v variant) write(rnd *rand.Rand, n int) (doc string, titles []string, rows [][]string) {
	var b strings.Builder
	quote := `"`
	if v.quotes == "apostrophe" {
		quote = "'"
	}
	put := func(row []string) {
		for i, c := range row {
			if i > 0 {
				b.WriteByte(v.sep)
			}
			needs := strings.ContainsAny(c, string(v.sep)+quote+"\r\n")
			if v.quotes == "always" || v.quotes == "apostrophe" || needs {
				c = quote + strings.ReplaceAll(c, quote, quote+quote) + quote
			}
			b.WriteString(c)
		}
		b.WriteString(v.end)
	}
	if v.titles == "third" {
		b.WriteString("Export du fichier des allocataires" + v.end + v.end)
	}
	if v.titles != "no" {
		titles = []string{"N° dossier", "Nom", "Date de naissance", "Adresse", "Montant", "Commentaire"}
		raw := titles
		if v.titles == "broken" {
			raw = append([]string{}, titles...)
			raw[2] = "Date de" + v.end + "naissance"
		}
		put(raw)
	}
	for range n {
		row := fictitious(rnd, v)
		put(row)
		for i := range row {
			if v.end == "\r\n" {
				continue
			}
			row[i] = strings.ReplaceAll(row[i], "\r", "\n")
		}
		rows = append(rows, row)
	}
	return b.String(), titles, rows
}

// encode stores text in a charset.
func encode(t testing.TB, text, cs string) []byte {
	t.Helper()
	maps := map[string]*charmap.Charmap{"windows1252": charmap.Windows1252, "cp850": charmap.CodePage850, "mac": charmap.Macintosh}
	if m, ok := maps[cs]; ok {
		b, err := m.NewEncoder().Bytes([]byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	switch cs {
	case "utf8":
		return []byte(text)
	case "utf8 bom":
		return append([]byte("\xEF\xBB\xBF"), text...)
	}
	var order binary.AppendByteOrder = binary.LittleEndian
	if strings.HasPrefix(cs, "utf16be") {
		order = binary.BigEndian
	}
	if strings.HasSuffix(cs, "bom") {
		text = "\uFEFF" + text
	}
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

// TestCSVVariants reads every dialect, charset, line end and way of titles, from
// slabs that do and do not hold the whole document.
func TestCSVVariants(t *testing.T) {
	rnd := rand.New(rand.NewPCG(2, 7))
	for _, v := range variants() {
		doc, titles, rows := v.write(rnd, 20)
		stored := encode(t, doc, v.charset)
		if !csvFormat.Match("x", stored) {
			t.Errorf("%v: no match", v)
			continue
		}
		for _, size := range []int{slabSize, 1000} {
			names, got, gotTitles := tables(t, readBlocks(t, document{sniff: true}, bytes.NewReader(stored), size))
			if len(names) != 1 || names[0] != "" {
				t.Errorf("%v: tables %q", v, names)
				continue
			}
			if d := cmp.Diff(titles, gotTitles[""]); d != "" {
				t.Errorf("%v: titles %s", v, d)
			}
			cut := got[""]
			for _, row := range cut {
				for i := range row {
					if v.end == "\r" {
						row[i] = strings.ReplaceAll(row[i], "\r", "\n")
					}
				}
			}
			if d := cmp.Diff(rows, cut); d != "" {
				t.Errorf("%v, slab %d: cells %.600s", v, size, d)
			}
		}
	}
}

// TestCSVAgainstStandardLibrary compares the cells of well-formed tables with
// encoding/csv.
func TestCSVAgainstStandardLibrary(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 1))
	for _, sep := range []byte(";,\t|") {
		for _, quotes := range []string{"never", "needed", "always"} {
			v := variant{sep: sep, charset: "utf8", end: "\n", titles: "yes", quotes: quotes}
			doc, _, _ := v.write(rnd, 3000)
			r := csv.NewReader(strings.NewReader(doc))
			r.Comma = rune(sep)
			want, err := r.ReadAll()
			if err != nil {
				t.Fatal(err)
			}
			_, rows, titles := tables(t, readBlocks(t, document{sniff: true}, strings.NewReader(doc), 5000))
			if d := cmp.Diff(want, append([][]string{titles[""]}, rows[""]...)); d != "" {
				t.Errorf("%v: %.600s", v, d)
			}
		}
	}
}

// TestCSVOddities reads what well-formed tables are not.
func TestCSVOddities(t *testing.T) {
	table := func(n int) string { return strings.Repeat("12;Dupont;01/02/1980\n", n) }
	head := "id;nom;date\n"
	tests := []struct {
		name, doc string
		titles    []string
		rows      map[string]int // by table
		running   string
	}{
		{"blank lines at the end", head + table(5) + "\n\r\n\n\x1A", []string{"id", "nom", "date"}, map[string]int{"": 5}, ""},
		{"no line end at the end", head + table(5) + "13;Durand;03/04/1990", []string{"id", "nom", "date"}, map[string]int{"": 6}, ""},
		{"blank lines inside are rows", head + table(3) + "\n" + table(3), []string{"id", "nom", "date"}, map[string]int{"": 7}, ""},
		{"sep line of Excel", "sep=;\r\n" + head + table(5), []string{"id", "nom", "date"}, map[string]int{"": 5}, "sep=;\r\n"},
		{"lines before, padded", "Liste des dossiers;;\n;;\n" + head + table(5), []string{"id", "nom", "date"}, map[string]int{"": 5}, "Liste des dossiers;;\n;;\n"},
		{"titles one short", "id;nom\n" + table(5), []string{"id", "nom"}, map[string]int{"": 5}, ""},
		{"no title row", table(5), nil, map[string]int{"": 5}, ""},
		{"decimal comma", "a;b\n12,5;13,7\n1,5;3,25\n2,0;4,0\n", []string{"a", "b"}, map[string]int{"": 3}, ""},
		{"inches", head + table(4) + "9;tube 5\" acier;01/02/1980\n" + table(4), []string{"id", "nom", "date"}, map[string]int{"": 9}, ""},
		{"open quote", head + table(4) + "9;\"tube;01/02/1980\n" + table(400), []string{"id", "nom", "date"}, map[string]int{"": 405}, ""},
		{"quotes in a cell", head + table(4) + "9;rue \"Jean Moulin\" bis;01/02/1980\n" + table(4), []string{"id", "nom", "date"}, map[string]int{"": 9}, ""},
		{"ragged", head + table(4) + "9;x\n" + table(4) + "9;x;y;z\n" + table(4), []string{"id", "nom", "date"}, map[string]int{"": 14}, ""},
		{"another table", head + table(12) + "\nnom;prenom;ville;cp\n" + strings.Repeat("Durand;Luc;Lyon;69001\n", 12), []string{"id", "nom", "date"}, map[string]int{"": 12, "2": 12}, ""},
		{"text behind", head + table(12) + strings.Repeat("Fin du fichier.\n", 30), []string{"id", "nom", "date"}, map[string]int{"": 12}, strings.Repeat("Fin du fichier.\n", 30)},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !csvFormat.Match("x.csv", []byte(test.doc)) {
				t.Fatal("no match")
			}
			blocks := readBlocks(t, document{sniff: true, named: true}, strings.NewReader(test.doc), slabSize)
			_, rows, titles := tables(t, blocks)
			got := make(map[string]int)
			for name, r := range rows {
				got[name] = len(r)
			}
			if d := cmp.Diff(test.rows, got); d != "" {
				t.Errorf("rows: %s", d)
			}
			if d := cmp.Diff(test.titles, titles[""]); d != "" {
				t.Errorf("titles: %s", d)
			}
			if got := runningText(blocks); got != test.running {
				t.Errorf("running text %q, want %q", got, test.running)
			}
		})
	}
}

// TestCSVLongRecord reads a table with a line of 20 MB in it: in pieces, and the
// rows behind it too.
func TestCSVLongRecord(t *testing.T) {
	row := "12;Dupont;01/02/1980\n"
	long := strings.Repeat("mot ", 5<<20)
	doc := "id;nom;date\n" + strings.Repeat(row, 100) + long + "\n" + strings.Repeat(row, 50)
	blocks := readBlocks(t, document{sniff: true}, strings.NewReader(doc), slabSize)
	rows, text := 0, 0
	for _, b := range blocks {
		rows += b.Rows
		if b.Ruler == (scanner.Ruler{}) {
			text += len(b.Text)
			if len(b.Text) > pieceMax {
				t.Errorf("a piece of %d bytes", len(b.Text))
			}
		}
	}
	if rows != 150 || text < len(long) {
		t.Errorf("%d rows and %d bytes of running text, want 150 and %d", rows, text, len(long))
	}
	if last := blocks[len(blocks)-1]; last.At+int64(last.Rows) != 151 {
		t.Errorf("the last row is number %d, want 151", last.At+int64(last.Rows))
	}
}

// TestCSVWithoutRecordEnds reads 8 MB of which no record ends: quoted line ends
// all the way. It must neither take for ever nor hold it all.
func TestCSVWithoutRecordEnds(t *testing.T) {
	doc := "a;b;c\n1;2;3\n1;2;3\n" + strings.Repeat("\"x\ny\";", 1<<20)
	n := 0
	for _, b := range readBlocks(t, document{sniff: true}, strings.NewReader(doc), slabSize) {
		n += len(b.Text)
		if len(b.Text) > recordSize {
			t.Errorf("a block of %d bytes", len(b.Text))
		}
	}
	if n != len(doc)-len("a;b;c\n") {
		t.Errorf("%d bytes, want %d", n, len(doc)-len("a;b;c\n"))
	}
}

// TestNotCSV lists texts that have separators and are no tables.
func TestNotCSV(t *testing.T) {
	for name, doc := range map[string]string{
		"prose":  strings.Repeat("Monsieur, vous trouverez ci-joint le dossier, complet cette fois.\n", 20),
		"json":   strings.Repeat(`{"id":1,"nom":"Dupont","date":"01/02/1980"}`+"\n", 20),
		"go":     strings.Repeat("\tif err != nil {\n\t\treturn err\n\t}\n", 20),
		"c":      strings.Repeat("int a;\nchar *b;\n", 20),
		"one":    "nom\nDupont\nDurand\n",
		"letter": "Bonjour, Madame\nje vous prie d'agréer\nmes salutations, distinguées\n",
		"empty":  "",
		"fixed":  strings.Repeat("DUPONT   11/07/1994 1016 0,00   564,78 116,87\nLE GOFF  04/08/1984  407 711,63 0,00   0,00\n", 20),
	} {
		if csvFormat.Match("x", []byte(doc)) {
			t.Errorf("%s is taken for a table", name)
		}
		if !textFormat.Match("x", []byte(doc)) {
			t.Errorf("%s is not taken for text", name)
		}
	}
}
