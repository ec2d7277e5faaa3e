package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var sasFormat = scanner.Format{
	Name: "sas7bdat",
	Doc: `SAS table (.sas7bdat)

Of SAS 7 to 9, with 32 or 64 bits, in either byte order, plain or compressed (CHAR,
BINARY), read page by page. The layout is not published; it is known from Shotwell's
"SAS7BDAT Database Binary Format" and the readers that followed. Rows that are marked
as deleted are read too: they are still there. Dates and times are what their display
formats say. Names of values stand in catalogs (.sas7bcat), which are not looked up, and
encrypted tables read as noise. Descriptions of columns that stand more than 16 MiB
behind the first row come too late for it.`,
	Match: func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte(sasMagic)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		s := &sasReader{in: c.Stream(), grid: grid{ctx: ctx, yield: yield}}
		err := s.read()
		if ferr := s.flush(); ferr != nil {
			err = ferr
		}
		return fault(err)
	},
}

const (
	sasMagic   = "\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\xc2\xea\x81\x60\xb3\x14\x11\xcf\xbd\x92\x08\x00\x09\xc7\x31\x8c"
	sasPage    = 16 << 20 // bytes of a page, and of the header
	sasRoom    = 16 << 20 // bytes of what describes the columns, and of pages that wait for it
	sasColumns = 1 << 16
)

// The types of pages, without their flags.
const (
	sasMeta = 0x0000
	sasData = 0x0100
	sasMix  = 0x0200
	sasAmd  = 0x0400 // what was changed later
	sasMask = 0x0F00
	sasSkip = 0x9000 // an index
)

// A sasReader reads a table from its beginning to its end.
type sasReader struct {
	in io.Reader
	grid
	order  binary.ByteOrder
	little bool
	word   int              // bytes of a number that may be large: 4 or 8
	code   *charmap.Charmap // nil: UTF-8
	tight  bool             // rows may not begin at multiples of eight
	pages  int64

	sasMeaning
	columns []sasColumn // nil before the first row
	waiting [][]byte    // pages whose rows are not described yet
	waits   int         // bytes of them
	room    []byte      // an unpacked row
	done    int64       // rows
	flaw    error       // the first that did not end the reading
	broken  bool        // there are no columns
	textAt  int64       // where running text goes on
}

func (s *sasReader) read() error {
	size, err := s.header()
	if err != nil {
		return err
	}
	page := make([]byte, 0, min(size, slabSize))
	for n := int64(0); ; n++ {
		page, err = fullPage(s.in, page[:0], size)
		if err == io.EOF {
			if n < s.pages {
				s.fail(truncated("fewer pages than the header says"))
			}
			break
		}
		if err != nil {
			s.fail(err)
		}
		if perr := s.page(page); perr != nil {
			return perr
		}
		if err != nil {
			break
		}
	}
	if empty := s.sized && (s.all == 0 || s.width == 0 && s.fields == 0) && len(s.waiting) == 0; s.columns == nil && !s.broken && !empty {
		if err := s.begin(); err != nil {
			return err
		}
	}
	if s.flaw == nil && s.done < s.all {
		s.fail(malformed("fewer rows than the header says"))
	}
	return s.flaw
}

// fullPage reads size bytes into b, which grows with what there is.
func fullPage(in io.Reader, b []byte, size int) ([]byte, error) {
	for len(b) < size {
		if len(b) == cap(b) {
			b = append(b, 0)[:len(b)]
		}
		n, err := in.Read(b[len(b):min(cap(b), size)])
		b = b[:len(b)+n]
		switch {
		case err == io.EOF && len(b) == size: // it comes again
		case err == io.EOF && len(b) > 0:
			return b, io.ErrUnexpectedEOF
		case err != nil:
			return b, err
		}
	}
	return b, nil
}

// fail notes what is wrong, and goes on.
func (s *sasReader) fail(err error) {
	if s.flaw == nil {
		s.flaw = err
	}
}

// header reads the header, and returns the size of a page.
func (s *sasReader) header() (page int, err error) {
	head := make([]byte, 288)
	if _, err := io.ReadFull(s.in, head); err != nil {
		return 0, err
	}
	s.word, s.order = 4, binary.BigEndian
	pad := 0
	if head[35] == '3' {
		pad = 4
	}
	if head[32] == '3' {
		s.word = 8
	}
	if head[37] == 1 {
		s.order, s.little = binary.LittleEndian, true
	}
	s.code = sasCode(head[70])
	s.name = s.field(head[92:156])
	size := int64(s.order.Uint32(head[196+pad:]))
	page = int(s.order.Uint32(head[200+pad:]))
	s.pages = s.long(head[204+pad:])
	release := head[212+pad+s.word:]                       // behind the number of pages and eight bytes more
	s.tight = bytes.HasPrefix(release, []byte("9.0000M0")) // Stat/Transfer
	if size < int64(len(head)) || size > sasPage || page < 256 || page > sasPage || s.pages < 0 || s.pages > 1<<40 {
		return 0, malformed("sizes in the header")
	}
	_, err = io.CopyN(io.Discard, s.in, size-int64(len(head)))
	return page, err
}

