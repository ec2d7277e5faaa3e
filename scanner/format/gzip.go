package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"strings"
	"time"

	"github.com/klauspost/compress/gzip"

	"vigie/scanner"
)

var gzipFormat = scanner.Format{
	Name: "gzip",
	Doc: `gzip

One member, which may be several streams one after another (bgzip, log files
that were appended to). Its name is the one in the header, else that of the
object without .gz. Zeros behind the end are passed over, as on tapes; anything
else there is reported.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte("\x1f\x8b\x08")) && (len(head) < 4 || head[3]>>5 == 0)
	},
	Unpack: unpackGzip,
}

func unpackGzip(_ context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	br := bufio.NewReaderSize(c.Stream(), 64<<10)
	z, err := gzip.NewReader(br)
	if err != nil {
		return fault(err)
	}
	z.Multistream(false)
	name := z.Name
	if name == "" {
		name = gunzipName(c.Path())
	}
	o := scanner.Object{Path: memberPath(name), Size: -1, Open: once(&gzipReader{br: br, z: z})}
	if z.ModTime.After(time.Unix(0, 0)) {
		o.Modified = z.ModTime.UTC()
	}
	return yield(o)
}

// gunzipName is the name that gunzip would give.
func gunzipName(outer string) string {
	base := path.Base(strings.ReplaceAll(outer, "!", "/"))
	ext := path.Ext(base)
	switch strings.ToLower(ext) {
	case ".gz", ".z":
		return strings.TrimSuffix(base, ext)
	case ".tgz", ".taz":
		return strings.TrimSuffix(base, ext) + ".tar"
	}
	return base
}

// A gzipReader reads all streams of an object as one.
type gzipReader struct {
	br  *bufio.Reader
	z   *gzip.Reader
	err error
}

func (r *gzipReader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.z.Read(p)
	switch {
	case errors.Is(err, io.EOF):
		r.err = r.next()
	case err != nil:
		r.err = fault(err)
	}
	return n, r.err
}

// next begins the stream behind the one that has ended; io.EOF when there is
// none.
func (r *gzipReader) next() error {
	for {
		b, err := r.br.ReadByte()
		switch {
		case errors.Is(err, io.EOF):
			return io.EOF
		case err != nil:
			return fault(err)
		case b == 0:
			continue
		}
		r.br.UnreadByte()
		if magic, _ := r.br.Peek(3); string(magic) != "\x1f\x8b\x08" {
			if len(magic) < 3 && strings.HasPrefix("\x1f\x8b\x08", string(magic)) {
				return truncated("ends in the header of a further stream")
			}
			return malformed("something that is not gzip follows the end")
		}
		if err := r.z.Reset(r.br); err != nil {
			return fault(err)
		}
		r.z.Multistream(false)
		return nil
	}
}
