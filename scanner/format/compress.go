package format

import (
	"bufio"
	"errors"
	"io"

	"vigie/scanner"
)

var compressCoding = coding{
	name:    "compress",
	endings: ".z . .taz .tar .tz .tar",
	decode: func(r io.Reader) (io.Reader, error) {
		u, err := newUncompressor(r)
		return &endless{r: u, name: "compress"}, err
	},
}

var compressFormat = scanner.Format{
	Name: "compress",
	Doc: `compress (.Z)

One member, with codes of 9 to 16 bits. The format has neither length nor
checksum nor end mark: one that is cut behind a code looks whole, and is reported
only where it holds lines of text and ends inside one.`,
	Match:  func(_ string, head []byte) bool { return compressHeader(head) },
	Unpack: compressCoding.unpack,
}

// The header is two bytes and one of flags; the lowest five bits of that are
// the longest code.
const (
	lzwBits  = 0x1f
	lzwSpare = 0x60
	lzwBlock = 0x80 // code 256 clears the table
	lzwClear = 256
)

// compressHeader checks the header, and that the first code is a byte.
func compressHeader(head []byte) bool {
	if len(head) < 3 || head[0] != 0x1f || head[1] != 0x9d || head[2]&lzwSpare != 0 {
		return false
	}
	bits := head[2] & lzwBits
	return bits >= 9 && bits <= 16 && (len(head) == 3 || len(head) > 4 && head[4]&1 == 0)
}

// An uncompressor decodes the LZW of the compress program (Welch 1984; Spencer
// Thomas's program of 1985). Codes come in groups of eight; when their width
// changes, the rest of the group is padding.
type uncompressor struct {
	br      *bufio.Reader
	longest uint
	block   bool

	width uint
	group [16]byte // width bytes: eight codes
	bits  uint     // of them, there are
	at    uint     // of them, read

	prefix [1 << 16]uint16
	suffix [1 << 16]byte
	free   int  // the next code that will get a meaning
	last   int  // the code before; -1: none yet
	first  byte // with which its meaning begins
	buf    [1 << 16]byte
	out    []byte // the end of buf: decoded, not yet read
	err    error
}

func newUncompressor(r io.Reader) (*uncompressor, error) {
	u := &uncompressor{br: bufio.NewReader(r), width: 9, last: -1, free: lzwClear}
	var head [3]byte
	if _, err := io.ReadFull(u.br, head[:]); err != nil {
		return nil, err
	}
	if !compressHeader(head[:]) {
		return nil, malformed("compress header")
	}
	u.longest, u.block = uint(head[2]&lzwBits), head[2]&lzwBlock != 0
	if u.block {
		u.free++
	}
	for i := range 256 {
		u.suffix[i] = byte(i)
	}
	return u, nil
}

func (u *uncompressor) Read(p []byte) (int, error) {
	n := 0
	for n < len(p) && u.err == nil {
		if len(u.out) == 0 {
			u.err = u.decode()
		}
		k := copy(p[n:], u.out)
		u.out = u.out[k:]
		n += k
	}
	if n > 0 {
		return n, nil
	}
	return 0, u.err
}

// decode puts the meaning of the next code in out.
func (u *uncompressor) decode() error {
	code, err := u.code()
	if err != nil {
		return err
	}
	if code == lzwClear && u.block && u.last >= 0 {
		u.free, u.width, u.bits, u.at = lzwClear, 9, 0, 0
		return nil // the next code gives 256 a meaning, which nothing uses
	}
	if u.last < 0 && code > 255 || code > u.free {
		return malformed("compressed data do not decode")
	}
	at, c := len(u.buf), code
	if code == u.free { // what came last and its first byte again
		at--
		u.buf[at] = u.first
		c = u.last
	}
	for c > 255 && at > 1 {
		at--
		u.buf[at] = u.suffix[c]
		c = int(u.prefix[c])
	}
	at--
	u.buf[at] = byte(c)
	u.first = byte(c)
	u.out = u.buf[at:]
	if u.last >= 0 && u.free < 1<<u.longest {
		u.prefix[u.free], u.suffix[u.free] = uint16(u.last), u.first
		u.free++
	}
	u.last = code
	return nil
}

// code reads a code; io.EOF when there is none and nothing of one.
func (u *uncompressor) code() (int, error) {
	if u.free >= 1<<u.width && u.width < u.longest {
		u.width++
		u.bits, u.at = 0, 0
	}
	if u.at+u.width > u.bits {
		if u.bits > 0 && u.bits < 8*u.width {
			return 0, u.remainder()
		}
		n, err := io.ReadFull(u.br, u.group[:u.width])
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return 0, err // io.EOF between two groups is the end
		}
		u.bits, u.at = uint(n)*8, 0
		if u.bits < u.width {
			return 0, io.ErrUnexpectedEOF
		}
	}
	i, shift := u.at/8, u.at%8
	v := uint(u.group[i]) | uint(u.group[i+1])<<8
	if i+2 < uint(len(u.group)) {
		v |= uint(u.group[i+2]) << 16
	}
	u.at += u.width
	return int(v >> shift & (1<<u.width - 1)), nil
}

// remainder looks at what follows the last code: padding up to a byte.
func (u *uncompressor) remainder() error {
	if u.bits-u.at >= 8 || u.bits > u.at && u.group[u.at/8]>>(u.at%8) != 0 {
		return io.ErrUnexpectedEOF
	}
	return io.EOF
}
