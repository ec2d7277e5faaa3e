package format

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"io"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"

	"vigie/scanner"
)

var avroFormat = scanner.Format{
	Name: "avro",
	Doc: `Avro object container

With the codecs null, deflate, snappy, bzip2 and zstandard (Apache Avro
specification 1.11). Each record is a row; the path of a field is its column, the
elements of an array stand in one cell. Dates and times are what their logical
types say.`,
	Match: func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte("Obj\x01")) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		a := &avroReader{file: &counting{r: bufio.NewReaderSize(c.Stream(), 64<<10), left: 1 << 62}, grid: grid{ctx: ctx, yield: yield}}
		err := a.read()
		if ferr := a.flush(); err == nil {
			err = ferr
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fault(err)
	},
}

const (
	avroSchema = 4 << 20  // bytes of the schema
	avroBlock  = 64 << 20 // of a block that is in memory: snappy
	avroValue  = 64 << 10 // kept of a value
	avroFree   = 64 << 20
	avroRatio  = 250
)

// An avroReader reads the blocks one after the other.
type avroReader struct {
	file *counting
	grid
	codec string
	sync  [16]byte
	root  *avroNode
	cells [][]byte

	in   *bufio.Reader // of the block
	out  int64         // bytes that came out of all blocks
	pads int64         // empty cells
}

// taken returns how many bytes of the blocks were used.
func (a *avroReader) taken() int64 { return a.out - int64(a.in.Buffered()) }

func (a *avroReader) read() error {
	if _, err := io.CopyN(io.Discard, a.file, 4); err != nil {
		return err
	}
	a.in = bufio.NewReader(a.file)
	schema, err := a.header()
	if err != nil {
		return err
	}
	if a.root, a.titles, err = compileAvro(schema); err != nil {
		return err
	}
	a.cells = make([][]byte, len(a.titles))
	file := a.in
	for {
		a.in = file
		if _, err := file.Peek(1); err == io.EOF {
			return nil
		}
		if err := a.block(file); err != nil {
			return err
		}
	}
}

// header reads the metadata, and returns the schema.
func (a *avroReader) header() (schema []byte, err error) {
	for {
		n, err := a.count()
		if err != nil {
			return nil, err
		}
		if n == 0 {
			break
		}
		for range n {
			key, err := a.bytes(avroSchema)
			if err != nil {
				return nil, err
			}
			name := string(key)
			value, err := a.bytes(avroSchema)
			if err != nil {
				return nil, err
			}
			switch name {
			case "avro.schema":
				schema = value
			case "avro.codec":
				a.codec = string(value)
			}
		}
	}
	_, err = io.ReadFull(a.in, a.sync[:])
	return schema, err
}

// block reads one block of records.
func (a *avroReader) block(file *bufio.Reader) error {
	rows, err := a.long()
	if err != nil {
		return err
	}
	size, err := a.long()
	if err != nil {
		return err
	}
	if rows < 0 || size < 0 {
		return malformed("size of a block")
	}
	limit := &io.LimitedReader{R: file, N: size}
	data, closing, err := a.decoded(limit, size)
	if err != nil {
		return err
	}
	defer closing()
	begin := a.out
	a.in = bufio.NewReaderSize(&avroMeter{data, a}, 32<<10)
	for range rows {
		before := a.taken()
		if err := a.row(); err != nil {
			return err
		}
		if a.taken() == before {
			break // records of nothing, however many
		}
		if a.out-begin > avroFree && (a.out-begin)/avroRatio > size || a.pads > 4*a.taken()+avroFree {
			return &scanner.Problem{Reason: scanner.Ratio, Detail: "expands further than the limit"}
		}
	}
	a.in = file
	if _, err := io.Copy(io.Discard, limit); err != nil {
		return err
	}
	var sync [16]byte
	if _, err := io.ReadFull(file, sync[:]); err != nil {
		return err
	}
	if limit.N > 0 || sync != a.sync {
		return malformed("end of a block")
	}
	return nil
}

// avroMeter counts what comes out of a block.
type avroMeter struct {
	r io.Reader
	a *avroReader
}

func (m *avroMeter) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	m.a.out += int64(n)
	return n, err
}

// decoded returns the data of a block.
func (a *avroReader) decoded(r io.Reader, size int64) (io.Reader, func(), error) {
	nothing := func() {}
	switch a.codec {
	case "", "null":
		return r, nothing, nil
	case "deflate":
		z := flate.NewReader(r)
		return z, func() { z.Close() }, nil
	case "bzip2":
		return bzip2.NewReader(r), nothing, nil
	case "zstandard":
		z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(64<<20))
		if err != nil {
			return nil, nothing, err
		}
		return z, z.Close, nil
	case "snappy":
		if size < 4 || size > avroBlock {
			return nil, nothing, malformed("size of a block")
		}
		b, err := io.ReadAll(r)
		if err != nil || int64(len(b)) < size {
			return nil, nothing, io.ErrUnexpectedEOF
		}
		if n, err := snappy.DecodedLen(b[:size-4]); err != nil || n > avroBlock {
			return nil, nothing, malformed("compressed data do not decode")
		}
		out, err := snappy.Decode(nil, b[:size-4])
		if err != nil || crc32.ChecksumIEEE(out) != binary.BigEndian.Uint32(b[size-4:]) {
			return nil, nothing, malformed("compressed data do not decode")
		}
		return bytes.NewReader(out), nothing, nil
	}
	return nil, nothing, unsupported("codec of Avro")
}

// row reads one record and lays it down.
func (a *avroReader) row() error {
	for i := range a.cells {
		a.cells[i] = a.cells[i][:0]
	}
	if err := a.node(a.root, 0); err != nil {
		return err
	}
	for _, c := range a.cells {
		if a.value(c); len(c) == 0 {
			a.pads++
		}
	}
	return a.endRow()
}

// long reads a zig-zag number.
func (a *avroReader) long() (int64, error) { return binary.ReadVarint(a.in) }

// count reads the number of elements in the next part of an array or map.
func (a *avroReader) count() (int64, error) {
	n, err := a.long()
	if err == nil && n < 0 {
		n = -n
		_, err = a.long() // its size
	}
	if err == nil && (n < 0 || n > 1<<40) {
		err = malformed("number of elements")
	}
	return n, err
}

// bytes reads a string; what is longer than most is running text.
func (a *avroReader) bytes(most int64) ([]byte, error) {
	n, err := a.long()
	if err != nil {
		return nil, err
	}
	if n < 0 {
		return nil, malformed("length of a string")
	}
	return a.fixed(n, most)
}

// fixed reads n bytes. What follows most of them is handed over as running text,
// beginning where no number stands.
func (a *avroReader) fixed(n, most int64) ([]byte, error) {
	var b bytes.Buffer
	if _, err := io.CopyN(&b, a.in, min(n, most)); err != nil {
		return nil, io.ErrUnexpectedEOF
	}
	left := n - int64(b.Len())
	if left == 0 {
		return b.Bytes(), nil
	}
	v := b.Bytes()
	keep := rawCut(v)
	rest := append([]byte(nil), v[keep:]...)
	for left > 0 {
		at := len(rest)
		rest = append(rest, make([]byte, min(left, avroValue))...)
		if _, err := io.ReadFull(a.in, rest[at:]); err != nil {
			a.prose(rest[:at])
			return v[:keep], io.ErrUnexpectedEOF
		}
		left -= int64(len(rest) - at)
		cut := len(rest)
		if left > 0 {
			cut = rawCut(rest)
		}
		a.prose(rest[:cut])
		rest = append(rest[:0], rest[cut:]...)
	}
	return v[:keep], a.stop
}
