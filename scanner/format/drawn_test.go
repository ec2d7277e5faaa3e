package format

import (
	"slices"
	"strings"
	"testing"
)

var drawnCases = []recordCase{
	{
		"mysql -t",
		"+-----+---------+\n| id  | nom     |\n+-----+---------+\n|   1 | Dupont  |\n|   2 | NULL    |\n|   3 | L'Her   |\n+-----+---------+\n3 rows in set (0,01 sec)\n",
		[]string{"id", "nom"},
		[][]string{{"1", "Dupont"}, {"2", ""}, {"3", "L'Her"}},
		"3 rows in set (0,01 sec)",
	},
	{
		"psql",
		" id |  nom   | cp\n----+--------+----\n  1 | Dupont | 33000\n  2 |        | \n(2 rows)\n\n id |  nom  | cp\n----+-------+---\n  3 | Petit | 33100\n(1 ligne)\n",
		[]string{"id", "nom", "cp"},
		[][]string{{"1", "Dupont", "33000"}, {"2", "", ""}, {"3", "Petit", "33100"}},
		"(2 rows)\n(1 ligne)",
	},
	{
		"Markdown",
		"Liste des allocataires\n\n| nom | cp |\n|:----|---:|\n| Dupont | 33000 |\n| Petit | 33100 |\n",
		[]string{"nom", "cp"},
		[][]string{{"Dupont", "33000"}, {"Petit", "33100"}},
		"Liste des allocataires",
	},
	{
		"box of DuckDB, with types",
		"┌───────┬────────┐\n│  id   │  nom   │\n│ int32 │varchar │\n├───────┼────────┤\n│     1 │ Dupont │\n│     2 │ Petit  │\n└───────┴────────┘\n",
		[]string{"id", "nom"},
		[][]string{{"1", "Dupont"}, {"2", "Petit"}},
		"│ int32 │varchar │",
	},
	{
		"rules between rows, and a bar in a value",
		"+----+-----+\n| id | nom |\n+====+=====+\n| 1  | Ana |\n+----+-----+\n| 2  | a|b |\n+----+-----+\n| 3  | Léa |\n+----+-----+\n",
		[]string{"id", "nom"},
		[][]string{{"1", "Ana"}, {"3", "Léa"}},
		"| 2  | a|b |",
	},
	{
		"tables one behind the other",
		"+----+-----+\n| id | nom |\n+----+-----+\n| 1  | Ana |\n+----+-----+\n+----+-----+\n| no | cp  |\n+----+-----+\n| 2  | 33  |\n+----+-----+\n",
		[]string{"no", "cp"},
		[][]string{{"1", "Ana"}, {"2", "33"}},
		"",
	},
}

func TestDrawn(t *testing.T) { checkRecords(t, drawnFormat, readDrawn, drawnCases) }

// Titles without a row are handed over too.
func TestDrawnWithoutRows(t *testing.T) {
	doc := "| a@b.fr | c |\n|---|---|\n"
	blocks, err := collectRecords(readDrawn, []byte(doc), slabSize)
	if err != nil || !strings.Contains(runningText(blocks), "a@b.fr") {
		t.Errorf("%q, %v", runningText(blocks), err)
	}
}

func TestNotDrawn(t *testing.T) {
	for _, doc := range []string{
		"| id | nom |\n| 1 | Ana |\n| 2 | Léa |\n",
		"id|nom\n1|Ana\n2|Léa\n3|---\n",
		"Titre\n=====\n\nDu texte, et encore du texte.\nUne table :\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\nEt du texte\nencore du texte\nencore.\n",
		"a,b\n1,2\n",
		"+----+\n",
	} {
		if drawnFormat.Match("x.txt", []byte(doc)) {
			t.Errorf("%q is taken for a drawn table", doc)
		}
	}
}

// What consoles wrote gives the rows of the register.
func TestDrawnRegister(t *testing.T) {
	for _, name := range []string{"psql", "psql-unicode", "sqlite-box", "sqlite-markdown"} {
		blocks, err := collectRecords(readDrawn, unzipped(t, "sql/"+name+".txt.gz"), slabSize)
		if err != nil {
			t.Fatal(err)
		}
		_, rows, titles := tables(t, blocks)
		if len(rows[""]) != 500 || !slices.Equal(titles[""], []string{"nir", "nom", "prenom", "date_naissance", "code_postal"}) {
			t.Errorf("%s: %d rows, titles %q", name, len(rows[""]), titles[""])
		}
	}
}

func TestDrawnDamaged(t *testing.T) { damageRecords(t, readDrawn, drawnCases) }

func FuzzDrawn(f *testing.F) {
	for _, c := range drawnCases {
		f.Add([]byte(c.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) {
		fuzzRecords(t, readDrawn, doc, 64+int(size)%4096)
	})
}

func BenchmarkDrawn(b *testing.B) { benchmarkRecords(b, readDrawn, drawnCases[0].doc) }
