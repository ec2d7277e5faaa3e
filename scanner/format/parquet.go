package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"vigie/scanner"
)

var parquetFormat = scanner.Format{
	Name: "parquet",
	Doc: `Parquet table

With the codecs Snappy, gzip, Brotli, Zstandard and LZ4 in all its forms, and all
encodings (Apache Parquet format 2.11). The path of a value is its column, repeated
values stand in one cell. Dates, times, decimals and UUIDs are what their logical
types say; text that is not UTF-8 is in the charset it looks like. Columns are read
side by side, a page of each at a time. What is damaged is left empty, and the
columns and row groups beside it are read. A file that was cut has lost its
directory: the sieve looks at the values of its pages. Encrypted columns, LZO and
pages above 96 MiB are not read.`,
	Match: func(_ string, head []byte) bool {
		return (bytes.HasPrefix(head, []byte("PAR1")) || bytes.HasPrefix(head, []byte("PARE"))) && binaryTail(head)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		p := &parquetReader{from: at, size: size, grid: grid{ctx: ctx, yield: yield}}
		if broken == nil {
			p.open = func(off, n int64) (io.ReadCloser, error) { return c.Open(ctx, off, n) }
		}
		if err = p.read(); err == nil {
			err = broken
		}
		return fault(err)
	},
}

const (
	parquetFree  = 64 << 20 // bytes and values that may come out of any file
	parquetRatio = 1000     // and of a larger one, by its size
	parquetHeld  = 48 << 20 // bytes of pages and dictionaries that are kept; see tight
	parquetTexts = 16 << 20 // bytes of texts of tight columns
	parquetStep  = 512      // values that are decoded at a time
)

// A parquetReader reads the row groups one after another, and their columns side by
// side.
type parquetReader struct {
	grid
	from io.ReaderAt
	open func(off, n int64) (io.ReadCloser, error) // nil: only from
	size int64

	columns []*parquetColumn
	lanes   []parquetLane
	codec   parquetCodec
	out     int64 // bytes and values that came out
	held    int   // bytes of pages and dictionaries
	most    int   // of them
	cell    int   // bytes that stay in their row
	room    int   // bytes of a column's texts
	window  int   // bytes that are read at a time
	stride  int   // values that are decoded at a time
	shared  struct {
		room       []byte
		dictionary parquetDictionary
	} // of tight columns
	owner *parquetColumn // the one that used it last

	packed  []byte
	value   []byte
	sample  []byte
	spans   [parquetStep]parquetSpan
	defs    [parquetStep]uint32
	reps    [parquetStep]uint32
	words   [parquetStep]uint32
	longs   [parquetStep]int64
	spoilt  *scanner.Problem // the first one
	others  int              // columns that have one too
	stopped error            // of the store, of the caller, or a limit
}

func (p *parquetReader) read() error {
	var end [4]byte
	if err := p.readAt(end[:], p.size-4); err != nil {
		return err
	}
	var err error
	switch string(end[:]) {
	case "PAR1":
		err = p.table()
	case "PARE":
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Parquet table"}
	default:
		err = truncated("has no directory; only the sieve looked at its values")
	}
	if p.columns == nil && p.stopped == nil {
		p.pages()
	}
	if p.stopped != nil {
		return p.stopped
	}
	return err
}

// table reads what has a directory.
func (p *parquetReader) table() error {
	d, err := p.directory()
	if err != nil {
		return err
	}
	if err := p.schema(d.nodes); err != nil {
		p.columns = nil
		return err
	}
	defer p.codec.close()
	p.share(len(p.columns))
	for n := 0; err == nil; n++ {
		var parts []parquetPart
		var rows int64
		if parts, rows, err = d.next(); err == nil {
			err = p.group(n, parts, rows)
		}
	}
	if ferr := p.flush(); ferr != nil {
		return ferr
	}
	if err != io.EOF {
		return err
	}
	if p.spoilt != nil {
		if p.others > 0 {
			p.spoilt.Detail += fmt.Sprintf("; %d more columns are damaged", p.others)
		}
		return p.spoilt
	}
	return nil
}

