package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"vigie/scanner"
)

// Numbers of [MS-CFB], the compound files of Microsoft.
const (
	oleMagic   = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	oleHeader  = 512
	oleRecord  = 128        // of the directory
	oleLast    = 0xfffffffa // sectors above are none
	oleStreams = 1 << 16    // that are listed
	oleDepth   = 32         // storages in one another
	oleSectors = 1 << 23    // that are followed: 4 GB at 512 bytes
)

// An ole is a compound file: streams in storages, as files in folders, each a chain
// of sectors. It may be used by several goroutines. Memory: four bytes a sector.
type ole struct {
	r       io.ReaderAt
	size    int64
	sector  int64 // bytes
	small   int64 // bytes of a small sector
	cutoff  int64 // streams of fewer bytes lie in small sectors
	next    []uint32
	nextOf  []uint32 // the same for small sectors
	inner   []uint32 // sectors of the stream that holds the small ones
	streams []oleStream
	paths   map[string]int // of streams, in lower case
}

// An oleStream is a stream by its path: "Workbook", "MBD0001/Package".
type oleStream struct {
	path  string
	start uint32
	size  int64
}

// openOLE reads the tables and the directory of a compound file. What is cut off
// of them is left out; a file without a directory is malformed.
func openOLE(r io.ReaderAt, size int64) (*ole, error) {
	head := make([]byte, oleHeader)
	if n, err := r.ReadAt(head, 0); n < oleHeader {
		return nil, readFault(err)
	}
	le := binary.LittleEndian
	shift, small := le.Uint16(head[30:]), le.Uint16(head[32:])
	if string(head[:8]) != oleMagic || shift != 9 && shift != 12 || small != 6 {
		return nil, malformed("header of a compound file")
	}
	o := &ole{r: r, size: size, sector: 1 << shift, small: 1 << small, cutoff: int64(le.Uint32(head[56:]))}
	most := int(min(size/o.sector+1, oleSectors))

	// The table of sectors lies in sectors that the header lists, and then a chain.
	var tables []uint32
	for i := 76; i < oleHeader && len(tables) < most; i += 4 {
		tables = append(tables, le.Uint32(head[i:]))
	}
	block := make([]byte, o.sector)
	for at, n := le.Uint32(head[68:]), 0; at < oleLast && n < most && o.read(block, at); n++ {
		for i := 0; i < len(block)-4 && len(tables) < most; i += 4 {
			tables = append(tables, le.Uint32(block[i:]))
		}
		at = le.Uint32(block[len(block)-4:])
	}
	for _, at := range tables {
		if at >= oleLast || len(o.next) > most {
			break
		}
		if !o.read(block, at) {
			for i := range block {
				block[i] = 0xff // no chain goes on here
			}
		}
		o.next = appendSectors(o.next, block)
	}
	directory := o.readChain(le.Uint32(head[48:]), oleStreams*oleRecord)
	if len(directory) < oleRecord {
		return nil, truncated("the directory of a compound file is missing")
	}
	o.nextOf = appendSectors(nil, o.readChain(le.Uint32(head[60:]), int(min(int64(le.Uint32(head[64:]))*o.sector, size, 16<<20))))
	o.inner = o.chain(le.Uint32(directory[116:]), most)
	o.list(directory)
	return o, nil
}

func readFault(err error) error {
	if err == nil || err == io.EOF || err == io.ErrUnexpectedEOF {
		return truncated("shorter than its header says")
	}
	return err
}

func appendSectors(dst []uint32, b []byte) []uint32 {
	for ; len(b) >= 4; b = b[4:] {
		dst = append(dst, binary.LittleEndian.Uint32(b))
	}
	return dst
}

// read reads a sector; what is missing at the end of the file is zero.
func (o *ole) read(block []byte, at uint32) bool {
	n, _ := o.r.ReadAt(block, (int64(at)+1)*o.sector)
	clear(block[n:])
	return n > 0
}

// chain returns the sectors of a chain, at most so many.
func (o *ole) chain(at uint32, most int) (all []uint32) {
	for at < oleLast && int64(at) < int64(len(o.next)) && len(all) < most {
		all = append(all, at)
		at = o.next[at]
	}
	return all
}

// readChain reads a chain whole: at most so many bytes.
func (o *ole) readChain(at uint32, most int) []byte {
	var b []byte
	block := make([]byte, o.sector)
	for _, at := range o.chain(at, min(most, int(o.size))/int(o.sector)+1) {
		if !o.read(block, at) {
			break
		}
		b = append(b, block...)
	}
	return b[:min(len(b), most)]
}

