package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"
	"strings"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

const (
	sevenMagic = "7z\xbc\xaf\x27\x1c"
	sevenStart = 32 // bytes of the signature header
)

var sevenZipFormat = scanner.Format{
	Name: "7z",
	Doc: `7z archives

Members stored or packed with LZMA, LZMA2, PPMd, bzip2, Deflate, Deflate64,
Zstandard, LZ4 or Brotli, behind the filters for programs (BCJ, BCJ2, ARM, ARM64,
PPC, SPARC, IA-64, RISC-V) and Delta, solid or not. Members are read in their
order, so that a solid block is decoded once. Encrypted members are read where a
password fits; otherwise they are reported under their names, or the archive is
where the names are encrypted too. The list of members stands at the end: of an
archive that is cut short, or of the first of several parts, only the beginning
of the first block is read, as one member without a name. Dictionaries of more
than 256 MiB are refused.`,
	Match:   func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte(sevenMagic)) },
	Unpack:  unpackSevenZip,
	Foreign: true,
}

// A sevenZip is an archive that is being read, by one goroutine.
type sevenZip struct {
	source  sevenSource
	size    int64
	folds   []sevenFold
	members []sevenMember
	keys    sevenKeys

	open  *sevenBlock  // the fold that is being read
	ahead *codec.Ahead // a decoder in it that has to be closed
	roomy bool         // the large slot is held

	word map[int]string
	bad  map[int]error // folds that do not decode to their end
}

// A sevenSource keeps the trouble of the object apart from what decoders make
// of it.
type sevenSource struct {
	io.ReaderAt
	err error
}

func (s *sevenSource) ReadAt(p []byte, off int64) (int, error) {
	n, err := s.ReaderAt.ReadAt(p, off)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

func unpackSevenZip(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	return walkSevenZip(ctx, c, c.Passwords(), yield)
}

func walkSevenZip(ctx context.Context, c *scanner.Content, words []string, yield func(scanner.Object) error) error {
	at, size, err := c.At(ctx)
	if err != nil {
		return err
	}
	z := &sevenZip{source: sevenSource{ReaderAt: at}, size: size, word: map[int]string{}, bad: map[int]error{}}
	z.keys.words = words
	if err := z.read(c.Name()); err != nil {
		if lost, ok := err.(*scanner.Problem); ok && (lost.Reason == scanner.Truncated || lost.Reason == scanner.Partial) {
			if r := z.beginning(); r != nil {
				o := scanner.Object{Path: memberPath(""), Size: -1, Open: once(r)}
				if err := yield(o); err != nil {
					return err
				}
			}
		}
		return err
	}
	if z.window() > smallWindow {
		give, err := c.Borrow(ctx)
		if err != nil {
			return err
		}
		defer give()
		z.roomy = true
	} else if z.widest() >= sevenAhead {
		give, ok := c.Spare()
		defer give()
		z.roomy = ok
	}
	defer z.shut()
	for i := range z.members {
		m := &z.members[i]
		if m.directory || m.anti || m.link() {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		o := scanner.Object{Path: memberPath(m.name), Modified: m.modified}
		if m.fold >= 0 {
			o.Size = z.folds[m.fold].parts[m.part].size
		}
		opened := false
		o.Open = func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
			if off > 0 || opened {
				return nil, scanner.ErrUnranged
			}
			opened = true
			return z.member(m)
		}
		if err := yield(o); err != nil {
			return err
		}
	}
	return nil
}

// link tells members that hold no more than the name of another: symbolic links
// of Unix and reparse points of Windows.
func (m *sevenMember) link() bool {
	if m.attributes&0x8000 != 0 {
		return m.attributes>>28 == 0xa
	}
	return m.attributes&0x400 != 0
}

// read reads the header, which says what is in the archive and how.
func (z *sevenZip) read(name string) error {
	var b [sevenStart]byte
	if n, err := z.source.ReadAt(b[:], 0); n < len(b) {
		return z.why(err)
	}
	at, size := int64(binary.LittleEndian.Uint64(b[12:])), int64(binary.LittleEndian.Uint64(b[20:]))
	switch {
	case crc32.ChecksumIEEE(b[12:]) != binary.LittleEndian.Uint32(b[8:]):
		return malformed("7z start header")
	case at < 0 || size < 0 || at > sevenSizeMax || size > sevenSizeMax:
		return malformed("7z start header")
	case at+size > z.size-sevenStart:
		if strings.HasSuffix(name, ".001") {
			return &scanner.Problem{Reason: scanner.Partial, Detail: "7z archive in several parts: the list of members is in the last of them"}
		}
		return truncated("ends before the list of members")
	case size > sevenHeadMax:
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "7z list of members"}
	case size == 0:
		return nil
	}
	head := make([]byte, size)
	if n, err := z.source.ReadAt(head, sevenStart+at); n < len(head) {
		return z.why(err)
	}
	if crc32.ChecksumIEEE(head) != binary.LittleEndian.Uint32(b[28:]) {
		return malformed("checksum of the list of members")
	}
	for range 4 {
		r := &sevenReader{b: head}
		switch r.number() {
		case sevenHeader:
			z.folds, z.members = r.header()
			if r.bad {
				return r.why()
			}
			return nil
		case sevenEncoded:
			folds := r.streams()
			if r.bad || len(folds) != 1 {
				return r.why()
			}
			var err error
			if head, err = z.decodeHeader(&folds[0]); err != nil {
				return err
			}
		default:
			return malformed("7z list of members")
		}
	}
	return malformed("7z list of members is packed many times over")
}

