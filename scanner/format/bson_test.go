package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// bsonDoc is a document of the given elements.
func bsonDoc(elements ...string) string {
	body := strings.Join(elements, "") + "\x00"
	return string(binary.LittleEndian.AppendUint32(nil, uint32(len(body)+4))) + body
}

func long(n uint64) string { return string(binary.LittleEndian.AppendUint64(nil, n)) }

// bsonOf is a document with a value of every kind that is used.
func bsonOf() string {
	return bsonDoc("\x02nom\x00\x07\x00\x00\x00Dup\"nt\x00", "\x12nir\x00"+long(185057800608491), "\x10age\x00\xfe\xff\xff\xff",
		"\x01poids\x00\x00\x00\x00\x00\x00\x00\x04\x40", "\x09ne\x00"+long(315619200000), "\x08actif\x00\x01", "\x0aconjoint\x00",
		"\x07_id\x00\x65\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x02", "\x03adresse\x00", bsonDoc("\x02cp\x00\x06\x00\x00\x0033000\x00"),
		"\x04tel\x00", bsonDoc("\x100\x00\x05\x00\x00\x00", "\x101\x00\x06\x00\x00\x00"),
		"\x13solde\x00\x7b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x3c\xb0", "\x05note\x00\x05\x00\x00\x00\x00texte", "\x05photo\x00\x02\x00\x00\x00\x00\x00\x01")
}

// bsonArchived is an archive of two persons, in two parts, and of another collection.
func bsonArchived() string {
	const end = "\xff\xff\xff\xff"
	header := func(name, eof string) string {
		return bsonDoc("\x02db\x00\x04\x00\x00\x00caf\x00", "\x02collection\x00\x05\x00\x00\x00"+name+"\x00", "\x08EOF\x00"+eof, "\x12CRC\x00"+long(1))
	}
	return bsonArchive + bsonDoc("\x02version\x00\x04\x00\x00\x000.1\x00") + header("gens", "\x00") + end +
		header("gens", "\x00") + bsonOf() + end + header("lots", "\x00") + bsonDoc("\x10n\x00\x07\x00\x00\x00") + end +
		header("gens", "\x00") + bsonOf() + end + header("gens", "\x01") + end
}

func bsonBlocks(t testing.TB, doc string) (blocks []scanner.Block, err error) {
	_, blocks, err = readObject(t, "x.bson", []byte(doc))
	return blocks, err
}

func TestBSON(t *testing.T) {
	titles := []string{"nom", "nir", "age", "poids", "ne", "actif", "conjoint", "_id", "adresse.cp", "tel", "solde", "note", "photo"}
	row := []string{`Dup"nt`, "185057800608491", "-2", "2.5", "1980-01-02", "true", "", "650000010000000000000002", "33000", "5, 6", "-1.23", "texte", ""}
	for name, doc := range map[string]string{"": bsonOf() + bsonOf(), "caf.gens": bsonArchived()} {
		if got := first("x.bin", []byte(doc)); got != "bson" {
			t.Errorf("%s: %s", name, got)
		}
		blocks, err := bsonBlocks(t, doc)
		if err != nil {
			t.Fatal(name, err)
		}
		_, rows, heads := tables(t, blocks)
		if !slices.Equal(heads[name], titles) || len(rows[name]) != 2 || !slices.Equal(rows[name][1], row) {
			t.Errorf("%s: %q, %q", name, heads[name], rows[name])
		}
	}
}

// A damaged document is text, and those behind it are rows.
func TestBSONDamaged(t *testing.T) {
	broken := strings.Replace(bsonOf(), "\x10age", "\x66age", 1)
	blocks, err := bsonBlocks(t, bsonOf()+bsonOf()+broken+bsonOf())
	_, rows, _ := tables(t, blocks)
	if err == nil || len(rows[""]) != 3 || !strings.Contains(runningText(blocks), `Dup"nt`) {
		t.Errorf("%d rows, %q, %v", len(rows[""]), runningText(blocks), err)
	}
	blocks, err = bsonBlocks(t, bsonOf()+bsonOf()+"\x01\x00\x00\x7fnom: Ba, 33000")
	if _, rows, _ := tables(t, blocks); err == nil || len(rows[""]) != 2 || !strings.Contains(runningText(blocks), "nom: Ba, 33000") {
		t.Errorf("%q, %q, %v", rows, runningText(blocks), err)
	}
	for n := range bsonOf() {
		if blocks, err := bsonBlocks(t, bsonOf()+bsonOf()+bsonOf()[:n]); (err == nil) != (n == 0) {
			t.Errorf("cut at %d: %v", n, err)
		} else if _, rows, _ := tables(t, blocks); len(rows[""]) != 2 {
			t.Errorf("cut at %d: %d rows", n, len(rows[""]))
		}
	}
}

func TestNotBSON(t *testing.T) {
	for _, doc := range []string{"", "\x05\x00\x00\x00", "\x20\x00\x00\x00nom;prenom;cp\x00", "\x05\x00\x00\x00\x01", "\x00\x01\x00\x00" + strings.Repeat("a", 300)} {
		if isBSON("x", []byte(doc)) {
			t.Errorf("%q is taken for BSON", doc)
		}
	}
}

func FuzzBSON(f *testing.F) {
	f.Add([]byte(bsonOf() + bsonOf()))
	f.Add([]byte(bsonArchived()))
	f.Fuzz(func(t *testing.T, b []byte) {
		isBSON("x.bson", b)
		blocks, err := collectRecords(func(ctx context.Context, _ *decoder, _ int, yield func(*scanner.Block) error) error {
			return readBSON(ctx, bytes.NewReader(b), yield)
		}, nil, slabSize)
		if onlyProblem(err) != nil {
			t.Fatal(err)
		}
		tables(t, blocks)
	})
}

func BenchmarkBSON(b *testing.B) {
	doc := []byte(strings.Repeat(bsonOf(), 16<<20/len(bsonOf())))
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	for b.Loop() {
		if err := readBSON(b.Context(), bytes.NewReader(doc), func(*scanner.Block) error { return nil }); err != nil {
			b.Fatal(err)
		}
	}
}
