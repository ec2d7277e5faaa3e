package format

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"path"

	"vigie/scanner"
)

var bsonFormat = scanner.Format{
	Name: "bson",
	Doc: `BSON: collections as mongodump writes them

Documents of BSON 1.1 (bsonspec.org) one behind the other, and archives of several
collections (--archive): a row a document, as in the JSON of mongoexport. Dates are in
ISO 8601, identifiers in hexadecimal. Binary values are text where they read as one, and
left out otherwise. A document that is damaged is running text.`,
	Match: isBSON,
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		j := jsonReader{ctx: ctx, yield: yield}
		return j.read(decode(&bsonReader{from: bufio.NewReaderSize(c.Stream(), 64<<10)}), slabSize)
	},
}

const (
	bsonArchive = "\x6d\xe2\x99\x81"
	bsonLongest = 48 << 20 // bytes of a document; MongoDB allows a third of it
	bsonDepth   = 200      // documents in one another
)

// isBSON walks through the documents in a head: the first must be whole, or be
// called BSON.
func isBSON(name string, head []byte) bool {
	b, archive := bytes.CutPrefix(head, []byte(bsonArchive))
	named := archive || path.Ext(name) == ".bson"
	for n := 0; n < 3; n++ {
		if len(b) < 5 {
			return n > 0
		}
		size := int64(int32(binary.LittleEndian.Uint32(b)))
		if archive && size == -1 && n > 0 {
			return true
		}
		if size < 5 || size > bsonLongest || size > 5 && (b[4] == 0 || bsonNamed(b[5:]) < 1) {
			return n > 0 && named
		}
		if size > int64(len(b)) {
			return n > 0 || named
		}
		if _, err := appendBSON(nil, b[:size], false, 0); err != nil {
			return n > 0 && named
		}
		b = b[size:]
	}
	return true
}

// bsonNamed returns the length of the name at the beginning of b; -1 where it has
// no end.
func bsonNamed(b []byte) int { return bytes.IndexByte(b, 0) }

var errBSON = malformed("a document of BSON")

// A bsonReader gives the documents of a stream as lines of JSON.
type bsonReader struct {
	from  *bufio.Reader
	begun bool
	raw   bool // what follows is no BSON
	fault error
	doc   bytes.Buffer
	line  []byte
	out   []byte // of line, to be given
}

func (r *bsonReader) Read(p []byte) (int, error) {
	for len(r.out) == 0 {
		if r.raw {
			n, err := r.from.Read(p)
			if err == io.EOF {
				err = r.fault // there is one
			}
			return n, err
		}
		if err := r.next(); err != nil {
			return 0, err
		}
	}
	n := copy(p, r.out)
	r.out = r.out[n:]
	return n, nil
}

// next makes a line of the next document. What has no length that can be is given
// as it is, and so are the bytes of a document that is none.
func (r *bsonReader) next() error {
	if b, _ := r.from.Peek(4); !r.begun && string(b) == bsonArchive {
		r.from.Discard(4)
	}
	r.begun = true
	b, err := r.from.Peek(4)
	if len(b) == 0 {
		if errors.Is(err, io.EOF) {
			err = cmp.Or(r.fault, io.EOF)
		}
		return err
	}
	if len(b) < 4 {
		return truncated("ends in the middle")
	}
	size := int64(int32(binary.LittleEndian.Uint32(b)))
	if size == -1 { // a collection of an archive ends
		r.from.Discard(4)
		return nil
	}
	if size < 5 || size > bsonLongest {
		r.raw, r.fault = true, errBSON
		r.out = []byte{'\n'}
		return nil
	}
	r.doc.Reset()
	got, err := io.CopyN(&r.doc, r.from, size)
	if err == nil {
		if r.line, err = appendBSON(r.line[:0], r.doc.Bytes(), false, 0); err == nil {
			r.line = append(r.line, '\n')
			r.out = r.line
			return nil
		}
	}
	if got < size && errors.Is(err, io.EOF) {
		err = truncated("ends in the middle")
	}
	if r.fault == nil {
		r.fault = err
	}
	r.line = append(r.line[:0], '\n')
	for _, c := range r.doc.Bytes() {
		if c < ' ' {
			c = ' '
		}
		r.line = append(r.line, c)
	}
	r.line = append(r.line, '\n')
	r.out = r.line
	return nil
}

// appendBSON appends the document b as JSON.
func appendBSON(dst, b []byte, array bool, depth int) ([]byte, error) {
	if len(b) < 5 || b[len(b)-1] != 0 || depth == bsonDepth {
		return dst, errBSON
	}
	open, shut := byte('{'), byte('}')
	if array {
		open, shut = '[', ']'
	}
	dst = append(dst, open)
	b = b[4 : len(b)-1]
	for first := true; len(b) > 0; {
		kind := b[0]
		n := bsonNamed(b[1:])
		if n < 0 {
			return dst, errBSON
		}
		name := b[1 : 1+n]
		b = b[2+n:]
		size := bsonWidth(kind, b)
		if size < 0 || size > int64(len(b)) {
			return dst, errBSON
		}
		value := b[:size]
		b = b[size:]
		if !first {
			dst = append(dst, ',')
		}
		if first = false; !array {
			dst = append(appendJSONText(dst, name), ':')
		}
		var err error
		if dst, err = appendBSONValue(dst, kind, value, depth); err != nil {
			return dst, err
		}
	}
	return append(dst, shut), nil
}

// bsonWidth returns how many bytes a value takes; -1 where there is no such kind.
func bsonWidth(kind byte, b []byte) int64 {
	size := int64(0)
	if len(b) >= 4 {
		size = int64(int32(binary.LittleEndian.Uint32(b)))
	}
	switch kind {
	case 0x01, 0x09, 0x11, 0x12:
		return 8
	case 0x02, 0x0D, 0x0E:
		if size < 1 {
			return -1
		}
		return size + 4
	case 0x03, 0x04, 0x0F:
		return max(size, 5)
	case 0x05:
		if size < 0 {
			return -1
		}
		return size + 5
	case 0x06, 0x0A, 0xFF, 0x7F:
		return 0
	case 0x07:
		return 12
	case 0x08:
		return 1
	case 0x0B:
		pattern := bsonNamed(b)
		options := -1
		if pattern >= 0 {
			options = bsonNamed(b[pattern+1:])
		}
		if options < 0 {
			return -1
		}
		return int64(pattern + options + 2)
	case 0x0C:
		if size < 1 {
			return -1
		}
		return size + 16
	case 0x10:
		return 4
	case 0x13:
		return 16
	}
	return -1
}
