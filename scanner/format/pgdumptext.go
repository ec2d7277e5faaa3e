package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/klauspost/compress/zlib"

	"vigie/scanner"
)

const (
	pgString = 16 << 20 // a longer string of the table of contents is refused
	pgKept   = 32 << 20 // bytes of COPY statements that are remembered
)

// The layout is that of PostgreSQL's src/bin/pg_dump/pg_backup_archiver.c and
// pg_backup_custom.c.

// A pgText reads a dump as the script that pg_restore would make of it:
// definitions first, and then the data, each behind its COPY statement. Damage
// within the data of a table ends that table; the error comes at the end.
type pgText struct {
	ctx     context.Context
	in      *bufio.Reader
	object  func(scanner.Object) error // takes the large objects; nil: they are counted
	objects int

	version   int // minor
	integer   int // bytes of an integer
	offset    int // bytes of an offset
	custom    bool
	algorithm byte

	begun bool
	left  int               // of the table of contents
	kept  int               // bytes of copies and files
	copy  map[int]string    // COPY statements by number of the data
	files map[string]string // and by name of the file, in the other formats
	out   []byte            // text that waits
	data  io.Reader         // of the table at hand
	raw   *pgPieces         // what data is compressed in
	fault error             // the first met in the data of a table
	err   error             // what ends the text
}

func (p *pgText) Read(b []byte) (int, error) {
	for {
		if len(p.out) > 0 {
			n := copy(b, p.out)
			p.out = p.out[n:]
			return n, nil
		}
		if p.data != nil {
			n, err := p.data.Read(b)
			if err != nil {
				p.endData(err)
			}
			if n > 0 {
				return n, nil
			}
			continue
		}
		if p.err == nil {
			p.err = p.step()
		}
		if p.err != nil && len(p.out) == 0 {
			if p.err == io.EOF && p.fault != nil {
				return 0, p.fault
			}
			return 0, p.err
		}
	}
}

// step reads what comes next: the header, an item of the table of contents, or
// the beginning of a block of data.
func (p *pgText) step() error {
	if err := p.ctx.Err(); err != nil {
		return err
	}
	switch {
	case !p.begun:
		p.begun = true
		return fault(p.header())
	case p.left > 0:
		p.left--
		return fault(p.item())
	case !p.custom:
		return io.EOF
	}
	kind, err := p.in.ReadByte()
	if err != nil {
		return err // io.EOF: the end
	}
	number, err := p.int()
	if err != nil {
		return fault(err)
	}
	switch kind {
	case 1:
		return fault(p.table(number))
	case 3:
		return fault(p.largeObjects())
	}
	return malformed("block of a PostgreSQL dump")
}

func (p *pgText) header() error {
	var h [11]byte
	if _, err := io.ReadFull(p.in, h[:]); err != nil {
		return err
	}
	p.version, p.integer, p.offset = int(h[6]), int(h[8]), int(h[9])
	if h[5] != 1 || p.version < 10 || p.version > 16 {
		return unsupported(fmt.Sprintf("PostgreSQL dump of version %d.%d", h[5], h[6]))
	}
	if p.integer == 0 || p.integer > 8 || p.offset == 0 || p.offset > 8 {
		return malformed("header of a PostgreSQL dump")
	}
	p.custom = h[10] == 1
	if p.version >= 15 {
		var err error
		if p.algorithm, err = p.in.ReadByte(); err != nil {
			return err
		}
		if p.algorithm > 3 {
			return unsupported("compression of a PostgreSQL dump")
		}
	} else {
		level, err := p.int()
		if err != nil {
			return err
		}
		if level != 0 {
			p.algorithm = 1
		}
	}
	if err := p.skipInts(7); err != nil { // when it was made
		return err
	}
	err := p.skipStrings(3) // name of the database, versions of its server and of pg_dump
	if err != nil {
		return err
	}
	p.left, err = p.int()
	p.copy, p.files = make(map[int]string), make(map[string]string)
	return err
}

// item reads an item of the table of contents, and lays down its definition.
func (p *pgText) item() error {
	number, err := p.int()
	if err != nil {
		return err
	}
	if err := p.skipInts(1); err != nil {
		return err
	}
	if err := p.skipStrings(4); err != nil { // two numbers, name, sort
		return err
	}
	if p.version >= 11 {
		if err := p.skipInts(1); err != nil {
			return err
		}
	}
	definition, _, err := p.string()
	if err != nil {
		return err
	}
	if err := p.skipStrings(1); err != nil {
		return err
	}
	begin, _, err := p.string()
	if err != nil {
		return err
	}
	places := 2 // schema and tablespace, from 1.14 access method
	if p.version >= 14 {
		places++
	}
	if err := p.skipStrings(places); err != nil {
		return err
	}
	if p.version >= 16 {
		if err := p.skipInts(1); err != nil {
			return err
		}
	}
	if err := p.skipStrings(2); err != nil { // owner, and whether rows have numbers
		return err
	}
	for some := true; some; { // what it depends on
		if _, some, err = p.string(); err != nil {
			return err
		}
	}
	file := ""
	if p.custom {
		_, err = p.in.Discard(1 + p.offset)
	} else {
		file, _, err = p.string()
	}
	if err != nil {
		return err
	}
	if p.kept += len(begin) + len(file) + 64; begin != "" && p.kept < pgKept {
		p.copy[number] = begin
		p.files[file] = begin
	}
	if p.out = append(p.out[:0], definition...); len(definition) > 0 {
		p.out = append(p.out, '\n')
	}
	return nil
}

