package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"path"

	"vigie/scanner"
)

var bsonFormat = scanner.Format{
	Name: "bson",
	Doc: `BSON: collections as mongodump writes them

Documents of BSON 1.1 (bsonspec.org) one behind the other, and archives (--archive), a
table a collection: a row a document, as in the JSON of mongoexport. What an archive says
of its collections is the table "archive". Dates are in ISO 8601, identifiers in
hexadecimal. Binary values are text where they read as one, and left out otherwise. A
document that is damaged is running text.`,
	Match: isBSON,
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readBSON(ctx, c.Stream(), yield)
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
		if !bsonWhole(b[:size], 0) {
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

// bsonElement takes the first element of a document from b.
func bsonElement(b []byte) (kind byte, name, value, rest []byte, err error) {
	n := bsonNamed(b[1:])
	if n < 0 {
		return 0, nil, nil, nil, errBSON
	}
	kind, name, b = b[0], b[1:1+n], b[2+n:]
	size := bsonWidth(kind, b)
	if size < 0 || size > int64(len(b)) {
		return 0, nil, nil, nil, errBSON
	}
	return kind, name, b[:size], b[size:], nil
}

// bsonWhole reports whether b is a document, and whole.
func bsonWhole(b []byte, depth int) bool {
	if len(b) < 5 || b[len(b)-1] != 0 || depth == bsonDepth {
		return false
	}
	for b = b[4 : len(b)-1]; len(b) > 0; {
		kind, _, value, rest, err := bsonElement(b)
		if err != nil || (kind == 0x03 || kind == 0x04) && !bsonWhole(value, depth+1) {
			return false
		}
		b = rest
	}
	return true
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
