package format

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"runtime"

	"github.com/klauspost/compress/flate"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

// The methods by their numbers (Methods.txt of the LZMA SDK; those of the
// forks that know Zstandard, Brotli and LZ4 begin with 04F711).
const (
	sevenCopy    = 0x0
	sevenDelta   = 0x3
	sevenLZMA2   = 0x21
	sevenLZMA    = 0x30101
	sevenBCJ2    = 0x303011b
	sevenPPMd    = 0x30401
	sevenDeflate = 0x40108
	sevenWide    = 0x40109
	sevenBzip2   = 0x40202
	sevenZstd    = 0x4f71101
	sevenBrotli  = 0x4f71102
	sevenLZ4     = 0x4f71104
	sevenAES     = 0x6f10701
)

// sevenWindow is the largest dictionary of a 7z archive, and the most memory for
// PPMd: what 7-Zip asks for at level 9.
const sevenWindow = 256 << 20

// sevenRoom is what decoding ahead may hold in the child process of an archive.
var sevenRoom = codec.Room{Dicts: 80 << 20, Parts: 512, Slabs: 48}

// sevenAhead is how many bytes are worth to be decoded on several processors.
const sevenAhead = 8 << 20

// window returns the most memory that a fold takes to decode, in bytes.
func (z *sevenZip) window() (most int64) {
	for i := range z.folds {
		held := int64(0)
		for _, c := range z.folds[i].coders {
			switch {
			case (c.method == sevenLZMA || c.method == sevenPPMd) && len(c.props) >= 5:
				dict := int64(binary.LittleEndian.Uint32(c.props[1:]))
				if c.method == sevenLZMA {
					dict = min(dict, c.size)
				}
				held += dict
			case c.method == sevenLZMA2 && len(c.props) >= 1 && c.props[0] <= 40:
				held += min(int64(2|c.props[0]&1)<<(c.props[0]/2+11), c.size)
			}
		}
		most = max(most, held)
	}
	return most
}

// widest returns how much the largest fold with LZMA2 unpacks to, in bytes.
func (z *sevenZip) widest() (most int64) {
	for i := range z.folds {
		for _, c := range z.folds[i].coders {
			if c.method == sevenLZMA2 {
				most = max(most, c.size)
			}
		}
	}
	return most
}

// locked reports whether a fold is encrypted.
func (f *sevenFold) locked() bool {
	for _, c := range f.coders {
		if c.method == sevenAES {
			return true
		}
	}
	return false
}

// unfold returns a reader of all that is in a fold. It ends with io.EOF or a
// *Problem.
func (z *sevenZip) unfold(f *sevenFold, word string) (io.Reader, error) {
	u := &unfolding{z: z, f: f, word: word}
	r, err := u.coder(f.last, 0)
	if err != nil {
		return nil, err
	}
	return r, nil
}

type unfolding struct {
	z    *sevenZip
	f    *sevenFold
	word string
}

