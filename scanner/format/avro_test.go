package format

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"vigie/scanner"
)

func TestAvroIsWhatItSays(t *testing.T) {
	const want = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f33250\x1e"
	for _, codec := range []string{"null", "deflate", "snappy", "bzip2", "zstandard"} {
		b := fixture(t, "avro/"+codec+".avro")
		blocks, err := readFormat(t, avroFormat, b)
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != "nir identite.nom identite.prenom identite.date_naissance code_postal" || !strings.HasPrefix(text, want) {
			t.Errorf("%s: %v, %d rows of %q: %q", codec, err, rows, titles, text[:min(len(text), 120)])
		}
		blocks, err = readFormat(t, avroFormat, b[:len(b)-100])
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated {
			t.Errorf("%s cut: %v", codec, err)
		}
		if _, rows, _ = joinedText(blocks); codec == "null" && rows < 400 {
			t.Errorf("%s cut: %d rows", codec, rows)
		}
	}
}

// A schema may describe itself, and hold what takes no bytes, without end.
func TestAvroEnds(t *testing.T) {
	header := func(schema string) string {
		n := len(schema)
		return "Obj\x01\x02\x16avro.schema" + string([]byte{byte(n*2)&0x7F | 0x80, byte(n * 2 >> 7)}) + schema + "\x00sync of sixteen!"
	}
	for name, b := range map[string]string{
		"itself": header(`{"type":"record","name":"A","fields":[{"name":"next","type":["null","A"]},{"name":"a","type":"A"}]}`) + "\x02\x02\x00",
		"nulls":  header(`{"type":"record","name":"A","fields":[{"name":"x","type":{"type":"array","items":"null"}}]}   `) + "\x02\x12\xfe\xff\xff\xff\x7f\x00\x00\x00\x00",
		"rows":   header(`{"type":"record","name":"A","fields":[]}                                  `) + "\xfe\xff\xff\xff\x7f\x00",
	} {
		blocks, err := readFormat(t, avroFormat, []byte(b))
		if len(blocks) > 1 || err == nil {
			t.Errorf("%s: %d blocks, %v", name, len(blocks), err)
		}
	}
}

// A value of any length is read to its end, and so are the elements that its cell
// has no room for.
func TestAvroLongValues(t *testing.T) {
	text := func(s string) []byte { return append(binary.AppendVarint(nil, int64(len(s))), s...) }
	schema := `{"type":"record","name":"A","fields":[{"name":"s","type":"string"},{"name":"m","type":{"type":"map","values":"string"}}]}`
	long := strings.Repeat("Madame Léa PORTAU, ", 20000) + "212116216006827"
	row := append(text(long), "\x04"...)
	row = append(append(row, text("nom")...), text("RICOLFI")...)
	row = append(append(row, text("note")...), text(long)...)
	row = append(append(append(row, "\x02"...), text("ville")...), append(text("Bègles"), 0)...)
	b := append([]byte("Obj\x01\x02"), append(text("avro.schema"), text(schema)...)...)
	b = append(append(b, "\x00sync of sixteen!\x02"...), text(string(row))...)
	blocks, err := readFormat(t, avroFormat, append(b, "sync of sixteen!"...))
	all := strings.ReplaceAll(allText(blocks), "\n", "")
	if n := strings.Count(all, "Madame Léa PORTAU, "); err != nil || n < 2*20000-2 || strings.Count(all, " 212116216006827") != 2 {
		t.Errorf("%v, %d times, %d bytes", err, n, len(all))
	}
	_, rows, table := joinedText(blocks)
	if cells := strings.Split(table, "\x1f"); rows != 1 || !strings.HasPrefix(cells[1], "nom: RICOLFI; note:") {
		t.Errorf("%d rows, %.80q", rows, cells[1])
	}
}

func FuzzAvro(f *testing.F) {
	for _, codec := range []string{"null", "deflate", "snappy"} {
		b := fixture(f, "avro/"+codec+".avro")
		f.Add(b[:2<<10])
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, avroFormat, b, 1032*rdsLevel) })
}
