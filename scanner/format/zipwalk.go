package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"

	"vigie/scanner"
)

// walkZip reads an archive without its directory: the members follow one
// another, each behind its local header. It always ends with a *Problem, since
// nothing says that these are all.
func walkZip(ctx context.Context, r io.Reader, keys *zipKeys, yield func(scanner.Object) error) error {
	w := &zipWalk{br: bufio.NewReaderSize(r, 64<<10), keys: keys}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := w.seek(); err != nil {
			return err
		}
		if err := w.member(ctx, yield); err != nil {
			return err
		}
	}
}

type zipWalk struct {
	br    *bufio.Reader
	keys  *zipKeys
	ended bool // an end record went by
}

// seek goes on to the next local header.
func (w *zipWalk) seek() error {
	for {
		_, err := w.br.Peek(zipLocalLen)
		b, _ := w.br.Peek(w.br.Buffered())
		if err != nil {
			w.ended = w.ended || bytes.Contains(b, []byte(zipEnd))
			switch {
			case !errors.Is(err, io.EOF):
				return fault(err)
			case w.ended:
				return malformed("directory damaged; members were looked for one after another")
			}
			return truncated("the directory at the end is missing")
		}
		i := bytes.Index(b, []byte("PK"))
		switch {
		case i < 0:
			i = len(b) - 1 // the last byte may be a P
		case len(b)-i < zipLocalLen:
		case likelyLocal(b[i:]):
			w.br.Discard(i)
			return nil
		default:
			w.ended = w.ended || bytes.HasPrefix(b[i:], []byte(zipEnd))
			i += 2
		}
		w.br.Discard(i)
	}
}

// likelyLocal reports whether b begins with a local header and not with the
// same four bytes in compressed data.
func likelyLocal(b []byte) bool {
	method, name := binary.LittleEndian.Uint16(b[8:]), binary.LittleEndian.Uint16(b[26:])
	return string(b[:4]) == zipLocal && method < 100 && name > 0 && name < 4096
}

// hasLocal reports whether there is a local header in b.
func hasLocal(b []byte) bool {
	for {
		i := bytes.Index(b, []byte(zipLocal))
		if i < 0 || len(b)-i < zipLocalLen {
			return false
		}
		if likelyLocal(b[i:]) {
			return true
		}
		b = b[i+4:]
	}
}

// member hands over the member whose local header comes next.
func (w *zipWalk) member(ctx context.Context, yield func(scanner.Object) error) error {
	le := binary.LittleEndian
	var b [zipLocalLen]byte
	if _, err := io.ReadFull(w.br, b[:]); err != nil {
		return fault(err)
	}
	h := zipHeader{
		flags:    le.Uint16(b[6:]),
		method:   le.Uint16(b[8:]),
		clock:    le.Uint16(b[10:]),
		modified: dosTime(le.Uint16(b[12:]), le.Uint16(b[10:])),
		crc:      le.Uint32(b[14:]),
		packed:   int64(le.Uint32(b[18:])),
		size:     int64(le.Uint32(b[22:])),
	}
	name := int(le.Uint16(b[26:]))
	names := make([]byte, name+int(le.Uint16(b[28:])))
	if _, err := io.ReadFull(w.br, names); err != nil {
		return fault(err)
	}
	h.extras(names[:name], names[name:], false)
	unknown := h.flags&8 != 0 && h.packed == 0 // sizes follow the data
	if unknown {
		h.size = -1
	}
	if !unknown && h.folder() {
		return nil
	}
	o := scanner.Object{Path: memberPath(h.name), Size: h.size, Modified: h.modified}
	refused := h.refuse()
	if h.packed < 0 || h.size < -1 {
		refused = malformed("length below zero")
	}
	var packed io.Reader = &io.LimitedReader{R: w.br, N: h.packed}
	if unknown {
		packed = &undeclared{br: w.br, plain: h.method == 0 && !h.encrypted()}
	}
	var cipher *zipCipher
	if h.encrypted() && refused == nil {
		if cipher, refused = w.unlock(ctx, &h, unknown); !isProblem(refused) {
			return refused
		}
	}
	if refused != nil {
		o.Open = func(context.Context, int64, int64) (io.ReadCloser, error) { return nil, refused }
		if err := yield(o); err != nil || unknown {
			return err
		}
		return discard(packed)
	}
	r := &memberReader{src: io.NopCloser(nil), inf: newInflater(), size: h.size, crc: h.crc, unsummed: h.unsummed}
	defer r.Close()
	own := h.method == 8 || h.method == 9 // these find their end themselves
	var err error
	switch {
	case cipher != nil:
		err = r.unseal(cipher, &h, packed)
	case unknown && own:
		r.plain, err = h.expand(r.inf, w.br)
	default:
		r.inf.buf.Reset(packed)
		r.plain, err = h.expand(r.inf, r.inf.buf)
	}
	if err != nil {
		r.plain = faulted{err}
	}
	if unknown {
		r.ended = w.descriptor
		if cipher != nil || !own {
			r.ended = func(r *memberReader) error {
				if err := discard(packed); err != nil {
					return err
				}
				return w.descriptor(r)
			}
		}
	}
	o.Open = once(r)
	if err := yield(o); err != nil {
		return err
	}
	if unknown {
		return discard(r)
	}
	return discard(packed)
}

