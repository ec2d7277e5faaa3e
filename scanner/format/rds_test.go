package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"testing"

	"vigie/scanner"
)

// rdsFixture returns a file that R wrote, decompressed.
func rdsFixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("../../fixtures/formats/rds/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if z, err := gzip.NewReader(bytes.NewReader(b)); err == nil {
		if b, err = io.ReadAll(z); err != nil {
			t.Fatal(err)
		}
	}
	return b
}

// readFormat reads a document and returns copies of its blocks.
func readFormat(t testing.TB, f scanner.Format, b []byte) (blocks []scanner.Block, err error) {
	t.Helper()
	return readNamed(t, f, "document", b)
}

// readNamed is readFormat for those that look at the name.
func readNamed(t testing.TB, f scanner.Format, name string, b []byte) (blocks []scanner.Block, err error) {
	t.Helper()
	o := scanner.Object{Path: name, Size: -1, Open: once(bytes.NewReader(b))}
	c, err := scanner.NewContent(context.Background(), o, scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if !f.Match(c.Name(), c.Head()) {
		return nil, errors.New("no " + f.Name)
	}
	err = f.Read(context.Background(), c, func(b *scanner.Block) error {
		kept := *b
		kept.Text = bytes.Clone(b.Text)
		blocks = append(blocks, kept)
		return nil
	})
	return blocks, err
}

// What R wrote by types reads like what it wrote as text: numbers, dates,
// factors and labelled values are what they say.
func TestRDSIsWhatItSays(t *testing.T) {
	want := "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1f"
	for _, name := range []string{"typed.rds", "plain-version2.rds", "tibble.rds", "environment.RData"} {
		blocks, err := readFormat(t, rdsFormat, rdsFixture(t, name))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		var table *scanner.Block
		for i := range blocks {
			if len(blocks[i].Titles) == 5 {
				table = &blocks[i]
			}
		}
		if table == nil || !strings.HasPrefix(string(table.Text), want) {
			t.Fatalf("%s: no table that begins with %q", name, want)
		}
		titles := strings.Join(table.Titles, " ")
		if name == "tibble.rds" {
			titles = strings.Replace(titles, "Code postal", "code_postal", 1) // its label
		}
		if table.Rows != 500 || titles != "nir nom prenom date_naissance code_postal" {
			t.Errorf("%s: %d rows of %s", name, table.Rows, titles)
		}
	}
}

// A file that is cut gives the columns before the cut, and says that it is.
func TestRDSCutGivesWhatCameBefore(t *testing.T) {
	b := rdsFixture(t, "plain-version2.rds")
	blocks, err := readFormat(t, rdsFormat, b[:len(b)*9/10])
	var p *scanner.Problem
	if !errors.As(err, &p) || p.Reason != scanner.Truncated {
		t.Errorf("error is %v", err)
	}
	if len(blocks) == 0 || !strings.HasPrefix(string(blocks[0].Text), "272029935052470\x1fRICOLFI\x1f") {
		t.Errorf("%d blocks", len(blocks))
	}
}

// longRDS returns a data frame of n persons as saveRDS writes it, uncompressed.
func longRDS(n int) []byte {
	const object, attributed, text = 0x100, 0x200, 0x40009
	b := []byte("X\n")
	put := func(v ...int) {
		for _, v := range v {
			b = binary.BigEndian.AppendUint32(b, uint32(v))
		}
	}
	texts := func(list ...string) {
		put(rString, len(list))
		for _, s := range list {
			put(text, len(s))
			b = append(b, s...)
		}
	}
	attribute := func(name string, values ...string) {
		put(rPairs|0x400, rSymbol, text, len(name))
		b = append(b, name...)
		texts(values...)
	}
	put(2, 0x40201, 0x20300, rList|object|attributed, 4)
	nirs := make([]string, n)
	for i := range nirs {
		nirs[i] = fmt.Sprintf("2%014d", i*7919)
	}
	texts(nirs...)
	put(rReal|object|attributed, n)
	for i := range n {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(float64(i%40000-20000)))
	}
	attribute("class", "Date")
	put(254, rReal, n)
	for i := range n {
		b = binary.BigEndian.AppendUint64(b, math.Float64bits(float64(i*137)/100))
	}
	put(rInteger|object|attributed, n)
	for i := range n {
		put(i%3 + 1)
	}
	attribute("levels", "RSA", "APL", "AAH")
	attribute("class", "factor")
	put(254)
	attribute("names", "nir", "naissance", "revenu", "prestation")
	attribute("class", "data.frame")
	put(254)
	return b
}

func TestRDSLong(t *testing.T) {
	blocks, err := readFormat(t, rdsFormat, longRDS(5000))
	rows, text := 0, ""
	for _, b := range blocks {
		rows += b.Rows
		text += string(b.Text)
	}
	want := "200000000000000\x1f1915-03-31\x1f0\x1fRSA\x1e200000000007919\x1f1915-04-01\x1f1.37\x1fAPL\x1e"
	if err != nil || rows != 5000 || !strings.HasPrefix(text, want) {
		t.Errorf("%d rows, %q, %v", rows, text[:min(len(text), 99)], err)
	}
}

func BenchmarkRDS(b *testing.B) {
	doc := longRDS(200_000)
	b.SetBytes(int64(len(doc)))
	for b.Loop() {
		c, err := scanner.NewContent(b.Context(), scanner.Object{Path: "x.rds", Size: int64(len(doc)), Open: once(bytes.NewReader(doc))}, scanner.Limits{})
		if err != nil {
			b.Fatal(err)
		}
		if err := rdsFormat.Read(b.Context(), c, func(*scanner.Block) error { return nil }); err != nil {
			b.Fatal(err)
		}
		c.Close()
	}
}

func FuzzRDS(f *testing.F) {
	for _, name := range []string{"typed.rds", "matrix.rds", "tibble.rds", "environment.RData"} {
		b := rdsFixture(f, name)
		f.Add(b[:min(len(b), 4<<10)])
		f.Add(b[len(b)-min(len(b), 2<<10):])
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 14 || b[0] != 'X' && b[0] != 'B' && b[0] != 'R' {
			b = append([]byte("X\n\x00\x00\x00\x02\x00\x04\x02\x02\x00\x02\x03\x00"), b...)
		}
		size := 0
		blocks, _ := readFormat(t, rdsFormat, b)
		for _, x := range blocks {
			size += len(x.Text)
		}
		if size > 1<<20+len(b)*rdsLevel {
			t.Errorf("%d bytes come out of %d", size, len(b))
		}
	})
}
