package format

import (
	"bufio"
	"context"
	"crypto/rc4"
	"encoding/binary"
	"errors"
	"io"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var accessFormat = scanner.Format{
	Name: "access",
	Doc: `Access databases (.mdb, .accdb: Jet 3, Jet 4, ACE)

Each table under its name, wherever its rows lie: page by page, those of tables
that were deleted too. Rows that are marked as deleted, or lie in pages that were
given up, and are still there are a table of their own, "name (deleted)". Text in one byte or two, memos, dates, amounts; OLE
objects and attachments are not read, nor are the tables of the system and those
that lie in other files. Encrypted databases are reported.`,
	Match: func(_ string, head []byte) bool {
		return len(head) > 20 && (string(head[4:20]) == "Standard Jet DB\x00" || string(head[4:20]) == "Standard ACE DB\x00")
	},
	Read: readAccess,
}

const (
	accessKept  = 16 << 20 // bytes of definitions and rows that are in memory
	accessChain = 64       // pages of a definition
)

// The layout of pages is that of mdbtools' HACKING.md, which names its sources.

// An accessReader reads the pages of a database.
type accessReader struct {
	ctx    context.Context
	yield  func(*scanner.Block) error
	at     io.ReaderAt
	size   int64 // of the file
	page   int   // bytes of a page
	jet3   bool
	code   *charmap.Charmap // of Jet 3
	names  map[uint32]string
	tables map[uint32]*accessTable // by page of the definition; nil: there is none
	kept   int
	long   int64 // bytes of memos that may still be read: no more than the file has
	odd    int   // rows that do not read
	short  bool  // pages are named that the file has not
}

func readAccess(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return err
	}
	defer closing()
	a := &accessReader{ctx: ctx, yield: yield, at: at, size: size, long: size}
	if err := a.open(); err != nil {
		return fault(err)
	}
	a.names = a.catalog()
	a.tables, a.kept = make(map[uint32]*accessTable), 0
	err = a.walk()
	if ferr := a.flush(); err == nil {
		err = ferr
	}
	switch {
	case err != nil:
		return fault(err)
	case broken != nil:
		return broken
	case size%int64(a.page) != 0, a.short:
		return truncated("lacks pages of its tables")
	case a.odd > 0:
		return malformed("rows of an Access database")
	}
	return nil
}

// open reads the first page.
func (a *accessReader) open() error {
	var head [160]byte
	if _, err := a.at.ReadAt(head[:], 0); err != nil {
		return err
	}
	a.page, a.jet3 = 4096, head[20] == 0
	masked := 128
	if a.jet3 {
		a.page, masked = 2048, 126
	}
	mask, err := rc4.NewCipher([]byte{0xC7, 0xDA, 0x39, 0x6B})
	if err != nil {
		return err
	}
	mask.XORKeyStream(head[24:24+masked], head[24:24+masked])
	if binary.LittleEndian.Uint32(head[62:]) != 0 {
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "Access database"}
	}
	a.code = charmap.Windows1252
	switch binary.LittleEndian.Uint16(head[60:]) {
	case 1250:
		a.code = charmap.Windows1250
	case 1251:
		a.code = charmap.Windows1251
	case 1253:
		a.code = charmap.Windows1253
	case 1254:
		a.code = charmap.Windows1254
	}
	return nil
}

// walk reads all pages in their order, and of those with rows the rows.
func (a *accessReader) walk() error {
	r := bufio.NewReaderSize(io.NewSectionReader(a.at, 0, a.size), 256<<10)
	page := make([]byte, a.page)
	for n := uint32(0); ; n++ {
		if n%64 == 0 && a.ctx.Err() != nil {
			return a.ctx.Err()
		}
		if _, err := io.ReadFull(r, page); errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		} else if err != nil {
			return err
		}
		if page[0] != 1 || string(page[4:8]) == "LVAL" {
			continue
		}
		t := a.table(binary.LittleEndian.Uint32(page[4:]))
		if t == nil || t.system {
			continue
		}
		owned := a.owns(t, n)
		before := len(t.text) + len(t.deleted.text)
		for row, flags := range a.rows(page) {
			to := &t.grid
			if !owned {
				to = &t.deleted
			}
			switch flags {
			case 0x4000:
				if len(row) < 4 {
					continue
				}
				row = a.rowAt(binary.LittleEndian.Uint32(row))
			case 0x8000:
				to = &t.deleted
			case 0xC000:
				continue
			}
			if a.row(t, to, row) {
				if err := to.endRow(); err != nil {
					return err
				}
			} else if flags == 0 && owned {
				a.odd++
			}
		}
		if a.kept += max(0, len(t.text)+len(t.deleted.text)-before); a.kept > accessKept {
			if err := a.flush(); err != nil {
				return err
			}
		}
	}
}

// flush hands over all rows that are whole, and forgets the tables: what is
// needed of them is read again.
func (a *accessReader) flush() error {
	for _, t := range a.tables {
		if t == nil {
			continue
		}
		if err := t.flush(); err != nil {
			return err
		}
		if err := t.deleted.flush(); err != nil {
			return err
		}
	}
	clear(a.tables)
	a.kept = 0
	return nil
}

// rows yields the rows of a page with their flags: 0x8000 deleted, or moved there
// from elsewhere; 0x4000 moved away, the row says where.
func (a *accessReader) rows(page []byte) func(func([]byte, uint16) bool) {
	return func(yield func([]byte, uint16) bool) {
		first := 12
		if a.jet3 {
			first = 8
		}
		end := len(page)
		for i, n := 0, int(binary.LittleEndian.Uint16(page[first:])); i < n; i++ {
			at := first + 2 + 2*i
			if at+2 > end {
				return
			}
			v := binary.LittleEndian.Uint16(page[at:])
			start := int(v & 0x1FFF)
			if start < at+2 || start > end {
				continue
			}
			if start < end && !yield(page[start:end], v&0xC000) {
				return
			}
			end = start
		}
	}
}

// rowAt returns a row by its number in a page.
func (a *accessReader) rowAt(number uint32) []byte {
	page := a.read(number >> 8)
	a.short = a.short || page == nil
	if page == nil || page[0] != 1 {
		return nil
	}
	first := 12
	if a.jet3 {
		first = 8
	}
	i := first + 2 + 2*int(number&0xFF)
	if int(number&0xFF) >= int(binary.LittleEndian.Uint16(page[first:])) || i+2 > len(page) {
		return nil
	}
	start, end := int(binary.LittleEndian.Uint16(page[i:])&0x1FFF), len(page)
	if number&0xFF > 0 {
		end = int(binary.LittleEndian.Uint16(page[i-2:]) & 0x1FFF)
	}
	if start > end || end > len(page) {
		return nil
	}
	return page[start:end]
}

// read returns a page, nil where there is none.
func (a *accessReader) read(n uint32) []byte {
	page := make([]byte, a.page)
	if got, _ := a.at.ReadAt(page, int64(n)*int64(a.page)); got < len(page) {
		return nil
	}
	return page
}

// catalog reads the names of tables out of the table of objects, whose
// definition is page 2.
func (a *accessReader) catalog() map[uint32]string {
	names := make(map[uint32]string)
	a.tables, a.kept = make(map[uint32]*accessTable), 0
	t := a.table(2)
	if t == nil {
		return names
	}
	id, name, kind := t.find("Id"), t.find("Name"), t.find("Type")
	if id == nil || name == nil || kind == nil {
		return names
	}
	bytes := 0
	for _, n := range a.used(t.used) {
		page := a.read(n)
		if page == nil || page[0] != 1 || binary.LittleEndian.Uint32(page[4:]) != 2 {
			continue
		}
		for row, flags := range a.rows(page) {
			r, ok := a.layout(t, row)
			if !ok || flags&0x4000 != 0 {
				continue
			}
			i, k := r.bytes(id), r.bytes(kind)
			if len(i) < 4 || len(k) < 2 || k[0] != 1 {
				continue
			}
			text := strings.ToValidUTF8(string(a.text(nil, r.bytes(name))), "\uFFFD")
			at := binary.LittleEndian.Uint32(i) & 0xFFFFFF
			a.short = a.short || flags == 0 && int64(at+1)*int64(a.page) > a.size
			if bytes += len(text) + 64; bytes > accessKept {
				return names
			}
			if names[at] == "" || flags == 0 {
				names[at] = text
			}
		}
	}
	return names
}

// last returns the last page that a usage map names, 0 if none.
func (a *accessReader) last(pointer uint32) (last uint32) {
	m := a.rowAt(pointer)
	if len(m) < 5 {
		return 0
	}
	bits, first := m[5:], binary.LittleEndian.Uint32(m[1:])
	if m[0] == 1 {
		bits = nil
		for i := (len(m) - 5) / 4; i >= 0; i-- {
			if n := binary.LittleEndian.Uint32(m[1+4*i:]); n > 0 {
				page := a.read(n)
				if page == nil {
					return n
				}
				bits, first = page[4:], uint32(i*8*(a.page-4))
				break
			}
		}
	}
	for i, c := range bits {
		for k := range 8 {
			if c>>k&1 != 0 {
				last = first + uint32(8*i+k)
			}
		}
	}
	return last
}

// used returns the pages that a usage map names.
func (a *accessReader) used(pointer uint32) (pages []uint32) {
	m := a.rowAt(pointer)
	bits := func(b []byte, first uint32) {
		for i, c := range b {
			for k := range 8 {
				if c>>k&1 != 0 && len(pages) < 1<<16 {
					pages = append(pages, first+uint32(8*i+k))
				}
			}
		}
	}
	switch {
	case len(m) < 5:
	case m[0] == 0:
		bits(m[5:], binary.LittleEndian.Uint32(m[1:]))
	case m[0] == 1:
		for i := 0; 5+4*i <= len(m); i++ {
			if n := binary.LittleEndian.Uint32(m[1+4*i:]); n > 0 {
				if page := a.read(n); page != nil && page[0] == 5 {
					bits(page[4:], uint32(i*8*(a.page-4)))
				}
			}
		}
	}
	return pages
}
