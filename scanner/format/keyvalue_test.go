package format

import (
	"bytes"
	"context"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// A recordReader is a reader of records, as its format has it.
type recordReader func(context.Context, *decoder, int, func(*scanner.Block) error) error

// collectRecords reads a document from a slab of the given size and returns
// copies of its blocks.
func collectRecords(read recordReader, doc []byte, size int) (blocks []scanner.Block, err error) {
	err = read(context.Background(), decode(bytes.NewReader(doc)), size, func(b *scanner.Block) error {
		c := *b
		c.Text, c.Titles = bytes.Clone(b.Text), slices.Clone(b.Titles)
		blocks = append(blocks, c)
		return nil
	})
	return blocks, err
}

// A recordCase is a document of records and what is in it.
type recordCase struct {
	name, doc string
	titles    []string
	rows      [][]string // of all tables
	running   string
}

func checkRecords(t *testing.T, f scanner.Format, read recordReader, tests []recordCase) {
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			for _, doc := range []string{test.doc, strings.ReplaceAll(test.doc, "\n", "\r\n")} {
				if !f.Match("x", []byte(doc)) {
					t.Fatal("no match")
				}
				blocks, err := collectRecords(read, []byte(doc), slabSize)
				if err != nil {
					t.Fatal(err)
				}
				names, rows, _ := tables(t, blocks)
				var got [][]string
				for _, n := range names {
					got = append(got, rows[n]...)
				}
				if !slices.EqualFunc(got, test.rows, slices.Equal) {
					t.Errorf("rows %q, want %q", got, test.rows)
				}
				var titles []string
				for _, b := range blocks {
					if b.Rows > 0 {
						titles = b.Titles
					}
				}
				if !slices.Equal(titles, test.titles) {
					t.Errorf("titles %q, want %q", titles, test.titles)
				}
				if running := strings.ReplaceAll(runningText(blocks), "\r", ""); strings.TrimSpace(running) != strings.TrimSpace(test.running) {
					t.Errorf("running text %q, want %q", running, test.running)
				}
			}
		})
	}
}

// damageRecords cuts documents short and flips their bytes.
func damageRecords(t *testing.T, read recordReader, tests []recordCase) {
	rnd := rand.New(rand.NewPCG(5, 5))
	for _, test := range tests {
		doc := strings.Repeat(test.doc, 3)
		for i := range 50 {
			fuzzRecords(t, read, []byte(doc[:len(doc)*i/50]), 600)
		}
		for range 200 {
			flipped := []byte(doc)
			for range 1 + rnd.IntN(4) {
				flipped[rnd.IntN(len(flipped))] = byte(rnd.Uint32())
			}
			fuzzRecords(t, read, flipped, 300)
		}
	}
}

func fuzzRecords(t *testing.T, read recordReader, doc []byte, size int) {
	blocks, err := collectRecords(read, doc, size)
	if err != nil {
		t.Fatal(err)
	}
	tables(t, blocks)
}

