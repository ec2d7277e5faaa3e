package format

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"vigie/scanner"
)

const sasFirst = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f"

func TestSASIsWhatItSays(t *testing.T) {
	for name, titles := range map[string]string{
		"typed.sas7bdat":    "nir,nom,prenom,date_naissance,code_postal",
		"labelled.sas7bdat": "Numéro de sécurité sociale,Nom de famille,Prénom,Date de naissance,Code postal",
	} {
		blocks, err := readFormat(t, sasFormat, fixture(t, "sas7bdat/"+name))
		got, rows, text := joinedText(blocks)
		if err != nil || rows != 500 || strings.Join(got, ",") != titles || !strings.HasPrefix(text, sasFirst) {
			t.Errorf("%s: %v, %d rows of %q: %q", name, err, rows, got, text[:min(len(text), 90)])
		}
	}
}

// SAS itself wrote this one: see NOTICE.
func TestSASOfSAS(t *testing.T) {
	f, err := os.Open("testdata/sas/iris.sas7bdat.gz")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := readFormat(t, sasFormat, b)
	titles, rows, text := joinedText(blocks)
	if err != nil || rows != 150 || strings.Join(titles, " ") != "Sepal_Length Sepal_Width Petal_Length Petal_Width Species" {
		t.Fatalf("%v, %d rows of %q", err, rows, titles)
	}
	lines := strings.Split(text, "\x1e")
	if lines[0] != "5.1\x1f3.5\x1f1.4\x1f0.2\x1fsetosa" || lines[149] != "5.9\x1f3\x1f5.1\x1f1.8\x1fvirgin" {
		t.Errorf("%q, %q", lines[0], lines[149])
	}
}

func TestSASKinds(t *testing.T) {
	for format, want := range map[string]sasKind{
		"DATE": sasDay, "DATE9.": sasDay, "ddmmyy10.": sasDay, "DDMMYYP": sasDay, "YYMMDDN8": sasDay, "MONYY": sasDay, "YEAR4.": sasDay,
		"E8601DA": sasDay, "YYQRC": sasDay, "NLDATE": sasDay, "FRADFDE": sasDay, "EURDFWKX": sasDay, "DATETIME20.": sasMoment,
		"E8601DT": sasMoment, "DTDATE": sasMoment, "NLDATM": sasMoment, "FRADFDT": sasMoment, "TIME": sasClock, "HHMM5.": sasClock,
		"E8601TM": sasClock, "": sasPlain, "BEST12.": sasPlain, "$20.": sasPlain, "F": sasPlain, "COMMA": sasPlain, "CODE": sasPlain,
	} {
		if got := sasKindOf(format); got != want {
			t.Errorf("%q: %d, want %d", format, got, want)
		}
	}
}

// A cut leaves the rows before it.
func TestSASCutGivesWhatCameBefore(t *testing.T) {
	b := fixture(t, "sas7bdat/typed.sas7bdat")
	for _, n := range []int{len(b) * 3 / 4, len(b) - 4096, len(b) - 100} {
		blocks, err := readFormat(t, sasFormat, b[:n])
		_, rows, text := joinedText(blocks)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Truncated || rows < 300 || !strings.HasPrefix(text, sasFirst) {
			t.Errorf("%d of %d: %v, %d rows", n, len(b), err, rows)
		}
	}
}

// The header says which character set it is, and may be wrong.
func TestSASCharacterSets(t *testing.T) {
	for _, test := range []struct {
		code     byte
		in, want string
	}{
		{29, "Ren\xe9  ", "René"}, {62, "C\x9cur", "Cœur"}, {42, "Ren\x82 ", "René"}, {40, "\xa4 ", "€"}, {60, "Rene\xe9", "Reneé"},
		{20, "Ren\xc3\xa9 ", "René"}, {20, "Ren\xe9 ", "René"}, {20, "Ren\xc3", "Ren\xc3"}, {29, "Ren\xc3\xa9 ", "René"}, {0, "\xc9ric", "Éric"},
	} {
		s := sasReader{code: sasCode(test.code)}
		if got := string(s.utf8([]byte(test.in))); got != test.want {
			t.Errorf("%d: %q is %q, want %q", test.code, test.in, got, test.want)
		}
	}
	var x xptReader
	for _, test := range [][2]string{{"Ren\xe9  ", "René"}, {"Andr\xe9", "André"}, {"Ren\x82 ", "René"}, {"L\xc3\xa9a ", "Léa"}, {"Andr\xc3", "Andr\xc3"}} {
		if got := string(x.utf8([]byte(test[0]))); got != test[1] {
			t.Errorf("%q is %q, want %q", test[0], got, test[1])
		}
	}
}

