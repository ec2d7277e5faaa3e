package format

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress"

	"vigie/scanner"
)

// A parquetRow has a column in every encoding of its type.
type parquetRow struct {
	Plain   string   `parquet:"plain,plain"`
	Dict    string   `parquet:"dict,dict"`
	Lengths string   `parquet:"lengths,delta"`
	Maybe   *string  `parquet:"maybe,optional,dict"`
	Tags    []string `parquet:"tags"`
	Some    []int64  `parquet:"some"`
	Whole   int64    `parquet:"whole,plain"`
	Delta   int64    `parquet:"delta,delta"`
	Short   int32    `parquet:"short,delta"`
	Split   int64    `parquet:"split,split"`
	Real    float64  `parquet:"real,split"`
	Single  float32  `parquet:"single,plain"`
	Truth   bool     `parquet:"truth"`
	Small   uint32   `parquet:"small,dict"`
	Day     int32    `parquet:"day,date,delta"`
	Then    int64    `parquet:"then,timestamp(microsecond)"`
	Sum     int64    `parquet:"sum,decimal(2:18)"`
	Key     [16]byte `parquet:"key,uuid"`
	Inner   struct {
		Name *string  `parquet:"name,optional"`
		Nums []*int32 `parquet:"nums,list"`
	} `parquet:"inner"`
}

// cells are the row as it is to be read.
func (r *parquetRow) cells() string {
	maybe := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	var some, nums []string
	for _, n := range r.Some {
		some = append(some, strconv.FormatInt(n, 10))
	}
	for _, n := range r.Inner.Nums {
		if n != nil {
			nums = append(nums, strconv.Itoa(int(*n)))
		}
	}
	sum := fmt.Sprintf("%d.%02d", r.Sum/100, r.Sum%100)
	sum = strings.TrimSuffix(strings.TrimRight(sum, "0"), ".")
	then := time.UnixMicro(r.Then).UTC().Format(time.DateTime)
	return strings.Join([]string{r.Plain, r.Dict, r.Lengths, maybe(r.Maybe), strings.Join(r.Tags, "; "), strings.Join(some, "; "),
		fmt.Sprint(r.Whole), fmt.Sprint(r.Delta), fmt.Sprint(r.Short), fmt.Sprint(r.Split),
		strconv.FormatFloat(r.Real, 'f', -1, 64), strconv.FormatFloat(float64(r.Single), 'f', -1, 32), fmt.Sprint(r.Truth), fmt.Sprint(r.Small),
		time.Unix(86400*int64(r.Day), 0).UTC().Format(time.DateOnly), strings.TrimSuffix(then, " 00:00:00"), sum,
		fmt.Sprintf("%x", r.Key), maybe(r.Inner.Name), strings.Join(nums, "; ")}, "\x1f")
}

func randomRow(r *rand.Rand) (row parquetRow) {
	word := func() string { return strings.Repeat("Élo", r.IntN(3)) + strconv.Itoa(r.IntN(1<<r.IntN(30))) }
	whole := func() int64 { return r.Int64N(1<<r.IntN(60)+1) - 1000 }
	row.Plain, row.Dict, row.Lengths = word(), "mot"+strconv.Itoa(r.IntN(50)), word()
	for range r.IntN(4) {
		row.Tags = append(row.Tags, word())
		row.Some = append(row.Some, whole())
		n := r.Int32()
		row.Inner.Nums = append(row.Inner.Nums, []*int32{&n, nil}[r.IntN(2)])
	}
	for _, p := range []**string{&row.Maybe, &row.Inner.Name} {
		if w := word(); r.IntN(3) > 0 {
			*p = &w
		}
	}
	row.Whole, row.Delta, row.Short, row.Split = whole(), whole(), int32(whole()), whole()
	row.Real, row.Single = float64(r.IntN(1e6))/8+0.125, float32(r.IntN(1e6))/8+0.125
	row.Truth, row.Small = r.IntN(5) > 2, r.Uint32()
	row.Day, row.Then, row.Sum = int32(r.IntN(40000)-20000), r.Int64N(1<<52)-1<<51, r.Int64N(1e9)
	for i := range row.Key {
		row.Key[i] = byte(r.IntN(256))
	}
	return row
}

// TestParquetAgrees: what another implementation writes is read as what it was, in
// every codec, version of pages and encoding, over pages and row groups.
func TestParquetAgrees(t *testing.T) {
	for name, codec := range map[string]compress.Codec{
		"none": &parquet.Uncompressed, "snappy": &parquet.Snappy, "gzip": &parquet.Gzip,
		"brotli": &parquet.Brotli, "zstd": &parquet.Zstd, "lz4": &parquet.Lz4Raw,
	} {
		for version := 1; version <= 2; version++ {
			r := rand.New(rand.NewPCG(5, uint64(version)))
			var b bytes.Buffer
			var want []string
			w := parquet.NewGenericWriter[parquetRow](&b, parquet.Compression(codec), parquet.DataPageVersion(version), parquet.PageBufferSize(700))
			for i := range 3000 {
				row := randomRow(r)
				want = append(want, row.cells())
				if _, err := w.Write([]parquetRow{row}); err != nil {
					t.Fatal(err)
				}
				if i%1100 == 1099 {
					w.Flush()
				}
			}
			if err := w.Close(); err != nil {
				t.Fatal(err)
			}
			blocks, err := readFormat(t, parquetFormat, b.Bytes())
			_, rows, text := joinedText(blocks)
			if err != nil || rows != len(want) {
				t.Errorf("%s, version %d: %v, %d rows", name, version, err, rows)
			}
			for i, got := range strings.Split(strings.TrimSuffix(text, "\x1e"), "\x1e") {
				if i < len(want) && got != want[i] {
					t.Errorf("%s, version %d, row %d:\n%q\nnot\n%q", name, version, i, got, want[i])
					break
				}
			}
		}
	}
}

