package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"sync/atomic"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

// A zipMember opens a member in one ranged stream that begins with its local
// header, whose length only the header itself tells.
type zipMember struct {
	zipHeader
	c      *scanner.Content
	keys   *zipKeys
	random io.ReaderAt
	end    int64        // of the members: where the directory begins
	data   atomic.Int64 // where the data begin; 0: not known yet
}

// zipSlack is how much longer a local header may be than the directory lets
// expect before a second stream is opened. zipSmall members are read through
// the pages of random access: one request serves many.
const (
	zipSlack = 64
	zipSmall = 32 << 10
)

func (m *zipMember) open(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	if err := m.refuse(); err != nil {
		return nil, err
	}
	if m.encrypted() && len(m.keys.words) == 0 {
		return nil, m.keys.sealed(&m.zipHeader)
	}
	if off > 0 && (m.method != 0 || m.encrypted()) {
		return nil, scanner.ErrUnranged
	}
	if off > 0 {
		data, err := m.begin()
		if err != nil {
			return nil, err
		}
		rest := max(m.packed-off, 0)
		if n >= 0 {
			rest = min(rest, n)
		}
		return m.stream(ctx, data+off, rest)
	}
	want := m.packed
	if m.method == 0 && n >= 0 && !m.encrypted() {
		want = min(want, n)
	}
	inf := newInflater()
	src, err := m.stream(ctx, m.at, min(zipLocalLen+int64(m.names)+zipSlack+want, m.end-m.at))
	if err != nil {
		inf.free()
		return nil, err
	}
	inf.buf.Reset(src)
	length, err := localLength(inf.buf)
	if err == nil && length > zipLocalLen+m.names+zipSlack {
		src.Close()
		if src, err = m.stream(ctx, m.at+int64(length), want); err != nil {
			inf.free()
			return nil, err
		}
		inf.buf.Reset(src)
	} else if err == nil {
		_, err = inf.buf.Discard(length - zipLocalLen)
	}
	if err != nil {
		inf.free()
		src.Close()
		return nil, fault(err)
	}
	m.data.Store(m.at + int64(length))
	r := &memberReader{src: src, inf: inf, size: m.size, crc: m.crc, unsummed: m.unsummed, slack: inf.buf}
	if want < m.packed { // a piece of a stored member
		r.size, r.unsummed = want, true
	}
	if m.method == 98 {
		if r.give, err = m.c.Borrow(ctx); err != nil {
			r.Close()
			return nil, err
		}
	}
	switch {
	case m.encrypted():
		err = m.unlock(ctx, r)
	case m.method == 8, m.method == 9: // they find their end themselves
		r.plain, err = m.expand(inf, inf.buf)
	case m.method == 0:
		r.plain = io.LimitReader(inf.buf, want)
	default:
		r.plain, err = m.expand(inf, bufio.NewReader(io.LimitReader(inf.buf, want)))
	}
	if err != nil {
		r.Close()
		return nil, err
	}
	return r, nil
}

// unlock makes r, whose inflater has the packed bytes next, read what they hold.
func (m *zipMember) unlock(ctx context.Context, r *memberReader) error {
	head, err := r.inf.buf.Peek(int(min(m.packed, int64(r.inf.buf.Size()))))
	if err != nil {
		return fault(err)
	}
	again := func() (io.ReadCloser, error) { return m.stream(ctx, m.data.Load(), m.packed) }
	cipher, err := m.keys.find(ctx, &m.zipHeader, head, int64(len(head)) == m.packed, again)
	if err != nil {
		return err
	}
	return r.unseal(cipher, &m.zipHeader, io.LimitReader(r.inf.buf, m.packed))
}

// begin returns the offset of the data.
func (m *zipMember) begin() (int64, error) {
	if at := m.data.Load(); at > 0 {
		return at, nil
	}
	length, err := localLength(io.NewSectionReader(m.random, m.at, zipLocalLen))
	if err != nil {
		return 0, fault(err)
	}
	m.data.Store(m.at + int64(length))
	return m.at + int64(length), nil
}

func (m *zipMember) stream(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	if n <= zipSmall {
		return io.NopCloser(io.NewSectionReader(m.random, off, n)), nil
	}
	return m.c.Open(ctx, off, n)
}

// refuse says why a member cannot be read.
func (h *zipHeader) refuse() error {
	switch {
	case h.encrypted() && (h.flags&0x40 != 0 || h.method == 99):
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: h.seal()}
	case h.method == 0, h.method == 8, h.method == 9, h.method == 12, h.method == 14, h.method == 93, h.method == 95, h.method == 98:
		return nil
	}
	names := map[uint16]string{1: "shrink", 6: "implode"}
	return unsupported(strings.TrimSpace(fmt.Sprintf("zip method %d %s", h.method, names[h.method])))
}