// coder returns what comes out of the i-th coder.
func (u *unfolding) coder(i, depth int) (io.Reader, error) {
	if depth > len(u.f.coders) {
		return nil, malformed("7z coders that feed themselves")
	}
	c := &u.f.coders[i]
	at := 0
	for k := range i {
		at += u.f.coders[k].inputs
	}
	in := make([]*bufio.Reader, c.inputs)
	for k := range in {
		if from := u.f.feeds[at+k]; from < 0 {
			p := u.f.packs[-1-from]
			in[k] = bufio.NewReaderSize(io.NewSectionReader(&u.z.source, sevenStart+p.at, p.size), int(min(p.size, 64<<10)))
		} else {
			r, err := u.coder(from, depth+1)
			if err != nil {
				return nil, err
			}
			in[k] = bufio.NewReaderSize(r, int(min(u.f.coders[from].size, 64<<10)))
		}
	}
	if (c.method == sevenBCJ2) != (len(in) == 4) || len(in) != 1 && len(in) != 4 {
		return nil, unsupported(fmt.Sprintf("7z method %X with %d streams", c.method, len(in)))
	}
	d := &sevenDecoding{z: u.z, left: c.size}
	err := d.guarded(func() (err error) {
		d.r, err = u.decoder(c, in)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d, nil
}

// decoder returns what comes out of a coder when in goes into it.
func (u *unfolding) decoder(c *sevenCoder, in []*bufio.Reader) (io.Reader, error) {
	switch c.method {
	case sevenCopy:
		return in[0], nil
	case sevenLZMA:
		return sevenLZMAReader(c, in[0])
	case sevenLZMA2:
		return u.z.lzma2(c, in[0])
	case sevenPPMd:
		return sevenPPMdReader(c, in[0])
	case sevenDeflate:
		return flate.NewReader(in[0]), nil
	case sevenWide:
		d := new(codec.Deflate64)
		d.Reset(in[0])
		return d, nil
	case sevenBzip2:
		return bzip2Coding.open(in[0])
	case sevenZstd:
		return zstdCoding.open(in[0])
	case sevenBrotli:
		return brotliCoding.open(in[0])
	case sevenLZ4:
		return lz4Coding.open(in[0])
	case sevenDelta:
		far := byte(1)
		if len(c.props) > 0 {
			far = c.props[0] + 1
		}
		return codec.NewDelta(in[0], far), nil
	case sevenBCJ2:
		return codec.NewBCJ2(in), nil
	case sevenAES:
		return u.z.keys.decrypt(c, in[0], u.word)
	}
	for i := range codec.Processors {
		if p := &codec.Processors[i]; p.Seven == c.method {
			at := uint32(0)
			if len(c.props) == 4 {
				at = binary.LittleEndian.Uint32(c.props)
			}
			return codec.NewBranches(in[0], p, at), nil
		}
	}
	return nil, unsupported(fmt.Sprintf("7z method %X", c.method))
}

func tooLargeWindow() error {
	return &scanner.Problem{Reason: scanner.TooLarge, Detail: "7z dictionary larger than 256 MiB"}
}

func sevenLZMAReader(c *sevenCoder, r *bufio.Reader) (io.Reader, error) {
	if len(c.props) < 5 {
		return nil, malformed("7z properties of LZMA")
	}
	dict := int64(binary.LittleEndian.Uint32(c.props[1:]))
	if min(dict, c.size) > sevenWindow {
		return nil, tooLargeWindow()
	}
	return codec.NewLZMA(r, c.props[0], dict, c.size)
}

// lzma2 decodes LZMA2, on several processors where the archive may take the memory.
func (z *sevenZip) lzma2(c *sevenCoder, r *bufio.Reader) (io.Reader, error) {
	if len(c.props) < 1 || c.props[0] > 40 {
		return nil, malformed("7z properties of LZMA2")
	}
	dict := int64(2|c.props[0]&1) << (c.props[0]/2 + 11)
	if dict = min(dict, c.size); dict > sevenWindow {
		return nil, tooLargeWindow()
	}
	if z.roomy && z.ahead == nil && c.size >= sevenAhead {
		source := func(b []byte) ([]byte, error) { return codec.ReadPart(r, b) }
		if z.ahead = codec.NewAhead(source, dict, runtime.GOMAXPROCS(0), sevenRoom); z.ahead != nil {
			return z.ahead, nil
		}
	}
	return codec.NewLZMA2(r, dict), nil
}

func sevenPPMdReader(c *sevenCoder, r *bufio.Reader) (io.Reader, error) {
	if len(c.props) < 5 {
		return nil, malformed("7z properties of PPMd")
	}
	order, memory := int(c.props[0]), int64(binary.LittleEndian.Uint32(c.props[1:]))
	switch {
	case order < 2 || order > 64 || memory < 2<<10:
		return nil, malformed("7z properties of PPMd")
	case memory > sevenWindow:
		return nil, tooLargeWindow()
	}
	return codec.NewPPMdH(r, order, int(memory), c.size), nil
}

// A sevenDecoding is a coder at work: it gives as much as was declared, and its
// errors are Problems.
type sevenDecoding struct {
	z    *sevenZip
	r    io.Reader
	left int64 // -1: unknown
	err  error
	idle int // reads in a row that gave nothing
}

func (d *sevenDecoding) Read(p []byte) (n int, err error) {
	if d.err != nil {
		return 0, d.err
	}
	if d.left == 0 {
		return 0, io.EOF
	}
	err = d.guarded(func() (err error) {
		if d.left > 0 {
			p = p[:min(int64(len(p)), d.left)]
		}
		n, err = d.r.Read(p)
		return err
	})
	if d.left > 0 {
		d.left -= int64(n)
	}
	if d.idle++; n > 0 || len(p) == 0 {
		d.idle = 0
	}
	switch {
	case d.left == 0:
		err = nil
	case err == io.EOF:
		err = truncated("ends in the middle")
	case err == nil && d.idle > 100:
		err = malformed("compressed data do not decode")
	}
	d.err = err
	return n, err
}

// guarded turns a panic of a decoder that others wrote into a problem, and gives
// errors their reason.
func (d *sevenDecoding) guarded(work func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &scanner.Problem{Reason: scanner.Crashed, Detail: "7z decoder"}
		}
	}()
	switch err = work(); {
	case err == nil || err == io.EOF:
		return err
	case d.z.source.err != nil:
		return fault(d.z.source.err)
	case isProblem(err):
		return err
	}
	if err = fault(err); !isProblem(err) {
		err = malformed("compressed data do not decode")
	}
	return err
}
