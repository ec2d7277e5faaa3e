package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strconv"

	"vigie/scanner"
)

// unpackRTF hands over the objects that are embedded (RTF 1.9.1, "Objects").
func unpackRTF(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, _, closing, err := salvage(ctx, c)
	if err != nil {
		if isProblem(err) {
			return nil // Read says so
		}
		return err
	}
	defer closing()
	in := bufio.NewReaderSize(io.NewSectionReader(at, 0, size), 64<<10)
	for n := 1; ; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		if !afterWord(in, `\objdata`) {
			return nil // what ends it early, Read tells
		}
		name, data := rtfObject(&rtfHex{in: in})
		if data == nil {
			continue
		}
		if name == "" {
			name = "object " + strconv.Itoa(n)
		}
		if err := yield(scanner.Object{Path: memberPath(name), Size: -1, Open: once(data)}); err != nil {
			return err
		}
	}
}

// afterWord reads up to a word and past it; it reports whether there is one.
func afterWord(in *bufio.Reader, word string) bool {
	for {
		b, err := in.Peek(len(word))
		if string(b) == word {
			in.Discard(len(word))
			return true
		}
		k := bytes.IndexByte(b[min(1, len(b)):], word[0])
		switch {
		case k >= 0:
			in.Discard(k + 1)
		case err != nil:
			return false
		default:
			in.Discard(len(b))
		}
	}
}

// rtfObject reads the head of an object of OLE 1.0 ([MS-OLEDS] 2.2.5) and returns its
// data, nil for a link.
func rtfObject(in io.Reader) (name string, data io.Reader) {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil || head[4] != 2 {
		return "", nil
	}
	class := ""
	for i := range 3 {
		v, err := oleString(in)
		if err != nil {
			return "", nil
		}
		if i == 0 {
			class = v
		}
	}
	if _, err := io.ReadFull(in, head[:4]); err != nil {
		return "", nil
	}
	data = io.LimitReader(in, int64(binary.LittleEndian.Uint32(head[:])))
	if class == "Package" {
		return oleNative(data)
	}
	return "", data
}

// oleString reads a text with its length before it.
func oleString(in io.Reader) (string, error) {
	var n [4]byte
	if _, err := io.ReadFull(in, n[:]); err != nil {
		return "", err
	}
	size := binary.LittleEndian.Uint32(n[:])
	if size > 64<<10 {
		return "", malformed("length of a name")
	}
	b := make([]byte, size)
	_, err := io.ReadFull(in, b)
	return string(bytes.TrimRight(b, "\x00")), err
}

// A rtfHex decodes hexadecimal digits up to the end of their group; what else stands
// among them is left out.
type rtfHex struct {
	in   *bufio.Reader
	done bool
}

func (h *rtfHex) Read(p []byte) (n int, err error) {
	for n < len(p) && !h.done {
		high, ok := h.digit()
		if !ok {
			break
		}
		low, ok := h.digit()
		if !ok {
			break
		}
		p[n] = high<<4 | low
		n++
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

func (h *rtfHex) digit() (byte, bool) {
	for !h.done {
		c, err := h.in.ReadByte()
		switch {
		case err != nil:
			h.done = true
		case c == '}' || c == '{' || c == '\\':
			h.in.UnreadByte()
			h.done = true
		case isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f':
			return hexValue(c), true
		}
	}
	return 0, false
}
