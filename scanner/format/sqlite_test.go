package format

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"vigie/scanner"
)

const sqliteFirst = "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e212116216006827\x1fPORTAU\x1fLéa\x1f2012-11-04\x1f33250\x1e"

const sqliteTitles = "nir nom prenom date_naissance code_postal"

func TestSQLiteIsWhatItSays(t *testing.T) {
	const sorted = "100093352213493\x1fPICHON\x1fLucas\x1f2000-09-28\x1f33480\x1e101089117401302\x1f"
	for _, test := range []struct {
		name, titles, begin string
		rows                int
	}{
		{"typed.sqlite", sqliteTitles, sqliteFirst, 500},
		{"utf16le.sqlite", sqliteTitles, sqliteFirst, 500},
		{"utf16be.sqlite", sqliteTitles, sqliteFirst, 500},
		{"wal.sqlite", sqliteTitles, sqliteFirst, 500},
		{"key.db", sqliteTitles, sorted, 500},
		{"norowid.sqlite", sqliteTitles, "", 500}, // rows of the inner pages come first
		{"long.sqlite", sqliteTitles + " note", "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1f\x1e", 500},
		{"vacuumed.sqlite", sqliteTitles, "272029935052470\x1fRICOLFI\x1fMarie\x1f1972-02-17\x1f33400\x1e", 408},
	} {
		blocks, err := readFormat(t, sqliteFormat, fixture(t, "sqlite/"+test.name))
		titles, rows, text := joinedText(blocks)
		if err != nil || rows != test.rows || strings.Join(titles, " ") != test.titles || !strings.HasPrefix(text, test.begin) {
			t.Errorf("%s: %v, %d rows of %q: %q", test.name, err, rows, titles, text[:min(len(text), 120)])
		}
		if test.rows == 500 && !strings.Contains(text, strings.TrimSuffix(sorted, "101089117401302\x1f")[:40]) {
			t.Errorf("%s: a row is missing", test.name)
		}
	}
}

// The rows of all variants are the same.
func TestSQLiteRowsAreTheSame(t *testing.T) {
	sorted := func(name string) []string {
		blocks, _ := readFormat(t, sqliteFormat, fixture(t, "sqlite/"+name))
		_, _, text := joinedText(blocks)
		rows := strings.Split(text, "\x1e")
		for i, r := range rows { // without the notes of long.sqlite
			cells := strings.Split(r, "\x1f")
			rows[i] = strings.Join(cells[:min(len(cells), 5)], "\x1f")
		}
		slices.Sort(rows)
		return rows
	}
	want := sorted("typed.sqlite")
	for _, name := range []string{"key.db", "norowid.sqlite", "long.sqlite", "utf16be.sqlite"} {
		if got := sorted(name); !slices.Equal(got, want) {
			i := 0
			for i < min(len(got), len(want)) && got[i] == want[i] {
				i++
			}
			t.Errorf("%s: %d rows, row %d is %q, want %q", name, len(got), i, got[min(i, len(got)-1)], want[i])
		}
	}
}

// What was deleted is there as long as its page is used for nothing else; of the page
// that lists the others, what the list does not cover.
func TestSQLiteDeleted(t *testing.T) {
	blocks, err := readFormat(t, sqliteFormat, fixture(t, "sqlite/deleted.sqlite"))
	whole, _ := readFormat(t, sqliteFormat, fixture(t, "sqlite/typed.sqlite"))
	_, _, all := joinedText(whole)
	rows := 0
	for _, b := range blocks {
		if b.Table == "deleted rows of 5 columns" && len(b.Titles) == 0 {
			for row := range strings.SplitSeq(strings.TrimSuffix(string(b.Text), "\x1e"), "\x1e") {
				if rows++; !strings.Contains(all, row+"\x1e") {
					t.Errorf("row %q", row)
				}
			}
		}
	}
	if err != nil || rows != 498 {
		t.Errorf("%v, %d rows", err, rows)
	}
}