// unlock finds the password of the member whose data come next.
func (w *zipWalk) unlock(ctx context.Context, h *zipHeader, unknown bool) (*zipCipher, error) {
	if len(w.keys.words) == 0 {
		return nil, w.keys.sealed(h)
	}
	n := int64(w.br.Size())
	if !unknown {
		n = min(n, h.packed)
	}
	head, err := w.br.Peek(int(n))
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, fault(err)
	}
	return w.keys.find(ctx, h, head, !unknown && int64(len(head)) == h.packed, nil)
}

// A faulted has nothing but an error to give.
type faulted struct{ err error }

func (f faulted) Read([]byte) (int, error) { return 0, f.err }

// discard reads what was left of a member. Trouble with its data has been
// reported by who read it; what follows is looked for all the same.
func discard(r io.Reader) error {
	_, err := io.Copy(io.Discard, r)
	if err = fault(err); isProblem(err) {
		return nil
	}
	return err
}

// descriptor reads what follows data whose length was not known: a signature
// that may be missing, checksum, and two sizes of 4 or 8 bytes.
func (w *zipWalk) descriptor(r *memberReader) error {
	b, err := w.br.Peek(24)
	if err != nil && !errors.Is(err, io.EOF) {
		return fault(err)
	}
	n := 0
	if bytes.HasPrefix(b, []byte(zipDescribed)) {
		n = 4
	}
	if len(b) < n+12 {
		return truncated("ends behind the data of a member")
	}
	r.crc = binary.LittleEndian.Uint32(b[n:])
	w.br.Discard(n + 12) // seek passes over the rest where sizes are longer
	return nil
}

// An undeclared reads packed bytes whose length only the descriptor behind them
// tells: it is recognised by the number of bytes that went before it.
type undeclared struct {
	br    *bufio.Reader
	plain bool // neither compressed nor encrypted: both sizes are the same
	n     int64
	ended bool
}

func (u *undeclared) Read(p []byte) (int, error) {
	if u.ended {
		return 0, io.EOF
	}
	if _, err := u.br.Peek(24); err != nil && u.br.Buffered() == 0 {
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return 0, err
	}
	b, _ := u.br.Peek(u.br.Buffered())
	i := bytes.Index(b, []byte(zipDescribed))
	switch {
	case i == 0 && u.describes(b):
		u.ended = true
		return 0, io.EOF
	case i == 0:
		i = 1
	case i < 0:
		i = max(len(b)-3, 1) // it may begin in the last three
	}
	n := copy(p, b[:i])
	u.br.Discard(n)
	u.n += int64(n)
	return n, nil
}

// describes reports whether the sizes in a descriptor, packed and not, are what
// was read.
func (u *undeclared) describes(b []byte) bool {
	le := binary.LittleEndian
	if len(b) >= 16 && int64(le.Uint32(b[8:])) == u.n && (!u.plain || int64(le.Uint32(b[12:])) == u.n) {
		return true
	}
	return len(b) >= 24 && int64(le.Uint64(b[8:])) == u.n && (!u.plain || int64(le.Uint64(b[16:])) == u.n)
}