// list walks the trees of the directory.
func (o *ole) list(directory []byte) {
	le := binary.LittleEndian
	o.paths = make(map[string]int)
	seen := make([]bool, len(directory)/oleRecord)
	type place struct {
		at     uint32
		folder string
		depth  int
	}
	queue := []place{{at: le.Uint32(directory[76:])}}
	for len(queue) > 0 && len(o.streams) < oleStreams {
		p := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if int64(p.at) >= int64(len(seen)) || seen[p.at] || p.depth > oleDepth {
			continue
		}
		seen[p.at] = true
		b := directory[int(p.at)*oleRecord:][:oleRecord]
		queue = append(queue, place{le.Uint32(b[72:]), p.folder, p.depth}, place{le.Uint32(b[68:]), p.folder, p.depth})
		name := p.folder + oleName(b)
		switch b[66] {
		case 1:
			queue = append(queue, place{le.Uint32(b[76:]), name + "/", p.depth + 1})
		case 2:
			size := int64(le.Uint32(b[120:]))
			if o.sector > 512 {
				size |= int64(le.Uint32(b[124:])&0x7fffffff) << 32
			}
			if key := strings.ToLower(name); o.paths[key] == 0 {
				o.paths[key] = len(o.streams) + 1
			}
			o.streams = append(o.streams, oleStream{name, le.Uint32(b[116:]), size})
		}
	}
}

// oleName returns the name in a record of the directory, without the control
// character that some begin with.
func oleName(b []byte) string {
	n := min(int(binary.LittleEndian.Uint16(b[64:])), 64) / 2
	units := make([]uint16, 0, 32)
	for i := range max(0, n-1) {
		if u := binary.LittleEndian.Uint16(b[2*i:]); u >= ' ' {
			units = append(units, u)
		}
	}
	return strings.ReplaceAll(string(utf16.Decode(units)), "/", "_")
}

// find returns the stream of that path, in any case; nil where there is none.
func (o *ole) find(path string) *oleStream {
	if i := o.paths[strings.ToLower(path)]; i > 0 {
		return &o.streams[i-1]
	}
	return nil
}

// open reads a stream. It ends with a Problem (truncated) where sectors are
// missing.
func (o *ole) open(s *oleStream) io.Reader {
	return &oleReader{o: o, at: s.start, left: min(s.size, o.size), over: s.size > o.size, small: s.size < o.cutoff}
}

// object returns a stream as a member.
func (o *ole) object(s *oleStream) scanner.Object {
	return scanner.Object{Path: memberPath(s.path), Size: s.size, Apart: true, Open: func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
		if off > 0 {
			return nil, scanner.ErrUnranged
		}
		return io.NopCloser(o.open(s)), nil
	}}
}

// An oleReader follows the chain of a stream.
type oleReader struct {
	o     *ole
	at    uint32
	skip  int64 // bytes of the sector that were read
	left  int64
	over  bool // it says that it is longer than the file
	small bool
}

func (r *oleReader) Read(p []byte) (int, error) {
	if r.left <= 0 && !r.over {
		return 0, io.EOF
	}
	off, run, next := r.run(int64(len(p)))
	if run <= 0 || r.left <= 0 {
		return 0, truncated("a stream of a compound file is cut off")
	}
	n, err := r.o.r.ReadAt(p[:min(run, r.left, int64(len(p)))], off)
	if n == 0 {
		return 0, readFault(err)
	}
	r.left -= int64(n)
	r.pass(int64(n), next)
	return n, nil
}

// run returns where the stream goes on, and how many bytes lie there in one piece:
// as many sectors as follow one another, up to want bytes.
func (r *oleReader) run(want int64) (off, n int64, next []uint32) {
	o := r.o
	if r.small {
		per := o.sector / o.small
		k := int64(r.at) / per
		if k >= int64(len(o.inner)) {
			return 0, 0, nil
		}
		return (int64(o.inner[k])+1)*o.sector + int64(r.at)%per*o.small + r.skip, o.small - r.skip, o.nextOf
	}
	if int64(r.at) >= int64(len(o.next)) {
		return 0, 0, nil
	}
	n = o.sector - r.skip
	for at := r.at; n < want && int64(at)+1 < int64(len(o.next)) && o.next[at] == at+1; at++ {
		n += o.sector
	}
	return (int64(r.at)+1)*o.sector + r.skip, n, o.next
}

// pass goes n bytes on.
func (r *oleReader) pass(n int64, next []uint32) {
	size := r.o.sector
	if r.small {
		size = r.o.small
	}
	for r.skip += n; r.skip >= size; r.skip -= size {
		if int64(r.at) >= int64(len(next)) {
			r.at = oleLast
			continue
		}
		r.at = next[r.at]
	}
}

func isOLE(head []byte) bool { return bytes.HasPrefix(head, []byte(oleMagic)) }
