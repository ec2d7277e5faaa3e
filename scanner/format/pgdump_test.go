package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"vigie/scanner"
)

const registerStart = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f33250\x1e"

const registerTitles = "nir nom prenom date_naissance code_postal"

func TestPGDumpIsWhatItSays(t *testing.T) {
	for _, name := range []string{"custom.dump", "stored.dump", "inserts.dump"} {
		blocks, err := readFormat(t, pgDumpFormat, fixture(t, "pgdump/"+name))
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(titles, " ") != registerTitles || !strings.HasPrefix(text, registerStart) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 90)])
		}
		if prose := runningText(blocks); !strings.Contains(prose, "VIEW public.majeurs") || strings.Contains(prose, "RICOLFI") {
			t.Errorf("%s: running text %q", name, prose)
		}
	}
}

// Large objects are members, and the tables beside them are read.
func TestPGDumpHasObjects(t *testing.T) {
	b := fixture(t, "pgdump/objects.dump")
	got := openArchive(t, "objects.dump", b)
	if object := got.Members["blob_4242.dat"]; len(got.Members) != 1 || len(got.Problems) > 0 || strings.Count(object, "né le") != 20 {
		t.Errorf("members %q, problems %v: %q", keys(got.Members), got.Problems, object)
	}
	blocks, err := readFormat(t, pgDumpFormat, b)
	if _, rows, _ := joinedText(blocks); err != nil || rows != 20 {
		t.Errorf("%v, %d rows", err, rows)
	}
}

// Each table of the tar format comes with its titles.
func TestPGTarHasTitles(t *testing.T) {
	got := openArchive(t, "tar.tar", fixture(t, "pgdump/tar.tar"))
	var tables int
	for name, data := range got.Members {
		if strings.HasPrefix(data, "COPY public.personnes (nir, nom, prenom, date_naissance, code_postal) FROM stdin;\n") {
			_, rows, titles := tablesOf(t, data)
			if len(rows) != 500 || strings.Join(titles, " ") != registerTitles {
				t.Errorf("%s: %d rows of %q", name, len(rows), titles)
			}
			tables++
		}
	}
	if tables != 1 || len(got.Problems) > 0 || !strings.HasPrefix(got.Members["toc.dat"], pgMagic) || len(got.Members) != 3 {
		t.Errorf("%d tables in %q, %v", tables, keys(got.Members), got.Problems)
	}
}

func tablesOf(t *testing.T, doc string) (name string, rows [][]string, titles []string) {
	t.Helper()
	names, all, heads := tables(t, readDump(t, doc, slabSize))
	if len(names) != 1 {
		t.Fatalf("tables %q", names)
	}
	return names[0], all[names[0]], heads[names[0]]
}

// dumpOf writes a dump as PostgreSQL 16 does: version 1.15, or 1.16 with a kind
// behind the access method.
func dumpOf(version, algorithm byte, statement string, data ...string) []byte {
	var b bytes.Buffer
	number := func(v int) {
		sign := byte(0)
		if v < 0 {
			sign, v = 1, -v
		}
		b.Write(binary.LittleEndian.AppendUint32([]byte{sign}, uint32(v)))
	}
	text := func(all ...string) {
		for _, s := range all {
			number(len(s))
			b.WriteString(s)
		}
	}
	b.WriteString(pgMagic)
	b.Write([]byte{1, version, 0, 4, 8, 1, algorithm})
	for range 7 {
		number(0)
	}
	text("caf", "16.4", "16.4")
	number(1)
	number(3421) // the item
	number(1)
	text("0", "16385", "personnes", "TABLE DATA")
	number(3)
	text("", "", statement, "public", "", "")
	if version == 16 {
		number('r')
	}
	text("postgres", "false", "215")
	number(-1)
	b.Write(make([]byte, 9))
	b.WriteByte(1)
	number(3421)
	for _, piece := range data {
		text(piece)
	}
	number(0)
	return b.Bytes()
}

