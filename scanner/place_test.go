package scanner

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/detectors"
)

// cellsSlowly splits a block by its ruler one byte at a time: what the ruler's
// arithmetic is compared with.
func cellsSlowly(text []byte, r Ruler) (rows [][][2]int) {
	var row [][2]int
	start, inside := 0, false
	for i := 0; i <= len(text); i++ {
		switch {
		case i < len(text) && r.Quote != 0 && text[i] == r.Quote:
			inside = !inside
		case i == len(text) && start == i && len(row) == 0:
		case i == len(text) || !inside && text[i] == r.Row:
			rows = append(rows, append(row, [2]int{start, i}))
			row, start = nil, i+1
		case !inside && text[i] == r.Cell:
			row = append(row, [2]int{start, i})
			start = i + 1
		}
	}
	return rows
}

// TestMatchesArePlacedInTheirCells lays rulers on random tables with matches
// in random cells, and compares with the slow way, for every choice of columns
// that a plan looks at.
func TestMatchesArePlacedInTheirCells(t *testing.T) {
	const sign = "@@"
	book := newBook(detectors.All())
	key := newRunKey()
	det := book.number["email"]
	for seed := range uint64(400) {
		rng := rand.New(rand.NewPCG(seed, 3))
		ruler := Ruler{';', '\n', 0}
		if rng.IntN(2) == 0 {
			ruler.Quote = '"'
		}
		var b strings.Builder
		for range 1 + rng.IntN(20) {
			for c := range 1 + rng.IntN(9) {
				if c > 0 {
					b.WriteByte(ruler.Cell)
				}
				cell := []string{"", "a", "bb c", sign, "x" + sign + "y"}[rng.IntN(5)]
				if ruler.Quote != 0 && rng.IntN(3) == 0 {
					cell = `"` + cell + []string{"", ";", "\n", `""`, ";" + sign + "\n"}[rng.IntN(5)] + `"`
				}
				b.WriteString(cell)
			}
			b.WriteByte(ruler.Row)
		}
		text := []byte(b.String())
		want := make(map[int]int32)
		rows := cellsSlowly(text, ruler)
		for _, row := range rows {
			for c, span := range row {
				want[c] += int32(bytes.Count(text[span[0]:span[1]], []byte(sign)))
			}
		}
		for width := range 4 {
			pl := &plan{}
			for c := range width {
				pl.slots = append(pl.slots, slot{col: 2 * c, det: -1})
			}
			w := &walker{book: book, key: &key, block: text}
			w.part.grid.width = len(book.detectors)
			w.part.reset(pl, &Tally{})
			var found []detectors.Match
			for i := 0; ; {
				j := bytes.Index(text[i:], []byte(sign))
				if j < 0 {
					break
				}
				i += j + len(sign)
				found = append(found, detectors.Match{Start: i - len(sign), End: i})
			}
			w.flow.clear()
			w.flow.add(det, found)
			stop, counted := w.walk(pl, text, ruler, 0, 0, math.MaxInt64)
			if stop != len(text) || width > 0 && counted != int64(len(rows)) {
				t.Fatalf("seed %d: stopped at %d of %d after %d of %d rows", seed, stop, len(text), counted, len(rows))
			}
			got := make(map[int]int32)
			for _, i := range w.part.grid.touched {
				got[i/w.part.grid.width] += w.part.grid.marks[i].matches
			}
			for c, n := range want {
				if got[c] != n {
					t.Fatalf("seed %d, %d slots: column %d has %d matches, want %d in\n%s", seed, width, c, got[c], n, text)
				}
			}
			for i, s := range pl.slots {
				filled := int64(0)
				for _, row := range rows {
					if s.col < len(row) && (len(row) > 1 || row[0][1] > row[0][0]) && func() bool { c := trimmed(text, row[s.col][0], row[s.col][1], ruler.Quote); return c.End > c.Start }() {
						filled++
					}
				}
				if w.part.filled[i] != filled {
					t.Fatalf("seed %d: column %d filled in %d rows, want %d", seed, s.col, w.part.filled[i], filled)
				}
			}
		}
	}
}

