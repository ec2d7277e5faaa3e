package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
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