// Text that is not UTF-8 is in the charset it looks like; a long value goes on as
// running text; levels may be packed as they were long ago.
func TestParquetValues(t *testing.T) {
	long := strings.Repeat("mot ", gridCell/2)
	latin := "H\xe9l\xe8ne"
	content := plainValues(latin, long, "fin")
	packed := append([]byte{0xA0}, plainValues("un", "trois")...) // 1, 0, 1
	for name, test := range map[string]struct {
		node   map[int]any
		page   []byte
		cells  string
		beside int
	}{
		"charset": {leaf("a", parquetBytes, 0), parquetPageOf(pageData, len(content), 3, codingPlain, content), "Hélène\x1e" + long[:gridCell] + "\x1efin\x1e", len(long) - gridCell},
		"packed levels": {leaf("a", parquetBytes, 1), append(compact(map[int]any{1: pageData, 2: len(packed), 3: len(packed),
			5: map[int]any{1: 3, 2: codingPlain, 3: codingPacked, 4: codingPacked}}), packed...), "un\x1e\x1etrois\x1e", 0},
		"old timestamp": {leaf("a", parquetInt96, 0), parquetPageOf(pageData, 12, 1, codingPlain, []byte("\x00\x00\x00\x00\x00\x00\x00\x00\x8c\x3d\x25\x00")), "1970-01-01\x1e", 0},
	} {
		b := madeParquet{nodes: []any{test.node}, pages: [][]byte{test.page}, values: 1, rows: int64(strings.Count(test.cells, "\x1e"))}.bytes()
		blocks, err := readFormat(t, parquetFormat, b)
		var cells string
		beside := 0
		for _, x := range blocks {
			if x.Ruler == (scanner.Ruler{}) {
				beside += len(x.Text)
			} else {
				cells += string(x.Text)
			}
		}
		if err != nil || cells != test.cells || beside < test.beside {
			t.Errorf("%s: %v, %d bytes beside, %.80q", name, err, beside, cells)
		}
	}
}

// A damaged page leaves its cells empty; those of other columns, and of the pages
// behind it, stay in their rows.
func TestParquetLeavesDamageEmpty(t *testing.T) {
	type row struct {
		A, B int64
	}
	var b bytes.Buffer
	w := parquet.NewGenericWriter[row](&b, parquet.PageBufferSize(800), parquet.Compression(&parquet.Zstd))
	for i := range int64(1000) {
		w.Write([]row{{i * i * i * 7919, i}})
	}
	w.Close()
	spoilt := b.Bytes()
	from := bytes.Index(spoilt, []byte("\x28\xb5\x2f\xfd"))
	copy(spoilt[from:], "\xff\xff\xff\xff")
	blocks, err := readFormat(t, parquetFormat, spoilt)
	_, rows, text := joinedText(blocks)
	if err == nil || !strings.Contains(err.Error(), "column A: ") || rows != 1000 || !strings.HasPrefix(text, "\x1f0\x1e\x1f1\x1e") || !strings.HasSuffix(text, "\x1e"+fmt.Sprint(999*999*999*7919)+"\x1f999\x1e") {
		t.Errorf("%v, %d rows, %.60q", err, rows, text)
	}
}

// A table in a store that gives ranges is read by them: larger pages in one.
func TestParquetByRanges(t *testing.T) {
	var b bytes.Buffer
	type row struct{ A, B string }
	w := parquet.NewGenericWriter[row](&b, parquet.Compression(&parquet.Uncompressed))
	r := rand.New(rand.NewPCG(5, 5))
	for range 40_000 {
		w.Write([]row{{strconv.Itoa(r.IntN(1e9)), strconv.Itoa(r.IntN(1e9))}})
	}
	w.Close()
	o := stored("table.parquet", b.Bytes())
	asked, open := 0, o.Open
	o.Open = func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		asked++
		return open(ctx, off, n)
	}
	c, err := scanner.NewContent(t.Context(), o, scanner.Limits{Memory: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	rows := 0
	err = parquetFormat.Read(t.Context(), c, func(x *scanner.Block) error {
		rows += x.Rows
		return nil
	})
	if err != nil || rows != 40_000 || asked > 5+b.Len()>>15 {
		t.Errorf("%v, %d rows, %d requests for %d KiB", err, rows, asked, b.Len()>>10)
	}
}
