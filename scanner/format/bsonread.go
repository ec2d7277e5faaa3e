package format

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"vigie/scanner"
)

// A bsonReader lays documents down as JSON would be, row by row, in the tables of a
// jsonReader that reads nothing itself.
type bsonReader struct {
	jsonReader
	from    *bufio.Reader
	archive bool
	header  bool // of an archive: the next document says of which collection the others are
	rows    *jsonNode
	long    bytes.Buffer // a document that is larger than what is read at a time
	cell    []byte
	fault   error
}

// readBSON reads a dump, or an archive.
func readBSON(ctx context.Context, in io.Reader, yield func(*scanner.Block) error) error {
	r := &bsonReader{
		jsonReader: jsonReader{ctx: ctx, yield: yield, names: make(map[string]bool), top: &jsonNode{root: true}},
		from:       bufio.NewReaderSize(in, slabSize),
	}
	r.rows = r.top
	if b, _ := r.from.Peek(4); string(b) == bsonArchive {
		r.from.Discard(4)
		r.archive = true
		r.rows = r.child(r.top, []byte("archive"))
	}
	err := r.next()
	for err == nil && r.stop == nil {
		if r.stop = ctx.Err(); r.stop == nil {
			err = r.next()
		}
	}
	for _, t := range r.tables {
		r.flush(t)
	}
	r.endLine()
	r.flushOther(true)
	if r.stop != nil {
		return r.stop
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return fault(cmp.Or(r.fault, err))
}

// next reads a document. What has no length that can be is running text to its end,
// and so is a document that is damaged.
func (r *bsonReader) next() error {
	b, err := r.from.Peek(4)
	switch {
	case len(b) == 0:
		return cmp.Or(err, io.EOF)
	case len(b) < 4:
		return truncated("ends in the middle")
	}
	size := int64(int32(binary.LittleEndian.Uint32(b)))
	r.in.off += max(size, 4)
	switch {
	case size == -1: // a collection of an archive, or a part of one, ends
		r.from.Discard(4)
		r.header = r.archive
		return nil
	case size < 5 || size > bsonLongest:
		r.fault = cmp.Or(r.fault, error(errBSON))
		return r.raw()
	case size <= int64(r.from.Size()):
		b, err = r.from.Peek(int(size))
	default:
		r.long.Reset()
		_, err = io.CopyN(&r.long, r.from, size)
		b = r.long.Bytes()
	}
	switch {
	case err == nil && bsonWhole(b, 0):
		r.document(b)
	default:
		r.damaged(b)
		if errors.Is(err, io.EOF) {
			err = truncated("ends in the middle")
		}
		r.fault = cmp.Or(r.fault, err, error(errBSON))
	}
	if size <= int64(r.from.Size()) {
		r.from.Discard(len(b))
	}
	return err
}

// raw hands over the rest as running text.
func (r *bsonReader) raw() error {
	for r.stop == nil {
		if _, err := r.from.Peek(1); err != nil {
			return err
		}
		b, _ := r.from.Peek(r.from.Buffered())
		r.damaged(b)
		r.from.Discard(len(b))
		r.stop = r.ctx.Err()
	}
	return nil
}

// damaged adds bytes to the running text.
func (r *bsonReader) damaged(b []byte) {
	r.endLine()
	for ; len(b) > 0; b = b[min(len(b), slabSize):] {
		r.cell = append(r.cell[:0], b[:min(len(b), slabSize)]...)
		for i, c := range r.cell {
			if c < ' ' {
				r.cell[i] = ' '
			}
		}
		r.aside(r.cell)
	}
	r.aside([]byte{'\n'})
}

// document lays down a whole document, or takes from it what the next ones are.
func (r *bsonReader) document(b []byte) {
	if r.header {
		r.header = false
		if name := bsonCollection(b); len(name) > 1 {
			r.rows = r.child(r.top, name)
			return
		}
	}
	f := r.rowOf(r.rows)
	r.values(b, f)
	if f.ends {
		r.endRow(f.row)
	}
}

// bsonCollection returns the name of the collection in a header, with that of its
// database before it; nil where b is no header.
func bsonCollection(b []byte) (name []byte) {
	var db, collection []byte
	for b = b[4 : len(b)-1]; len(b) > 0; {
		kind, key, value, rest, err := bsonElement(b)
		switch {
		case err != nil || kind == 0x03 || kind == 0x04:
			return nil
		case kind == 0x02 && string(key) == "db":
			db = value[4 : len(value)-1]
		case kind == 0x02 && string(key) == "collection":
			collection = value[4 : len(value)-1]
		}
		b = rest
	}
	if len(collection) == 0 {
		return nil
	}
	return append(append(append(name, db...), '.'), collection...)
}

// values lays down the values of a whole document, or of an array.
func (r *bsonReader) values(b []byte, f jsonFrame) {
	for b = b[4 : len(b)-1]; len(b) > 0; {
		kind, name, value, rest, _ := bsonElement(b)
		b = rest
		at := f.at
		if !f.array {
			if at = r.child(f.at, name); at == nil {
				r.key = append(r.key[:0], name[:min(len(name), jsonKey)]...)
			}
		}
		switch {
		case kind == 0x04:
			r.values(value, jsonFrame{array: true, at: at, row: f.row})
			if f.row == nil {
				r.endLine()
			}
		case kind == 0x03 && f.array:
			row := r.rowOf(f.at)
			if r.values(value, row); row.ends {
				r.endRow(row.row)
			}
		case kind == 0x03:
			r.values(value, jsonFrame{at: at, row: f.row})
		default:
			r.cell = appendBSONValue(r.cell[:0], kind, value)
			if f.row == nil && len(r.cell) == 0 {
				continue
			}
			noDelimiters(r.cell)
			r.begin(f.row, at)
			r.put(r.cell)
			r.end()
		}
	}
}
