package scanner

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"strings"
	"sync"
	"testing"

	"vigie/detectors"
)

// A sheet is a table made row by row: what a reader would hand over.
type sheet struct {
	rows   int
	titles func(row int) []string // nil: none
	cell   func(row, col int) string
	width  int
}

// blocks hands over the rows in blocks of 64 KiB.
func (s sheet) blocks(yield func(*Block) error) error {
	var text []byte
	first := 0
	for row := range s.rows {
		for col := range s.width {
			if col > 0 {
				text = append(text, 0x1F)
			}
			text = append(text, s.cell(row, col)...)
		}
		text = append(text, 0x1E)
		if len(text) >= 64<<10 || row == s.rows-1 {
			b := &Block{Text: text, At: int64(first), Rows: row + 1 - first, Ruler: Ruler{Cell: 0x1F, Row: 0x1E}}
			if s.titles != nil {
				b.Titles = s.titles(row)
			}
			if err := yield(b); err != nil {
				return err
			}
			text, first = text[:0], row+1
		}
	}
	return nil
}

// List makes a sheet a source of one object.
func (s sheet) List(context.Context, string, string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		yield(Object{Path: "a.csv", Size: -1, Open: func(context.Context, int64, int64) (io.ReadCloser, error) {
			return io.NopCloser(strings.NewReader("a")), nil
		}}, nil)
	}
}

// tallies keeps what is to be judged.
type tallies struct {
	mu  sync.Mutex
	all []*Tally
}

func (*tallies) Group(*Tally) string { return "" }

func (k *tallies) Judge(t []*Tally, _ Exposure) []Finding {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.all = append(k.all, t...)
	return nil
}

// tally scans the sheet with some workers.
func (s sheet) tally(t *testing.T, workers int) *Tally {
	t.Helper()
	kept := new(tallies)
	cfg := Config{Detectors: detectors.All(), Assessor: kept, Sink: new(keptRecords), Workers: workers}
	cfg.Formats = []Format{{Name: "sheet", Match: func(string, []byte) bool { return true },
		Read: func(_ context.Context, _ *Content, yield func(*Block) error) error { return s.blocks(yield) }}}
	if _, err := Run(t.Context(), cfg, []Target{{"s", s}}); err != nil {
		t.Fatal(err)
	}
	if len(kept.all) != 1 {
		t.Fatalf("%d tallies", len(kept.all))
	}
	return kept.all[0]
}

type keptRecords struct{}

func (keptRecords) Write(context.Context, Record) error { return nil }
func (keptRecords) Close() error                        { return nil }

// estimate is how many cells of a kind a column has, as the assessment reckons.
func estimate(t *Tally, col int, k detectors.Kind) float64 {
	if col >= len(t.Columns) {
		return 0
	}
	c := &t.Columns[col]
	for _, n := range c.Counts {
		if n.Kind == k && c.Studied > 0 && c.Seen > 0 {
			return float64(n.Matches) / float64(c.Studied) * float64(c.Filled) * float64(t.Rows) / float64(c.Seen)
		}
	}
	return 0
}

var (
	benefits = []string{"RSA", "AAH", "APL", "PPA", "PF + APL", "RSA + APL", "ALF"}
	street   = []string{"12 RUE DES LILAS", "3 AV DE LA REPUBLIQUE", "45 BD DU MARECHAL FOCH", "1 TER RUE DE PESSAC", "8 IMPASSE DES ACACIAS"}
	family   = []string{"Marié", "Célibataire", "Divorcée", "Pacsé", "Veuve"}
	filler   = strings.Repeat("x", 20)
)

// A column that is filled only in some part of the table is studied there,
// whatever its first rows are like.
func TestLaterColumns(t *testing.T) {
	const rows = 50_000
	between := func(from, to int, some []string) func(int) string {
		return func(row int) string {
			if row < from || row >= to {
				return ""
			}
			return some[row%len(some)]
		}
	}
	for _, c := range []struct {
		name  string
		title string
		cell  func(row int) string
		kind  detectors.Kind
		want  float64
		slack float64
	}{
		{"from 20,000 to 30,000", "", between(20_000, 30_000, benefits), "benefit", 10_000, 100},
		{"to the end", "", between(45_000, rows, benefits), "benefit", 5000, 100},
		{"a block in the middle", "", between(25_000, 26_000, benefits), "benefit", 1000, 250},
		{"streets", "", between(20_000, 30_000, street), "street_address", 10_000, 100},
		{"with a title", "PRESTATION", between(20_000, 30_000, benefits), "benefit", 10_000, 100},
		{"first blank, then most", "PRESTATION", between(4500, rows, benefits), "benefit", 45_500, 500},
		{"one in a hundred", "", func(row int) string {
			if row%100 != 37 {
				return ""
			}
			return benefits[row/100%len(benefits)]
		}, "benefit", 500, 150},
		{"junk before", "", func(row int) string {
			if row < 280 {
				return "-"
			}
			return benefits[row%len(benefits)]
		}, "benefit", rows - 280, 3500},
		{"codes before", "", func(row int) string {
			if row < 20_000 {
				return fmt.Sprint("lot/", 10+row%7)
			}
			return benefits[row%len(benefits)]
		}, "benefit", 30_000, 700},
		{"one in two behind the first rows", "PRESTATION", func(row int) string {
			if row < 3900 || row%2 == 0 {
				return ""
			}
			return benefits[row%len(benefits)]
		}, "benefit", 23_050, 2500},
	} {
		s := sheet{rows: rows, width: 3, cell: func(row, col int) string {
			switch col {
			case 0:
				return fmt.Sprint(row)
			case 1:
				return c.cell(row)
			}
			return filler
		}}
		if c.title != "" {
			s.titles = func(int) []string { return []string{"NUMERO", c.title, "X"} }
		}
		for _, workers := range []int{1, 4} {
			got := s.tally(t, workers)
			if k := got.Study.Kinds[1]; k != c.kind {
				t.Errorf("%s: %q, want %q", c.name, k, c.kind)
			}
			if n := estimate(got, 1, c.kind); n < c.want-c.slack || n > c.want+c.slack {
				t.Errorf("%s, %d workers: %.0f cells, want %.0f", c.name, workers, n, c.want)
			}
			if got.Rows != rows {
				t.Errorf("%s: %d rows", c.name, got.Rows)
			}
		}
	}
}

