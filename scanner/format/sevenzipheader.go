package format

import (
	"encoding/binary"
	"time"
)

// The names of what a 7z header holds (7zFormat.txt of the LZMA SDK).
const (
	sevenEnd = iota
	sevenHeader
	sevenProperties
	sevenAdditional
	sevenStreams
	sevenFiles
	sevenPacks
	sevenFolders
	sevenSubStreams
	sevenSize
	sevenCRC
	sevenFolder
	sevenUnpackSize
	sevenNumStreams
	sevenEmptyStream
	sevenEmptyFile
	sevenAnti
	sevenNames
	sevenCreated
	sevenAccessed
	sevenModified
	sevenAttributes
	sevenComment
	sevenEncoded
)

const (
	sevenCoderMax = 32       // coders of a folder, as in the SDK
	sevenSizeMax  = 1 << 50  // bytes; larger numbers are lies
	sevenHeadMax  = 64 << 20 // bytes of a header, which is held in memory
	sevenFoldMax  = 1 << 18  // folders
	sevenMany     = 1 << 20  // members
)

// A sevenReader reads the numbers of a header. After the first that is not
// there or makes no sense it is bad, and gives zeros: nothing is allocated for
// what the rest of the header could not describe.
type sevenReader struct {
	b    []byte
	bad  bool
	many bool // bad because there is too much of something
}

func (r *sevenReader) bytes(n uint64) []byte {
	if n > uint64(len(r.b)) {
		r.bad, r.b = true, nil
		return nil
	}
	b := r.b[:n]
	r.b = r.b[n:]
	return b
}

func (r *sevenReader) byte() byte {
	if b := r.bytes(1); b != nil {
		return b[0]
	}
	return 0
}

