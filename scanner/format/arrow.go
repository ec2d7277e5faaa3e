package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"vigie/scanner"
)

var arrowFormat = scanner.Format{
	Name: "arrow",
	Doc: `Arrow table (Arrow IPC file and stream, Feather)

Files and streams of metadata version 4 and 5, plain or with LZ4 or Zstandard
(Apache Arrow columnar format 1.5), which Feather version 2 is. The path of a field
is its column, the elements of a list stand in one cell. Dates, times and decimals
are what their types say, dictionaries their values (up to 4 KiB of each). Columns
are read side by side from where they lie, whatever the size of a batch; the values
of unions, runs and list views too, which have to lie in the order of the rows.
Big-endian data are not read.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte(arrowMagic)) || isArrowStream(head)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		a := &arrowReader{from: at, size: size, grid: grid{ctx: ctx, yield: yield}, words: make(map[int64]*arrowWords)}
		if bytes.HasPrefix(c.Head(), []byte(arrowMagic)) {
			a.pos, a.file = 8, true
			if missing := a.directory(); missing != nil && broken == nil {
				broken = missing
			}
		}
		err = a.read()
		if a.fields == nil && broken != nil {
			err = broken
		}
		if ferr := a.flush(); err == nil {
			err = ferr
		}
		if err == nil {
			err = a.missed
		}
		if err == nil {
			err = broken
		}
		return fault(err)
	},
}

const (
	arrowMagic   = "ARROW1\x00\x00"
	arrowMeta    = 16 << 20  // bytes of a message without its body
	arrowFields  = 1 << 14   // of a schema
	arrowDepth   = 32        // of fields within fields
	arrowWord    = 4 << 10   // kept of a value of a dictionary
	arrowMemory  = 64 << 20  // of dictionaries; and of texts that lie apart in a batch
	arrowWindows = 128 << 20 // of decoders
	arrowFree    = 64 << 20  // bytes that may come out of any file
	arrowRatio   = 1000      // and of a larger one, by its size
)

// isArrowStream recognises a stream by its first message, which is a schema.
func isArrowStream(head []byte) bool {
	if len(head) < 64 || binary.LittleEndian.Uint32(head) != 0xFFFFFFFF {
		return false
	}
	n := binary.LittleEndian.Uint32(head[4:])
	if n < 32 || n > arrowMeta || n%8 != 0 {
		return false
	}
	m := flatRoot(head[8:min(len(head), 8+int(n))])
	return m.byte(1) == arrowSchema && m.short(0) >= 3 && m.short(0) <= 4
}

// The kinds of messages.
const (
	arrowSchema     = 1
	arrowDictionary = 2
	arrowRecords    = 3
)

// An arrowReader walks over the messages. Of the directory of a file, behind them,
// only the schema is used, which some writers give nowhere else.
type arrowReader struct {
	grid
	from io.ReaderAt
	size int64
	pos  int64
	file bool

	fields []*arrowField
	cells  [][]byte
	words  map[int64]*arrowWords
	kept   int   // bytes of dictionaries
	work   int64 // bytes and values that came out

	version int   // of the message's format: 4 is version 5
	missed  error // with a column that was not read to its end
}

// arrowWords are the values of a dictionary.
type arrowWords struct {
	field *arrowField
	text  []byte
	ends  []int
}

func (w *arrowWords) word(i int64) []byte {
	if i < 0 || i >= int64(len(w.ends)) {
		return nil
	}
	from := 0
	if i > 0 {
		from = w.ends[i-1]
	}
	return w.text[from:w.ends[i]]
}

// directory takes the schema from the end of a file. Without one the messages may
// have it, but something is missing.
func (a *arrowReader) directory() error {
	var b [10]byte
	missing := truncated("has no directory at its end")
	if n, _ := a.from.ReadAt(b[:], max(a.size-10, 0)); n < 10 || string(b[4:]) != arrowMagic[:6] {
		return missing
	}
	n := int64(binary.LittleEndian.Uint32(b[:]))
	if n > arrowMeta || n > a.size-18 {
		return missing
	}
	meta := make([]byte, n)
	if got, err := a.from.ReadAt(meta, a.size-10-n); got < len(meta) {
		return err
	}
	if schema, ok := flatRoot(meta).table(1); ok {
		return a.schema(schema)
	}
	return missing
}

// read reads message by message.
func (a *arrowReader) read() error {
	for {
		if err := a.ctx.Err(); err != nil {
			return err
		}
		meta, err := a.message()
		if err != nil || meta == nil {
			return err
		}
		m := flatRoot(meta)
		a.version = m.short(0)
		body, length := a.pos, m.long(3)
		if length < 0 || length > 1<<50 {
			return malformed("size of a message")
		}
		a.pos += length
		header, ok := m.table(2)
		if !ok {
			return malformed("message without a header")
		}
		switch m.byte(1) {
		case arrowSchema:
			if a.fields == nil || !a.file {
				err = a.schema(header)
			}
		case arrowDictionary:
			err = a.dictionary(header, body, length)
		case arrowRecords:
			err = a.batch(header, body, length, a.fields, func() error { return a.row() })
		}
		if err != nil {
			return err
		}
	}
}

// message returns the next message without its body, nil at the end.
func (a *arrowReader) message() ([]byte, error) {
	var b [8]byte
	n, err := a.from.ReadAt(b[:], a.pos)
	if n < 8 {
		if err == io.EOF && n == 0 && !a.file {
			return nil, nil
		}
		if err == nil || err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, err
	}
	size, head := int64(binary.LittleEndian.Uint32(b[4:])), int64(8)
	if first := binary.LittleEndian.Uint32(b[:]); first != 0xFFFFFFFF {
		size, head = int64(first), 4 // of before version 0.15
	}
	if size == 0 {
		return nil, nil
	}
	if size > arrowMeta {
		return nil, malformed("size of a message")
	}
	if size > a.size-a.pos-head {
		return nil, io.ErrUnexpectedEOF
	}
	meta := make([]byte, size)
	if n, err := a.from.ReadAt(meta, a.pos+head); n < len(meta) {
		return nil, err
	}
	a.pos += head + size
	return meta, nil
}

// dictionary reads the values that cells refer to.
func (a *arrowReader) dictionary(m flat, body, length int64) error {
	w := a.words[m.long(0)]
	records, ok := m.table(1)
	if w == nil || !ok {
		return malformed("dictionary")
	}
	if m.byte(2) == 0 { // not more of the same
		a.kept -= len(w.text)
		w.text, w.ends = nil, nil
	}
	f := *w.field
	f.words = nil
	f.column = 0
	cells := a.cells
	a.cells = make([][]byte, 1)
	defer func() { a.cells = cells }()
	return a.batch(records, body, length, []*arrowField{&f}, func() error {
		word := a.cells[0][:min(len(a.cells[0]), arrowWord)]
		if a.kept += len(word); a.kept > arrowMemory || len(w.ends) > arrowMemory/8 {
			return &scanner.Problem{Reason: scanner.TooLarge, Detail: "dictionaries"}
		}
		w.text = append(w.text, word...)
		w.ends = append(w.ends, len(w.text))
		return nil
	})
}

// batch reads the rows of a batch into the cells, and calls row for each.
func (a *arrowReader) batch(m flat, body, length int64, fields []*arrowField, row func() error) error {
	if fields == nil {
		return malformed("no schema")
	}
	b, err := a.lay(m, body, length)
	if err != nil {
		return err
	}
	defer b.close()
	for _, f := range fields {
		if err := b.open(f); err != nil {
			return err
		}
	}
	rows := m.long(0)
	for range rows {
		for i := range a.cells {
			a.cells[i] = a.cells[i][:0]
		}
		for _, f := range fields {
			if err := a.next(f, true); err != nil {
				return err
			}
		}
		if err := a.spend(1); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
	return nil
}

// spend notes that something came out.
func (a *arrowReader) spend(n int) error {
	if a.work += int64(n); a.work > arrowFree && a.work/arrowRatio > a.size {
		return &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
	}
	return nil
}

// row lays down the cells.
func (a *arrowReader) row() error {
	from := len(a.text)
	for _, c := range a.cells {
		a.value(c)
	}
	if err := a.spend(len(a.text) - from); err != nil {
		return err
	}
	return a.endRow()
}
