package format

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"vigie/scanner"
)

// collectFixed reads a document of fixed width from a slab of the given size and
// returns copies of its blocks.
func collectFixed(doc []byte, size int) (blocks []scanner.Block, err error) {
	f := fixedReader{ctx: context.Background(), yield: func(b *scanner.Block) error {
		c := *b
		c.Text, c.Titles = bytes.Clone(b.Text), slices.Clone(b.Titles)
		blocks = append(blocks, c)
		return nil
	}}
	err = f.read(decode(bytes.NewReader(doc)), size)
	return blocks, err
}

// bare returns rows without the padding of their cells, and all as long.
func bare(rows [][]string, columns int) [][]string {
	for i, row := range rows {
		for j := range row {
			row[j] = strings.Trim(row[j], " ")
		}
		for len(row) < columns {
			row = append(row, "")
		}
		rows[i] = row
	}
	return rows
}

// padded writes rows in columns of the given widths, in characters; negative:
// the values stand at the right.
func padded(widths []int, rows ...[]string) string {
	var b strings.Builder
	for _, row := range rows {
		for i, cell := range row {
			blanks := strings.Repeat(" ", max(0, max(widths[i], -widths[i])-utf8.RuneCountInString(cell)))
			if widths[i] < 0 {
				b.WriteString(blanks + cell)
			} else {
				b.WriteString(cell + blanks)
			}
		}
		b.WriteString("\n")
	}
	return b.String()
}

// people returns n rows: a NIR, last and first names, a birth date, a street, a
// telephone number, an amount.
func people(n int) (rows [][]string) {
	r := rand.New(rand.NewPCG(7, 7))
	pick := func(s ...string) string { return s[r.IntN(len(s))] }
	for range n {
		rows = append(rows, []string{
			fmt.Sprintf("%d%02d%02d%02d%03d%03d%02d", 1+r.IntN(2), r.IntN(100), 1+r.IntN(12), 1+r.IntN(95), 1+r.IntN(900), 1+r.IntN(900), 1+r.IntN(97)),
			pick("DUPONT", "LE GOFF", "MARTIN", "ÉVRARD", "DE LA TOUR D'AUVERGNE", "BA"),
			pick("Léa", "Jean-Pierre", "Zoé", "Anne Marie", "Luc"),
			fmt.Sprintf("%02d/%02d/%d", 1+r.IntN(28), 1+r.IntN(12), 1930+r.IntN(80)),
			fmt.Sprintf("%d %s", 1+r.IntN(140), pick("rue Jean Moulin", "avenue de la République", "impasse du Général de Gaulle", "bd Foch")),
			fmt.Sprintf("06 %02d %02d %02d %02d", r.IntN(100), r.IntN(100), r.IntN(100), r.IntN(100)),
			fmt.Sprintf("%d.%02d", r.IntN(1500), r.IntN(100)),
		})
	}
	return rows
}

var (
	peopleTitles = []string{"NIR", "Nom", "Prénom", "Né le", "Adresse", "Téléphone", "Montant"}
	loose        = []int{17, 25, 15, 12, 40, 16, -10}
	narrow       = []int{16, 22, 12, 11, 33, 15, -7}
)

// lean leaves out the blanks at the end of lines, as editors do.
func lean(doc string) string {
	lines := strings.Split(doc, "\n")
	for i := range lines {
		lines[i] = strings.TrimRight(lines[i], " ")
	}
	return strings.Join(lines, "\n")
}