func benchmarkRecords(b *testing.B, read recordReader, doc string) {
	doc = strings.Repeat(doc, 8<<20/len(doc))
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if err := read(context.Background(), decode(strings.NewReader(doc)), slabSize, func(*scanner.Block) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}

var labelCases = []recordCase{
	{"paragraphs", "Nom : Dupont\nPrénom : Luc\nTél. : 0612\n\nNom : Le Goff\nTél. : 0613\n\n\nNom : Ba\nPrénom : Zoé\nTél. : 0614\n\n",
		[]string{"Nom", "Prénom", "Tél."}, [][]string{{"Dupont", "Luc", "0612"}, {"Le Goff", "", "0613"}, {"Ba", "Zoé", "0614"}}, ""},
	{"key=value", "nom=Dupont\nne_le=1980\n\nnom=Ba\nne_le=1981\n\nnom=X\nne_le=\n\n",
		[]string{"nom", "ne_le"}, [][]string{{"Dupont", "1980"}, {"Ba", "1981"}, {"X", ""}}, ""},
	{"repeats", "nom: Dupont\nvilles: Lyon\nnom: Ba\nvilles: Brest\nvilles: Nice\nnom: X\nvilles: Metz\n",
		[]string{"nom", "villes"}, [][]string{{"Dupont", "Lyon"}, {"Ba", "Brest Nice"}, {"X", "Metz"}}, ""},
	{"goes on", "nom: Dupont\nnote: absent\n  jusqu'au 3\n\nnom: Ba\nnote: vu\n\nnom: X\nnote: vu\n",
		[]string{"nom", "note"}, [][]string{{"Dupont", "absent jusqu'au 3"}, {"Ba", "vu"}, {"X", "vu"}}, ""},
	{"logfmt", strings.Repeat("time=10:02 user=\"Luc Dupont\" ip=1.2.3.4\n", 3),
		[]string{"time", "user", "ip"}, [][]string{{"10:02", "Luc Dupont", "1.2.3.4"}, {"10:02", "Luc Dupont", "1.2.3.4"}, {"10:02", "Luc Dupont", "1.2.3.4"}}, ""},
	{"psql \\x", "-[ RECORD 1 ]---\nnom | Dupont\nne  | 1980\n-[ RECORD 2 ]---\nnom | Ba\nne  | \n",
		[]string{"nom", "ne"}, [][]string{{"Dupont", "1980"}, {"Ba", ""}}, ""},
	{"mysql \\G", "*************************** 1. row ***************************\n nom: Dupont\nnote: a\n\nb\n*************************** 2. row ***************************\n nom: Ba\nnote: NULL\n",
		[]string{"nom", "note"}, [][]string{{"Dupont", "a"}, {"Ba", "NULL"}}, "b"},
	{"blanks in values", strings.Repeat("nom=DE LA TOUR;prenom=Luc;ville=LE MANS\n", 3) + "fin\n",
		nil, nil, ""},
}

func TestLabels(t *testing.T) {
	cases := slices.Clone(labelCases)
	last := &cases[len(cases)-1]
	last.doc = strings.TrimSuffix(last.doc, "fin\n")
	last.titles = []string{"nom", "prenom", "ville"}
	last.rows = [][]string{{"DE LA TOUR", "Luc", "LE MANS"}, {"DE LA TOUR", "Luc", "LE MANS"}, {"DE LA TOUR", "Luc", "LE MANS"}}
	checkRecords(t, keyValueFormat, readLabels, cases)
}

func TestLabelsBroken(t *testing.T) {
	letter := strings.Repeat("Madame, votre dossier est complet et nous vous en remercions.\n", 200)
	blocks, err := collectRecords(readLabels, []byte(strings.Repeat("nom: Ba\nville: Brest\n\n", 4000)+letter), slabSize)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := tables(t, blocks)
	if len(rows[""]) != 4000 || runningText(blocks) != letter {
		t.Errorf("%d rows, %d bytes of text, want 4000 and %d", len(rows[""]), len(runningText(blocks)), len(letter))
	}
}

func TestNotLabels(t *testing.T) {
	for name, doc := range map[string]string{
		"prose":   strings.Repeat("Voici la liste : du pain, du vin.\nElle est longue.\n\n", 30),
		"go":      strings.Repeat("\tif x := f(a); x != nil {\n\t\treturn nil, x\n\t}\n\n", 30),
		"c":       strings.Repeat("int a = b;\nchar *c = d;\n\n", 30),
		"css":     strings.Repeat("p {\n  color: red;\n  margin: 0;\n}\n\n", 30),
		"urls":    strings.Repeat("http://a.fr/x\nhttps://b.fr/y\n\n", 30),
		"one":     "nom: Dupont\nprénom: Luc\nville: Lyon\n",
		"options": strings.Repeat("-o nom=x\n--format: text\n\n", 30),
		"csv":     "a;b;c\n" + strings.Repeat("1;2;3\n", 30),
	} {
		if keyValueFormat.Match("x", []byte(doc)) {
			t.Errorf("%s is taken for records", name)
		}
	}
}

func TestLabelsDamaged(t *testing.T) { damageRecords(t, readLabels, labelCases) }

func FuzzLabels(f *testing.F) {
	for _, test := range labelCases {
		f.Add([]byte(test.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) { fuzzRecords(t, readLabels, doc, 64+int(size)) })
}

func BenchmarkLabels(b *testing.B) {
	for _, test := range labelCases[:5] {
		b.Run(test.name, func(b *testing.B) { benchmarkRecords(b, readLabels, test.doc) })
	}
}
