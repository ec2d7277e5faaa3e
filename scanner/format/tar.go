package format

import (
	"archive/tar"
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"

	"vigie/scanner"
)

const tarBlock = 512

var tarFormat = scanner.Format{
	Name: "tar",
	Doc: `tar archives

ustar, pax, GNU (long names, sparse members) and the form of 1979. Members are
read in one pass, in their order; archives that were joined are read to the
last. Links and devices hold no data. After 100,000 empty members in a row the rest
is refused.`,
	Match:  func(_ string, head []byte) bool { return isTar(head) },
	Unpack: unpackTar,
}

// isTar recognises the first header: by its magic number, which the form of
// 1979 lacks, and by its checksum.
func isTar(head []byte) bool {
	if len(head) < tarBlock || head[0] == 0 {
		return false
	}
	h := head[:tarBlock]
	want, err := strconv.ParseUint(strings.Trim(string(h[148:156]), " \x00"), 8, 32)
	if err != nil {
		return bytes.HasPrefix(h[257:], []byte("ustar"))
	}
	var sum, signed int64 // some old tars added signed bytes
	for i, b := range h {
		if i >= 148 && i < 156 {
			b = ' '
		}
		sum += int64(b)
		signed += int64(int8(b))
	}
	return int64(want) == sum || int64(want) == signed || bytes.HasPrefix(h[257:], []byte("ustar"))
}

func unpackTar(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	var empty hollow
	r := &tarStream{br: bufio.NewReaderSize(c.Stream(), 64<<10)}
	for {
		if err := unpackOneTar(ctx, r, &empty, yield); err != nil {
			return err
		}
		if more, err := r.another(); !more {
			return err
		}
	}
}

// unpackOneTar reads to the end mark.
func unpackOneTar(ctx context.Context, r *tarStream, empty *hollow, yield func(scanner.Object) error) error {
	t := tar.NewReader(r)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil
		case errors.Is(err, tar.ErrHeader), errors.Is(err, tar.ErrFieldTooLong), errors.Is(err, tar.ErrInsecurePath):
			return malformed("tar header; what follows it was not read")
		case err != nil:
			return tarFault(err)
		}
		switch h.Typeflag {
		case tar.TypeReg, tar.TypeCont, tar.TypeGNUSparse:
		default:
			continue
		}
		if err := empty.member(h.Size); err != nil {
			return err
		}
		m := tarMember{t}
		if err := yield(scanner.Object{Path: memberPath(h.Name), Size: h.Size, Modified: h.ModTime, Open: once(m)}); err != nil {
			return err
		}
	}
}

// A tarMember is the data of the member that Next has reached.
type tarMember struct{ t *tar.Reader }

func (m tarMember) Read(p []byte) (int, error) {
	n, err := m.t.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		err = tarFault(err)
	}
	return n, err
}

func tarFault(err error) error {
	if errors.Is(err, tar.ErrHeader) {
		return malformed("tar header")
	}
	return fault(err)
}

// A tarStream remembers whether the last thing read was an end mark, a header
// of zeros: an archive cut between two members looks whole without it.
type tarStream struct {
	br   *bufio.Reader
	mark bool
}

func (s *tarStream) Read(p []byte) (int, error) {
	if len(p) != tarBlock { // data or padding
		n, err := s.br.Read(p)
		s.mark = s.mark && n == 0
		return n, err
	}
	n, err := io.ReadFull(s.br, p)
	if n > 0 {
		s.mark = n == tarBlock && allZero(p)
	}
	return n, err
}

// another goes to the archive that follows the end mark, if there is one.
func (s *tarStream) another() (bool, error) {
	if !s.mark {
		return false, truncated("the end mark is missing")
	}
	for {
		b, err := s.br.Peek(tarBlock)
		switch {
		case len(b) == tarBlock && allZero(b):
			s.br.Discard(tarBlock)
			continue
		case isTar(b):
			return true, nil
		case err != nil && !errors.Is(err, io.EOF):
			return false, fault(err)
		case !allZero(b):
			return false, malformed("something that is not tar follows the end mark")
		}
		return false, nil
	}
}

func allZero(b []byte) bool {
	for _, c := range b {
		if c != 0 {
			return false
		}
	}
	return true
}