func TestFixedWidth(t *testing.T) {
	rows := people(300)
	titled := append([][]string{peopleTitles}, rows...)
	dashes := "---------------- ------------------------ -------------- ----------- --------------------------------------- --------------- ----------\n"
	first, rest, _ := strings.Cut(padded(loose, titled...), "\n")
	report := "Caisse de démonstration\nListe des allocataires au 01/02/2021, tous droits, page 1\n\n"
	tests := []struct {
		name, doc string
		titles    []string
		running   string
	}{
		{"loose", padded(loose, rows...), nil, ""},
		{"narrow", padded(narrow, rows...), nil, ""},
		{"titles", padded(loose, titled...), peopleTitles, ""},
		{"titles, lean", lean(padded(loose, titled...)), peopleTitles, ""},
		{"narrow, lean", lean(padded(narrow, rows...)), nil, ""},
		{"carriage returns", strings.ReplaceAll(padded(narrow, rows...), "\n", "\r\n") + "\x1A", nil, ""},
		{"dashes", first + "\n" + dashes + rest, peopleTitles, ""},
		{"pages", first + "\n" + dashes + padded(loose, rows[:150]...) + "\n\f\n" + first + "\n" + dashes + padded(loose, rows[150:]...), peopleTitles, ""},
		{"pages, lean", lean(padded(loose, append(titled[:101:101], titled...)...)), peopleTitles, ""},
		{"report", report + padded(loose, titled...), peopleTitles, report},
		{"total", padded(loose, rows...) + "Total de la page : 300 allocataires, trois cents\n", nil, "Total de la page : 300 allocataires, trois cents\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			if !fixedFormat.Match("x.txt", []byte(test.doc)) {
				t.Fatal("no match")
			}
			for _, size := range []int{slabSize, 70 << 10} {
				blocks, err := collectFixed([]byte(test.doc), size)
				if err != nil {
					t.Fatal(err)
				}
				_, got, titles := tables(t, blocks)
				want := rows
				if test.name == "pages, lean" {
					want = append(rows[:100:100], rows...)
				}
				for i, row := range bare(got[""], len(loose)) {
					if i >= len(want) || !slices.Equal(row, want[i]) {
						t.Fatalf("row %d: %q, want %q", i, row, want[min(i, len(want)-1)])
					}
				}
				if len(got[""]) != len(want) || len(want) < 100 {
					t.Errorf("%d rows, want %d", len(got[""]), len(want))
				}
				if !slices.Equal(titles[""], test.titles) {
					t.Errorf("titles %q, want %q", titles[""], test.titles)
				}
				if running := runningText(blocks); strings.TrimSpace(running) != strings.TrimSpace(test.running) {
					t.Errorf("running text %q, want %q", running, test.running)
				}
			}
		})
	}
}

// TestFixedTight reads columns that no blank separates.
func TestFixedTight(t *testing.T) {
	rows := people(200)
	for i := range rows {
		rows[i] = []string{rows[i][1], rows[i][0], rows[i][2]}
	}
	doc := padded([]int{21, 15, 12}, rows...)
	blocks, err := collectFixed([]byte(doc), slabSize)
	if err != nil {
		t.Fatal(err)
	}
	_, got, _ := tables(t, blocks)
	if len(got[""]) != len(rows) || !slices.EqualFunc(bare(got[""], 3), rows, slices.Equal) {
		t.Errorf("%d rows, %q, want %q", len(got[""]), got[""][:min(1, len(got[""]))], rows[0])
	}
}

// TestNotFixed lists texts whose lines are alike and that are no tables.
// TestFixedGlued: NIRs and days between digits that no blank parts from them, in
// files where every second line is another record.
func TestFixedGlued(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 14))
	digits := func(n int) (s string) {
		for range n {
			s += string(rune('0' + r.IntN(10)))
		}
		return s
	}
	var doc strings.Builder
	var numbers []string
	for i := range 60 {
		nir := fmt.Sprintf("%d%02d%02d%02d%03d%03d", 1+i%2, 40+i, 1+i%12, 1+i%95, 1+r.IntN(300), 1+r.IntN(99))
		nir += fmt.Sprintf("%02d", 97-mod97(nir))
		numbers = append(numbers, nir)
		fmt.Fprintf(&doc, "2%s%s%02d%02d%02d%-20s\r\n", digits(9), nir, 1+i%28, 1+i%12, 40+i, "DUPONT"[:3+i%4])
		fmt.Fprintf(&doc, "3%s %s\r\n", digits(14), strings.Repeat(string(rune('A'+i%9)), 35))
	}
	blocks, err := collectFixed([]byte(doc.String()), slabSize)
	if err != nil {
		t.Fatal(err)
	}
	_, rows, _ := tables(t, blocks)
	found := 0
	for _, row := range rows[""] {
		if slices.ContainsFunc(row, func(cell string) bool { return slices.Contains(numbers, cell) }) {
			found++
		}
	}
	if found != len(numbers) {
		t.Errorf("%d of %d NIRs have a cell", found, len(numbers))
	}
	for nir, want := range map[string]bool{"253072A07300443": true, "253072B07300470": true, "295109912611193": true, "295109912611199": false} {
		if !isNIRForm([]byte(nir)) || holdsKey([]byte(nir)) != want {
			t.Errorf("key of %s: want %v", nir, want)
		}
	}
}

func mod97(digits string) (n int) {
	for _, c := range digits {
		n = (10*n + int(c-'0')) % 97
	}
	return n
}