// expand returns a reader of what the packed bytes in br are compressed from.
// Deflate and Deflate64 find their own end; with others it is that of br.
func (h *zipHeader) expand(inf *inflater, br *bufio.Reader) (io.Reader, error) {
	switch h.method {
	case 0:
		return br, nil
	case 8:
		return inf.inflate(br), nil
	case 9:
		return inf.inflate64(br), nil
	case 12:
		return bzip2Coding.open(br)
	case 14:
		return h.decodeLZMA(br)
	case 93:
		return zstdCoding.open(br)
	case 95:
		return xzCoding.open(br)
	case 98:
		return (&coding{name: "PPMd", decode: func(r io.Reader) (io.Reader, error) { return codec.NewPPMdI(r, h.size) }}).open(br)
	}
	return nil, unsupported("zip method")
}

// decodeLZMA makes the header of an .lzma file out of the one that zip has
// (APPNOTE 5.8.8): a version, the length of the properties, and these. Flag 1
// says that the data have an end mark.
func (h *zipHeader) decodeLZMA(r io.Reader) (io.Reader, error) {
	var b [9]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return nil, fault(err)
	}
	if b[2] != 5 || b[3] != 0 {
		return nil, malformed("LZMA header")
	}
	size := uint64(h.size)
	if h.flags&2 != 0 {
		size = 1<<64 - 1
	}
	head := binary.LittleEndian.AppendUint64(b[4:9:9], size)
	return lzmaCoding.open(io.MultiReader(bytes.NewReader(head), r))
}

// localLength reads the fixed part of a local header and returns the length of
// all of it.
func localLength(r io.Reader) (int, error) {
	var b [zipLocalLen]byte
	if _, err := io.ReadFull(r, b[:]); err != nil {
		return 0, err
	}
	if string(b[:4]) != zipLocal {
		return 0, malformed("no member where the directory says")
	}
	return zipLocalLen + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:])), nil
}

// A memberReader reads what is in a member and checks it against what was
// declared: never more, nor less, and with the right checksum.
type memberReader struct {
	src      io.Closer
	inf      *inflater // buffer and decompressor; nil once closed
	plain    io.Reader
	sealed   *unsealed                 // what plain is decrypted from; nil where nothing is
	size     int64                     // declared; -1: unknown
	crc      uint32                    // declared
	unsummed bool                      // a piece, or AE-2: crc says nothing
	slack    io.Reader                 // what is left of the request behind the data
	ended    func(*memberReader) error // learns the checksum behind the data
	read     int64
	sum      uint32
	err      error
	give     func() // of the large slot; nil where it is not held
}

// unseal makes r read what the packed bytes hold, decrypted.
func (r *memberReader) unseal(c *zipCipher, h *zipHeader, packed io.Reader) error {
	var err error
	if r.sealed, err = c.unseal(packed); err == nil {
		r.plain, err = h.expand(r.inf, bufio.NewReaderSize(r.sealed, 16<<10))
	}
	return fault(err)
}

func (r *memberReader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.plain.Read(p)
	if over := r.read + int64(n) - r.size; r.size >= 0 && over > 0 {
		n -= int(over)
		err = malformed("longer than declared")
	}
	r.sum = crc32.Update(r.sum, crc32.IEEETable, p[:n])
	r.read += int64(n)
	if errors.Is(err, io.EOF) {
		err = r.check()
	} else if err != nil {
		err = fault(err)
	}
	r.err = err
	return n, err
}

// check returns io.EOF when all is as declared.
func (r *memberReader) check() error {
	if r.sealed != nil {
		if err := r.sealed.finish(); err != nil {
			return fault(err)
		}
	}
	if r.ended != nil {
		if err := r.ended(r); err != nil {
			return err
		}
	}
	switch {
	case r.size >= 0 && r.read < r.size:
		return truncated("shorter than declared")
	case !r.unsummed && r.sum != r.crc:
		return malformed("checksum")
	}
	if r.slack != nil { // a request read to its end leaves its connection usable
		io.CopyN(io.Discard, r.slack, 2*zipSlack)
	}
	return io.EOF
}

func (r *memberReader) Close() error {
	if r.inf == nil {
		return nil
	}
	r.inf.free()
	r.inf, r.err = nil, errClosed
	if r.give != nil {
		r.give()
	}
	return r.src.Close()
}

var errClosed = errors.New("read after close")
