package format

import (
	"bytes"
	"context"
	"io"
	"math/rand/v2"
	"os"
	"runtime/metrics"
	"strings"
	"testing"

	"vigie/scanner"
)

// register500 returns the rows of the register.
func register500(t testing.TB) (rows [][]string) {
	for _, line := range strings.Split(strings.TrimSpace(string(fixture(t, "people/people.csv"))), "\n")[1:] {
		rows = append(rows, strings.Split(strings.TrimSpace(line), ";"))
	}
	return rows
}

// Tables that the software at hand does not write.
func TestSASShapes(t *testing.T) {
	_, _, want := joinedText(readSAS(t, "typed.sas7bdat"))
	for name, shape := range sasShapes {
		b := sasTable(shape, register500(t))
		if *writeSAS {
			if err := os.WriteFile("../../fixtures/formats/sas7bdat/"+name, b, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if !bytes.Equal(b, fixture(t, "sas7bdat/"+name)) {
			t.Errorf("%s: is not what sasTable writes (-write-sas)", name)
		}
		sameTable(t, name, b, want)
	}
}

// Names may come behind the rows, and rows that are marked as deleted are there.
func TestSASLateAndDeleted(t *testing.T) {
	_, _, want := joinedText(readSAS(t, "typed.sas7bdat"))
	for name, shape := range sasShapes {
		shape.late = true
		sameTable(t, name+" late", sasTable(shape, register500(t)), want)
		shape.deleted = true
		sameTable(t, name+" late, deleted", sasTable(shape, register500(t)), want)
	}
}

// Stat/Transfer leaves no gap before the first row of a page that describes the
// table too; SAS does, and so do others that give the same release.
func TestSASGaps(t *testing.T) {
	_, _, want := joinedText(readSAS(t, "typed.sas7bdat"))
	for _, name := range []string{"big32.sas7bdat", "little32.sas7bdat"} {
		shape := sasShapes[name]
		shape.odd = true
		sameTable(t, name, sasTable(shape, register500(t)), want)
		shape.release = "9.0000M0"
		sameTable(t, name+" of that release", sasTable(shape, register500(t)), want)
		shape.tight = true
		sameTable(t, name+" without a gap", sasTable(shape, register500(t)), want)
	}
}

func readSAS(t testing.TB, name string) []scanner.Block {
	t.Helper()
	blocks, err := readFormat(t, sasFormat, fixture(t, "sas7bdat/"+name))
	if err != nil {
		t.Fatal(err)
	}
	return blocks
}

func sameTable(t *testing.T, name string, b []byte, want string) {
	t.Helper()
	blocks, err := readFormat(t, sasFormat, b)
	titles, rows, text := joinedText(blocks)
	if err != nil || rows != 500 || text != want || strings.Join(titles, ",") != "NIR,NOM,PRENOM,NAISSANCE,Code postal" {
		t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, titles, text[:min(len(text), 90)])
	}
}

// Damage anywhere: no more rows than there were and a page holds, and what is
// missing is not missing in silence.
func TestSASDamage(t *testing.T) {
	for _, f := range []struct {
		format scanner.Format
		folder string
		names  []string
	}{
		{sasFormat, "sas7bdat", []string{"typed.sas7bdat", "text.sas7bdat", "char64.sas7bdat", "binary32.sas7bdat", "big32.sas7bdat"}},
		{xptFormat, "xpt", []string{"v5.xpt", "v8.xpt", "v8long.xpt", "labels.xpt"}},
	} {
		for _, name := range f.names {
			whole := fixture(t, f.folder+"/"+name)
			_, full, _ := joinedText(must(readFormat(t, f.format, whole)))
			for i := range 50 * *damage {
				at := len(whole) * (i + 1) / (50**damage + 1)
				if !f.format.Match(name, whole[:at]) {
					continue
				}
				blocks, err := readFormat(t, f.format, whole[:at])
				if _, rows, _ := joinedText(blocks); err == nil && rows != full || rows > full {
					t.Errorf("%s cut at %d: %d rows of %d, %v", name, at, rows, full, err)
				}
			}
			r := rand.New(rand.NewPCG(1, uint64(len(whole))))
			for range 200 * *damage {
				b := bytes.Clone(whole)
				for range 1 + r.IntN(4) {
					b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
				}
				if !f.format.Match(name, b) {
					continue
				}
				blocks, err := readFormat(t, f.format, b)
				rows := 0
				for _, x := range blocks {
					rows += x.Rows
				}
				if err == nil && rows < full || rows > len(b) || onlyProblem(err) != nil {
					t.Errorf("%s damaged: %d rows of %d, %v", name, rows, full, err)
				}
			}
		}
	}
}

func must(blocks []scanner.Block, err error) []scanner.Block {
	if err != nil {
		panic(err)
	}
	return blocks
}

// longSAS is a table of size bytes, of which only the beginning is in memory: its
// last page again and again.
func longSAS(t testing.TB, shape sasShape, size int64) io.Reader {
	rows := register500(t)
	for i := range rows { // a row of the same size in each place
		rows[i] = rows[i%7]
	}
	b := sasTable(shape, rows)
	at := len(b) - 2*sasPageSize
	page, n := b[at:at+sasPageSize], size/sasPageSize
	w := &sasWriter{sasShape: shape}
	pad := 0
	if shape.wide {
		pad = 4
	}
	copy(b[204+pad:], w.long(nil, uint64(n)+uint64(at-1024)/sasPageSize))
	return io.MultiReader(bytes.NewReader(b[:at]), io.LimitReader(&again{b: page}, n*sasPageSize))
}

type again struct {
	b  []byte
	at int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.b[a.at:])
	a.at = (a.at + n) % len(a.b)
	return n, nil
}