// TestTalliesAddUpInAnyOrder adds the tallies of parts, with their columns in
// another order, to that of the whole.
func TestTalliesAddUpInAnyOrder(t *testing.T) {
	part := func(rows int64, titles ...string) *Tally {
		a := &Tally{Object: fmt.Sprintf("d/%d.csv", rows), Rows: rows, Bytes: 10 * rows, Births: []uint32{0, uint32(rows)}}
		for i, title := range titles {
			a.Columns = append(a.Columns, Column{Title: title, Filled: rows, Seen: rows, Counts: []Count{{Kind: "nir", Matches: rows * int64(len(title))}}})
			_ = i
		}
		a.People.Add(uint64(rows)*1e17, rows)
		a.Agree = []Agreement{{"r", rows, rows - 1}}
		return a
	}
	parts := func() []*Tally {
		return []*Tally{part(1, "a", "bb"), part(2, "bb", "a"), part(4, "a", "ccc", "bb")}
	}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 2, 0}} {
		all := parts()
		sum := all[order[0]]
		for _, i := range order[1:] {
			sum.Add(all[i])
		}
		got := []string{fmt.Sprint(sum.Object, sum.Rows, sum.Bytes, sum.Births, sum.Agree, sum.People.Distinct())}
		for i := range sum.Columns {
			c := &sum.Columns[i]
			got = append(got, fmt.Sprint(c.Title, c.Filled, c.Counts[0].Matches))
		}
		slices.Sort(got)
		want := []string{"a77", "bb714", "ccc412", "d/770[07][{r74}]3"}
		for i := range got {
			got[i] = strings.ReplaceAll(got[i], " ", "")
		}
		if !slices.Equal(got, want) {
			t.Errorf("order %v: %q, want %q", order, got, want)
		}
	}
}

// TestStudiesAddUp adds tallies whose studies were extended differently: each
// set is counted as itself.
func TestStudiesAddUp(t *testing.T) {
	part := func(kinds []detectors.Kind, sets ...[]int) *Tally {
		a := &Tally{Rows: 10, Columns: make([]Column, 3), Study: &Study{Kinds: kinds, Sets: sets}}
		for _, s := range sets {
			var b BottomK
			b.Add(1, int64(len(s)))
			a.Unique = append(a.Unique, b)
		}
		return a
	}
	parts := func() (a, b *Tally) {
		return part([]detectors.Kind{"sex", "birth_date"}, []int{0}, []int{0, 1}), part([]detectors.Kind{"sex", "", "benefit"}, []int{0, 1}, []int{1, 2, 3})
	}
	for _, turned := range []bool{false, true} {
		a, b := parts()
		if turned {
			a, b = b, a
		}
		before, kinds := a.Study, slices.Clone(a.Study.Kinds)
		a.Add(b)
		if len(before.Sets) != 2 || !slices.Equal(before.Kinds, kinds) {
			t.Errorf("the study of a part was changed: %+v", before)
		}
		if !slices.Equal(a.Study.Kinds, []detectors.Kind{"sex", "birth_date", "benefit"}) {
			t.Errorf("kinds %q", a.Study.Kinds)
		}
		for i, set := range a.Study.Sets {
			want := int64(map[int]int{1: 1, 2: 4, 3: 3}[len(set)])
			if a.Unique[i].Rows != want {
				t.Errorf("set %v has %d rows, want %d", set, a.Unique[i].Rows, want)
			}
		}
	}
}

func TestTrimmed(t *testing.T) {
	for cell, want := range map[string]string{
		" a \r": "a", `"a"`: "a", `" a "`: "a", `="01000"`: "01000", `"=""01000"""`: "01000", `=""`: `=""`, `="`: `="`, `=A1&"x"`: `=A1&"x"`, `"`: `"`,
	} {
		if s := trimmed([]byte(cell), 0, len(cell), '"'); cell[s.Start:s.End] != want {
			t.Errorf("%s: got %s, want %s", cell, cell[s.Start:s.End], want)
		}
	}
}
