package format

import (
	"bufio"
	"encoding/binary"
	"io"
	"math"
	"strconv"

	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"

	"vigie/scanner"
)

// An arrowBatch gives out the parts of a record batch in order.
type arrowBatch struct {
	a       *arrowReader
	body    int64
	length  int64
	nodes   []byte // 16 bytes each
	buffers []byte // 16 bytes each
	counts  []byte // of the parts of views, 8 bytes each
	codec   int    // -1 without
	windows int64  // of the decoders
	closing []func()
}

// lay reads where the parts of a batch are.
func (a *arrowReader) lay(m flat, body, length int64) (*arrowBatch, error) {
	b := &arrowBatch{a: a, body: body, length: length, codec: -1}
	b.nodes, _ = m.vector(1, 16)
	b.buffers, _ = m.vector(2, 16)
	b.counts, _ = m.vector(4, 8)
	if c, ok := m.table(3); ok {
		if b.codec = int(c.byte(0)); b.codec > 1 || c.byte(1) != 0 {
			return nil, unsupported("compression of Arrow")
		}
	}
	if m.long(0) < 0 {
		return nil, malformed("number of rows")
	}
	return b, nil
}

func (b *arrowBatch) close() {
	for _, c := range b.closing {
		c()
	}
}

// part returns the next buffer of the batch, decoded, and how long it is: -1 where
// only its end will tell.
func (b *arrowBatch) part() (io.Reader, int64, error) {
	if len(b.buffers) == 0 {
		return nil, 0, malformed("parts of a batch")
	}
	off := int64(binary.LittleEndian.Uint64(b.buffers))
	n := int64(binary.LittleEndian.Uint64(b.buffers[8:]))
	b.buffers = b.buffers[16:]
	if off < 0 || n < 0 || off > b.length || n > b.length-off {
		return nil, 0, malformed("parts of a batch")
	}
	r := io.NewSectionReader(b.a.from, b.body+off, n)
	if b.codec < 0 || n == 0 {
		return r, n, nil
	}
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return nil, 0, err
	}
	size := int64(binary.LittleEndian.Uint64(head[:]))
	if size == -1 {
		return r, n - 8, nil
	}
	z, err := b.decoder(r)
	return io.LimitReader(z, max(size, 0)), size, err
}

// decoder decodes LZ4 or Zstandard, within the memory for all columns.
func (b *arrowBatch) decoder(r *io.SectionReader) (io.Reader, error) {
	var head [32]byte
	n, err := r.ReadAt(head[:], 8)
	if n < 7 {
		return nil, err
	}
	window := int64(64<<10) << (2 * (min(max(int(head[5]>>4&7), 4), 7) - 4)) // of LZ4
	if b.codec == 1 {
		var h zstd.Header
		if err := h.Decode(head[:n]); err != nil {
			return nil, malformed("compressed data do not decode")
		}
		window = int64(min(h.WindowSize, 1<<40)) + 128<<10
		if h.SingleSegment {
			window = int64(min(h.FrameContentSize, 1<<40)) + 128<<10
		}
	}
	if b.windows += 2 * window; b.windows > 2*arrowWindows {
		return nil, &scanner.Problem{Reason: scanner.TooLarge, Detail: "windows of compressed columns"}
	}
	if b.codec == 0 {
		return &decoded{lz4.NewReader(&lz4Source{r: r})}, nil
	}
	z, err := zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(64<<20))
	if err != nil {
		return nil, err
	}
	b.closing = append(b.closing, z.Close)
	return &decoded{z}, nil
}

// A decoded gives the errors of its decoder their reason.
type decoded struct{ r io.Reader }

func (d *decoded) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		if fault(err) == err {
			err = malformed("compressed data do not decode")
		}
	}
	return n, err
}

// arrowValues reads a buffer from its beginning to its end.
type arrowValues struct {
	r *bufio.Reader
	b []byte // the last value
}

// next returns the next n bytes.
func (v *arrowValues) next(n int) ([]byte, error) {
	if cap(v.b) < n {
		v.b = make([]byte, n)
	}
	v.b = v.b[:n]
	_, err := io.ReadFull(v.r, v.b)
	return v.b, unexpected(err)
}

func (v *arrowValues) skip(n int64) error {
	got, err := io.CopyN(io.Discard, v.r, n)
	if err == nil && got < n {
		err = io.EOF
	}
	return unexpected(err)
}

func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}

