package format

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"vigie/scanner"
)

// A made file of Parquet: what no writer writes.
type madeParquet struct {
	nodes  []any // of the schema, behind the root
	pages  [][]byte
	codec  int
	values int64
	rows   int64
	column map[int]any // more fields of each column
}

// compact writes a struct of Thrift: its fields by number. int is i32, int64 i64.
func compact(fields map[int]any) []byte {
	var b []byte
	last := 0
	for id := range 16 {
		v, ok := fields[id]
		if !ok {
			continue
		}
		kind, value := compactValue(v)
		b = append(b, byte(id-last)<<4|kind)
		b = append(b, value...)
		last = id
	}
	return append(b, 0)
}

func compactValue(v any) (kind byte, b []byte) {
	switch v := v.(type) {
	case bool:
		return map[bool]byte{true: thriftTrue, false: thriftFalse}[v], nil
	case int:
		return thriftInt, binary.AppendVarint(nil, int64(v))
	case int64:
		return thriftLong, binary.AppendVarint(nil, v)
	case string:
		return thriftBytes, append(binary.AppendUvarint(nil, uint64(len(v))), v...)
	case map[int]any:
		return thriftStruct, compact(v)
	case []any:
		b = binary.AppendUvarint([]byte{0xF0 | thriftStruct}, uint64(len(v)))
		for _, x := range v {
			b = append(b, compact(x.(map[int]any))...)
		}
		return thriftList, b
	}
	panic("no type of Thrift")
}

// page writes a page of version 1.
func parquetPageOf(kind, size, values, coding int, content []byte) []byte {
	about := map[int]any{1: values, 2: coding, 3: codingRuns, 4: codingRuns}
	at := 5
	if kind == pageDictionary {
		at, about = 7, map[int]any{1: values, 2: coding}
	}
	return append(compact(map[int]any{1: kind, 2: size, 3: len(content), at: about}), content...)
}

func (m madeParquet) bytes() []byte {
	b := []byte("PAR1\x00\x01\x02\x03")
	begin := int64(len(b))
	for _, p := range m.pages {
		b = append(b, p...)
	}
	var columns []any
	for range max(1, len(m.nodes)) {
		about := map[int]any{1: 6, 4: m.codec, 5: m.values, 7: int64(len(b)) - begin, 9: begin}
		column := map[int]any{2: begin, 3: about}
		for id, v := range m.column {
			column[id] = v
		}
		columns = append(columns, column)
	}
	nodes := append([]any{map[int]any{4: "schema", 5: len(m.nodes)}}, m.nodes...)
	footer := compact(map[int]any{1: 1, 2: nodes, 3: m.rows, 4: []any{map[int]any{1: columns, 2: begin, 3: m.rows}}})
	b = append(b, footer...)
	b = binary.LittleEndian.AppendUint32(b, uint32(len(footer)))
	return append(b, "PAR1"...)
}

func leaf(name string, kind, repetition int, more ...any) map[int]any {
	n := map[int]any{1: kind, 3: repetition, 4: name}
	for i := 0; i+1 < len(more); i += 2 {
		n[more[i].(int)] = more[i+1]
	}
	return n
}

// levelRun writes levels of version 1 that are all the same.
func levelRun(count uint64, level byte) []byte {
	run := append(binary.AppendUvarint(nil, count<<1), level)
	return append(binary.LittleEndian.AppendUint32(nil, uint32(len(run))), run...)
}

func plainValues(values ...string) (b []byte) {
	for _, v := range values {
		b = append(binary.LittleEndian.AppendUint32(b, uint32(len(v))), v...)
	}
	return b
}