func TestNotFixed(t *testing.T) {
	var log, dump, listing, code, letter strings.Builder
	for i := range 100 {
		fmt.Fprintf(&log, "2024-05-12 10:%02d:31,123 %-5s [main] fr.caf.Service: dossier %d traité en %d ms\n", i%60, []string{"INFO", "WARN"}[i%2], i*7919, i)
		fmt.Fprintf(&dump, "%08x  %02x %02x %02x %02x %02x %02x %02x %02x  |........|\n", i*8, i, 3*i, 5*i%256, 7*i%256, i, i, i, i)
		fmt.Fprintf(&listing, "-rw-r--r-- 1 root root %5d Nov 21 21:%02d fichier%d.go\n", i*371, i%60, i)
		fmt.Fprintf(&code, "\tname%d := value(%d) // ligne %d\n", i, i*i, i)
		fmt.Fprintf(&letter, "Madame %s, vous trouverez ci-joint %s de votre dossier %d.\n", []string{"A", "Dupont", "Le Goff"}[i%3], []string{"la copie", "le relevé", "un extrait"}[i*i%3], i*i)
	}
	for name, doc := range map[string]string{
		"log": log.String(), "dump": dump.String(), "listing": listing.String(), "code": code.String(), "letter": letter.String(),
		"csv":   "id;nom;date\n" + strings.Repeat("12;Dupont;01/02/1980\n", 50),
		"words": strings.Repeat("le chat noir dort\n", 50),
		"label": strings.Repeat("nom : Dupont\nprénom : Luc\n\n", 30),
		"empty": "",
	} {
		if fixedFormat.Match("x", []byte(doc)) {
			t.Errorf("%s is taken for a table", name)
		}
	}
}

// checkFixed reads a document that may be damaged.
func checkFixed(t *testing.T, doc []byte, size int) {
	blocks, err := collectFixed(doc, size)
	if err != nil {
		t.Fatal(err)
	}
	tables(t, blocks)
}

func fixedSeeds() []string {
	rows := people(40)
	titled := padded(loose, append([][]string{peopleTitles}, rows...)...)
	var tight [][]string
	for i, row := range rows {
		tight = append(tight, []string{row[1], row[0], row[2], row[3], row[4]})
		if i%2 == 0 {
			tight[i][4] = ""
		}
	}
	return []string{titled, lean(titled), padded(narrow, rows...), "Liste\n\n" + titled + "\nTotal : 40\n", padded([]int{21, 15, 12, 12, 33}, tight...)}
}

func TestFixedDamaged(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 3))
	for _, doc := range fixedSeeds() {
		for range 50 {
			checkFixed(t, []byte(doc[:rnd.IntN(len(doc))]), 600)
		}
		for range 200 {
			flipped := []byte(doc)
			for range 1 + rnd.IntN(4) {
				flipped[rnd.IntN(len(flipped))] = byte(rnd.Uint32())
			}
			checkFixed(t, flipped, 700)
		}
	}
}

// TestFixedBroken reads a table that turns into something else: what follows is
// read as text, none of it is lost.
func TestFixedBroken(t *testing.T) {
	rows := padded(narrow, people(600)...)
	letter := strings.Repeat("Madame, votre dossier est complet et nous vous en remercions bien vivement ce jour.\n", 500)
	blocks, err := collectFixed([]byte(rows+letter+"id;nom;date\n"+strings.Repeat("12;Dupont;01/02/1980\n", 400)), slabSize)
	if err != nil {
		t.Fatal(err)
	}
	names, got, _ := tables(t, blocks)
	text := runningText(blocks)
	if len(got[""]) < 600 || len(text) < len(letter)-200 || len(names) != 2 {
		t.Errorf("%d rows, %d bytes of text, tables %q", len(got[""]), len(text), names)
	}
}

func FuzzFixed(f *testing.F) {
	for _, doc := range fixedSeeds() {
		f.Add([]byte(doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) { checkFixed(t, doc, 64+int(size)) })
}

func BenchmarkFixed(b *testing.B) {
	rows := people(1000)
	plain := []byte(strings.Repeat(padded(narrow, rows...), 200))
	ascii := []byte(strings.Repeat(padded(narrow, slices.DeleteFunc(rows, func(r []string) bool { return strings.ContainsAny(strings.Join(r, ""), "Éé") })...), 400))
	for name, doc := range map[string][]byte{"utf8": plain, "ascii": ascii} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				f := fixedReader{ctx: context.Background(), yield: func(*scanner.Block) error { return nil }}
				if err := f.read(decode(bytes.NewReader(doc)), slabSize); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// A day that digits follow without a blank is a column of its own, and so are
// digits behind names that rarely fill theirs.
func TestFixedPacked(t *testing.T) {
	blocks, err := readFormat(t, fixedFormat, fixture(t, "fixedwidth/packed.txt"))
	_, rows, text := joinedText(blocks)
	if err != nil || rows != 500 || !strings.HasPrefix(text, "272029935052470\x1fRICOLFI\x1fMarie\x1f19720217\x1f33400\x1e") {
		t.Errorf("%v, %d rows: %q", err, rows, text[:min(len(text), 90)])
	}
}