// long reads a number of the size of a word; -1 if it is beyond reason.
func (s *sasReader) long(b []byte) int64 {
	if s.word == 4 {
		return int64(s.order.Uint32(b))
	}
	if n := s.order.Uint64(b); n < 1<<62 {
		return int64(n)
	}
	return -1
}

// field returns text without its padding, in UTF-8.
func (s *sasReader) field(b []byte) string { return strings.TrimSpace(string(s.utf8(b))) }

// utf8 returns the text of a cell without its padding, in UTF-8: the header may
// be wrong about the character set, and what is UTF-8 is no other.
func (s *sasReader) utf8(cell []byte) []byte {
	b := unpadded(cell)
	high := indexHigh(b)
	switch {
	case high == len(b), utf8.Valid(b[high:]):
		return b
	case s.code != nil:
		return appendCharmap(nil, b, s.code)
	case len(b) == len(cell) && sniffHigh(b[high:]) == utf8Text: // a letter was cut
		return b
	}
	return appendLatin(nil, b)
}

// page takes what describes columns from a page, and its rows.
func (s *sasReader) page(b []byte) error {
	if s.broken {
		s.textAt += int64(len(b))
		return s.yield(&scanner.Block{Text: b, At: s.textAt - int64(len(b))})
	}
	at := 2*s.word + 8 // of the page's own header
	if s.word == 8 {
		at = 32
	}
	if len(b) < at+8 {
		return nil // cut short
	}
	kind, blocks, subs := s.order.Uint16(b[at:]), int(s.order.Uint16(b[at+2:])), int(s.order.Uint16(b[at+4:]))
	switch kind & sasMask {
	case sasMeta, sasMix, sasAmd:
		if kind&sasSkip == sasSkip {
			return nil
		}
	case sasData:
		subs = 0
	default:
		s.fail(malformed("type of a page"))
		return nil
	}
	pointers := s.pointers(b, at+8, subs)
	if s.columns == nil {
		packed := false
		for _, p := range pointers {
			if s.isRow(p) {
				packed = true
			} else if p.method == 0 {
				s.describe(p.data)
			}
		}
		if !packed && (kind&sasMask == sasMeta || kind&sasMask == sasAmd) {
			return nil
		}
		if !s.described() && s.waits < sasRoom {
			s.waiting = append(s.waiting, bytes.Clone(b))
			s.waits += len(b)
			return nil
		}
		if err := s.begin(); err != nil {
			return err
		}
	}
	return s.pageRows(b, kind, at+8, blocks, pointers, subs)
}

// A sasPointer says where a part of a page lies.
type sasPointer struct {
	data   []byte
	method byte // 0: as it is, 1: not there, 4: compressed, 5: and deleted
	kind   byte // 1: of varying number
}

// pointers returns the parts of a page. Together they are no larger than it.
func (s *sasReader) pointers(b []byte, at, n int) (list []sasPointer) {
	left := int64(len(b))
	for step := 2*s.word + 4 + (s.word - 4); n > 0; n-- {
		if at+step > len(b) {
			s.fail(malformed("parts of a page"))
			return list
		}
		off, size := s.long(b[at:]), s.long(b[at+s.word:])
		p := sasPointer{method: b[at+2*s.word], kind: b[at+2*s.word+1]}
		at += step
		if size == 0 || p.method == 1 {
			continue
		}
		if left -= size; off < 0 || size < 0 || left < 0 || off+size > int64(len(b)) {
			s.fail(malformed("parts of a page"))
			return list
		}
		p.data = b[off : off+size]
		list = append(list, p)
	}
	return list
}

// begin fixes the columns, and reads the rows that waited for them. Where there
// are no columns, pages are running text.
func (s *sasReader) begin() error {
	if err := s.fix(); err != nil {
		s.fail(err)
		s.broken = true
	}
	s.room = make([]byte, 0, s.width)
	waiting := s.waiting
	s.waiting = nil
	for _, b := range waiting {
		if err := s.page(b); err != nil {
			return err
		}
	}
	return nil
}
