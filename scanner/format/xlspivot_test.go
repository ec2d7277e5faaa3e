package format

import (
	"bytes"
	"context"
	"slices"
	"testing"

	"vigie/scanner"
)

// TestXLSPivotMade reads a workbook that LibreOffice made: a sheet of people, and the
// cache of a pivot table of them, with their dates, numbers and texts.
func TestXLSPivotMade(t *testing.T) {
	_, blocks, err := readObject(t, "x.xls", unzipped(t, "xls/pivot.xls.gz"))
	if err != nil {
		t.Fatal(err)
	}
	_, rows, titles := tables(t, blocks)
	want := sheetRows(t)
	if got := rows["pivot cache"]; !slices.EqualFunc(got, want[1:], slices.Equal) || !slices.Equal(titles["pivot cache"], want[0]) {
		t.Errorf("%d rows, first %q, titles %q", len(got), got[:min(1, len(got))], titles["pivot cache"])
	}
}

// biffOf writes records: a type and its bytes.
func biffOf(records ...any) (b []byte) {
	for i := 0; i < len(records); i += 2 {
		kind, body := records[i].(int), records[i+1].(string)
		b = append(b, byte(kind), byte(kind>>8), byte(len(body)), byte(len(body)>>8))
		b = append(b, body...)
	}
	return b
}

// pivotOf is a cache of three fields: of shared texts behind one of a group, of
// numbers that are not shared, and one that is computed.
func pivotOf() []byte {
	return biffOf(0xc6, "", pivotColumn, "\x01\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00\x00\x02\x00\x03\x00\x00nom",
		pivotText, "\x03\x00\x00tou", pivotText, "\x06\x00\x00Dupont", pivotText, "\x02\x00\x00Ba", pivotText, "\x03\x00\x01L\x00\xe9\x00a\x00",
		pivotColumn, "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\x00n\xe9", pivotColumn, "\x00\x80\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x01\x00\x00x",
		pivotRow, "\x02", pivotMoment, "\xbc\x07\x01\x00\x02\x00\x00\x00", pivotRow, "\x00", pivotShort, "\x05\x00", biffEOF, "")
}

func TestXLSPivot(t *testing.T) {
	got, text, err := readPivot(t, pivotOf())
	want := [][]string{{"Léa", "1980-01-02"}, {"Dupont", "5"}}
	if err != nil || !slices.EqualFunc(got, want, slices.Equal) || text != "nom: tou\nnom: Ba\n" {
		t.Errorf("%q, %q, %v", got, text, err)
	}
	if got, _, err := readPivot(t, pivotOf()[:len(pivotOf())-8]); err == nil || len(got) != 2 {
		t.Errorf("cut short: %q, %v", got, err)
	}
}

func readPivot(t *testing.T, b []byte) (rows [][]string, text string, err error) {
	var blocks []scanner.Block
	book := &xlsBook{names: make(sheetNames), ctx: context.Background()}
	book.in.wide = true
	book.sheet = sheet{ctx: book.ctx, yield: func(k *scanner.Block) error {
		c := *k
		c.Text = bytes.Clone(k.Text)
		blocks = append(blocks, c)
		return nil
	}}
	err = book.pivot(bytes.NewReader(b))
	_, all, _ := tables(t, blocks)
	return all["pivot cache"], runningText(blocks), err
}

func FuzzXLSPivot(f *testing.F) {
	f.Add(pivotOf())
	f.Fuzz(func(t *testing.T, b []byte) {
		if _, _, err := readPivot(t, b); onlyProblem(err) != nil {
			t.Fatal(err)
		}
	})
}
