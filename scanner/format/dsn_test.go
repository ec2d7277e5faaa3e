package format

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"vigie/fixtures"
	"vigie/scanner"
)

// readDSN returns the rows of all blocks, and the running text.
func readDSN(t *testing.T, doc []byte) (titles []string, rows [][]string, text string) {
	t.Helper()
	o := scanner.Object{Path: "dsn.txt", Size: int64(len(doc)), Open: func(context.Context, int64, int64) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(doc)), nil
	}}
	c, err := scanner.NewContent(t.Context(), o, scanner.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	err = dsnFormat.Read(t.Context(), c, func(b *scanner.Block) error {
		if b.Rows == 0 {
			text += string(b.Text)
			return nil
		}
		titles = b.Titles
		lines := strings.Split(strings.TrimSuffix(string(b.Text), "\x1e"), "\x1e")
		if len(lines) != b.Rows || b.At != int64(len(rows)) {
			t.Errorf("%d rows at %d in a block that says %d at %d", len(lines), len(rows), b.Rows, b.At)
		}
		for _, line := range lines {
			rows = append(rows, strings.Split(line, "\x1f"))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return titles, rows, text
}

func TestDSNHasARowAnIndividual(t *testing.T) {
	doc := fixtures.DSN(3, 900)
	if !dsnFormat.Match("x", doc[:4096]) || dsnFormat.Match("x", []byte("a,'b'\n")) {
		t.Error("a declaration is not known by its head")
	}
	titles, rows, text := readDSN(t, doc)
	if len(rows) != 900 || len(titles) != 11 || titles[0] != "S21.G00.30.001" {
		t.Fatalf("%d rows, titles %v", len(rows), titles)
	}
	for i, row := range rows {
		if len(row) != 11 || len(row[0]) != 13 {
			t.Fatalf("row %d: %q", i, row)
		}
	}
	if !strings.HasPrefix(text, "S10.G00.00.001,'PAIE'") || strings.Contains(text, "S21.G00.30") {
		t.Errorf("running text: %.80q", text)
	}
}

func TestDSNRepeatsAndGaps(t *testing.T) {
	_, rows, text := readDSN(t, []byte("S10.G00.00.001,'A'\nS21.G00.30.001,'1'\nS21.G00.30.002,'X'\nS21.G00.40.001,'c1'\nS21.G00.40.001,'c2'\n"+
		"note\nS21.G00.30.001,'2'\nS21.G00.40.001,'c3'\n"))
	if len(rows) != 2 || rows[0][2] != "c1 c2" || rows[1][0] != "2" || rows[1][2] != "c3" || !strings.Contains(text, "note") {
		t.Errorf("rows %q, text %q", rows, text)
	}
}

func FuzzDSN(f *testing.F) {
	f.Add(fixtures.DSN(1, 3))
	f.Fuzz(func(t *testing.T, doc []byte) {
		if len(doc) > 0 {
			readDSN(t, doc)
		}
	})
}