// table begins to read the data of a table.
func (p *pgText) table(number int) error {
	p.raw = &pgPieces{p: p}
	if p.object != nil {
		return p.raw.pass()
	}
	data, err := p.plain(p.raw)
	if err != nil {
		p.endData(err)
		return nil
	}
	p.out, p.data = append(append(p.out[:0], '\n'), p.copy[number]...), data
	return nil
}

// endData ends a table. Where it is damaged the rows that came are ended, and
// what is left of it passed over.
func (p *pgText) endData(err error) {
	p.data = nil
	if err != io.EOF && p.fault == nil {
		p.fault = fault(err)
		p.out = append(p.out[:0], "\n\\.\n"...)
	}
	if err := p.raw.pass(); err != nil {
		p.err = fault(err)
	}
}

// largeObjects reads a block of them: each a number and data.
func (p *pgText) largeObjects() error {
	for {
		number, err := p.int()
		if err != nil || number == 0 {
			return err
		}
		p.objects++
		raw := &pgPieces{p: p}
		if p.object != nil {
			r, err := p.plain(raw)
			o := scanner.Object{Path: "blob_" + strconv.Itoa(number) + ".dat", Size: -1, Open: once(r)}
			if err != nil {
				o.Open = broken(fault(err))
			}
			if err := p.object(o); err != nil {
				return err
			}
		}
		if err := raw.pass(); err != nil {
			return err
		}
	}
}

// broken is the Open of a member that cannot be read.
func broken(err error) func(context.Context, int64, int64) (io.ReadCloser, error) {
	return func(context.Context, int64, int64) (io.ReadCloser, error) { return nil, err }
}

// plain decompresses data. Nothing at all is nothing compressed.
func (p *pgText) plain(raw *pgPieces) (io.Reader, error) {
	raw.begin()
	if raw.done || raw.err != nil {
		return raw, nil
	}
	switch p.algorithm {
	case 1:
		r, err := zlib.NewReader(raw)
		if errors.Is(err, zlib.ErrHeader) {
			err = malformed("compressed data do not decode")
		}
		return zlibData{r}, err
	case 2:
		return lz4Coding.open(raw)
	case 3:
		return zstdCoding.open(raw)
	}
	return raw, nil
}

// A zlibData gives the errors of zlib their reason.
type zlibData struct{ r io.Reader }

func (z zlibData) Read(b []byte) (int, error) {
	n, err := z.r.Read(b)
	if errors.Is(err, zlib.ErrChecksum) {
		err = malformed("checksum")
	}
	return n, err
}

// int reads an integer: a sign and its bytes, the lowest first.
func (p *pgText) int() (int, error) {
	sign, err := p.in.ReadByte()
	if err != nil {
		return 0, io.ErrUnexpectedEOF
	}
	v := 0
	for i := range p.integer {
		b, err := p.in.ReadByte()
		if err != nil {
			return 0, io.ErrUnexpectedEOF
		}
		if i >= 4 && b != 0 {
			return 0, malformed("integer of a PostgreSQL dump")
		}
		v |= int(b) << (8 * i)
	}
	if sign != 0 {
		v = -v
	}
	return v, nil
}

// string reads a string; there may be none.
func (p *pgText) string() (string, bool, error) {
	n, err := p.int()
	if err != nil || n < 0 {
		return "", false, err
	}
	if n > pgString {
		return "", false, malformed("string of a PostgreSQL dump")
	}
	var b bytes.Buffer
	if _, err := io.CopyN(&b, p.in, int64(n)); err != nil {
		return "", false, io.ErrUnexpectedEOF
	}
	return b.String(), true, nil
}

func (p *pgText) skipInts(n int) error {
	for range n {
		if _, err := p.int(); err != nil {
			return err
		}
	}
	return nil
}

func (p *pgText) skipStrings(n int) error {
	for range n {
		if _, _, err := p.string(); err != nil {
			return err
		}
	}
	return nil
}

// pgPieces are the data of a table or a large object: pieces that say how long
// they are, up to an empty one.
type pgPieces struct {
	p    *pgText
	left int // of the piece at hand
	done bool
	err  error
}

// begin reads the length of the next piece, where one is due.
func (r *pgPieces) begin() {
	if r.left > 0 || r.done || r.err != nil {
		return
	}
	r.left, r.err = r.p.int()
	if r.left < 0 && r.err == nil {
		r.err = malformed("length in a PostgreSQL dump")
	}
	r.done = r.left == 0 && r.err == nil
}

func (r *pgPieces) Read(b []byte) (int, error) {
	r.begin()
	switch {
	case r.err != nil:
		return 0, r.err
	case r.done:
		return 0, io.EOF
	}
	n, err := r.p.in.Read(b[:min(len(b), r.left)])
	r.left -= n
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	r.err = err
	return n, err
}

// pass goes behind what was not read.
func (r *pgPieces) pass() error {
	_, err := io.Copy(io.Discard, r)
	return err
}
