package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

var arFormat = scanner.Format{
	Name: "ar",
	Doc: `ar archives

Debian packages and libraries, with the long names of GNU and of BSD. Members
are read in one pass; tables of symbols are passed over, thin archives hold no
data. There is no end mark: one that is cut between two members looks whole,
unless it is a Debian package without its data.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte(arMagic)) && (len(head) < 68 || head[66] == '`')
	},
	Unpack: unpackAr,
}

const (
	arMagic  = "!<arch>\n"
	arHeader = 60
	arNames  = 1 << 20 // bytes of the table of long names that are kept
)

func unpackAr(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	w := &arWalk{br: bufio.NewReaderSize(c.Stream(), 64<<10)}
	if err := skip(w.br, int64(len(arMagic))); err != nil {
		return err
	}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		more, err := w.member(yield)
		if !more && err == nil && w.debian && !w.data {
			return truncated("the data of the Debian package are missing")
		}
		if !more {
			return err
		}
	}
}

type arWalk struct {
	br    *bufio.Reader
	names []byte // the long ones, of GNU

	empty        hollow
	debian, data bool // there was the mark of a package (deb(5)), its data
}

// member hands over the next member, if there is one.
func (w *arWalk) member(yield func(scanner.Object) error) (more bool, err error) {
	var b [arHeader]byte
	n, err := io.ReadFull(w.br, b[:])
	switch {
	case n == 0 && errors.Is(err, io.EOF):
		return false, nil
	case n == 1 && b[0] == '\n' && errors.Is(err, io.ErrUnexpectedEOF):
		return false, nil // padding behind the last member
	case err != nil:
		return false, fault(err)
	}
	field := func(at, n int) string { return strings.TrimRight(string(b[at:at+n]), " ") }
	size, err := strconv.ParseInt(field(48, 10), 10, 64)
	if err != nil || size < 0 || string(b[58:]) != "`\n" {
		return false, malformed("ar header; what follows it was not read")
	}
	end := padding(size, 2)
	name, special, size, err := w.name(field(0, 16), size)
	if err != nil {
		return false, err
	}
	w.debian = w.debian || name == "debian-binary"
	w.data = w.data || strings.HasPrefix(name, "data.tar")
	if err := w.empty.member(size); err != nil {
		return false, err
	}
	m := newSized(w.br, size)
	if !special {
		o := scanner.Object{Path: memberPath(name), Size: size, Open: once(m)}
		if at, err := strconv.ParseInt(field(16, 12), 10, 64); err == nil && at > 0 {
			o.Modified = time.Unix(at, 0).UTC()
		}
		if err := yield(o); err != nil {
			return false, err
		}
	}
	if err := m.pass(); err != nil {
		return false, err
	}
	if end > 0 {
		w.br.Discard(1) // often missing behind the last member
	}
	return true, nil
}

// name returns the name that a header means, and how many bytes of the size
// bytes behind it are data. Special members are for the linker.
func (w *arWalk) name(short string, size int64) (name string, special bool, rest int64, err error) {
	switch {
	case short == "//":
		w.names = make([]byte, min(size, arNames))
		n, err := io.ReadFull(w.br, w.names)
		if err != nil {
			return "", true, 0, fault(err)
		}
		return short, true, size - int64(n), nil
	case short == "/", short == "/SYM64/", short == "__.SYMDEF", short == "__.SYMDEF SORTED":
		return short, true, size, nil
	case strings.HasPrefix(short, "#1/"): // BSD: the name is the beginning of the data
		n, err := strconv.ParseInt(short[3:], 10, 64)
		if err != nil || n < 0 || n > size || n > arNames {
			return "", true, size, malformed("ar header; what follows it was not read")
		}
		b := make([]byte, n)
		if _, err := io.ReadFull(w.br, b); err != nil {
			return "", true, 0, fault(err)
		}
		name = strings.TrimRight(string(b), "\x00")
		return name, strings.HasPrefix(name, "__.SYMDEF"), size - n, nil
	case strings.HasPrefix(short, "/"): // GNU: an offset in the long names
		at, err := strconv.ParseUint(short[1:], 10, 32)
		if err != nil || at >= uint64(len(w.names)) {
			return short[1:], false, size, nil
		}
		name, _, _ = strings.Cut(string(w.names[at:min(at+4096, uint64(len(w.names)))]), "\n")
		return strings.TrimSuffix(name, "/"), false, size, nil
	}
	return strings.TrimSuffix(short, "/"), false, size, nil
}
