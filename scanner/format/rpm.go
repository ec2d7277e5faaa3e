package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"vigie/scanner"
)

var rpmFormat = scanner.Format{
	Name: "rpm",
	Doc: `RPM packages

One member, the payload: a cpio archive, most often compressed. What the headers
say about the package is not read.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte("\xed\xab\xee\xdb")) && (len(head) < 5 || head[4] < 10)
	},
	Unpack: unpackRPM,
}

const (
	rpmLead       = 96
	rpmIntro      = 16
	rpmCompressor = 1125    // the tag that names how the payload is compressed
	rpmIndex      = 1 << 16 // entries that an index may have; rpm itself stops there
	rpmStore      = 256 << 20
)

func unpackRPM(_ context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	br := bufio.NewReaderSize(c.Stream(), 64<<10)
	if err := skip(br, rpmLead); err != nil {
		return err
	}
	if _, err := rpmSection(br, true); err != nil { // the signatures
		return err
	}
	compressor, err := rpmSection(br, false)
	if err != nil {
		return err
	}
	if b, _ := br.Peek(rpmIntro); len(b) < rpmIntro {
		return truncated("the payload is missing")
	}
	base := path.Base(strings.ReplaceAll(c.Path(), "!", "/"))
	name := strings.TrimSuffix(base, path.Ext(base)) + ".cpio" + rpmEnding(compressor)
	return yield(scanner.Object{Path: memberPath(name), Size: -1, Open: once(faulty{br})})
}

// rpmEnding is the ending that tells the compression where content cannot.
func rpmEnding(compressor string) string {
	switch compressor {
	case "lzma":
		return ".lzma"
	case "xz":
		return ".xz"
	case "bzip2":
		return ".bz2"
	case "zstd":
		return ".zst"
	case "gzip":
		return ".gz"
	}
	return ""
}

// rpmSection reads a header section (RPM V4 package format): its intro, an
// index of 16 bytes an item, and the store, in which it looks up how the
// payload is compressed. Sections of signatures are padded to 8 bytes.
func rpmSection(br *bufio.Reader, padded bool) (compressor string, err error) {
	var b [rpmIntro]byte
	if _, err := io.ReadFull(br, b[:]); err != nil {
		return "", fault(err)
	}
	items, size := int64(binary.BigEndian.Uint32(b[8:])), int64(binary.BigEndian.Uint32(b[12:]))
	if string(b[:4]) != "\x8e\xad\xe8\x01" || items > rpmIndex || size > rpmStore {
		return "", malformed("RPM header")
	}
	at := int64(-1)
	for range items {
		if _, err := io.ReadFull(br, b[:]); err != nil {
			return "", fault(err)
		}
		if binary.BigEndian.Uint32(b[:]) == rpmCompressor {
			at = int64(binary.BigEndian.Uint32(b[8:]))
		}
	}
	left := size
	if at >= 0 && at < size {
		if err := skip(br, at); err != nil {
			return "", err
		}
		word, _ := br.Peek(int(min(size-at, 16)))
		word, _, _ = bytes.Cut(word, []byte{0})
		compressor = string(word)
		left -= at
	}
	if padded {
		left += padding(size, 8)
	}
	return compressor, skip(br, left)
}

// A faulty gives the trouble of a stream its reason.
type faulty struct{ r io.Reader }

func (f faulty) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if err != nil && err != io.EOF {
		err = fault(err)
	}
	return n, err
}
