package format

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"time"

	"vigie/scanner"
)

// Signatures and lengths of APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16.
const (
	zipLocal     = "PK\x03\x04"
	zipCentral   = "PK\x01\x02"
	zipEnd       = "PK\x05\x06"
	zipEnd64     = "PK\x06\x06"
	zipLocator   = "PK\x06\x07"
	zipDescribed = "PK\x07\x08"

	zipLocalLen   = 30
	zipCentralLen = 46
	zipEndLen     = 22
	zipEnd64Len   = 56
	zipLocatorLen = 20
)

// zipMembers is how many members of one directory are read: their offsets are
// held to see that none overlap, 16 bytes each.
const zipMembers = 1 << 20

// errDirectory says that an archive has no directory that can be relied on:
// its members are looked for one after another.
var errDirectory = errors.New("no directory")

// errSplit says that members lie in other parts of an archive.
var errSplit = unsupported("part of a split zip archive")

// A zipHeader is what a directory or a local header says of one member.
type zipHeader struct {
	name         string
	flags        uint16
	method       uint16
	clock        uint16 // time of day, which check bytes may be taken from
	aes          byte   // strength of WinZip AES, 1 to 3; 0: none
	unsummed     bool   // crc says nothing (AE-2)
	crc          uint32
	packed, size int64 // bytes compressed and not
	at           int64 // offset of the local header in the object
	names        int   // bytes of name and extra fields in the directory
	modified     time.Time
}

func (h *zipHeader) encrypted() bool { return h.flags&1 != 0 }
func (h *zipHeader) folder() bool {
	return h.size == 0 && (h.name == "" || h.name[len(h.name)-1] == '/' || h.name[len(h.name)-1] == '\\')
}

// A zipDirectory is the central directory, read in place: only offsets are
// held, in the order of the members.
type zipDirectory struct {
	window
	start, end int64 // of the headers
	base       int64 // bytes before the archive proper, which its offsets leave out
	count      uint64
	wide       bool // count has 64 bits
	spans      []zipSpan
	more       bool // there are members beyond zipMembers
}

// A zipSpan is where a member begins, and where its header in the directory is.
type zipSpan struct{ at, header int64 }

// openDirectory finds the directory and reads it once from end to end. It
// returns errDirectory when it is missing or damaged anywhere.
func openDirectory(r io.ReaderAt, size int64) (*zipDirectory, error) {
	d := &zipDirectory{window: window{r: r, size: size}}
	if err := d.find(); err != nil {
		return nil, err
	}
	var seen uint64
	for pos := d.start; pos < d.end; {
		h, next, err := d.header(pos)
		if err != nil {
			return nil, err
		}
		seen++
		if len(d.spans) < zipMembers {
			d.spans = append(d.spans, zipSpan{h.at, pos})
		} else {
			d.more = true
		}
		pos = next
	}
	if seen != d.count && (d.wide || uint16(seen) != uint16(d.count)) {
		return nil, errDirectory
	}
	slices.SortStableFunc(d.spans, func(a, b zipSpan) int { return cmp.Compare(a.at, b.at) })
	return d, nil
}

// find looks for the end record, which a comment of 64 KiB may follow.
func (d *zipDirectory) find() error {
	n := min(d.size, 1<<16+zipEndLen)
	tail := make([]byte, n)
	if _, err := d.r.ReadAt(tail, d.size-n); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	for i, tries := len(tail), 0; tries < 16; tries++ {
		if i = bytes.LastIndex(tail[:i], []byte(zipEnd)); i < 0 {
			return errDirectory
		}
		if len(tail)-i < zipEndLen {
			continue
		}
		err := d.locate(tail[i:], d.size-n+int64(i))
		if err == nil || !errors.Is(err, errDirectory) {
			return err
		}
	}
	return errDirectory
}

// locate reads the end record e, which lies at pos, and the zip64 record that
// may stand before it.
func (d *zipDirectory) locate(e []byte, pos int64) error {
	le := binary.LittleEndian
	disk, first := uint32(le.Uint16(e[4:])), uint32(le.Uint16(e[6:]))
	length, offset := int64(le.Uint32(e[12:])), int64(le.Uint32(e[16:]))
	d.count, d.wide = uint64(le.Uint16(e[10:])), false
	if int(le.Uint16(e[20:])) > len(e)-zipEndLen {
		return errDirectory
	}
	if l, err := d.bytes(pos-zipLocatorLen, zipLocatorLen); err == nil && string(l[:4]) == zipLocator {
		at := int64(le.Uint64(l[8:]))
		r, err := d.bytes(at, zipEnd64Len)
		if err != nil || string(r[:4]) != zipEnd64 { // something stands before the archive
			at = pos - zipLocatorLen - zipEnd64Len
			r, err = d.bytes(at, zipEnd64Len)
		}
		if err != nil || string(r[:4]) != zipEnd64 {
			return errDirectory
		}
		pos, d.wide = at, true
		disk, first = le.Uint32(r[16:]), le.Uint32(r[20:])
		d.count = le.Uint64(r[32:])
		length, offset = int64(le.Uint64(r[40:])), int64(le.Uint64(r[48:]))
	}
	if disk != first || disk != 0 && disk != 0xffff {
		return errSplit
	}
	if length < 0 || offset < 0 || length > pos {
		return errDirectory
	}
	for _, start := range [...]int64{pos - length, offset} {
		if start+length > pos || start < offset {
			continue
		}
		sig, err := d.bytes(start, 4)
		if length == 0 || err == nil && string(sig) == zipCentral {
			if sig, err := d.bytes(0, 4); start > offset && err == nil && string(sig) == zipLocal {
				return errDirectory // it belongs to an archive within this one, whose own end is lost
			}
			d.start, d.end, d.base = start, start+length, start-offset
			return nil
		}
	}
	return errDirectory
}