// A table larger than memory: go test -run TestSASIsAStream -damage 300 reads 5 GB.
func TestSASIsAStream(t *testing.T) {
	for _, name := range []string{"big64.sas7bdat", "char64.sas7bdat", "binary32.sas7bdat"} {
		size := int64(16<<20) * int64(*damage)
		rows, before, most := 0, liveBytes(), uint64(0)
		err := streamSAS(t, longSAS(t, sasShapes[name], size), func(b *scanner.Block) error {
			if rows += b.Rows; rows%100 < b.Rows%100 {
				most = max(most, liveBytes())
			}
			return nil
		})
		most = max(most, liveBytes())
		if err != nil || int64(rows) < size/100 || most > before+16<<20 {
			t.Errorf("%s: %v, %d rows, %d MB of memory", name, err, rows, (most-before)>>20)
		}
		t.Logf("%s: %d rows of %d MB, heap %d MB to %d MB", name, rows, size>>20, before>>20, most>>20)
	}
}

func liveBytes() uint64 {
	s := []metrics.Sample{{Name: "/memory/classes/heap/objects:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}

func streamSAS(t testing.TB, in io.Reader, yield func(*scanner.Block) error) error {
	c, err := scanner.NewContent(context.Background(), scanner.Object{Path: "long.sas7bdat", Size: -1, Open: once(in)}, scanner.Limits{Memory: 4 << 20, Ratio: 1 << 40})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	return sasFormat.Read(context.Background(), c, yield)
}

func BenchmarkSAS(b *testing.B) {
	const size = 32 << 20
	for _, name := range []string{"big64.sas7bdat", "little32.sas7bdat", "char64.sas7bdat", "binary64.sas7bdat"} {
		b.Run(strings.TrimSuffix(name, ".sas7bdat"), func(b *testing.B) {
			b.SetBytes(size)
			for b.Loop() {
				if err := streamSAS(b, longSAS(b, sasShapes[name], size), func(*scanner.Block) error { return nil }); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkXPT(b *testing.B) {
	one := fixture(b, "xpt/v5.xpt")
	from, to := 3*xptRecord, len(one)
	all := append(bytes.Clone(one), bytes.Repeat(one[from:to], 400)...)
	b.SetBytes(int64(len(all)))
	for b.Loop() {
		if _, err := readFormat(b, xptFormat, all); err != nil {
			b.Fatal(err)
		}
	}
}
