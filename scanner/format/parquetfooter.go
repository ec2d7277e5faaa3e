package format

import (
	"encoding/binary"
	"io"
	"strings"

	"vigie/scanner"
)

const (
	parquetFooter = 64 << 20 // bytes of a directory
	parquetDepth  = 64       // of groups within groups
	parquetLeaves = 1 << 16  // columns
	parquetTitle  = 1 << 10  // bytes
)

// The physical types of values.
const (
	parquetBool   = 0
	parquetInt32  = 1
	parquetInt64  = 2
	parquetInt96  = 3
	parquetFloat  = 4
	parquetDouble = 5
	parquetBytes  = 6
	parquetFixed  = 7
	parquetGroup  = -1
)

// A parquetNode is an element of the schema: what its values are, and how it
// stands in the one above.
type parquetNode struct {
	name     string
	kind     int // physical type, parquetGroup
	width    int // of parquetFixed, in bytes
	repeated int // 0 once, 1 once at most, 2 any number of times
	below    int

	converted int // type as it was said before logical types; -1 without
	logical   int // field of the union of logical types; 0 without
	unit      int // 1 ms, 2 µs, 3 ns
	scale     int
	unsigned  bool
}

// A parquetPart is where the values of a column of a row group are.
type parquetPart struct {
	at     int64 // the first page
	size   int64 // of the pages, with their headers
	values int64
	codec  int
	fault  error // why there is nothing to read
}

// A parquetDirectory is the footer: the schema, and the row groups, which are read
// one at a time.
type parquetDirectory struct {
	nodes  []parquetNode
	groups thrift // at the first row group
	kind   byte
	left   uint64
}

// directory reads the footer, which lies before the last 8 bytes.
func (p *parquetReader) directory() (*parquetDirectory, error) {
	var end [8]byte
	if err := p.readAt(end[:], p.size-8); err != nil {
		return nil, err
	}
	n := int64(binary.LittleEndian.Uint32(end[:]))
	if n > p.size-12 {
		return nil, malformed("size of the directory")
	}
	if n > parquetFooter {
		return nil, &scanner.Problem{Reason: scanner.TooLarge, Detail: "directory"}
	}
	b := make([]byte, n)
	if err := p.readAt(b, p.size-8-n); err != nil {
		return nil, err
	}
	d := new(parquetDirectory)
	t := thrift{b: b}
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 2 && kind == thriftList:
			t.list(func(kind byte) bool {
				if kind == thriftStruct {
					d.nodes = append(d.nodes, t.node())
				}
				return kind == thriftStruct
			})
			return true
		case id == 4 && kind == thriftList:
			d.groups = t
			d.groups.depth = 0
			h := d.groups.byte()
			if d.kind, d.left = h&15, uint64(h>>4); d.left == 15 {
				d.left = d.groups.unsigned()
			}
		}
		return false
	})
	if len(d.nodes) == 0 || t.bad && d.left == 0 {
		return nil, malformed("directory")
	}
	return d, nil
}

// node reads an element of the schema.
func (t *thrift) node() parquetNode {
	n := parquetNode{kind: parquetGroup, converted: -1}
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 4 && kind == thriftBytes:
			b := t.bytes()
			n.name = strings.ToValidUTF8(string(b[:min(len(b), parquetTitle)]), "\uFFFD")
		case id == 10 && kind == thriftStruct:
			t.meaning(&n)
		case kind != thriftInt:
			return false
		case id == 1:
			n.kind = int(int32(t.long()))
		case id == 2:
			n.width = int(int32(t.long()))
		case id == 3:
			n.repeated = int(int32(t.long()))
		case id == 5:
			n.below = int(int32(t.long()))
		case id == 6:
			n.converted = int(int32(t.long()))
		case id == 7:
			n.scale = int(int32(t.long()))
		default:
			return false
		}
		return true
	})
	if n.below > 0 {
		n.kind = parquetGroup
	}
	return n
}

// meaning reads a logical type.
func (t *thrift) meaning(n *parquetNode) {
	t.fields(func(logical int, kind byte) bool {
		if kind != thriftStruct {
			return false
		}
		n.logical = logical
		t.fields(func(id int, kind byte) bool {
			switch {
			case logical == logicalDecimal && id == 1 && kind == thriftInt:
				n.scale = int(int32(t.long()))
			case logical == logicalInteger && id == 2:
				n.unsigned = kind == thriftFalse
				return false
			case (logical == logicalTime || logical == logicalTimestamp) && id == 2 && kind == thriftStruct:
				t.fields(func(unit int, _ byte) bool {
					n.unit = unit
					return false
				})
			default:
				return false
			}
			return true
		})
		return true
	})
}