// header reads the header at pos and says where the next one is.
func (d *zipDirectory) header(pos int64) (zipHeader, int64, error) {
	le := binary.LittleEndian
	b, err := d.bytes(pos, zipCentralLen)
	if err != nil {
		return zipHeader{}, 0, err
	}
	if string(b[:4]) != zipCentral {
		return zipHeader{}, 0, errDirectory
	}
	h := zipHeader{
		flags:    le.Uint16(b[8:]),
		method:   le.Uint16(b[10:]),
		clock:    le.Uint16(b[12:]),
		modified: dosTime(le.Uint16(b[14:]), le.Uint16(b[12:])),
		crc:      le.Uint32(b[16:]),
		packed:   int64(le.Uint32(b[20:])),
		size:     int64(le.Uint32(b[24:])),
		at:       int64(le.Uint32(b[42:])),
	}
	name, extra, comment := int(le.Uint16(b[28:])), int(le.Uint16(b[30:])), int(le.Uint16(b[32:]))
	h.names = name + extra
	next := pos + zipCentralLen + int64(name+extra+comment)
	if next > d.end {
		return zipHeader{}, 0, errDirectory
	}
	if b, err = d.bytes(pos+zipCentralLen, name+extra); err != nil {
		return zipHeader{}, 0, err
	}
	h.extras(b[:name], b[name:], true)
	h.at += d.base
	return h, next, nil
}

// members hands over the headers in order of offset. A member that runs into
// the next one or into the directory is left out (such is the trick of zip
// bombs without nesting: D. Fifield, "A better zip bomb", 2019) and counted.
func (d *zipDirectory) members(yield func(zipHeader) error) error {
	overlaps := 0
	for i, s := range d.spans {
		h, _, err := d.header(s.header)
		if err != nil {
			return err
		}
		if h.folder() {
			continue
		}
		if h.at < 0 || h.packed < 0 || h.size < 0 || h.packed > d.start-h.at-zipLocalLen || d.crossed(i, h.at+zipLocalLen+h.packed) {
			overlaps++
			continue
		}
		if err := yield(h); err != nil {
			return err
		}
	}
	switch {
	case overlaps > 0:
		return malformed("members overlap: " + plural(overlaps, "member") + " not read")
	case d.more:
		return &scanner.Problem{Reason: scanner.TooMany, Detail: "only the first " + plural(zipMembers, "member") + " read"}
	}
	return nil
}

// crossed reports whether another member begins before end in the member at
// spans[i]. The directory may lie about a few of those behind it: only one
// that has a local header counts.
func (d *zipDirectory) crossed(i int, end int64) bool {
	for j := i + 1; j < len(d.spans) && d.spans[j].at < end; j++ {
		if j > i+8 {
			return true
		}
		var sig [4]byte
		if _, err := d.r.ReadAt(sig[:], max(d.spans[j].at, 0)); err != nil || string(sig[:]) == zipLocal {
			return true
		}
	}
	return false
}

// A window reads small pieces that lie close together.
type window struct {
	r    io.ReaderAt
	size int64
	at   int64
	buf  []byte
}

// bytes returns n bytes from off, valid until the next call; errDirectory when
// there are not as many.
func (w *window) bytes(off int64, n int) ([]byte, error) {
	if off < 0 || off > w.size-int64(n) {
		return nil, errDirectory
	}
	if off < w.at || off+int64(n) > w.at+int64(len(w.buf)) {
		k := int(min(w.size-off, int64(max(n, 32<<10))))
		if cap(w.buf) < k {
			w.buf = make([]byte, k)
		}
		w.at, w.buf = off, w.buf[:k]
		if got, err := w.r.ReadAt(w.buf, off); got < k {
			w.buf = w.buf[:0]
			if err == nil || errors.Is(err, io.EOF) {
				err = truncated("shorter than it was")
			}
			return nil, err
		}
	}
	return w.buf[off-w.at:][:n], nil
}