// The two newer compressions, which the servers of Debian 12 do not write.
func TestPGDumpCompressions(t *testing.T) {
	const statement, data = "COPY public.personnes (nir, nom) FROM stdin;\n", "272029935052470\tRICOLFI\n212116216006827\tPORTAU\n\\.\n\n\n"
	for algorithm, encode := range []func(io.Writer) io.WriteCloser{
		2: func(w io.Writer) io.WriteCloser { return lz4.NewWriter(w) },
		3: func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z },
	} {
		packed := data
		if encode != nil {
			packed = string(encoded(t, encode, []byte(data)))
		} else if algorithm == 1 {
			continue
		}
		for _, version := range []byte{15, 16} {
			b := dumpOf(version, byte(algorithm), statement, packed[:20], packed[20:])
			blocks, err := readFormat(t, pgDumpFormat, b)
			if titles, rows, _ := joinedText(blocks); err != nil || rows != 2 || len(titles) != 2 {
				t.Errorf("compression %d in 1.%d: %v, %d rows of %q", algorithm, version, err, rows, titles)
			}
		}
	}
	if _, err := readFormat(t, pgDumpFormat, dumpOf(17, 0, statement, data)); reason(err) != scanner.Unsupported {
		t.Errorf("a version to come: %v", err)
	}
	// A table without rows has no compressed stream.
	if blocks, err := readFormat(t, pgDumpFormat, dumpOf(16, 1, statement)); err != nil || len(blocks) != 0 {
		t.Errorf("an empty table: %v, %d blocks", err, len(blocks))
	}
}

// Cut anywhere and damaged anywhere: no panic, a problem, and what came before.
func TestPGDumpDamaged(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	for _, name := range []string{"custom.dump", "stored.dump", "objects.dump"} {
		whole := fixture(t, "pgdump/"+name)
		best := 0
		for i := range 50 {
			at := 11 + (len(whole)-12)*i/50
			blocks, err := readFormat(t, pgDumpFormat, whole[:at])
			_, rows, _ := joinedText(blocks)
			best = max(best, rows)
			if rows < best || err == nil && rows < 500 && i < 25 {
				t.Errorf("%s cut at %d: %v, %d rows, %d before", name, at, err, rows, best)
			}
			if err != nil && onlyProblem(err) != nil {
				t.Errorf("%s cut at %d: %v", name, at, err)
			}
		}
		for range 200 {
			b := bytes.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			if _, err := readFormat(t, pgDumpFormat, b); err != nil && b[0] == 'P' && onlyProblem(err) != nil && !strings.HasPrefix(err.Error(), "no ") {
				t.Errorf("%s damaged: %v", name, err)
			}
		}
	}
}

// Damage within a table leaves the one behind it.
func TestPGDumpGoesOnBehindDamage(t *testing.T) {
	b := fixture(t, "pgdump/custom.dump")
	at := bytes.LastIndex(b, []byte("\x78\x9c"))
	if at < 0 {
		t.Fatal("no compressed data")
	}
	b = bytes.Clone(b)
	b[at+3000] ^= 0x55
	b = append(b, 1, 0, 7, 0, 0, 0) // one more table, of which the contents know nothing
	var p bytes.Buffer
	body := encoded(t, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }, []byte("INSERT INTO autre VALUES (1,'derrière');\n"))
	p.WriteByte(0)
	p.Write(binary.LittleEndian.AppendUint32(nil, uint32(len(body))))
	p.Write(body)
	p.Write(make([]byte, 5))
	blocks, err := readFormat(t, pgDumpFormat, append(b, p.Bytes()...))
	found := false
	for _, x := range blocks {
		found = found || x.Table == "autre" && x.Rows == 1
	}
	var problem *scanner.Problem
	if !errors.As(err, &problem) || problem.Reason != scanner.Malformed || !found {
		t.Errorf("%v, the table behind: %v", err, found)
	}
}

func FuzzPGDump(f *testing.F) {
	for _, name := range []string{"custom.dump", "objects.dump"} {
		f.Add(fixture(f, "pgdump/"+name))
	}
	f.Add(dumpOf(16, 0, "COPY t (a, b) FROM stdin;\n", "1\t2\n", "\\.\n"))
	f.Fuzz(func(t *testing.T, b []byte) {
		boundedBlocks(t, pgDumpFormat, b, 4096)
		o := scanner.Object{Path: "x", Size: -1, Open: once(bytes.NewReader(b))}
		c, err := scanner.NewContent(context.Background(), o, scanner.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		_ = pgDumpFormat.Unpack(context.Background(), c, func(o scanner.Object) error {
			if r, err := o.Open(context.Background(), 0, -1); err == nil {
				_, _ = io.Copy(io.Discard, io.LimitReader(r, 1<<20))
			}
			return nil
		})
	})
}
