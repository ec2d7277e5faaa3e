package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/csv"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// readObject reads an object with the first format that matches, and returns
// copies of its blocks.
func readObject(t testing.TB, name string, b []byte) (format string, blocks []scanner.Block, err error) {
	t.Helper()
	c, err := scanner.NewContent(context.Background(), stored(name, b), scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	for _, f := range All() {
		if !f.Match(c.Name(), c.Head()) {
			continue
		}
		if f.Read == nil {
			return f.Name, nil, nil
		}
		err := f.Read(context.Background(), c, func(b *scanner.Block) error {
			k := *b
			k.Text, k.Titles = bytes.Clone(b.Text), slices.Clone(b.Titles)
			blocks = append(blocks, k)
			return nil
		})
		return f.Name, blocks, err
	}
	return "", nil, nil
}

// unzipped returns a fixture, without the gzip around it.
func unzipped(t testing.TB, name string) []byte {
	t.Helper()
	b := fixture(t, name)
	if !strings.HasSuffix(name, ".gz") {
		return b
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err == nil {
		b, err = io.ReadAll(z)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// sheetRows are the rows of fixtures/formats/people/people.csv, with the dates as
// spreadsheets give them: in ISO 8601.
func sheetRows(t testing.TB) [][]string {
	t.Helper()
	r := csv.NewReader(bytes.NewReader(fixture(t, "people/people.csv")))
	r.Comma = ';'
	rows, err := r.ReadAll()
	if err != nil || len(rows) != 501 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for _, row := range rows[1:] {
		d := strings.Split(row[3], "/")
		row[3] = d[2] + "-" + d[1] + "-" + d[0]
	}
	return rows
}

// peopleSheets are one register of 500 invented people as programs write it: see
// the RECIPE of their folders.
var peopleSheets = []struct{ name, format string }{
	{"xlsx/calc.xlsx", "xlsx"},
	{"ods/calc.ods", "ods"},
	{"ods/calc.fods.gz", "ods"},
	{"ods/gnumeric.ods", "ods"},
	{"xlsx/gnumeric.xlsx", "xlsx"},
	{"xls/calc.xls.gz", "xls"},
	{"xls/gnumeric.xls.gz", "xls"},
	{"xls/gnumeric-biff5.xls.gz", "xls"},
	{"xlsx/sheetjs.xlsx", "xlsx"},
	{"xls/sheetjs.xml.gz", "xls"},
}

// TestPeopleSheets: every fixture has the rows of the CSV.
func TestPeopleSheets(t *testing.T) {
	want := sheetRows(t)
	for _, f := range peopleSheets {
		format, blocks, err := readObject(t, strings.TrimSuffix(f.name, ".gz"), unzipped(t, f.name))
		if err != nil || format != f.format {
			t.Errorf("%s: read as %s, %v", f.name, format, err)
		}
		names, rows, titles := tables(t, blocks)
		if len(names) != 1 || !slices.Equal(titles[names[0]], want[0]) {
			t.Errorf("%s: tables %q, titles %q", f.name, names, titles)
			continue
		}
		got := rows[names[0]]
		if len(got) != 500 {
			t.Errorf("%s: %d rows", f.name, len(got))
		}
		for i := range min(len(got), 500) {
			if !slices.Equal(got[i], want[i+1]) {
				t.Errorf("%s: row %d is %q, want %q", f.name, i, got[i], want[i+1])
				break
			}
		}
	}
}

// What came before a cut is read, and the cut is told.
func TestPeopleSheetsCutShort(t *testing.T) {
	want := sheetRows(t)
	for _, f := range peopleSheets {
		whole := unzipped(t, f.name)
		for i := 1; i < 50; i++ {
			b := whole[:len(whole)*i/50]
			format, blocks, err := readObject(t, strings.TrimSuffix(f.name, ".gz"), b)
			if format == "binary" {
				continue // too little is left to tell
			}
			if err == nil || onlyProblem(err) != nil {
				t.Errorf("%s cut at %d: %v", f.name, len(b), err)
			}
			_, rows, _ := tables(t, blocks)
			for _, got := range rows {
				for k, row := range got[:max(0, len(got)-1)] {
					if k+1 < len(want) && row[0] != want[k+1][0] && row[0] != want[k][0] {
						t.Errorf("%s cut at %d: row %d is %q", f.name, len(b), k, row)
						break
					}
				}
			}
		}
	}
}

func TestPeopleSheetsDamaged(t *testing.T) {
	for _, f := range peopleSheets {
		whole := unzipped(t, f.name)
		r := rand.New(rand.NewPCG(5, uint64(len(whole))))
		b := make([]byte, len(whole))
		for range 200 {
			copy(b, whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] = byte(r.Uint32())
			}
			_, blocks, err := readObject(t, strings.TrimSuffix(f.name, ".gz"), b)
			if onlyProblem(err) != nil {
				t.Errorf("%s damaged: %v", f.name, err)
			}
			tables(t, blocks)
		}
	}
}

// TestSheetTitles: the title row is found below lines before the table, and only
// where there is one.
func TestSheetTitles(t *testing.T) {
	for _, test := range []struct {
		name   string
		rows   []string // cells parted by |
		titles string
		first  string // row of the table
		other  string // running text
	}{
		{"first row", []string{"nom|prénom|ville", "Dupont|Léa|Pessac"}, "nom|prénom|ville", "Dupont|Léa|Pessac", ""},
		{"lines before", []string{"Export du 12/03/2024", "Service des prestations", "nom|date de naissance|ville", "Dupont|1985-05-12|Pessac"},
			"nom|date de naissance|ville", "Dupont|1985-05-12|Pessac", "Export du 12/03/2024\nService des prestations\n"},
		{"groups of columns", []string{"Identité||Adresse|", "nom|prénom|rue|ville", "Dupont|Léa|3 rue X|Pessac"},
			"nom|prénom|rue|ville", "Dupont|Léa|3 rue X|Pessac", "Identité\t\tAdresse\n"},
		{"none", []string{"Dupont|1985-05-12|Pessac", "Martin|1990-01-02|Cestas"}, "", "Dupont|1985-05-12|Pessac", ""},
		{"empty columns", []string{"||nom|ville", "||Dupont|Pessac"}, "||nom|ville", "||Dupont|Pessac", ""},
		{"a form", []string{"Fiche allocataire", "Nom|DUPONT", "Prénom :|Léa", "Date de naissance|1985-05-12", "|Ville|Pessac"}, "", "",
			"Fiche allocataire \nNom: DUPONT \nPrénom : Léa \nDate de naissance: 1985-05-12 \nVille: Pessac \n"},
		{"forms below one another", slices.Repeat([]string{"Nom|DUPONT", "Prénom|Léa", "Date de naissance|1985-05-12", "Ville|Pessac"}, 30), "", "",
			strings.Repeat("Nom: DUPONT \nPrénom: Léa \nDate de naissance: 1985-05-12 \nVille: Pessac \n", 30)},
		{"titles alone", []string{"nom|prénom|ville"}, "", "nom|prénom|ville", ""},
		{"line ends", []string{"nom|Date de\nnaissance|ville", "Dupont|1985-05-12|Pessac\nCedex"}, "nom|Date de naissance|ville", "Dupont|1985-05-12|Pessac\nCedex", ""},
	} {
		var blocks []scanner.Block
		s := sheet{ctx: context.Background(), yield: func(b *scanner.Block) error {
			k := *b
			k.Text = bytes.Clone(b.Text)
			blocks = append(blocks, k)
			return nil
		}}
		s.begin("t")
		for _, row := range test.rows {
			for i, c := range strings.Split(row, "|") {
				s.put(i, []byte(c))
			}
			s.endRow(100)
		}
		if err := s.finish(100); err != nil {
			t.Fatal(err)
		}
		_, rows, titles := tables(t, blocks)
		if got := strings.Join(titles["t"], "|"); got != test.titles {
			t.Errorf("%s: titles %q, want %q", test.name, got, test.titles)
		}
		if got := append(rows["t"], nil)[0]; strings.Join(got, "|") != test.first {
			t.Errorf("%s: rows %q, want %q first", test.name, rows["t"], test.first)
		}
		if got := runningText(blocks); got != test.other {
			t.Errorf("%s: running text %q, want %q", test.name, got, test.other)
		}
	}
}

func TestNumberFormats(t *testing.T) {
	for _, test := range []struct{ code, number, want string }{
		{"General", "185057800608491", "185057800608491"},
		{"General", "1.85057800608491E14", "185057800608491"},
		{"General", "1.85057800608491E+14", "185057800608491"},
		{"General", "1234.5599999999999", "1234.56"},
		{"General", "0.10000000000000001", "0.1"},
		{"General", "-5.0E-3", "-0.005"},
		{"General", "33000", "33000"},
		{"General", "texte", "texte"},
		{"General", "1E400", "1E400"},
		{"00000", "1000", "01000"},
		{`0#" "##" "##" "##" "##`, "612345678", "0612345678"},
		{"#,##0.00", "7", "7"},
		{"0.00E+00", "5", "5"},
		{"dd/mm/yyyy", "31179", "1985-05-12"},
		{"jj/mm/aaaa", "31179", "1985-05-12"},
		{"[$-40C]d mmmm yyyy;@", "31179.75", "1985-05-12"},
		{"dd/mm/yyyy hh:mm", "31179.75", "1985-05-12 18:00:00"},
		{"dd/mm/yyyy hh:mm", "31179", "1985-05-12"},
		{"yyyy-mm-dd", "1", "1900-01-01"},
		{"yyyy-mm-dd", "59", "1900-02-28"},
		{"yyyy-mm-dd", "61", "1900-03-01"},
		{"yyyy-mm-dd", "2958465", "9999-12-31"},
		{"yyyy-mm-dd", "2958466", "2958466"},
		{"yyyy-mm-dd", "-1", "-1"},
		{"h:mm:ss", "0.5", "12:00:00"},
		{"[Red]0", "5", "5"},
		{`"le "0`, "5", "5"},
		{"mmm\\-yy", "31179", "1985-05-12"},
		{"[h]:mm", "1.5", "1.5"},
	} {
		if got := string(parseFormat(test.code).append(nil, []byte(test.number), false)); got != test.want {
			t.Errorf("%s shows %s as %q, want %q", test.code, test.number, got, test.want)
		}
	}
	if got := string(builtinFormat(14).append(nil, []byte("29717"), true)); got != "1985-05-12" {
		t.Errorf("since 1904: %q", got)
	}
	for id, show := range map[int]uint8{0: showNumber, 2: showNumber, 14: showDate, 22: showMoment, 20: showTime, 49: showNumber, 36: showDate, 58: showDate} {
		if got := builtinFormat(id).show; got != show {
			t.Errorf("format %d: %d, want %d", id, got, show)
		}
	}
}
