package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

// oddRDS returns an object of testdata/rds, decompressed.
func oddRDS(t testing.TB, path string) []byte {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range leaves(t, filepath.Base(path)+".gz", b).Members {
		if strings.HasPrefix(name, filepath.Base(path)) {
			return []byte(data)
		}
	}
	return b
}

// Whatever R puts a text into, it comes out: see testdata/rds/RECIPE.R.
func TestRDSLosesNoText(t *testing.T) {
	all, err := filepath.Glob("testdata/rds/*.rd*")
	if err != nil || len(all) < 50 {
		t.Fatal(len(all), err)
	}
	marker := regexp.MustCompile(`marque\w*\d`)
	for _, path := range all {
		b := oddRDS(t, path)
		blocks, err := readFormat(t, rdsFormat, b)
		if err != nil {
			t.Errorf("%s: %v", path, err)
		}
		have := make(map[string]bool)
		for _, m := range marker.FindAllString(allText(blocks)+" "+allTitles(blocks), -1) {
			have[m] = true
		}
		for _, m := range marker.FindAllString(string(b), -1) {
			if !have[m] {
				t.Errorf("%s: %s is missing", path, m)
				break
			}
		}
	}
}

func allTitles(blocks []scanner.Block) string {
	var titles []string
	for _, b := range blocks {
		titles = append(titles, b.Titles...)
	}
	return strings.Join(titles, " ")
}

