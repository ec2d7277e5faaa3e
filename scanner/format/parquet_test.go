package format

import (
	"bytes"
	"context"
	"errors"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"

	"vigie/scanner"
)

const tableTitles = "nir nom prenom date_naissance code_postal"

const tableFirst = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f33250\x1e"

// parquetFixtures hold the register.
var parquetFixtures = []string{"duckdb-uncompressed", "duckdb-snappy", "duckdb-gzip", "duckdb-zstd", "duckdb-brotli", "duckdb-v2", "duckdb-lz4",
	"polars-snappy", "parquetjs", "hyparquet", "arrow-lz4", "arrow-delta", "arrow-split", "arrow-groups"}

func TestParquetIsWhatItSays(t *testing.T) {
	for _, name := range parquetFixtures {
		b := fixture(t, "parquet/"+name+".parquet")
		blocks, err := readFormat(t, parquetFormat, b)
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != tableTitles || !strings.HasPrefix(text, tableFirst) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 120)])
		}
		blocks, err = readFormat(t, parquetFormat, b[:len(b)-100])
		text = runningText(blocks)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated || !strings.Contains(text, "RICOLFI\n") || !strings.Contains(text, "Léa\n") ||
			name != "arrow-split" && !strings.Contains(text, "272029935052470\n") {
			t.Errorf("%s cut: %v, %.200q", name, err, text)
		}
	}
}

// Columns whose pages are read again and again, because there is no room for those
// of all columns, give the same.
func TestParquetTight(t *testing.T) {
	for _, name := range append(parquetFixtures, "duckdb-nested") {
		b := fixture(t, "parquet/"+name+".parquet")
		read := func(most int) string {
			var text []byte
			p := &parquetReader{from: bytes.NewReader(b), size: int64(len(b)), most: most, grid: grid{ctx: context.Background(), yield: func(x *scanner.Block) error {
				text = append(text, x.Text...)
				return nil
			}}}
			if err := p.read(); err != nil {
				t.Errorf("%s within %d bytes: %v", name, most, err)
			}
			return string(text)
		}
		want := read(parquetHeld)
		for _, most := range []int{1, 6000} {
			if got := read(most); got != want {
				t.Errorf("%s within %d bytes: %d bytes of text, not %d", name, most, len(got), len(want))
			}
		}
	}
}

func TestParquetNests(t *testing.T) {
	blocks, err := readFormat(t, parquetFormat, fixture(t, "parquet/duckdb-nested.parquet"))
	titles, rows, text := joinedText(blocks)
	const want = "nir identite.nom identite.prenom identite.date_naissance codes_postaux aussi.key aussi.value cle montant vu heure"
	first, _, _ := strings.Cut(text, "\x1e")
	cells := strings.Split(first, "\x1f")
	if len(cells) == 11 {
		cells[7] = cells[7][:4]
	}
	if err != nil || rows != 500 || strings.Join(titles, " ") != want || strings.Join(cells, "|") !=
		"272029935052470|RICOLFI|Marie|1972-02-17|33400; 33401|a|RICOLFI|04f9|12.5|2024-05-12 10:22:31|10:22:31" {
		t.Errorf("%v, %d rows of %q: %q", err, rows, titles, cells)
	}
}

func TestParquetDamage(t *testing.T) {
	for _, name := range []string{"duckdb-snappy", "duckdb-nested", "parquetjs"} {
		whole := fixture(t, "parquet/"+name+".parquet")
		for i := range 50 {
			if _, err := readFormat(t, parquetFormat, whole[:max(16, len(whole)*i/50)]); err == nil {
				t.Errorf("%s cut at %d of 50: no error", name, i)
			}
		}
		r := rand.New(rand.NewPCG(5, 5))
		for range 200 {
			b := slices.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			boundedBlocks(t, parquetFormat, b, 200)
		}
	}
}

// What one column has lost, the others have not.
func TestParquetGoesOn(t *testing.T) {
	b := fixture(t, "parquet/parquetjs.parquet") // five groups of 100
	for i := 6000; i < 6100; i++ {
		b[i] ^= 0x55
	}
	blocks, err := readFormat(t, parquetFormat, b)
	_, rows, text := joinedText(blocks)
	if err == nil || !strings.Contains(err.Error(), "column prenom") || rows != 500 || strings.Count(text, "\x1f2006-") < 5 {
		t.Errorf("%v, %d rows", err, rows)
	}
}

func FuzzParquet(f *testing.F) {
	for _, name := range append(parquetFixtures, "duckdb-nested") {
		b := fixture(f, "parquet/"+name+".parquet")
		f.Add(b)
		f.Add(b[:len(b)/2])
	}
	list := append(levelRun(4, 0), levelRun(4, 1)...)
	f.Add(madeParquet{nodes: []any{leaf("a", parquetBytes, 2)}, values: 4, rows: 4,
		pages: [][]byte{parquetPageOf(pageData, 60, 4, codingPlain, append(list, plainValues("un", "deux", "trois", "quatre")...))}}.bytes())
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, parquetFormat, b, 1<<14) })
}

func BenchmarkParquet(b *testing.B) {
	var file bytes.Buffer
	type person struct {
		NIR       int64
		Nom       string
		Prenom    string
		Naissance int32 `parquet:",date"`
		CP        int32
	}
	w := parquet.NewGenericWriter[person](&file, parquet.Compression(&parquet.Snappy))
	for i := range 200_000 {
		w.Write([]person{{272029935052470 + int64(i)*97, "NOM" + string(rune('A'+i%26)), "Marie", int32(i % 20000), int32(33000 + i%900)}})
	}
	w.Close()
	size := int64(0)
	read := func() {
		size = 0
		p := &parquetReader{from: bytes.NewReader(file.Bytes()), size: int64(file.Len()), grid: grid{ctx: context.Background(), yield: func(x *scanner.Block) error {
			size += int64(len(x.Text))
			return nil
		}}}
		if err := p.read(); err != nil {
			b.Fatal(err)
		}
	}
	read()
	b.SetBytes(size) // of text
	b.ReportAllocs()
	for b.Loop() {
		read()
	}
}
