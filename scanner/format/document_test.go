package format

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"vigie/scanner"
)

// readBlocks reads a document from a slab of the given size and returns copies of
// its blocks.
func readBlocks(t testing.TB, d document, r io.Reader, size int) []scanner.Block {
	t.Helper()
	blocks, err := collect(d, r, size)
	if err != nil {
		t.Fatalf("read: %v", err)
	}
	return blocks
}

func collect(d document, r io.Reader, size int) (blocks []scanner.Block, err error) {
	d.ctx = context.Background()
	d.yield = func(b *scanner.Block) error {
		c := *b
		c.Text = bytes.Clone(b.Text)
		c.Titles = slices.Clone(b.Titles)
		blocks = append(blocks, c)
		return nil
	}
	err = d.readSized(r, size)
	return blocks, err
}

// split cuts a block as its ruler says, byte by byte: rows of cells, trimmed and
// without their quotes.
func split(b scanner.Block) (rows [][]string) {
	r := b.Ruler
	var row []string
	var cell []byte
	flush := func() {
		c := bytes.TrimSuffix(cell, []byte("\r"))
		if n := len(c); r.Quote != 0 && n >= 2 && c[0] == r.Quote && c[n-1] == r.Quote {
			c = bytes.ReplaceAll(c[1:n-1], []byte{r.Quote, r.Quote}, []byte{r.Quote})
		}
		row = append(row, string(c))
		cell = cell[:0]
	}
	quoted := false
	for _, c := range b.Text {
		switch {
		case r.Quote != 0 && c == r.Quote:
			quoted = !quoted
			cell = append(cell, c)
		case c == r.Cell && !quoted:
			flush()
		case c == r.Row && !quoted:
			flush()
			rows, row = append(rows, row), nil
		default:
			cell = append(cell, c)
		}
	}
	if len(cell) > 0 || len(row) > 0 {
		flush()
		rows = append(rows, row)
	}
	return rows
}

// tables returns the rows and titles of each table, checking what every block
// promises: its number of rows, and the number of the first.
func tables(t testing.TB, blocks []scanner.Block) (names []string, rows map[string][][]string, titles map[string][]string) {
	t.Helper()
	rows, titles = make(map[string][][]string), make(map[string][]string)
	next := make(map[string]int64)
	for _, b := range blocks {
		if b.Ruler == (scanner.Ruler{}) {
			if b.Rows != 0 {
				t.Fatalf("running text has %d rows", b.Rows)
			}
			continue
		}
		if _, ok := rows[b.Table]; !ok {
			names = append(names, b.Table)
			titles[b.Table] = b.Titles
		}
		if b.At < next[b.Table] {
			t.Fatalf("table %q: block is at row %d, want %d", b.Table, b.At, next[b.Table])
		}
		next[b.Table] = b.At + int64(b.Rows) // blank lines may be left out
		cut := split(b)
		if len(cut) != b.Rows {
			t.Fatalf("table %q: block says %d rows and has %d\n%.300q", b.Table, b.Rows, len(cut), b.Text)
		}
		rows[b.Table] = append(rows[b.Table], cut...)
	}
	return names, rows, titles
}

// runningText returns the running text of a document.
func runningText(blocks []scanner.Block) string {
	var b bytes.Buffer
	for _, k := range blocks {
		if k.Ruler == (scanner.Ruler{}) {
			b.Write(k.Text)
		}
	}
	return b.String()
}

// TestBrokenOff hands over what came before a fault, and then the fault.
func TestBrokenOff(t *testing.T) {
	doc := "id;nom;date\n" + strings.Repeat("12;Dupont;01/02/1980\n", 50_000)
	fault := errors.New("connection reset")
	for name, d := range map[string]document{"csv": {sniff: true}, "text": {}} {
		r := io.MultiReader(strings.NewReader(doc), iotest.ErrReader(fault))
		blocks, err := collect(d, r, slabSize)
		if !errors.Is(err, fault) {
			t.Errorf("%s: error %v, want %v", name, err, fault)
		}
		rows := 0
		for _, b := range blocks {
			rows += b.Rows
		}
		if rows != 50_000 {
			t.Errorf("%s: %d rows before the fault, want 50000", name, rows)
		}
	}
}

// TestStops stops where its caller says so.
func TestStops(t *testing.T) {
	doc := "id;nom;date\n" + strings.Repeat("12;Dupont;01/02/1980\n", 50_000)
	enough := errors.New("enough")
	calls := 0
	stop := func(*scanner.Block) error { calls++; return enough }
	if err := (&document{ctx: context.Background(), yield: stop, sniff: true}).read(strings.NewReader(doc)); err != enough || calls != 1 {
		t.Errorf("csv: %v after %d calls", err, calls)
	}
	calls = 0
	script := "INSERT INTO t VALUES (1,'" + strings.Repeat("mot ", 1<<18) + "');\nCOMMIT;\n"
	if err := (&dump{ctx: context.Background(), yield: stop}).read(decode(strings.NewReader(script)), slabSize); err != enough || calls != 1 {
		t.Errorf("sql: %v after %d calls", err, calls)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	d := document{ctx: ctx, yield: stop}
	if err := d.read(strings.NewReader(doc)); !errors.Is(err, context.Canceled) {
		t.Errorf("text: %v, want %v", err, context.Canceled)
	}
}