// arrowBits reads a buffer of bits, the lowest first.
type arrowBits struct {
	r    *bufio.Reader
	b    byte
	left int
}

func (b *arrowBits) next() (bool, error) {
	if b.left == 0 {
		var err error
		if b.b, err = b.r.ReadByte(); err != nil {
			return false, unexpected(err)
		}
		b.left = 8
	}
	set := b.b&1 != 0
	b.b >>= 1
	b.left--
	return set, nil
}

// stream returns the next buffer of the batch to be read in order.
func (b *arrowBatch) stream() (*bufio.Reader, int64, error) {
	r, n, err := b.part()
	if err != nil {
		return nil, 0, err
	}
	return bufio.NewReaderSize(r, int(min(max(n, 16), 32<<10))), n, nil
}

// open sets a field and those below to the beginning of a batch.
func (b *arrowBatch) open(f *arrowField) error {
	f.valid, f.bits, f.offsets, f.values, f.apart, f.at, f.begun = nil, nil, nil, nil, nil, 0, false
	if len(b.nodes) == 0 {
		return malformed("parts of a batch")
	}
	nulls := binary.LittleEndian.Uint64(b.nodes[8:])
	b.nodes = b.nodes[16:]
	if f.kind == arrowNull {
		return nil
	}
	if f.kind == arrowRunEnd || f.kind == arrowUnion && b.a.version >= 4 {
		return b.below(f)
	}
	r, n, err := b.stream()
	if err != nil {
		return err
	}
	if n > 0 && nulls > 0 {
		f.valid = &arrowBits{r: r}
	}
	switch f.kind {
	case arrowStruct, arrowFixedList:
	case arrowUnion, arrowListView, arrowLargeListView:
		return b.below(f)
	case arrowBool:
		if r, _, err = b.stream(); err != nil {
			return err
		}
		f.bits = &arrowBits{r: r}
	case arrowList, arrowLargeList, arrowMap, arrowUTF8, arrowBinary, arrowLarge, arrowLargeUTF8:
		if r, _, err = b.stream(); err != nil {
			return err
		}
		f.offsets = &arrowValues{r: r}
		if len(f.below) == 0 {
			if r, _, err = b.stream(); err != nil {
				return err
			}
			f.values = &arrowValues{r: r}
		}
	default:
		if r, _, err = b.stream(); err != nil {
			return err
		}
		f.values = &arrowValues{r: r}
		if f.kind == arrowView || f.kind == arrowViewUTF8 {
			if err := b.views(f); err != nil {
				return err
			}
		}
	}
	return b.fields(f)
}

// below sets a field whose own fields do not go side by side, and those.
func (b *arrowBatch) below(f *arrowField) error {
	if err := b.apartFields(f); err != nil {
		return err
	}
	return b.fields(f)
}

func (b *arrowBatch) fields(f *arrowField) error {
	for _, below := range f.below {
		if err := b.open(below); err != nil {
			return err
		}
	}
	return nil
}

// An arrowApart is a part with texts of a view: in the file, or decoded.
type arrowApart struct {
	from io.ReaderAt
	off  int64
	size int64
	b    []byte
}

// views finds the parts that hold the texts of a view.
func (b *arrowBatch) views(f *arrowField) error {
	if len(b.counts) < 8 {
		return malformed("parts of a batch")
	}
	count := binary.LittleEndian.Uint64(b.counts)
	b.counts = b.counts[8:]
	for range count {
		r, size, err := b.part()
		if err != nil {
			return err
		}
		if s, ok := r.(*io.SectionReader); ok {
			f.apart = append(f.apart, &arrowApart{from: s, off: s.Size() - size, size: size})
			continue
		}
		if b.windows += max(size, 0); size < 0 || b.windows > 2*arrowWindows {
			return &scanner.Problem{Reason: scanner.TooLarge, Detail: "windows of compressed columns"}
		}
		text, err := io.ReadAll(r)
		if err != nil {
			return err
		}
		f.apart = append(f.apart, &arrowApart{b: text, size: int64(len(text))})
	}
	return nil
}

