package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"

	"vigie/scanner"
)

var rdsFormat = scanner.Format{
	Name: "rds",
	Doc: `R objects (.rds, .RData)

What saveRDS and save write, in either byte order, after decompression (R
Internals, "Serialization Formats"). Each data frame, matrix and vector is a
table, wherever it lies in lists, environments, functions and attributes; factors,
labelled values, dates and times are what they say. Single values, comments, labels,
levels that no row has, raw bytes and what a text has beyond 64 KiB are read as running
text. The text form is read like the other; that of R before 1.4 is not.`,
	Match: func(_ string, head []byte) bool { _, _, ok := rdsHead(head); return ok },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		order, start, _ := rdsHead(c.Head())
		if order == nil && start < 0 {
			return unsupported("R objects of before R 1.4")
		}
		if order == nil {
			in := &rdsText{in: bufio.NewReaderSize(io.NewSectionReader(at, start, size-start), 64<<10)}
			var done func()
			if at, size, done, err = rdsBinary(ctx, in); err != nil {
				return fault(err)
			}
			defer done()
			if broken == nil {
				broken = in.fault
			}
			order, start = binary.BigEndian, 0
		}
		r := &rdsReader{cursor: newCursor(at, size, start, slabSize), order: order == binary.LittleEndian, notes: grid{ctx: ctx, yield: yield}}
		err = r.read()
		for _, e := range []error{broken, r.flaw} {
			if err == nil || e != nil && errors.Is(err, io.ErrUnexpectedEOF) {
				err = e
			}
		}
		return fault(err)
	},
}

// rdsHead recognises the beginning, and returns the byte order and where the
// object begins; no order for the text form, and no start for what is too old.
func rdsHead(head []byte) (order binary.ByteOrder, start int64, ok bool) {
	for _, magic := range []string{"RDX2\n", "RDX3\n", "RDB2\n", "RDB3\n", "RDA2\n", "RDA3\n"} {
		if rest, found := bytes.CutPrefix(head, []byte(magic)); found {
			head, start = rest, int64(len(magic))
		}
	}
	for _, magic := range []string{"RDX1\n", "RDB1\n", "RDA1\n"} {
		if bytes.HasPrefix(head, []byte(magic)) {
			return nil, -1, true
		}
	}
	switch {
	case len(head) < 14 || head[1] != '\n':
		return nil, 0, false
	case head[0] == 'X':
		order = binary.BigEndian
	case head[0] == 'B':
		order = binary.LittleEndian
	case head[0] == 'A':
		return nil, start + 2, bytes.HasPrefix(head[2:], []byte("2\n")) || bytes.HasPrefix(head[2:], []byte("3\n"))
	default:
		return nil, 0, false
	}
	version, wrote := order.Uint32(head[2:]), order.Uint32(head[6:])
	return order, start + 2, (version == 2 || version == 3) && wrote>>16 < 100 && wrote > 0xFFFF
}

// The types of R objects that are told apart.
const (
	rSymbol   = 1
	rPairs    = 2
	rClosure  = 3
	rEnv      = 4
	rPromise  = 5
	rCall     = 6
	rSpecial  = 7
	rBuiltin  = 8
	rChar     = 9
	rLogical  = 10
	rInteger  = 13
	rReal     = 14
	rComplex  = 15
	rString   = 16
	rDots     = 17
	rList     = 19
	rExpr     = 20
	rBytecode = 21
	rPointer  = 22
	rWeak     = 23
	rRaw      = 24
	rS4       = 25
	rAltrep   = 238
	rAttrList = 239
	rAttrCall = 240
	rBCRef    = 243
	rBCDef    = 244
	rPersist  = 247
	rPackage  = 248
	rSpace    = 249
	rRef      = 255
)

const (
	rdsDepth   = 256
	rdsSymbols = 1 << 16 // symbols and their like that may be referred to
	rdsKids    = scanner.MaxColumns
	rdsKept    = 1 << 18 // elements of lists that are in memory
)

// An rNode is an object of R: where its values are, and what its attributes say.
type rNode struct {
	kind   byte
	off, n int64
	kids   []rNode // of a list

	class    string // classes joined by spaces
	names    *rNode
	rowNames *rNode
	levels   *rNode
	labels   *rNode // of a labelled column: values, named
	label    string // of a column
	dim      []int64
	dimNames *rNode

	from, step int64 // of a sequence that is not stored
	sequence   bool
}

// An rOrder is a byte order; a value, since an interface would be asked a cell.
type rOrder bool // little-endian

func (little rOrder) Uint32(b []byte) uint32 {
	if little {
		return binary.LittleEndian.Uint32(b)
	}
	return binary.BigEndian.Uint32(b)
}

func (little rOrder) Uint64(b []byte) uint64 {
	if little {
		return binary.LittleEndian.Uint64(b)
	}
	return binary.BigEndian.Uint64(b)
}

// An rdsReader walks the objects once, noting where values are, and reads each
// table when its titles, which come last, are known.
type rdsReader struct {
	*cursor
	order rOrder
	notes grid     // running text; it has no rows
	refs  []string // symbols; "" for others that are referred to
	room  int64    // bytes of symbols
	kept  int      // elements of lists in memory
	stop  error    // of handing something over
	flaw  error    // the first that did not end the reading
}

// fail notes what is wrong, and goes on.
func (r *rdsReader) fail(err error) {
	if r.flaw == nil {
		r.flaw = err
	}
}

func (r *rdsReader) read() error {
	version, err := r.int()
	if err == nil {
		err = r.skip(8)
	}
	if err == nil && version == 3 {
		var n int64
		if n, err = r.int(); err == nil && (n < 0 || n > 64) {
			err = malformed("name of the character set")
		}
		if err == nil {
			_, err = r.take(int(n))
		}
	}
	if err == nil {
		var top rNode
		if top, err = r.item(0); err == nil || top.kind != 0 {
			r.emit("", &top)
		}
	}
	if ferr := r.notes.flush(); r.stop == nil {
		r.stop = ferr
	}
	if r.stop != nil {
		return r.stop
	}
	return err
}

func (r *rdsReader) int() (int64, error) {
	b, err := r.take(4)
	if err != nil {
		return 0, err
	}
	return int64(int32(r.order.Uint32(b))), nil
}

// length reads the length of a vector.
func (r *rdsReader) length() (int64, error) {
	n, err := r.int()
	if err == nil && n == -1 {
		var high, low int64
		high, err = r.int()
		if err == nil {
			low, err = r.int()
		}
		n = high<<32 | low&math.MaxUint32
	}
	if err == nil && (n < 0 || n > r.size) {
		return 0, malformed("length of a vector")
	}
	return n, err
}