// A key that comes up late in nested data is a column with its title.
func TestLaterTitles(t *testing.T) {
	s := sheet{rows: 30_000, width: 3, cell: func(row, col int) string {
		switch {
		case col == 0:
			return fmt.Sprint(row)
		case col == 1:
			return filler
		case row >= 10_000 && row%5 == 0:
			return family[row/5%len(family)]
		}
		return ""
	}}
	s.titles = func(row int) []string {
		if row < 10_000 {
			return []string{"id", "x"}
		}
		return []string{"id", "x", "situation"}
	}
	got := s.tally(t, 2)
	if got.Study.Kinds[2] != "family_situation" || got.Columns[2].Title != "situation" {
		t.Errorf("kinds %q, title %q", got.Study.Kinds, got.Columns[2].Title)
	}
	if n := estimate(got, 2, "family_situation"); n < 3950 || n > 4050 {
		t.Errorf("%.0f situations, want 4000", n)
	}
}

// What makes persons apart and rows unique may come up later too.
func TestLaterSets(t *testing.T) {
	s := sheet{rows: 20_000, width: 3, cell: func(row, col int) string {
		switch {
		case col == 0:
			return fmt.Sprint(row)
		case row < 8000:
			return ""
		case col == 1:
			return fmt.Sprintf("%02d/%02d/%d", 1+row%28, 1+row/60%12, 1930+row*7%60)
		}
		return street[row%len(street)]
	}}
	got := s.tally(t, 2)
	if len(got.Study.Sets) == 0 || len(got.Unique) != len(got.Study.Sets) {
		t.Fatalf("sets %v, %d counted", got.Study.Sets, len(got.Unique))
	}
	if n := got.Unique[0].Rows; n < 11_800 || n > 12_000 {
		t.Errorf("the set %v has %d rows, want 12000", got.Study.Sets[0], n)
	}
	born := uint32(0)
	for _, n := range got.Births {
		born += n
	}
	if born < 11_800 || born > 12_000 {
		t.Errorf("%d births, want 12000", born)
	}
}

// The sampled rows are whole ones, whatever stands between quotes.
func TestSampledRowsAreRows(t *testing.T) {
	for _, quote := range []byte{0, '"'} {
		var text []byte
		r := Ruler{';', '\n', quote}
		starts := make(map[int]bool)
		rows := 0
		for i := range 3000 {
			starts[len(text)] = true
			cell := "abc"
			if quote != 0 && i%3 == 0 {
				cell = "\"a\n;\"\"b\n\""
			}
			text = append(text, fmt.Sprintf("%d;%s;%s\n", i, cell, bytes.Repeat([]byte{'z'}, i%50))...)
			rows++
		}
		for _, n := range []int{1, 2, 5, 100} {
			at := r.sample(nil, text, n)
			if len(at) != n {
				t.Errorf("quote %q: %d samples, want %d", quote, len(at), n)
			}
			for _, pos := range at {
				if !starts[pos] {
					t.Errorf("quote %q: a sample at %d, where no row begins", quote, pos)
				}
			}
		}
	}
}

// people lays rows of ten cells end to end, 256 KiB of them.
func people() *Block {
	b := &Block{Ruler: Ruler{Cell: ';', Row: '\n'}, Titles: strings.Split("nir;nom;prenom;date_naissance;adresse;code_postal;ville;email;telephone;situation", ";")}
	for i := 0; len(b.Text) < 256<<10; i++ {
		b.Text = fmt.Appendf(b.Text, "1%02d%02d75%03d%03d%02d;NOM%d;Prénom;%02d/%02d/19%02d;%s;33%03d;Bordeaux;p%d@example.org;06%08d;%s\n",
			i%100, 1+i%12, i%1000, i%1000, i%97, i%777, 1+i%28, 1+i%12, i%100, street[i%len(street)], i%1000, i, i*7919%100000000, family[i%len(family)])
		b.Rows++
	}
	return b
}

// BenchmarkWalk counts the first block of a table, and those behind the studied
// rows; watch is the part of it that looks for what is new.
func BenchmarkWalk(b *testing.B) {
	for _, first := range []bool{false, true} {
		for _, watching := range []bool{false, true} {
			name := map[bool]string{true: "first", false: "later"}[first] + map[bool]string{true: "/watch", false: "/all"}[watching]
			b.Run(name, func(b *testing.B) {
				r := &run{book: newBook(detectors.All()), key: newRunKey(), Config: Config{Progress: new(Progress)}}
				r.mask.book = r.book
				w, t, block := newWorker(r), newTable("a.csv", "", false), people()
				for range 8 {
					t.study(w, block)
					w.scan(t, block, t.studying)
					block.At += int64(block.Rows)
				}
				b.SetBytes(int64(len(block.Text)))
				for b.Loop() {
					if first {
						t, block.At = newTable("a.csv", "", false), 0
					}
					t.study(w, block)
					if !watching {
						w.scan(t, block, t.studying)
					}
					block.At += int64(block.Rows)
				}
			})
		}
	}
}