// Objects that are no plain data frame are the tables that R shows.
func TestRDSShapes(t *testing.T) {
	for name, want := range map[string]string{
		"array3.rds":       "marque001 marque003 marque005 marque007\nmarque002 marque004 marque006 marque008\n",
		"array4num.rds":    "dmarque0091\n",
		"ascii.rds":        "marqueASCé 1.5 1 TRUE\nb\n\"c\" \\d   \n  3 FALSE\n",
		"ascii2.rds":       "marqueASCé 1.5\nb\n\"c\" \\d \n",
		"asciihex.rds":     "marqueHEX 1.5\nb 3.141592653589793\n",
		"ascii.rda":        "marqueRDA 272029935052470\nx 1\n",
		"little.rds":       "marqueRDA 272029935052470\nx 1\n",
		"rdx2.rda":         "marqueRDA 272029935052470\nx 1\n",
		"rdx3.rda":         "marqueRDA 272029935052470\nx 1\n",
		"complex.rds":      "272029935052470 2i\n1 3i\n",
		"difftime.rds":     "1.5 marque029\n2 marque030\n",
		"integer64.rds":    "272029935052470 marque",
		"labelled.rds":     "marque_un A\nmarque_deux B\n",
		"matrixnum.rds":    "marque055 1 3\nmarque056 2 4\n",
		"posixlt.rds":      "2020-01-02\n1999-12-31\n",
		"posixltalone.rds": "2020-01-02 03:04:05\n",
		"table.rds":        "marque901 2 0\nmarque902 0 1\n",
		"seqframe.rds":     "1 marque",
		"nesteddf.rds":     "marque037 1\nmarque038 2\nmarque039 3\n",
		"dt.rds":           "marque",
	} {
		blocks, err := readFormat(t, rdsFormat, oddRDS(t, "testdata/rds/"+name))
		first := slices.IndexFunc(blocks, func(b scanner.Block) bool { return b.Rows > 0 })
		if err != nil || first < 0 {
			t.Errorf("%s: %v, %d blocks", name, err, len(blocks))
			continue
		}
		got := strings.NewReplacer("\x1e", "\n", "\x1f", " ").Replace(string(blocks[first].Text))
		if !strings.HasPrefix(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
}

// What cannot be read is told.
func TestRDSTells(t *testing.T) {
	vector := func(kind byte, n uint32, data string) string {
		return "X\n" + string(be(2, 4<<16, 2<<16, uint32(kind), n)) + data
	}
	altrep := string(be(rAltrep, rPairs, rSymbol, rChar, 8)) + "mmap_foo" +
		string(be(rPairs, rSymbol, rChar, 4)) + "pkgs" + string(be(254, rString, 1, rChar, 4)) + "file" + string(be(254))
	for name, test := range map[string]struct {
		in     string
		reason scanner.Reason
		text   string
	}{
		"before 1.4":       {"RDX1\nqwertyuiop", scanner.Unsupported, ""},
		"zip in raw bytes": {vector(rRaw, 8, "PK\x03\x04 nom"), scanner.Partial, "PK\x03\x04 nom\n"},
		"unknown vector":   {"X\n" + string(be(3, 4<<16, 3<<16, 5)) + "UTF-8" + altrep, scanner.Unsupported, "file\n"},
		"text cut":         {"A\n2\n262144\n131840\n16\n2\n9\n3\nnom\n9\n5\npr", scanner.Truncated, "nom"},
		"text broken":      {"A\n2\n262144\n131840\n16\n2\n9\n3\nnom\nneuf\n5\npr", scanner.Malformed, "nom"},
	} {
		blocks, err := readFormat(t, rdsFormat, []byte(test.in))
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != test.reason || !strings.HasPrefix(allText(blocks), test.text) {
			t.Errorf("%s: %v, %q", name, err, allText(blocks))
		}
	}
}

func be(words ...uint32) (b []byte) {
	for _, w := range words {
		b = binary.BigEndian.AppendUint32(b, w)
	}
	return b
}

// Lengths that lie, sequences without end and lists of nothing cost no more than
// they take.
func TestRDSBombs(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(10)) // garbage does not count
	head := "X\n" + string(be(2, 4<<16, 2<<16))
	long := string(be(math.MaxUint32, 1<<28, 0)) // 2^60
	sequence := string(be(rAltrep, rPairs, rSymbol, rChar, 15)) + "compact_realseq" + string(be(254, rReal, 3)) +
		string(binary.BigEndian.AppendUint64(nil, math.Float64bits(1<<52))) + strings.Repeat("\x3f\xf0\x00\x00\x00\x00\x00\x00", 2) + string(be(254))
	for name, b := range map[string]string{
		"integers":         head + string(be(rInteger)) + long,
		"strings":          head + string(be(rString)) + long,
		"list":             head + string(be(rList)) + long,
		"raw":              head + string(be(rRaw)) + long,
		"sequence":         head + string(be(rList, 2)) + sequence + string(be(rInteger, 1, 7)),
		"lists of lists":   head + strings.Repeat(string(be(rList, 1)), 1<<16),
		"lists of nulls":   head + string(be(rList, 400)) + strings.Repeat(string(be(rList, 4000))+strings.Repeat("\x00\x00\x00\xfe", 4000), 400),
		"pairs of pairs":   head + strings.Repeat(string(be(rPairs)), 1<<16),
		"text":             "A\n2\n262144\n131840\n16\n-1\n268435456\n0\n",
		"text of lists":    "A\n2\n262144\n131840\n" + strings.Repeat("19\n1\n", 1<<17),
		"text of a string": "A\n2\n262144\n131840\n16\n1\n9\n2147483647\nx",
	} {
		runtime.GC() // what other tests left
		before := liveBytes()
		blocks, err := readFormat(t, rdsFormat, []byte(b))
		var p *scanner.Problem
		if name != "lists of nulls" && name != "sequence" && !errors.As(err, &p) {
			t.Errorf("%s: %v", name, err)
		}
		if size := len(allText(blocks)); size > 1<<20 {
			t.Errorf("%s: %d bytes", name, size)
		}
		if now := liveBytes(); now > before+100<<20 {
			t.Errorf("%s: %d MB", name, (now-before)>>20)
		}
	}
}

// A text that stands alone, and one in a column, of any length.
func TestRDSLongTexts(t *testing.T) {
	long := strings.Repeat("Madame Léa PORTAU, ", 400000) + "212116216006827"
	one := string(be(rChar|1<<15, uint32(len(long)))) + long
	for name, b := range map[string]string{
		"alone":  string(be(rString, 1)) + one,
		"column": string(be(rString, 2)) + one + string(be(rChar, 2)) + "nom",
	} {
		blocks, err := readFormat(t, rdsFormat, []byte("X\n"+string(be(2, 4<<16, 2<<16))+b))
		got := strings.ReplaceAll(allText(blocks), "\n", "")
		if n := strings.Count(got, "Madame Léa PORTAU, "); err != nil || n < 399999 || !strings.Contains(got, "PORTAU, 212116216006827") {
			t.Errorf("%s: %v, %d times", name, err, n)
		}
	}
}

func FuzzRDSText(f *testing.F) {
	for _, name := range []string{"ascii.rds", "asciihex.rds", "ascii.rda"} {
		f.Add(bytes.Clone(oddRDS(f, "testdata/rds/"+name)))
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, rdsFormat, b, rdsLevel) })
}