func (r *sevenReader) why() error {
	if r.many {
		return &scanner.Problem{Reason: scanner.TooMany, Detail: "members in a 7z archive"}
	}
	return malformed("7z list of members")
}

// decodeHeader unpacks a list of members. Where it is encrypted, so are the
// names.
func (z *sevenZip) decodeHeader(f *sevenFold) ([]byte, error) {
	if f.size() > sevenHeadMax {
		return nil, &scanner.Problem{Reason: scanner.TooLarge, Detail: "7z list of members"}
	}
	decode := func(word string) ([]byte, error) {
		r, err := z.unfold(f, word)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		n, err := io.Copy(&b, r)
		switch {
		case err != nil:
			return nil, err
		case n < f.size():
			return nil, truncated("list of members")
		case f.sum.have && crc32.ChecksumIEEE(b.Bytes()) != f.sum.sum:
			return nil, malformed("checksum of the list of members")
		}
		return b.Bytes(), nil
	}
	if !f.locked() {
		return decode("")
	}
	for _, word := range z.keys.order() {
		b, err := decode(word)
		if err == nil {
			z.keys.works(word)
			return b, nil
		}
		if z.source.err != nil {
			return nil, z.why(z.source.err)
		}
	}
	return nil, z.keys.sealed("; the names of the members are encrypted too")
}

// member opens a member: the data are in a fold, behind those of the members
// before it.
func (z *sevenZip) member(m *sevenMember) (io.ReadCloser, error) {
	if m.fold < 0 {
		return io.NopCloser(strings.NewReader("")), nil
	}
	f := &z.folds[m.fold]
	if err := z.bad[m.fold]; err != nil {
		return nil, err
	}
	if z.open == nil || z.open.fold != m.fold || z.open.at > m.at {
		word := ""
		if f.locked() {
			var err error
			if word, err = z.unlock(m.fold); err != nil {
				z.bad[m.fold] = err
				return nil, err
			}
		}
		z.shut() // its memory is needed
		r, err := z.unfold(f, word)
		if err != nil {
			z.bad[m.fold] = err
			return nil, err
		}
		z.open = &sevenBlock{z: z, fold: m.fold, r: r}
	}
	if err := z.open.pass(m.at); err != nil {
		return nil, err
	}
	p := f.parts[m.part]
	return &sevenData{block: z.open, left: p.size, want: p.sum}, nil
}

// shut ends the reading of a fold.
func (z *sevenZip) shut() {
	z.open = nil
	if z.ahead != nil {
		z.ahead.Close()
		z.ahead = nil
	}
}

// A sevenBlock is a fold that is being decoded, from one member to the next.
type sevenBlock struct {
	z    *sevenZip
	fold int
	r    io.Reader
	at   int64
}

// Read reads on. What cannot be decoded any further is lost to all members
// behind.
func (b *sevenBlock) Read(p []byte) (int, error) {
	n, err := b.r.Read(p)
	b.at += int64(n)
	if err != nil && err != io.EOF {
		b.z.shut()
		b.z.bad[b.fold] = errSpoiled(err)
	}
	return n, err
}

// errSpoiled is what members get to hear that lie behind the damage.
func errSpoiled(err error) error {
	var p *scanner.Problem
	if errors.As(err, &p) && (p.Reason == scanner.Malformed || p.Reason == scanner.Truncated) {
		return &scanner.Problem{Reason: p.Reason, Detail: "lies behind damage in a solid block"}
	}
	return err
}

// pass decodes the members that nobody asked for.
func (b *sevenBlock) pass(to int64) error {
	_, err := io.CopyN(io.Discard, b, to-b.at)
	if err == io.EOF {
		b.z.shut()
		b.z.bad[b.fold] = truncated("ends in the middle")
		return b.z.bad[b.fold]
	}
	return err
}

// sevenData reads one member of a block, and checks it.
type sevenData struct {
	block *sevenBlock
	left  int64
	sum   uint32
	want  sevenSum
	err   error
}

func (d *sevenData) Read(p []byte) (int, error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.left == 0 {
		d.err = io.EOF
		if d.want.have && d.sum != d.want.sum {
			d.err = d.block.z.damaged(d.block.fold)
		}
		return 0, d.err
	}
	n, err := d.block.Read(p[:min(int64(len(p)), d.left)])
	d.left -= int64(n)
	d.sum = crc32.Update(d.sum, crc32.IEEETable, p[:n])
	if d.left == 0 {
		return n, nil
	}
	if err == io.EOF {
		err = truncated("shorter than declared")
	}
	d.err = err
	return n, err
}

func (d *sevenData) Close() error { return nil }

// damaged says why a member has another checksum than it should.
func (z *sevenZip) damaged(fold int) error {
	if z.folds[fold].locked() && !z.keys.certain {
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "7z AES-256: no password fits, or the data are damaged"}
	}
	return malformed("checksum")
}

// why gives an error its reason. The trouble of the object goes before all else.
func (z *sevenZip) why(err error) error {
	if z.source.err != nil {
		err = z.source.err
	}
	return fault(err)
}