// share shares the memory out among so many columns.
func (p *parquetReader) share(columns int) {
	part := func(all, least, most int) int { return max(least, min(all/columns, most)) }
	p.cell = part(16<<20, 1<<10, gridCell)
	if p.most == 0 {
		p.most = parquetHeld
	}
	p.room = part(parquetTexts, 4<<10, 4<<20)
	p.window = part(8<<20, 512, 64<<10)
	p.stride = part(2<<20, 32, parquetStep)
}

// note keeps a problem with a column, the first of all.
func (p *parquetReader) note(c *parquetColumn, err error) {
	if p.stopped != nil {
		return
	}
	first := !c.spoilt
	c.spoilt = true
	if p.spoilt == nil {
		problem := scanner.Problem{Reason: scanner.Malformed}
		if why := (*scanner.Problem)(nil); errors.As(fault(err), &why) {
			problem = *why
		}
		problem.Detail = fmt.Sprintf("column %.80s: %s", c.title, problem.Detail)
		p.spoilt = &problem
	} else if first {
		p.others++
	}
}

// spend notes that something came out.
func (p *parquetReader) spend(n int) error {
	if p.out += int64(n); p.stopped == nil && p.out > parquetFree && p.out/parquetRatio > p.size {
		p.stopped = &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
	}
	return p.stopped
}

// group reads a row group. How many rows it says it has is not believed.
func (p *parquetReader) group(n int, parts []parquetPart, declared int64) error {
	for i, c := range p.columns {
		part := parquetPart{fault: malformed("its place is not in the directory")}
		if i < len(parts) {
			part = parts[i]
		}
		c.begin(part)
		if part.fault != nil {
			p.note(c, part.fault)
			c.lose()
		}
	}
	rows := int64(0)
	for {
		if err := p.ctx.Err(); err != nil {
			return err
		}
		k := 0
		for _, c := range p.columns {
			if c.next == len(c.cells) {
				if err := p.fill(c); err != nil {
					return err
				}
			}
			if ready := len(c.cells) - c.next; ready > 0 && (k == 0 || ready < k) {
				k = ready
			}
		}
		if k == 0 {
			break
		}
		if err := p.lay(k); err != nil {
			return err
		}
		rows += int64(k)
	}
	sound := true
	for _, c := range p.columns {
		if c.rows < rows && !c.lost {
			p.note(c, malformed("fewer values than rows"))
		}
		sound = sound && !c.spoilt
	}
	if sound && rows != declared && declared >= 0 && p.spoilt == nil {
		p.spoilt = &scanner.Problem{Reason: scanner.Malformed, Detail: fmt.Sprintf("row group %d says it has %d rows and has %d", n+1, declared, rows)}
	}
	return nil
}

// A parquetLane is the next cells of a column.
type parquetLane struct {
	src   []byte
	cells []parquetSpan
}

// lay lays down the next k rows.
func (p *parquetReader) lay(k int) error {
	p.lanes = p.lanes[:0]
	for _, c := range p.columns {
		l := parquetLane{src: c.src}
		if l.src == nil {
			l.src = c.text
		}
		if len(c.cells) > c.next {
			l.cells = c.cells[c.next : c.next+k]
			c.next += k
		}
		p.lanes = append(p.lanes, l)
	}
	const few = 16
	for i := range k {
		text := p.text
		begun := len(text)
		for j := range p.lanes {
			if j > 0 {
				text = append(text, 0x1F)
			}
			l := &p.lanes[j]
			if l.cells == nil {
				continue
			}
			from, to, at := int(l.cells[i].from), int(l.cells[i].to), len(text)
			switch n := to - from; {
			case n == 0:
			case n <= few && from+few <= len(l.src) && at+few <= cap(text): // as one move
				text = text[:at+few]
				*(*[few]byte)(text[at:]) = *(*[few]byte)(l.src[from:])
				text = text[:at+n]
			default:
				text = append(text, p.kept(l.src[from:to])...)
			}
		}
		p.text = text
		if err := p.spend(len(text) - begun + 1); err != nil {
			return err
		}
		if err := p.endRow(); err != nil {
			return err
		}
	}
	return nil
}
