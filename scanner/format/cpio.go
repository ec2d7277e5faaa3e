package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

var cpioFormat = scanner.Format{
	Name: "cpio",
	Doc: `cpio archives

newc, crc, odc and the binary form of either byte order. Members are read in one
pass, in their order; archives that were joined are read to the last. Of hard
links only the one that holds the data is a member.`,
	Match: func(name string, head []byte) bool {
		return isCpio(head) || strings.HasSuffix(name, ".cpio") && cutCpio(head)
	},
	Unpack: unpackCpio,
}

const (
	cpioEnd     = "TRAILER!!!"
	cpioName    = 64 << 10 // bytes a name may have
	cpioKind    = 0o170000
	cpioRegular = 0o100000
)

// A cpioForm is how the fields of a header are written.
type cpioForm struct {
	magic string
	size  int // bytes, with the magic number
	pad   int // header with name, and data, end at a multiple of this
}

var cpioForms = []cpioForm{
	{"070701", 110, 4},
	{"070702", 110, 4},
	{"070707", 76, 1},
	{"\xc7\x71", 26, 2},
	{"\x71\xc7", 26, 2},
}

// A cpioHeader is what is read of a header.
type cpioHeader struct {
	mode, links, modified, name, size, sum int64
}

// isCpio recognises a first header by its magic number and its fields.
func isCpio(head []byte) bool {
	f := cpioFormOf(head)
	if f == nil || len(head) < f.size {
		return false
	}
	h, ok := f.parse(head[:f.size])
	return ok && h.name > 1 && h.name <= cpioName && (len(f.magic) > 2 || h.mode>>12 <= 15 && h.name < 4096 &&
		int64(len(head)) > int64(f.size)+h.name && head[int64(f.size)+h.name-1] == 0)
}

// cutCpio recognises what is too short for a header, in which the name has to
// help: it is digits, like a telephone number.
func cutCpio(head []byte) bool {
	f := cpioFormOf(head)
	return f != nil && len(head) < f.size
}

func cpioFormOf(b []byte) *cpioForm {
	for i := range cpioForms {
		if bytes.HasPrefix(b, []byte(cpioForms[i].magic)) {
			return &cpioForms[i]
		}
	}
	return nil
}

// parse reads the fields of b, f.size bytes.
func (f *cpioForm) parse(b []byte) (h cpioHeader, ok bool) {
	ok = true
	number := func(at, n, base int) int64 {
		v, err := strconv.ParseUint(string(b[at:at+n]), base, 63)
		ok = ok && err == nil
		return int64(v)
	}
	switch f.size {
	case 110:
		h = cpioHeader{mode: number(14, 8, 16), links: number(38, 8, 16), modified: number(46, 8, 16), size: number(54, 8, 16), name: number(94, 8, 16), sum: -1}
		if f.magic == "070702" {
			h.sum = number(102, 8, 16)
		}
	case 76:
		h = cpioHeader{mode: number(18, 6, 8), links: number(36, 6, 8), modified: number(48, 11, 8), name: number(59, 6, 8), size: number(65, 11, 8), sum: -1}
	default:
		var order binary.ByteOrder = binary.LittleEndian
		if f.magic[0] == 0x71 {
			order = binary.BigEndian
		}
		word := func(at int) int64 { return int64(order.Uint16(b[at:])) }
		long := func(at int) int64 { return word(at)<<16 | word(at+2) } // the high half is first in either order
		h = cpioHeader{mode: word(6), links: word(12), modified: long(16), name: word(20), size: long(22), sum: -1}
	}
	return h, ok
}

func unpackCpio(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	w := &cpioWalk{br: bufio.NewReaderSize(c.Stream(), 64<<10)}
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		ended, err := w.member(yield)
		if err != nil {
			return err
		}
		if !ended {
			continue
		}
		if more, err := w.another(); !more {
			return err
		}
	}
}

type cpioWalk struct {
	br    *bufio.Reader
	empty hollow
}

// member hands over the next member; ended when it was the end mark.
func (w *cpioWalk) member(yield func(scanner.Object) error) (ended bool, err error) {
	head, err := w.br.Peek(6)
	if err != nil {
		return false, fault(err)
	}
	f := cpioFormOf(head)
	if f == nil {
		return false, malformed("cpio header; what follows it was not read")
	}
	var b [110]byte
	if _, err := io.ReadFull(w.br, b[:f.size]); err != nil {
		return false, fault(err)
	}
	h, ok := f.parse(b[:f.size])
	if !ok || h.name < 1 || h.name > cpioName {
		return false, malformed("cpio header; what follows it was not read")
	}
	name := make([]byte, h.name)
	if _, err := io.ReadFull(w.br, name); err != nil {
		return false, fault(err)
	}
	name = bytes.TrimRight(name, "\x00")
	if err := skip(w.br, padding(int64(f.size)+h.name, f.pad)); err != nil {
		return false, err
	}
	if string(name) == cpioEnd {
		return true, skip(w.br, h.size)
	}
	m := newSized(w.br, h.size)
	if kind := h.mode & cpioKind; (kind == cpioRegular || kind == 0) && (h.size > 0 || h.links < 2) {
		if err := w.empty.member(h.size); err != nil {
			return false, err
		}
		o := scanner.Object{Path: memberPath(string(name)), Size: h.size, Open: once(&cpioData{m: m, want: h.sum})}
		if h.modified > 0 {
			o.Modified = time.Unix(h.modified, 0).UTC()
		}
		if err := yield(o); err != nil {
			return false, err
		}
	}
	if err := m.pass(); err != nil {
		return false, err
	}
	return false, skip(w.br, padding(h.size, f.pad))
}

// another goes to the archive behind the end mark and its padding, if there is
// one.
func (w *cpioWalk) another() (bool, error) {
	for {
		b, err := w.br.Peek(6)
		switch {
		case cpioFormOf(b) != nil && len(b) == 6:
			return true, nil
		case len(b) == 0 && errors.Is(err, io.EOF):
			return false, nil
		case err != nil && !errors.Is(err, io.EOF):
			return false, fault(err)
		case b[0] != 0:
			return false, malformed("something that is not cpio follows the end mark")
		}
		w.br.Discard(1)
	}
}

// A cpioData checks the sum of the bytes, which the form crc has.
type cpioData struct {
	m    *sized
	sum  uint32
	want int64 // -1: none
}

func (d *cpioData) Read(p []byte) (int, error) {
	n, err := d.m.Read(p)
	for _, b := range p[:n] {
		d.sum += uint32(b)
	}
	if errors.Is(err, io.EOF) && d.want >= 0 && d.want != int64(d.sum) {
		err = malformed("checksum")
	}
	return n, err
}