// next reads where the columns of the next row group are, and how many rows it
// says it has; io.EOF behind the last.
func (d *parquetDirectory) next() (parts []parquetPart, rows int64, err error) {
	if d.left == 0 {
		return nil, 0, io.EOF
	}
	d.left--
	t := &d.groups
	if d.kind != thriftStruct {
		t.fail()
	}
	rows = -1
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 1 && kind == thriftList:
			t.list(func(kind byte) bool {
				if kind == thriftStruct && len(parts) < parquetLeaves {
					parts = append(parts, t.part())
				}
				return kind == thriftStruct && len(parts) < parquetLeaves
			})
		case id == 3 && kind == thriftLong:
			rows = t.long()
		default:
			return false
		}
		return true
	})
	if t.bad {
		d.left = 0
		return nil, 0, malformed("row group in the directory")
	}
	return parts, rows, nil
}

// part reads where a column is.
func (t *thrift) part() parquetPart {
	p := parquetPart{at: -1}
	dictionary := int64(0)
	t.fields(func(id int, kind byte) bool {
		switch {
		case id == 1 && kind == thriftBytes:
			if len(t.bytes()) > 0 {
				p.fault = unsupported("its values are in another file")
			}
		case id == 3 && kind == thriftStruct:
			t.fields(func(id int, kind byte) bool {
				switch {
				case id == 4 && kind == thriftInt:
					p.codec = int(t.long())
				case kind != thriftLong:
					return false
				case id == 5:
					p.values = t.long()
				case id == 7:
					p.size = t.long()
				case id == 9:
					p.at = t.long()
				case id == 11:
					dictionary = t.long()
				default:
					return false
				}
				return true
			})
		case id == 8 || id == 9 && kind == thriftBytes:
			p.fault = &scanner.Problem{Reason: scanner.Encrypted, Detail: "its values are encrypted"}
			return false
		default:
			return false
		}
		return true
	})
	if dictionary > 0 && dictionary < p.at {
		p.at = dictionary
	}
	if p.fault == nil && p.at < 4 && p.values != 0 {
		p.fault = malformed("its place is not in the directory")
	}
	return p
}

// columns makes the columns of the schema: its leaves, with their paths.
func (p *parquetReader) schema(nodes []parquetNode) error {
	i := 0
	var walk func(above *parquetNode, path string, def, rep, depth int) error
	walk = func(above *parquetNode, path string, def, rep, depth int) error {
		for range above.below {
			if i >= len(nodes) || depth > parquetDepth || len(p.columns) >= parquetLeaves {
				return malformed("schema")
			}
			n := &nodes[i]
			i++
			path, def, rep := parquetPath(path, above, n), def, rep
			if n.repeated == 1 || n.repeated == 2 {
				def++
				rep += n.repeated - 1
			}
			if n.kind == parquetGroup {
				if err := walk(n, path, def, rep, depth+1); err != nil {
					return err
				}
				continue
			}
			if len(p.titles) < scanner.MaxColumns {
				p.titles = append(p.titles, path)
			}
			p.columns = append(p.columns, newParquetColumn(n, path, def, rep))
		}
		return nil
	}
	i++
	root := nodes[0]
	root.repeated = 0
	if err := walk(&root, "", 0, 0, 0); err != nil {
		return err
	}
	if len(p.columns) == 0 {
		return malformed("schema without columns")
	}
	return nil
}

// parquetPath adds the name of a node to a path, but not those that lists and maps
// are made of ("tags.list.element" is tags).
func parquetPath(path string, above, n *parquetNode) string {
	switch n.name {
	case "list", "bag", "key_value", "map":
		if n.repeated == 2 && n.kind == parquetGroup {
			return path
		}
	case "element", "item", "array_element":
		if above.repeated == 2 {
			return path
		}
	case "array":
		if above.repeated == 2 || n.repeated == 2 && n.kind == parquetGroup {
			return path
		}
	}
	if path != "" {
		path += "."
	}
	path += n.name
	return path[:min(len(path), parquetTitle)]
}
