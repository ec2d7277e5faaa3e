package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"path"
	"strings"

	"vigie/scanner"
)

var extractorFormat = scanner.Format{
	Name: "self-extractor",
	Doc: `Self-extracting archives for Windows

What stands behind the last section of an .exe: a 7z or RAR archive is handed
over as one member, a zip archive as its members. Installers with a form of
their own are not read, nor are the programs themselves.`,
	Match:  func(name string, head []byte) bool { return strings.HasSuffix(name, ".exe") && programEnd(head) > 0 },
	Unpack: unpackExtractor,
}

// programEnd returns where the last section of a Windows program ends (PE
// format, 2.4 and 4); 0 where head does not tell.
func programEnd(head []byte) int64 {
	le := binary.LittleEndian
	if len(head) < 64 || string(head[:2]) != "MZ" {
		return 0
	}
	at := int64(le.Uint32(head[60:]))
	if at > int64(len(head))-24 || string(head[at:at+4]) != "PE\x00\x00" {
		return 0
	}
	end, sections := int64(0), head[at+24:]
	sections = sections[min(int(le.Uint16(head[at+20:])), len(sections)):]
	for range le.Uint16(head[at+6:]) {
		if len(sections) < 40 {
			return 0
		}
		end = max(end, int64(le.Uint32(sections[16:]))+int64(le.Uint32(sections[20:])))
		sections = sections[40:]
	}
	return end
}

// unpackExtractor looks for an archive in the first 64 KiB behind the program:
// the settings of 7-Zip's self-extractors stand before it.
func unpackExtractor(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, err := c.At(ctx)
	if err != nil {
		return err
	}
	begin := programEnd(c.Head())
	b := make([]byte, max(min(headSize, size-begin), 0))
	n, err := at.ReadAt(b, begin)
	if n < len(b) && err != io.EOF {
		return fault(err)
	}
	for _, a := range []struct{ magic, ending string }{{sevenMagic, ".7z"}, {rarMagic, ".rar"}} {
		i := bytes.Index(b[:n], []byte(a.magic))
		if i < 0 {
			continue
		}
		start := begin + int64(i)
		base := path.Base(strings.ReplaceAll(c.Path(), "!", "/"))
		return yield(scanner.Object{
			Path: memberPath(strings.TrimSuffix(base, path.Ext(base)) + a.ending), Size: size - start, Apart: true,
			Open: func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
				if left := max(size-start-off, 0); n < 0 || n > left {
					n = left
				}
				return c.Open(ctx, start+off, n)
			},
		})
	}
	return unpackZip(ctx, c, yield)
}