// viewed returns the text that a view stands for.
func (f *arrowField) viewed(v []byte) ([]byte, error) {
	n := int64(int32(binary.LittleEndian.Uint32(v)))
	if n >= 0 && n <= 12 {
		return v[4 : 4+n], nil
	}
	i, off := binary.LittleEndian.Uint32(v[8:]), int64(int32(binary.LittleEndian.Uint32(v[12:])))
	if n < 0 || uint64(i) >= uint64(len(f.apart)) {
		return nil, malformed("text of a view")
	}
	p := f.apart[i]
	if off < 0 || off > p.size-n {
		return nil, malformed("text of a view")
	}
	n = min(n, gridCell)
	if p.from == nil {
		return p.b[off : off+n], nil
	}
	b := make([]byte, n)
	_, err := p.from.ReadAt(b, p.off+off)
	if err == io.EOF {
		err = nil
	}
	return b, err
}

// next reads the next value of a field into its cell; shown: nothing above it is
// null.
func (a *arrowReader) next(f *arrowField, shown bool) error {
	if err := a.spend(1); err != nil {
		return err
	}
	if f.valid != nil {
		set, err := f.valid.next()
		if err != nil {
			return err
		}
		shown = shown && set
	}
	switch f.kind {
	case arrowNull:
		return nil
	case arrowStruct:
		for _, below := range f.below {
			if err := a.next(below, shown); err != nil {
				return err
			}
		}
		return nil
	case arrowFixedList:
		return a.elements(f, f.length, shown)
	case arrowUnion:
		return a.union(f, shown)
	case arrowRunEnd:
		return a.run(f, shown)
	case arrowListView, arrowLargeListView:
		return a.viewedList(f, shown)
	case arrowBool:
		set, err := f.bits.next()
		if err == nil && shown {
			a.add(f, strconv.AppendBool(nil, set))
		}
		return err
	}
	if f.offsets != nil {
		return a.ranged(f, shown)
	}
	b, err := f.values.next(f.width)
	if err != nil || !shown {
		return err
	}
	switch {
	case f.words != nil:
		a.add(f, f.words.word(arrowInteger(b, f.signed)))
	case f.kind == arrowView || f.kind == arrowViewUTF8:
		if b, err = f.viewed(b); err == nil {
			a.add(f, b)
		}
	default:
		var room [64]byte
		a.add(f, f.text(room[:0], b))
	}
	return err
}

// ranged reads a value that lies between two offsets.
func (a *arrowReader) ranged(f *arrowField, shown bool) error {
	width := 4
	if f.kind == arrowLarge || f.kind == arrowLargeUTF8 || f.kind == arrowLargeList {
		width = 8
	}
	if !f.begun {
		first, err := f.offsets.next(width)
		if err != nil {
			return err
		}
		f.begun = true
		if err := a.pass(f, arrowInteger(first, true), false); err != nil {
			return err
		}
	}
	end, err := f.offsets.next(width)
	if err != nil {
		return err
	}
	return a.pass(f, arrowInteger(end, true), shown)
}

// pass goes on to an offset.
func (a *arrowReader) pass(f *arrowField, to int64, shown bool) error {
	n := to - f.at
	if n < 0 || to > 1<<50 {
		return malformed("offsets of a column")
	}
	f.at = to
	if len(f.below) > 0 {
		return a.elements(f, n, shown)
	}
	keep := int64(0)
	if shown {
		keep = min(n, gridCell)
		b, err := f.values.next(int(keep))
		if err != nil {
			return err
		}
		a.add(f, b)
	}
	return f.values.skip(n - keep)
}

func (a *arrowReader) elements(f *arrowField, n int64, shown bool) error {
	for range n {
		if err := a.next(f.below[0], shown); err != nil {
			return err
		}
	}
	return nil
}

// add appends to the cell of a field; values of a list share it.
func (a *arrowReader) add(f *arrowField, b []byte) {
	cell := &a.cells[f.column]
	if len(*cell) >= gridCell || len(b) == 0 {
		return
	}
	if len(*cell) > 0 {
		*cell = append(*cell, "; "...)
	}
	*cell = append(*cell, b...)
}

// arrowInteger returns a number of 1, 2, 4 or 8 bytes.
func arrowInteger(b []byte, signed bool) int64 {
	switch len(b) {
	case 1:
		if signed {
			return int64(int8(b[0]))
		}
		return int64(b[0])
	case 2:
		v := binary.LittleEndian.Uint16(b)
		if signed {
			return int64(int16(v))
		}
		return int64(v)
	case 4:
		v := binary.LittleEndian.Uint32(b)
		if signed {
			return int64(int32(v))
		}
		return int64(v)
	}
	return int64(binary.LittleEndian.Uint64(b))
}

func arrowSingle(b []byte) float32 { return math.Float32frombits(binary.LittleEndian.Uint32(b)) }
func arrowDouble(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }
