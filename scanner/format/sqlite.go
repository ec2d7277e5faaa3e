package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"vigie/scanner"
)

var sqliteFormat = scanner.Format{
	Name: "sqlite",
	Doc: `SQLite database, and its log

Databases of SQLite 3 of any page size and text encoding, with rowids or without
(sqlite.org, "Database File Format"), by ranged reads of the pages that hold rows.
Each table is a table; numbers in columns of dates are read as seconds,
milliseconds or days. Rows on pages that were freed are read too ("deleted rows"),
and what is left of others there is running text; what is left of rows on pages in
use is not read. A write-ahead log (-wal) that lies
beside is an object of its own, of whose pages the latest are read: it has the
titles only where a table was made in it. Values are read up to 64 KiB, rows up to
4 MiB; indexes repeat the tables and are not read. Encrypted databases have no
signature and are unknown bytes.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte(sqliteMagic)) && len(head) > sqliteHead && sqlitePageSize(head) > 0 || isSQLiteLog(head)
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		at, size, broken, closing, err := salvage(ctx, c)
		if err != nil {
			return fault(err)
		}
		defer closing()
		s := &sqliteReader{ctx: ctx, from: at, size: size, yield: yield, claimed: make(map[uint32]*[512]uint64)}
		if isSQLiteLog(c.Head()) {
			err = s.log(c.Head())
		} else {
			err = s.database(c.Head())
		}
		if err == nil {
			err = s.spoilt
		}
		if err == nil {
			err = broken
		}
		return fault(err)
	},
}

const (
	sqliteMagic  = "SQLite format 3\x00"
	sqliteHead   = 100
	sqliteDepth  = 40      // of a tree
	sqliteRow    = 4 << 20 // kept of a row, in bytes
	sqliteLeaves = 1 << 20 // pages that are read in the order in which they lie
	sqliteTables = 1 << 16
	sqliteFrames = 1 << 22 // pages of a log
)

// sqlitePageSize returns the page size in a database header, 0 for none.
func sqlitePageSize(head []byte) int {
	n := int(binary.BigEndian.Uint16(head[16:]))
	if n == 1 {
		n = 1 << 16
	}
	if n < 512 || n&(n-1) != 0 {
		return 0
	}
	return n
}

// A sqliteReader walks the trees of a database. Each page is read once at most,
// whatever points at it, so that no file becomes many times as much.
type sqliteReader struct {
	ctx   context.Context
	from  io.ReaderAt
	size  int64
	yield func(*scanner.Block) error

	pageSize int
	usable   int // bytes of a page
	pages    uint32
	frames   map[uint32]int64 // of a log: where the latest copy of a page is
	wide     binary.ByteOrder // of UTF-16, nil for UTF-8

	claimed map[uint32]*[512]uint64 // bits of pages that were read
	spoilt  error                   // the first fault that was passed over
	rest    []byte                  // of deleted rows: running text to be handed over
	leaf    []byte
	over    []byte
	leaves  []uint32
	record  sqliteRecord
}

// A sqliteTable is a tree whose records are rows.
type sqliteTable struct {
	grid
	root    uint32
	shape   sqliteShape
	deleted map[int]int64 // rows handed over of orphans, by columns
}

// bad passes over faults of the file, and returns others.
func (s *sqliteReader) bad(err error) error {
	var p *scanner.Problem
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		err = truncated("ends in the middle")
	case !errors.As(err, &p) || p.Reason != scanner.Truncated && p.Reason != scanner.Malformed:
		return err
	}
	if s.spoilt == nil {
		s.spoilt = err
	}
	return nil
}

// open takes the properties of a database from its first page.
func (s *sqliteReader) open(head []byte) {
	s.usable = max(s.pageSize-int(head[20]), 480)
	switch binary.BigEndian.Uint32(head[56:]) {
	case 2:
		s.wide = binary.LittleEndian
	case 3:
		s.wide = binary.BigEndian
	}
}

func (s *sqliteReader) database(head []byte) error {
	s.pageSize = sqlitePageSize(head)
	s.open(head)
	s.pages = uint32(min((s.size+int64(s.pageSize)-1)/int64(s.pageSize), 1<<32-2))
	s.leaf, s.over = make([]byte, s.pageSize), make([]byte, s.pageSize)
	if declared := binary.BigEndian.Uint32(head[28:]); declared > 0 && bytes.Equal(head[24:28], head[92:96]) && int64(declared)*int64(s.pageSize) > s.size {
		s.spoilt = truncated("shorter than its header says")
	}
	if err := s.tables(); err != nil {
		return err
	}
	return s.freed(binary.BigEndian.Uint32(head[32:]))
}

// tables reads the schema and then each table.
func (s *sqliteReader) tables() error {
	schema := &sqliteTable{root: 1}
	var all []*sqliteTable
	kept := 0
	err := s.tree(schema, func(r *sqliteRecord) error {
		kind, sql := r.text(0), r.text(4)
		if string(kind) != "table" || r.kinds[3] == 0 || len(all) == sqliteTables || kept > keptBytes {
			return nil
		}
		t := &sqliteTable{root: uint32(r.integer(3)), grid: grid{ctx: s.ctx, yield: s.yield}}
		t.name = string(bytes.ToValidUTF8(r.text(1), []byte("\uFFFD")))
		t.shape = sqliteShapeOf(sql)
		t.titles = t.shape.titles
		if t.root > 0 { // virtual tables have none
			kept += len(t.name) + len(sql)
			all = append(all, t)
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, t := range all {
		if err := s.tree(t, t.row); err != nil {
			return err
		}
		if err := t.flush(); err != nil {
			return err
		}
	}
	return nil
}

// claim reports whether a page was not read before, and marks it.
func (s *sqliteReader) claim(n uint32) bool {
	bits := s.claimed[n>>15]
	if bits == nil {
		bits = new([512]uint64)
		s.claimed[n>>15] = bits
	}
	word, bit := &bits[n>>6&511], uint64(1)<<(n&63)
	if *word&bit != 0 {
		return false
	}
	*word |= bit
	return true
}

// page reads a page into b.
func (s *sqliteReader) page(n uint32, b []byte) error {
	off := (int64(n) - 1) * int64(s.pageSize)
	if s.frames != nil {
		var ok bool
		if off, ok = s.frames[n]; !ok {
			return errSQLiteAbsent
		}
	} else if n == 0 || off >= s.size {
		return truncated("refers to a page behind its end")
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	got, err := s.from.ReadAt(b, off)
	if got == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}