// What is left of a row on a page that was freed is running text.
func TestSQLiteLeftOver(t *testing.T) {
	var blocks []scanner.Block
	s := &sqliteReader{ctx: t.Context(), yield: func(b *scanner.Block) error {
		blocks = append(blocks, scanner.Block{Text: slices.Clone(b.Text)})
		return nil
	}}
	row := "\x04\x19\x19\x01DupontMartin\x05"
	var rows []string
	err := s.carve([]byte("\x00\x02une note qui fut longue\x00\x00\x01"+row+"\x02court\x03encore une note"), func(r *sqliteRecord) error {
		rows = append(rows, fmt.Sprint(r.kinds, string(r.take(12, 12))))
		return nil
	})
	if err == nil {
		err = s.flushRest()
	}
	if want := "une note qui fut longue\nencore une note\n"; err != nil || runningText(blocks) != want || !slices.Equal(rows, []string{"[25 25 1]DupontMartin"}) {
		t.Errorf("%v, %q, rows %q", err, runningText(blocks), rows)
	}
}

// A log has what was written last: of each page the latest copy, once.
func TestSQLiteLog(t *testing.T) {
	blocks, err := readFormat(t, sqliteFormat, fixture(t, "sqlite/beside.sqlite-wal"))
	titles, rows, text := joinedText(blocks)
	if err != nil || rows != 500 || strings.Join(titles, " ") != sqliteTitles || blocks[0].Table != "copie" || !strings.HasPrefix(text, "272029935052470\x1fRICOLFI\x1f") {
		t.Errorf("%v, %d rows of %q: %q", err, rows, titles, text[:min(len(text), 120)])
	}
}

func TestSQLiteShape(t *testing.T) {
	for sql, want := range map[string]string{
		"CREATE TABLE t(a, b)": "a b",
		"CREATE TABLE \"t(\"(\"a\"\"b\" TEXT, [c d] INT, 'e,f')":                                "a\"b c d e,f",
		"CREATE TABLE t(id INTEGER PRIMARY KEY, b TEXT)":                                        "id* b",
		"CREATE TABLE t(id INTEGER PRIMARY KEY DESC, b TEXT)":                                   "id b",
		"CREATE TABLE t(b TEXT, id INTEGER, PRIMARY KEY(id DESC))":                              "b id*",
		"CREATE TABLE t(id INT PRIMARY KEY, b)":                                                 "id b",
		"CREATE TABLE t(a -- l'un, ou\n, b /* , */ DEFAULT (1,2))":                              "a b",
		"CREATE TABLE t(a, né DATE, c DATETIME, CONSTRAINT x UNIQUE(a, c), CHECK (a IN (1,2)))": "a né+ c+",
		"CREATE TABLE t(a, b, c, PRIMARY KEY(c, a)) WITHOUT ROWID":                              "c a b",
		"CREATE TABLE t(a, b AS (a+1), c GENERATED ALWAYS AS (a) STORED, d AS (a) VIRTUAL, e)":  "a c e",
		"CREATE TABLE t(key TEXT, \"check\" TEXT, b)":                                           "key check b",
		"CREATE TABLE": "", "CREATE TABLE t(": "", "": "", "CREATE TABLE t('": "",
	} {
		s := sqliteShapeOf([]byte(sql))
		got := slices.Clone(s.titles)
		for i := range got {
			if i == s.rowid {
				got[i] += "*"
			}
			if s.dated(i) {
				got[i] += "+"
			}
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%s: %q, want %q", sql, got, want)
		}
	}
}

func TestSQLiteInstants(t *testing.T) {
	for _, test := range []struct {
		v    float64
		real bool
		want string
	}{
		{67132800, false, "1972-02-17"}, {-86400, false, "1969-12-31"}, {67132800000, false, "1972-02-17"},
		{67132801, false, "1972-02-17 00:00:01"}, {777, false, "777"}, {4000, false, "1980-12-14"}, {19720217, false, "19720217"},
		{2441364.5, true, "1972-02-17"}, {1.7e15, false, "2023-11-14 22:13:20"},
	} {
		tab := &sqliteTable{}
		tab.instant(test.v, test.real)
		if got := string(tab.text); got != test.want {
			t.Errorf("%v is %s, want %s", test.v, got, test.want)
		}
	}
}