func (r *sevenReader) uint32() uint32 {
	if b := r.bytes(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

// number reads 1 to 9 bytes: the ones at the top of the first say how many
// follow.
func (r *sevenReader) number() uint64 {
	first, v := r.byte(), uint64(0)
	for i := range 8 {
		mask := byte(0x80) >> i
		if first&mask == 0 {
			return v | uint64(first&(mask-1))<<(8*i)
		}
		v |= uint64(r.byte()) << (8 * i)
	}
	return v
}

// size reads a number of bytes.
func (r *sevenReader) size() int64 {
	n := r.number()
	if n > sevenSizeMax {
		r.bad = true
		return 0
	}
	return int64(n)
}

// count reads how many things follow, of at least one byte each.
func (r *sevenReader) count(most int) int {
	n := r.number()
	if n > uint64(min(len(r.b), most)) {
		r.many = !r.bad && n <= uint64(len(r.b))
		r.bad, r.b = true, nil
		return 0
	}
	return int(n)
}

func (r *sevenReader) bits(n int) []bool {
	b := r.bytes(uint64(n+7) / 8)
	if b == nil {
		return nil
	}
	set := make([]bool, n)
	for i := range set {
		set[i] = b[i/8]&(0x80>>(i%8)) != 0
	}
	return set
}

// defined is bits behind a byte that may say that all are set.
func (r *sevenReader) defined(n int) []bool {
	if r.byte() == 0 {
		return r.bits(n)
	}
	if n > len(r.b) { // what is defined takes four bytes, or eight
		r.bad = true
		return nil
	}
	set := make([]bool, n)
	for i := range set {
		set[i] = true
	}
	return set
}

// A sevenSum is a CRC-32 that may be missing.
type sevenSum struct {
	sum  uint32
	have bool
}

func (r *sevenReader) sums(n int) []sevenSum {
	sums := make([]sevenSum, 0, min(n, len(r.b)))
	for _, have := range r.defined(n) {
		s := sevenSum{have: have}
		if have {
			s.sum = r.uint32()
		}
		sums = append(sums, s)
	}
	if len(sums) < n {
		r.bad = true
		return make([]sevenSum, n)
	}
	return sums
}

// A sevenCoder is one step of decoding: from one stream, or four, to one.
type sevenCoder struct {
	method uint64
	inputs int
	props  []byte
	size   int64 // of what comes out
}

// A sevenFold is what 7z calls a folder: members one after another, packed
// together by a few coders that feed each other.
type sevenFold struct {
	coders []sevenCoder
	feeds  []int // by input of all coders: the coder that feeds it, or -1-i for the i-th packed stream
	last   int   // the coder that nothing follows
	packs  []sevenPack
	sum    sevenSum
	parts  []sevenPart
}

// A sevenPack is where packed bytes lie, from the end of the signature header.
type sevenPack struct{ at, size int64 }

// A sevenPart is the data of one member within a fold.
type sevenPart struct {
	size int64
	sum  sevenSum
}

// A sevenMember is what the header says of a member.
type sevenMember struct {
	name       string
	modified   time.Time
	attributes uint32
	fold       int // -1 where there are no data
	part       int
	at         int64 // in its fold
	directory  bool
	anti       bool
}

// fold reads the coders of a fold and how they hang together. Its packed
// streams get their places later.
func (r *sevenReader) fold() (f sevenFold) {
	n := r.number()
	if n == 0 || n > sevenCoderMax {
		r.bad = true
		return f
	}
	inputs := 0
	for range n {
		flags := r.byte()
		c := sevenCoder{inputs: 1}
		for _, b := range r.bytes(uint64(flags & 15)) {
			c.method = c.method<<8 | uint64(b)
		}
		if flags&0x10 != 0 {
			in, out := r.number(), r.number()
			if in == 0 || in > sevenCoderMax || out != 1 {
				r.bad = true
				return f
			}
			c.inputs = int(in)
		}
		if flags&0x20 != 0 {
			c.props = r.bytes(r.number())
		}
		if flags&0x80 != 0 || flags&15 > 8 {
			r.bad = true
		}
		inputs += c.inputs
		f.coders = append(f.coders, c)
	}
	f.bind(r, inputs)
	return f
}

// bind reads which coder feeds which input, and which inputs are packed streams.
func (f *sevenFold) bind(r *sevenReader, inputs int) {
	const nothing = -1 << 20
	f.feeds = make([]int, inputs)
	for i := range f.feeds {
		f.feeds[i] = nothing
	}
	used := make([]bool, len(f.coders))
	for range len(f.coders) - 1 {
		in, out := r.number(), r.number()
		if in >= uint64(inputs) || out >= uint64(len(used)) || used[out] || f.feeds[in] != nothing {
			r.bad = true
			return
		}
		f.feeds[in], used[out] = int(out), true
	}
	for f.last = 0; used[f.last]; f.last++ {
	}
	n := inputs - len(f.coders) + 1
	f.packs = make([]sevenPack, n)
	for i := range n {
		in := 0
		if n == 1 {
			for in < inputs && f.feeds[in] != nothing {
				in++
			}
		} else if k := r.number(); k < uint64(inputs) {
			in = int(k)
		} else {
			in = inputs
		}
		if in >= inputs || f.feeds[in] != nothing {
			r.bad = true
			return
		}
		f.feeds[in] = -1 - i
	}
}

// streams reads where the packed streams lie and how they are decoded.
func (r *sevenReader) streams() (folds []sevenFold) {
	var packs []sevenPack
	for !r.bad {
		switch r.number() {
		case sevenEnd:
			return folds
		case sevenPacks:
			packs = r.packs()
		case sevenFolders:
			folds = r.folds(packs)
		case sevenSubStreams:
			r.parts(folds)
		default:
			r.bad = true
		}
	}
	return nil
}

func (r *sevenReader) packs() []sevenPack {
	at, n := r.size(), r.count(4*sevenFoldMax)
	packs := make([]sevenPack, n)
	for !r.bad {
		switch r.number() {
		case sevenEnd:
			return packs
		case sevenSize:
			for i := range packs {
				packs[i] = sevenPack{at, r.size()}
				if at += packs[i].size; at > sevenSizeMax {
					r.bad = true
					return nil
				}
			}
		case sevenCRC:
			r.sums(n)
		default:
			r.bad = true
		}
	}
	return nil
}

func (r *sevenReader) folds(packs []sevenPack) []sevenFold {
	if r.number() != sevenFolder {
		r.bad = true
	}
	n := r.count(sevenFoldMax)
	if r.byte() != 0 { // described elsewhere, which nothing ever wrote
		r.bad = true
	}
	folds := make([]sevenFold, 0, min(n, 1024))
	for i := 0; i < n && !r.bad; i++ {
		f := r.fold()
		if len(f.packs) > len(packs) {
			r.bad = true
			return nil
		}
		packs = packs[copy(f.packs, packs):]
		folds = append(folds, f)
	}
	if r.number() != sevenUnpackSize {
		r.bad = true
	}
	for i := range folds {
		for k := range folds[i].coders {
			folds[i].coders[k].size = r.size()
		}
	}
	for !r.bad {
		switch r.number() {
		case sevenEnd:
			for i := range folds {
				f := &folds[i]
				f.parts = []sevenPart{{f.size(), f.sum}}
			}
			return folds
		case sevenCRC:
			for i, s := range r.sums(n) {
				folds[i].sum = s
			}
		default:
			r.bad = true
		}
	}
	return nil
}

// size is how many bytes come out of a fold.
func (f *sevenFold) size() int64 { return f.coders[f.last].size }

// parts reads how the folds are divided among members. Sums that stand with the
// folds of one member are not repeated.
func (r *sevenReader) parts(folds []sevenFold) {
	what := r.number()
	if what == sevenNumStreams {
		most := sevenMany
		for i := range folds {
			n := r.count(most)
			most -= n
			folds[i].parts = make([]sevenPart, n)
		}
		what = r.number()
	}
	for i := range folds {
		f := &folds[i]
		left := f.size()
		for k := range f.parts {
			p := &f.parts[k]
			if k == len(f.parts)-1 {
				p.size = left
			} else if what == sevenSize {
				p.size = r.size()
			}
			if left -= p.size; left < 0 {
				r.bad = true
				return
			}
		}
	}
	if what == sevenSize {
		what = r.number()
	}
	var open []*sevenPart
	for i := range folds {
		f := &folds[i]
		if len(f.parts) == 1 && f.sum.have {
			f.parts[0].sum = f.sum
			continue
		}
		for k := range f.parts {
			open = append(open, &f.parts[k])
		}
	}
	if what == sevenCRC {
		for i, s := range r.sums(len(open)) {
			open[i].sum = s
		}
		what = r.number()
	}
	if what != sevenEnd {
		r.bad = true
	}
}