// TestParquetBombs: a few bytes that say they are a lot end early, with a reason,
// within the memory of a worker.
func TestParquetBombs(t *testing.T) {
	const all = 1<<31 - 1
	nulls := levelRun(all, 0)
	long := plainValues(strings.Repeat("x", 60000))
	dictionary := parquetPageOf(pageDictionary, len(long), 1, codingPlain, long)
	runOfFirst := append([]byte{1}, append(binary.AppendUvarint(nil, all<<1), 0)...)
	many := func(p []byte) [][]byte {
		pages := make([][]byte, 1000)
		for i := range pages {
			pages[i] = p
		}
		return pages
	}
	zipped := func(size int) []byte {
		var b bytes.Buffer
		z := gzip.NewWriter(&b)
		z.Write(make([]byte, size))
		z.Close()
		return b.Bytes()
	}
	wide := make([]any, 20000)
	for i := range wide {
		wide[i] = leaf(fmt.Sprint("c", i), parquetBytes, 1)
	}
	deep := make([]any, 5000)
	for i := range deep {
		deep[i] = map[int]any{3: 1, 4: "d", 5: 1}
	}
	delta := func(block, parts, left uint64, widths ...byte) []byte {
		b := binary.AppendUvarint(binary.AppendUvarint(binary.AppendUvarint(nil, block), parts), left)
		return append(append(b, 0, 0), widths...)
	}
	one := func(n map[int]any) []any { return []any{n} }
	text, list := leaf("a", parquetBytes, 1), leaf("a", parquetBytes, 2)
	for name, test := range map[string]struct {
		file   madeParquet
		reason scanner.Reason
	}{
		"nulls":         {madeParquet{nodes: one(text), pages: many(parquetPageOf(pageData, len(nulls), all, codingPlain, nulls)), rows: 1 << 60}, scanner.Ratio},
		"one long word": {madeParquet{nodes: one(leaf("a", parquetBytes, 0)), pages: append([][]byte{dictionary}, many(parquetPageOf(pageData, len(runOfFirst), all, codingIndexes, runOfFirst))...), rows: 1 << 60}, scanner.Ratio},
		"endless list":  {madeParquet{nodes: one(list), pages: many(parquetPageOf(pageData, 2*len(nulls), all, codingPlain, append(levelRun(all, 1), nulls...))), rows: 1}, scanner.Ratio},
		"wide":          {madeParquet{nodes: wide, pages: [][]byte{parquetPageOf(pageData, parquetPage, 1000, codingPlain, zipped(parquetPage))}, codec: codecGzip}, scanner.Ratio},
		"large page":    {madeParquet{nodes: one(text), pages: [][]byte{parquetPageOf(pageData, all, 5, codingPlain, zipped(parquetPage))}, codec: codecGzip}, scanner.TooLarge},
		"large words":   {madeParquet{nodes: one(text), pages: [][]byte{parquetPageOf(pageDictionary, 8, all, codingPlain, long[:8])}}, scanner.TooLarge},
		"deep":          {madeParquet{nodes: deep}, scanner.Malformed},
		"wide decimals": {madeParquet{nodes: one(leaf("a", parquetFixed, 0, 2, 1<<20, 6, 5, 7, 1<<30)), pages: [][]byte{parquetPageOf(pageData, 8<<20, 8, codingPlain, zipped(8<<20))}, codec: codecGzip, rows: 5}, scanner.Malformed},
		"wide delta":    {madeParquet{nodes: one(leaf("a", parquetInt64, 0)), pages: [][]byte{parquetPageOf(pageData, 40, 256, codingDelta, append(delta(128, 4, 256, 255, 255, 255, 255), make([]byte, 30)...))}}, scanner.Malformed},
		"huge delta":    {madeParquet{nodes: one(leaf("a", parquetInt64, 0)), pages: [][]byte{parquetPageOf(pageData, 40, all, codingDelta, append(delta(1<<40, 1, 1<<60), make([]byte, 30)...))}}, scanner.Ratio},
		"many deltas":   {madeParquet{nodes: one(leaf("a", parquetInt64, 0)), pages: many(parquetPageOf(pageData, 40, all, codingDelta, append(delta(1<<20, 1, all), make([]byte, 30)...)))}, scanner.Ratio},
		"not a word":    {madeParquet{nodes: one(leaf("a", parquetBytes, 0)), pages: [][]byte{dictionary, parquetPageOf(pageData, 4, 8, codingIndexes, []byte{8, 16, 7})}, rows: 8}, scanner.Malformed},
		"encrypted":     {madeParquet{nodes: one(text), column: map[int]any{8: map[int]any{1: map[int]any{}}}}, scanner.Encrypted},
		"elsewhere":     {madeParquet{nodes: one(text), column: map[int]any{1: "other.parquet"}}, scanner.Unsupported},
		"LZO":           {madeParquet{nodes: one(text), pages: [][]byte{parquetPageOf(pageData, 99, 5, codingPlain, long[:9])}, codec: codecLZO}, scanner.Unsupported},
	} {
		t.Run(name, func(t *testing.T) {
			test.file.values = 1 << 60
			if len(test.file.pages) == 1 {
				test.file.values = 1
			}
			b := test.file.bytes()
			size, memory, err := measureParquet(b)
			var problem *scanner.Problem
			if !errors.As(fault(err), &problem) || problem.Reason != test.reason {
				t.Errorf("%v, not %s", err, test.reason)
			}
			if size > 2*parquetFree {
				t.Errorf("%d bytes of text", size)
			}
			if memory > 256<<20 {
				t.Errorf("%d MiB of memory", memory>>20)
			}
			t.Logf("%v; %d bytes of text, %d MiB", err, size, memory>>20)
		})
	}
}

// measureParquet reads a table, and returns how much text and memory that took.
func measureParquet(b []byte) (size, memory int64, err error) {
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	look := func() {
		runtime.ReadMemStats(&now)
		memory = max(memory, int64(now.HeapInuse)-int64(before.HeapInuse))
	}
	p := &parquetReader{from: bytes.NewReader(b), size: int64(len(b)), grid: grid{ctx: context.Background(), yield: func(x *scanner.Block) error {
		if size += int64(len(x.Text)); size>>24 != (size-int64(len(x.Text)))>>24 {
			look()
		}
		return nil
	}}}
	err = p.read()
	look()
	return size, memory, err
}
