package format

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

var cabFormat = scanner.Format{
	Name: "cab",
	Doc: `Cabinet archives

What Windows packs its files in (.cab, [MS-CAB]): folders stored, or compressed
with MSZIP or LZX, read in one stream from beginning to end. Folders compressed
with Quantum, and members that begin or end in another cabinet of a set, are
reported.`,
	Match:  func(_ string, head []byte) bool { return matchCab(head) },
	Unpack: unpackCab,
}

// Lengths and marks of [MS-CAB] 2.
const (
	cabMagic  = "MSCF\x00\x00\x00\x00"
	cabHeader = 36
	cabFile   = 16
	cabName   = 256 // bytes at most, with the NUL
	cabBlock  = 32 << 10

	cabFromPrevious = 0xfffd // as the number of a folder
	cabToNext       = 0xfffe
	cabFromTo       = 0xffff
)

func matchCab(head []byte) bool {
	return bytes.HasPrefix(head, []byte(cabMagic)) && len(head) >= cabHeader && head[25] == 1
}

// A cab is a cabinet that is read in a stream.
type cab struct {
	r       io.Reader
	at      int64 // where in the cabinet r is
	reserve int   // bytes in each block that are not data
	folders []cabFolder

	packed [1 << 16]byte // of one block
	mszip  mszip
	lzx    codec.LZX
}

// A cabFolder is a run of blocks that are compressed together.
type cabFolder struct {
	at      int64 // of its first block
	blocks  int
	coding  uint16
	members []cabMember
	from    bool // its first block began in the cabinet before
}

type cabMember struct {
	name     string
	size, at int64 // at: in what the folder decompresses to
	modified time.Time
	to       bool // it ends in the next cabinet
}

var errSet = unsupported("continues in another cabinet of the set")

func unpackCab(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	z := &cab{r: bufio.NewReaderSize(c.Stream(), 64<<10)}
	short, err := z.directory()
	if err != nil {
		return err
	}
	slices.SortStableFunc(z.folders, func(a, b cabFolder) int { return cmp.Compare(a.at, b.at) })
	overlaps, loose := 0, false
	for i := range z.folders {
		over, rest, err := z.folder(ctx, &z.folders[i], yield)
		if err != nil {
			return err
		}
		overlaps += over
		loose = loose || rest
	}
	switch {
	case short != nil:
		return short
	case overlaps > 0:
		return malformed("members overlap: " + plural(overlaps, "member") + " not read")
	case loose:
		return malformed("there are data that belong to no member")
	}
	return nil
}

// folder hands over the members of a folder, but for those that overlap. loose
// tells that there is more in it than they hold, where that shows without reading
// more than was asked for.
func (z *cab) folder(ctx context.Context, f *cabFolder, yield func(scanner.Object) error) (overlaps int, loose bool, err error) {
	slices.SortStableFunc(f.members, func(a, b cabMember) int { return cmp.Compare(a.at, b.at) })
	if len(f.members) == 0 {
		return 0, f.blocks > 0, nil
	}
	d := &cabData{cab: z, folder: f, left: f.blocks}
	if d.err = d.begin(); errors.Is(d.err, errOverlap) {
		return len(f.members), false, nil
	}
	end := int64(0)
	for _, m := range f.members {
		if err := ctx.Err(); err != nil {
			return overlaps, loose, err
		}
		if m.at < end {
			overlaps++
			continue
		}
		loose = loose || m.at > end && !f.from
		end = m.at + m.size
		if err := yield(scanner.Object{Path: memberPath(m.name), Size: m.size, Modified: m.modified, Open: d.open(m)}); err != nil {
			return overlaps, loose, err
		}
	}
	return overlaps, loose || d.err == nil && d.at == end && d.more(), nil
}

var errOverlap = errors.New("folders overlap")

// read fills b.
func (z *cab) read(b []byte) error {
	n, err := io.ReadFull(z.r, b)
	z.at += int64(n)
	return fault(err)
}

// seek goes on to an offset; errOverlap when that was passed.
func (z *cab) seek(at int64) error {
	if at < z.at {
		return errOverlap
	}
	n, err := io.CopyN(io.Discard, z.r, at-z.at)
	z.at += n
	return fault(err)
}

// directory reads all that stands before the data. short says that not all
// members are there; those that are can be read.
func (z *cab) directory() (short, err error) {
	le := binary.LittleEndian
	var b [cabHeader]byte
	if err := z.read(b[:]); err != nil {
		return nil, err
	}
	if !matchCab(b[:]) {
		return nil, malformed("header")
	}
	files, flags := int64(le.Uint32(b[16:])), le.Uint16(b[30:])
	folders, members := int(le.Uint16(b[26:])), int(le.Uint16(b[28:]))
	folderMore := 0
	if flags&4 != 0 {
		var r [4]byte
		if err := z.read(r[:]); err != nil {
			return nil, err
		}
		folderMore, z.reserve = int(r[2]), int(r[3])
		if err := z.seek(z.at + int64(le.Uint16(r[:]))); err != nil {
			return nil, err
		}
	}
	for bit := uint16(1); bit <= 2; bit <<= 1 { // cabinet and disk, before and after
		for range 2 {
			if flags&bit == 0 {
				continue
			}
			if _, err := z.word(); err != nil {
				return nil, err
			}
		}
	}
	for range folders {
		f := make([]byte, 8+folderMore)
		if err := z.read(f); err != nil {
			return nil, err
		}
		z.folders = append(z.folders, cabFolder{at: int64(le.Uint32(f)), blocks: int(le.Uint16(f[4:])), coding: le.Uint16(f[6:])})
	}
	if err := z.seek(files); err != nil {
		return nil, malformed("directory")
	}
	for range members {
		if err := z.member(); err != nil {
			return err, nil
		}
	}
	return nil, nil
}

// word reads a string that ends with NUL.
func (z *cab) word() ([]byte, error) {
	var b []byte
	for len(b) < cabName {
		var c [1]byte
		if err := z.read(c[:]); err != nil {
			return nil, err
		}
		if c[0] == 0 {
			return b, nil
		}
		b = append(b, c[0])
	}
	return nil, malformed("name without an end")
}

// member reads what the directory says of one member.
func (z *cab) member() error {
	le := binary.LittleEndian
	var b [cabFile]byte
	if err := z.read(b[:]); err != nil {
		return err
	}
	name, err := z.word()
	if err != nil {
		return err
	}
	m := cabMember{
		name:     zipName(name, le.Uint16(b[14:])&0x80 != 0),
		size:     int64(le.Uint32(b[:])),
		at:       int64(le.Uint32(b[4:])),
		modified: dosTime(le.Uint16(b[10:]), le.Uint16(b[12:])),
	}
	n := int(le.Uint16(b[8:]))
	from := n == cabFromPrevious || n == cabFromTo
	m.to = n == cabToNext || n == cabFromTo
	switch {
	case from:
		n = 0
	case m.to:
		n = len(z.folders) - 1
	}
	if n < 0 || n >= len(z.folders) {
		return malformed(fmt.Sprintf("member in folder %d of %d", n, len(z.folders)))
	}
	f := &z.folders[n]
	f.from = f.from || from
	f.members = append(f.members, m)
	return nil
}
