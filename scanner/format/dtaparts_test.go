package format

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// dtaOf writes a data set of version 118 with a variable of strLs: each cell names
// the observation whose text it has. The map of the parts says nothing, as some of
// Stata's own do not.
func dtaOf(cells []int, texts []string, note string) []byte {
	var b strings.Builder
	le := binary.LittleEndian
	fixed := func(s string, n int) { fmt.Fprintf(&b, "%s%s", s, strings.Repeat("\x00", n-len(s))) }
	b.WriteString(dtaMark + "118</release><byteorder>LSF</byteorder><K>\x01\x00</K><N>")
	b.Write(le.AppendUint64(nil, uint64(len(cells))))
	b.WriteString("</N><label>\x05\x00Titre</label><timestamp>\x00</timestamp></header><map>" + strings.Repeat("\x00", 14*8))
	b.WriteString("</map><variable_types>\x00\x80</variable_types><varnames>")
	fixed("remarque", 129)
	b.WriteString("</varnames><sortlist>\x00\x00\x00\x00</sortlist><formats>")
	fixed("%9s", 57)
	b.WriteString("</formats><value_label_names>")
	fixed("", 129)
	b.WriteString("</value_label_names><variable_labels>")
	fixed("", 321)
	b.WriteString("</variable_labels><characteristics>")
	if note != "" {
		b.WriteString("<ch>")
		b.Write(le.AppendUint32(nil, uint32(2*129+len(note)+1)))
		fixed("_dta", 129)
		fixed("note1", 129)
		b.WriteString(note + "\x00</ch>")
	}
	b.WriteString("</characteristics><data>")
	for _, o := range cells {
		b.Write(le.AppendUint64(nil, 1|uint64(o)<<16))
	}
	b.WriteString("</data><strls>")
	for i, s := range texts {
		b.WriteString("GSO\x01\x00\x00\x00")
		b.Write(le.AppendUint64(nil, uint64(i+1)))
		b.WriteByte(130)
		b.Write(le.AppendUint32(nil, uint32(len(s)+1)))
		b.WriteString(s + "\x00")
	}
	b.WriteString("</strls><value_labels></value_labels></stata_dta>")
	return []byte(b.String())
}

// A text of any length is read to its end, and once; notes are read.
func TestDTALongTexts(t *testing.T) {
	long := strings.Repeat("Madame Léa PORTAU, ", 20000) + "212116216006827"
	blocks, err := readFormat(t, dtaFormat, dtaOf([]int{1, 2, 1}, []string{long, "court"}, "voir M. RICOLFI"))
	_, rows, table := joinedText(blocks)
	cells := strings.Split(table, "\x1e")
	if err != nil || rows != 3 || cells[1] != "court" || len(cells[2]) != rdsLevel || !strings.HasPrefix(long, cells[0]) || !strings.HasPrefix(long, cells[2]) {
		t.Fatalf("%v, %d rows", err, rows)
	}
	prose := ""
	for _, b := range blocks {
		if b.Ruler == (scanner.Ruler{}) {
			prose += string(b.Text)
		}
	}
	if rest, ok := strings.CutSuffix(prose, "Titre\n_dta note1: voir M. RICOLFI\n"); !ok || strings.TrimRight(rest, "\x00") != long[len(cells[0]):] {
		t.Errorf("%d bytes of running text, %d of %d in the cell", len(prose), len(cells[0]), len(long))
	}
}

// What is missing behind the data is told; the data are read.
func TestDTALosesNothingInSilence(t *testing.T) {
	whole := dtaOf([]int{1, 2}, []string{"un", "deux"}, "")
	for name, b := range map[string]string{
		"text missing":   strings.Replace(string(whole), "GSO\x01\x00\x00\x00\x02", "GSO\x01\x00\x00\x00\x07", 1),
		"texts broken":   strings.Replace(string(whole), "GSO\x01\x00\x00\x00\x02", "OSG\x01\x00\x00\x00\x02", 1),
		"labels missing": strings.Replace(string(whole), "<value_labels></value_labels>", "<value_labels><lbl>", 1),
	} {
		blocks, err := readFormat(t, dtaFormat, []byte(b))
		_, rows, text := joinedText(blocks)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Malformed && p.Reason != scanner.Truncated || rows != 2 || !strings.HasPrefix(text, "un\x1e") {
			t.Errorf("%s: %v, %d rows, %q", name, err, rows, text)
		}
	}
}

// One text in every row, and more rows than there are bytes.
func TestDTABombs(t *testing.T) {
	b := dtaOf(slices.Repeat([]int{1}, 100_000), []string{strings.Repeat("x", gridCell)}, "")
	blocks, err := readFormat(t, dtaFormat, b)
	size := 0
	for _, x := range blocks {
		size += len(x.Text)
	}
	if _, rows, _ := joinedText(blocks); err != nil || rows != 100_000 || size > 40*len(b) {
		t.Errorf("%v, %d rows, %d bytes of %d", err, rows, size, len(b))
	}
	at := strings.Index(string(b), "<N>") + 3
	for _, n := range []uint64{1 << 31, 1 << 47, 1 << 60} {
		binary.LittleEndian.PutUint64(b[at:], n)
		_, err := readFormat(t, dtaFormat, b)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated && p.Reason != scanner.Malformed {
			t.Errorf("%d rows: %v", n, err)
		}
	}
}