// A table whose columns cannot be made out is running text.
func TestSASBrokenIsText(t *testing.T) {
	for name, cut := range map[string]struct {
		format scanner.Format
		mark   string
	}{
		"sas7bdat/text.sas7bdat": {sasFormat, "\xf7\xf7\xf7\xf7\x00\x00\x00\x00"},
		"xpt/v8.xpt":             {xptFormat, "HEADER RECORD*******NAMSTV8"},
	} {
		b := bytes.Clone(fixture(t, name))
		at := bytes.Index(b, []byte(cut.mark))
		if at < 0 {
			t.Fatalf("%s: no %q", name, cut.mark)
		}
		b[at] ^= 0xFF
		blocks, err := readFormat(t, cut.format, b)
		var p *scanner.Problem
		if !errors.As(err, &p) || p.Reason != scanner.Malformed || !strings.Contains(allText(blocks), "RICOLFI") {
			t.Errorf("%s: %v, %d blocks", name, err, len(blocks))
		}
	}
}

func allText(blocks []scanner.Block) string {
	var text strings.Builder
	for _, b := range blocks {
		text.Write(b.Text)
	}
	return text.String()
}

func TestSASUnpack(t *testing.T) {
	for _, test := range []struct {
		name, in, out string
		unpack        func(dst, src []byte) ([]byte, error)
	}{
		{"copy", "\x82abc", "abc", unpackRLE},
		{"blanks", "\xe3\x81xy", "     xy", unpackRLE},
		{"zeros", "\xf1\xd0", "\x00\x00\x00@@", unpackRLE},
		{"bytes", "\xc1z\x40\x02y", "zzzz" + strings.Repeat("y", 20), unpackRLE},
		{"long", "\x60\x03\x70\x01\x50\x02", strings.Repeat(" ", 20) + strings.Repeat("\x00", 18) + strings.Repeat("@", 19), unpackRLE},
		{"many", "\x00\x01" + strings.Repeat("q", 65), strings.Repeat("q", 65), unpackRLE},
		{"letters", "\x00\x00abc", "abc", unpackRDC},
		{"run", "\x40\x00a\x02b", "abbbbb", unpackRDC},
		{"long run", "\x80\x00\x11\x01b", strings.Repeat("b", 36), unpackRDC},
		{"again", "\x10\x00abc\x30\x00d", "abcabcd", unpackRDC},
		{"long again", "\x10\x00abc\x20\x00\x02", "abc" + strings.Repeat("abc", 6), unpackRDC},
	} {
		got, err := test.unpack(make([]byte, 0, 200), []byte(test.in))
		if err != nil || string(got) != test.out {
			t.Errorf("%s: %q, %v", test.name, got, err)
		}
		for n := range len(test.in) { // cut short, and without room
			test.unpack(make([]byte, 0, 200), []byte(test.in[:n]))
			if part, _ := test.unpack(make([]byte, 0, n), []byte(test.in)); !strings.HasPrefix(test.out, string(part)) {
				t.Errorf("%s: %q is not the beginning", test.name, part)
			}
		}
	}
}

// Days are what package time makes of them.
func TestSASDays(t *testing.T) {
	for n := sasFirstDay; n <= sasLastDay; n += 1 + n&7 {
		if got, want := string(appendDay(nil, n-sasTo1970)), sasEpoch.AddDate(0, 0, n).Format(time.DateOnly); got != want {
			t.Fatalf("%d: %s, want %s", n, got, want)
		}
	}
	for v, want := range map[float64]string{
		0: "1960-01-01", 86399.5: "1960-01-01 23:59:59", -1: "1959-12-31 23:59:59", 1805125016.546: "2017-03-14 15:36:56", math.NaN(): "", 1e30: "1e+30",
	} {
		var g grid
		if g.cell(sasMoment, v); string(g.text) != want {
			t.Errorf("%v: %s, want %s", v, g.text, want)
		}
	}
}

func FuzzSAS(f *testing.F) {
	for _, name := range []string{"typed.sas7bdat", "labelled.sas7bdat", "char64.sas7bdat", "binary32.sas7bdat", "big32.sas7bdat"} {
		b := fixture(f, "sas7bdat/"+name)
		f.Add(b[:9<<10])
		f.Add(bytes.Clone(b))
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, sasFormat, b, 4096) })
}
