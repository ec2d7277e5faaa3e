package format

import (
	"bytes"
	"encoding/binary"
	"io"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// The codecs of pages.
const (
	codecNone   = 0
	codecSnappy = 1
	codecGzip   = 2
	codecLZO    = 3
	codecBrotli = 4
	codecLZ4    = 5 // as Hadoop frames it, or what writers took that for
	codecZstd   = 6
	codecLZ4Raw = 7
)

// A parquetCodec decompresses pages; it keeps its decoders.
type parquetCodec struct {
	gzip   *gzip.Reader
	brotli *brotli.Reader
	zstd   *zstd.Decoder
}

func (c *parquetCodec) close() {
	if c.zstd != nil {
		c.zstd.Close()
	}
}

// unpack decompresses src into dst and returns how many bytes it filled, at most
// all of them; where src is damaged those may be what came before.
func (c *parquetCodec) unpack(codec int, dst, src []byte) (n int, err error) {
	switch codec {
	case codecNone:
		n = copy(dst, src)
	case codecSnappy:
		var size int
		if size, err = s2.DecodedLen(src); err == nil && size <= len(dst) {
			_, err = s2.Decode(dst[:size], src)
		}
		if err == nil {
			n = size
		}
	case codecGzip:
		if c.gzip == nil {
			c.gzip = new(gzip.Reader)
		}
		if err = c.gzip.Reset(bytes.NewReader(src)); err == nil {
			n, err = io.ReadFull(c.gzip, dst)
		}
	case codecBrotli:
		if c.brotli == nil {
			c.brotli = new(brotli.Reader)
		}
		if err = c.brotli.Reset(bytes.NewReader(src)); err == nil {
			n, err = io.ReadFull(c.brotli, dst)
		}
	case codecZstd:
		if c.zstd == nil {
			c.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
				zstd.WithDecodeAllCapLimit(true), zstd.WithDecoderMaxMemory(2*parquetPage), zstd.WithDecoderMaxWindow(parquetPage))
		}
		if err == nil {
			var out []byte
			out, err = c.zstd.DecodeAll(src, dst[:0:len(dst)])
			n = len(out)
		}
	case codecLZ4Raw:
		n, err = lz4.UncompressBlock(src, dst)
	case codecLZ4:
		n, err = unpackLZ4(dst, src)
	case codecLZO:
		return 0, unsupported("LZO")
	default:
		return 0, unsupported("codec")
	}
	if n < 0 || n > len(dst) {
		n = 0
	}
	if err != nil || n < len(dst) {
		err = malformed("does not decompress")
	}
	return n, err
}

// unpackLZ4 decompresses what is marked with the codec that was never defined:
// blocks behind their two lengths, as Hadoop writes them, a frame, or a bare block.
func unpackLZ4(dst, src []byte) (int, error) {
	if n := unpackHadoop(dst, src); n == len(dst) {
		return n, nil
	}
	if binary.LittleEndian.Uint32(append(src[:len(src):len(src)], 0, 0, 0, 0)) == 0x184D2204 {
		return io.ReadFull(lz4.NewReader(bytes.NewReader(src)), dst)
	}
	return lz4.UncompressBlock(src, dst)
}

// unpackHadoop decompresses blocks behind their lengths; one may be in several
// parts, each behind its own.
func unpackHadoop(dst, src []byte) (n int) {
	for len(src) >= 8 {
		whole := int64(binary.BigEndian.Uint32(src))
		src = src[4:]
		for end := int64(n) + whole; int64(n) < end; {
			if len(src) < 4 || end > int64(len(dst)) {
				return n
			}
			size := int64(binary.BigEndian.Uint32(src))
			if src = src[4:]; size == 0 || size > int64(len(src)) {
				return n
			}
			got, err := lz4.UncompressBlock(src[:size], dst[n:end])
			if err != nil || got <= 0 {
				return n
			}
			n += got
			src = src[size:]
		}
	}
	return n
}
