package format

import (
	"bufio"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"

	"vigie/scanner/format/codec"
)

// An inflater is a buffer and a decompressor, 110 KB together, which are used
// again: archives of many small members would spend their time on making them.
type inflater struct {
	buf   *bufio.Reader
	flate io.ReadCloser
	wide  *codec.Deflate64
}

var inflaters = sync.Pool{New: func() any {
	return &inflater{buf: bufio.NewReaderSize(nil, 32<<10)}
}}

func newInflater() *inflater { return inflaters.Get().(*inflater) }

// inflate returns a reader of what r, which it does not read beyond the end of
// the deflated data, is compressed from. It is valid until free.
func (i *inflater) inflate(r *bufio.Reader) io.Reader {
	if i.flate == nil {
		i.flate = flate.NewReader(r)
	} else {
		i.flate.(flate.Resetter).Reset(r, nil)
	}
	return i.flate
}

// inflate64 is inflate for Deflate64.
func (i *inflater) inflate64(r *bufio.Reader) io.Reader {
	if i.wide == nil {
		i.wide = new(codec.Deflate64)
	}
	i.wide.Reset(r)
	return i.wide
}

// free gives the inflater back; it holds on to nothing it read.
func (i *inflater) free() {
	i.buf.Reset(nil)
	if i.flate != nil {
		i.flate.(flate.Resetter).Reset(i.buf, nil)
	}
	if i.wide != nil {
		i.wide.Reset(i.buf)
	}
	inflaters.Put(i)
}
