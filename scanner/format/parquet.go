package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/parquet-go/parquet-go"
	layout "github.com/parquet-go/parquet-go/format"

	"vigie/scanner"
)

var parquetFormat = scanner.Format{
	Name: "parquet",
	Doc: `Parquet table

With the codecs Snappy, gzip, Brotli and Zstandard, and all encodings
(Apache Parquet format 2.11). The path of a value is its column, repeated values
stand in one cell. Dates, times, decimals and UUIDs are what their logical types
say. Of each column one page is in memory. A file that was cut has lost its
directory, and only the sieve looks at it. Encrypted columns, LZO and LZ4 are not
read.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte("PAR1")) && binaryTail(head)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		var end [4]byte
		if _, err := at.ReadAt(end[:], size-4); err != nil && err != io.EOF {
			return fault(err)
		}
		switch string(end[:]) {
		case "PAR1":
		case "PARE":
			return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Parquet table"}
		default:
			if err := readRaw(ctx, c, yield); err != nil {
				return err
			}
			return truncated("has no directory; only the sieve looked at it")
		}
		p := &parquetReader{from: &watched{r: at}, size: size, grid: grid{ctx: ctx, yield: yield}}
		err = p.read()
		if ferr := p.flush(); err == nil {
			err = ferr
		}
		if err == nil {
			err = broken
		}
		return fault(err)
	},
	Foreign: true,
}

const (
	parquetBatch = 128       // rows
	parquetFree  = 256 << 20 // bytes that may come out of any file
	parquetRatio = 1000      // and of a larger one, by its size
)

// A watched remembers the error of its reader: the parser of the format hides
// that it is the store's.
type watched struct {
	r   io.ReaderAt
	err error
}

func (w *watched) ReadAt(p []byte, off int64) (int, error) {
	n, err := w.r.ReadAt(p, off)
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

type parquetReader struct {
	grid
	from    *watched
	size    int64
	out     int64 // bytes laid down
	columns []*parquetColumn
}

// read reads the row groups. One that is spoilt does not keep it from the others.
func (p *parquetReader) read() error {
	var f *parquet.File
	err := p.guarded(func() (err error) {
		f, err = parquet.OpenFile(p.from, p.size, parquet.SkipPageIndex(true), parquet.SkipBloomFilters(true), parquet.ReadBufferSize(64<<10))
		if err == nil && hasLZ4(f) {
			err = &parquetError{unsupported("LZ4 in Parquet")}
		}
		if err == nil {
			err = p.schema(f)
		}
		return err
	})
	if err != nil {
		return err
	}
	return p.groups(f.RowGroups())
}

func (p *parquetReader) groups(all []parquet.RowGroup) error {
	var spoilt error
	rows := int64(0)
	for _, g := range all {
		if rows += g.NumRows(); g.NumRows() < 0 || rows > p.size<<16 {
			return &scanner.Problem{Reason: scanner.Ratio, Detail: "more rows than the file can hold"}
		}
		err := p.guarded(func() error { return p.group(g) })
		for _, c := range p.columns {
			c.close()
		}
		var problem *scanner.Problem
		if errors.As(err, &problem) && problem.Reason == scanner.Malformed && p.from.err == nil {
			p.unfinished()
			if spoilt == nil {
				spoilt = err
			}
			continue
		}
		if err != nil {
			return err
		}
	}
	return spoilt
}

// hasLZ4 reports whether a column is compressed with LZ4: the parser reads some of
// what DuckDB wrote as zeros, and asks for memory without end where data are spoilt.
func hasLZ4(f *parquet.File) bool {
	for _, g := range f.Metadata().RowGroups {
		for _, c := range g.Columns {
			if c.MetaData.Codec == layout.Lz4Raw {
				return true
			}
		}
	}
	return false
}

// unfinished takes back the row at hand.
func (p *parquetReader) unfinished() {
	p.text = p.text[:bytes.LastIndexByte(p.text, 0x1E)+1]
	p.column = 0
}

// guarded calls the parser, which panics where data are damaged. What comes from
// elsewhere (the store, the callback) keeps its reason.
func (p *parquetReader) guarded(call func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = malformed("does not decode")
		}
		var mine *parquetError
		switch {
		case err == nil:
		case p.from.err != nil:
			err = p.from.err
		case errors.As(err, &mine):
			err = mine.err
		default:
			err = malformed("does not decode")
		}
	}()
	return call()
}

// A parquetError is an error that is not the parser's.
type parquetError struct{ err error }

func (e *parquetError) Error() string { return e.err.Error() }

// group reads one row group.
func (p *parquetReader) group(g parquet.RowGroup) error {
	chunks := g.ColumnChunks()
	if len(chunks) != len(p.columns) {
		return errors.New("columns")
	}
	for i, c := range p.columns {
		c.open(chunks[i])
	}
	left := g.NumRows()
	for left > 0 {
		want := int(min(left, parquetBatch))
		got := want
		var fault error
		for _, c := range p.columns {
			n, err := c.rows(want)
			got = min(got, n)
			if err != nil && fault == nil {
				fault = err
			}
		}
		if err := p.lay(got); err != nil {
			return &parquetError{err}
		}
		if fault != nil {
			return fault
		}
		if got < want {
			return fmt.Errorf("columns end early")
		}
		left -= int64(got)
	}
	return nil
}

// lay lays down the first rows of the columns' batches.
func (p *parquetReader) lay(rows int) error {
	for i := range rows {
		before := len(p.text)
		for _, c := range p.columns {
			from := 0
			if i > 0 {
				from = c.ends[i-1]
			}
			p.value(c.text[from:c.ends[i]])
		}
		if p.out += int64(len(p.text)-before) + 1; p.out > parquetFree && p.out/parquetRatio > p.size {
			return &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
		}
		if err := p.endRow(); err != nil {
			return err
		}
	}
	return nil
}