// A file that was cut says so, and leaves the rows of the pages that are there;
// nothing that is changed in one makes it more than it was, or panics.
func TestSQLiteDamage(t *testing.T) {
	for _, name := range []string{"typed.sqlite", "norowid.sqlite", "long.sqlite", "utf16le.sqlite", "deleted.sqlite", "beside.sqlite-wal"} {
		whole := fixture(t, "sqlite/"+name)
		for i := range 50 {
			b := whole[:max(4096, len(whole)*i/50)]
			blocks, err := readFormat(t, sqliteFormat, b)
			var p *scanner.Problem
			if !errors.As(err, &p) || p.Reason != scanner.Truncated && p.Reason != scanner.Malformed {
				t.Errorf("%s cut at %d: %v", name, len(b), err)
			}
			if _, rows, _ := joinedText(blocks); i == 40 && rows < 200 {
				t.Errorf("%s cut at %d: %d rows", name, len(b), rows)
			}
		}
		r := rand.New(rand.NewPCG(5, 5))
		for range 200 {
			b := slices.Clone(whole)
			for range 1 + r.IntN(4) {
				b[r.IntN(len(b))] ^= byte(1 + r.IntN(255))
			}
			boundedBlocks(t, sqliteFormat, b, 4)
		}
	}
}

// Many cells at one place of a page, and many ways to one page, are not many rows.
func TestSQLiteMultipliesNothing(t *testing.T) {
	b := fixture(t, "sqlite/typed.sqlite")
	size := 4096
	for n := 1; n < len(b)/size; n++ {
		page := b[n*size : (n+1)*size]
		if page[0] == sqliteTableLeaf {
			for i := range 1000 {
				copy(page[8+2*i:], page[8:10])
			}
			binary.BigEndian.PutUint16(page[3:], 1000)
		}
		if page[0] == sqliteTableInner {
			for i := range 300 {
				copy(page[12+2*i:], page[12:14])
			}
			binary.BigEndian.PutUint16(page[3:], 300)
		}
	}
	blocks, err := readFormat(t, sqliteFormat, b)
	_, rows, _ := joinedText(blocks)
	if err == nil || rows > 500 {
		t.Errorf("%d rows, %v", rows, err)
	}
}

// Only pages that hold rows are asked for.
func TestSQLiteReadsWhatItNeeds(t *testing.T) {
	b := fixture(t, "sqlite/key.db") // an index is a fifth of it
	read := int64(0)
	s := &sqliteReader{ctx: t.Context(), from: readerAt(func(p []byte, off int64) (int, error) {
		read += int64(len(p))
		return copy(p, b[off:]), nil
	}), size: int64(len(b)), yield: func(*scanner.Block) error { return nil }, claimed: make(map[uint32]*[512]uint64)}
	if err := s.database(b); err != nil || read > int64(len(b))*9/10 {
		t.Errorf("%v: read %d of %d bytes", err, read, len(b))
	}
}

type readerAt func([]byte, int64) (int, error)

func (r readerAt) ReadAt(p []byte, off int64) (int, error) { return r(p, off) }

func FuzzSQLite(f *testing.F) {
	for _, name := range []string{"typed.sqlite", "norowid.sqlite", "long.sqlite", "utf16le.sqlite", "key.db", "deleted.sqlite", "beside.sqlite-wal"} {
		f.Add(fixture(f, "sqlite/"+name))
	}
	f.Fuzz(func(t *testing.T, b []byte) { boundedBlocks(t, sqliteFormat, b, 8) })
}

func FuzzSQLiteShape(f *testing.F) {
	f.Add("CREATE TABLE t(a, né DATE, c DATETIME, CONSTRAINT x UNIQUE(a, c), CHECK (a IN (1,2)), PRIMARY KEY(a, c)) WITHOUT ROWID")
	f.Add("CREATE TABLE \"t(\"(\"a\"\"b\" TEXT, [c d] INT, 'e,f' AS (1) -- x\n)")
	f.Fuzz(func(t *testing.T, sql string) {
		if s := sqliteShapeOf([]byte(sql)); len(s.titles) > len(sql) {
			t.Errorf("%d titles of %d bytes", len(s.titles), len(sql))
		}
	})
}

// A small database is read again and again, with its schema.
func BenchmarkSQLite(b *testing.B) {
	whole := fixture(b, "sqlite/typed.sqlite")
	b.SetBytes(int64(len(whole)))
	b.ReportAllocs()
	for b.Loop() {
		s := &sqliteReader{ctx: context.Background(), from: io.NewSectionReader(strings.NewReader(string(whole)), 0, int64(len(whole))), size: int64(len(whole)),
			yield: func(*scanner.Block) error { return nil }, claimed: make(map[uint32]*[512]uint64)}
		if err := s.database(whole); err != nil {
			b.Fatal(err)
		}
	}
}
