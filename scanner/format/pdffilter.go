package format

import (
	"bufio"
	"io"
)

const pdfFilters = 8 // of one stream

// open decodes a stream; the caller calls done after the last read. A picture, and
// what has a filter that is not known, is empty. What does not decode to its end
// ends there: viewers show what came before.
func (f *pdfFile) open(s *pdfStream) (r io.Reader, done func()) {
	r, left, _, done := f.decode(s)
	if left != "" {
		r = eofReader{}
	}
	return r, done
}

// decode is open as far as to a filter of pictures, or one that is not known,
// which is left with its parameters.
func (f *pdfFile) decode(s *pdfStream) (r io.Reader, left pdfName, param pdfDict, done func()) {
	r = io.NewSectionReader(f.from, s.at, s.n)
	filters, params := f.filters(s.pdfDict)
	if f.crypt != nil && s.pdfDict["Type"] != pdfName("XRef") {
		identity := len(filters) > 0 && filters[0] == "Crypt" && f.name(params[0]["Name"]) != "StdCF"
		if !identity {
			r = f.crypt.stream(s.ref, r)
		}
	}
	var busy []*inflater
	done = func() {
		for _, i := range busy {
			i.free()
		}
	}
	for i, name := range filters {
		switch name {
		case "FlateDecode", "Fl":
			in := newInflater()
			busy = append(busy, in)
			in.buf.Reset(r)
			if h, err := in.buf.Peek(2); err == nil && h[0]&0x0f == 8 && (int(h[0])<<8|int(h[1]))%31 == 0 {
				in.buf.Discard(2)
			}
			r = f.predicted(in.inflate(in.buf), params[i])
		case "LZWDecode", "LZW":
			early := f.number(params[i]["EarlyChange"], 1)
			r = f.predicted(&pdfLZW{br: bufio.NewReader(r), early: int(early) & 1}, params[i])
		case "ASCIIHexDecode", "AHx":
			r = &pdfASCIIHex{br: bufio.NewReader(r)}
		case "ASCII85Decode", "A85":
			r = &pdfASCII85{br: bufio.NewReader(r)}
		case "RunLengthDecode", "RL":
			r = &pdfRunLength{br: bufio.NewReader(r)}
		case "Crypt":
		default:
			return &pdfCounted{r: r, f: f}, name, params[i], done
		}
	}
	return &pdfCounted{r: r, f: f}, "", nil, done
}

// filters returns the names of the filters and their parameters.
func (f *pdfFile) filters(d pdfDict) (names []pdfName, params []pdfDict) {
	v, ok := d["Filter"]
	if !ok {
		v = d["F"] // of an inline picture
	}
	p, ok := d["DecodeParms"]
	if !ok {
		p = d["DP"]
	}
	switch v := f.resolve(v).(type) {
	case pdfName:
		all := f.array(p)
		if len(all) > 0 {
			p = all[0]
		}
		return []pdfName{v}, []pdfDict{f.dict(p)}
	case pdfArray:
		all := f.array(p)
		for i, n := range v[:min(len(v), pdfFilters)] {
			names, params = append(names, f.name(n)), append(params, nil)
			if i < len(all) {
				params[i] = f.dict(all[i])
			}
		}
	}
	return names, params
}

type eofReader struct{}

func (eofReader) Read([]byte) (int, error) { return 0, io.EOF }

// A pdfCounted counts what is decoded, and ends cleanly where that breaks off.
type pdfCounted struct {
	r io.Reader
	f *pdfFile
}

func (c *pdfCounted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if !c.f.spend(int64(n)) {
		return n, errPDFRatio
	}
	if err != nil && err != io.EOF && isProblem(fault(err)) {
		c.f.damaged, err = true, io.EOF
	}
	return n, err
}

// predicted undoes a predictor (7.4.4.4): of PNG, or 2 of TIFF in 8 bits.
func (f *pdfFile) predicted(r io.Reader, d pdfDict) io.Reader {
	kind := int(f.number(d["Predictor"], 1))
	if kind < 2 {
		return r
	}
	colors, bits, columns := f.number(d["Colors"], 1), f.number(d["BitsPerComponent"], 8), f.number(d["Columns"], 1)
	if colors < 1 || bits < 1 || columns < 1 || colors > 32 || bits > 16 || columns > 1<<20 || colors*bits*columns > 8*pdfLongest {
		return eofReader{}
	}
	row := (int(colors)*int(bits)*int(columns) + 7) / 8
	p := &pdfPredicted{r: r, near: max(1, int(colors)*int(bits)/8), png: kind >= 10, row: make([]byte, row+1), before: make([]byte, row+1)}
	if !p.png && bits != 8 {
		return eofReader{}
	}
	return p
}

// A pdfPredicted adds to each byte what was predicted from those left and above.
type pdfPredicted struct {
	r           io.Reader
	near        int // bytes of a pixel
	png         bool
	row, before []byte // the first byte is the kind of the row
	rest        []byte
	err         error
}

func (p *pdfPredicted) Read(b []byte) (int, error) {
	for len(p.rest) == 0 {
		if p.err != nil {
			return 0, p.err
		}
		p.row, p.before = p.before, p.row
		into := p.row
		if !p.png {
			into = p.row[1:]
			p.row[0] = 1
		}
		n, err := io.ReadFull(p.r, into)
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		p.err = err
		n += len(p.row) - len(into)
		if n > 1 {
			p.undo()
			p.rest = p.row[1:n]
		}
	}
	n := copy(b, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}

func (p *pdfPredicted) undo() {
	row, up := p.row[1:], p.before[1:]
	for i := range row {
		var left, corner byte
		if i >= p.near {
			left, corner = row[i-p.near], up[i-p.near]
		}
		switch p.row[0] {
		case 1:
			row[i] += left
		case 2:
			row[i] += up[i]
		case 3:
			row[i] += byte((int(left) + int(up[i])) / 2)
		case 4:
			row[i] += paeth(left, up[i], corner)
		}
	}
}

// paeth is of the three the one nearest to left + up - corner.
func paeth(left, up, corner byte) byte {
	a, b := int(up)-int(corner), int(left)-int(corner)
	c := abs(a + b)
	a, b = abs(a), abs(b)
	switch {
	case a <= b && a <= c:
		return left
	case b <= c:
		return up
	}
	return corner
}

func abs(n int) int { return max(n, -n) }

// A pdfLZW decodes LZW with codes of 9 to 12 bits, the highest first.
type pdfLZW struct {
	br    *bufio.Reader
	early int // codes grow one code sooner
	bits  uint32
	have  uint
	width uint
	next  int
	last  int // code before; -1 at the beginning
	pre   [4096]uint16
	char  [4096]byte
	first [4096]byte
	out   [4097]byte
	rest  []byte
}

func (z *pdfLZW) Read(p []byte) (int, error) {
	for len(z.rest) == 0 {
		if err := z.decode(); err != nil {
			return 0, err
		}
	}
	n := copy(p, z.rest)
	z.rest = z.rest[n:]
	return n, nil
}

func (z *pdfLZW) decode() error {
	if z.width == 0 {
		z.width, z.next, z.last = 9, 258, -1
		for i := range 256 {
			z.char[i], z.first[i] = byte(i), byte(i)
		}
	}
	for z.have < z.width {
		c, err := z.br.ReadByte()
		if err != nil {
			return err
		}
		z.bits, z.have = z.bits<<8|uint32(c), z.have+8
	}
	z.have -= z.width
	code := int(z.bits >> z.have & (1<<z.width - 1))
	switch {
	case code == 256:
		z.width, z.next, z.last = 9, 258, -1
		return nil
	case code == 257:
		return io.EOF
	case code > z.next, code == z.next && z.last < 0, code > 4095, code > 257 && z.last < 0:
		return malformed("compressed data do not decode")
	}
	if z.last >= 0 && z.next < 4096 {
		from := code
		if code == z.next {
			from = z.last
		}
		z.pre[z.next], z.char[z.next], z.first[z.next] = uint16(z.last), z.first[from], z.first[z.last]
		z.next++
	} else if code >= z.next {
		return malformed("compressed data do not decode")
	}
	at := len(z.out)
	for c := code; ; c = int(z.pre[c]) {
		at--
		z.out[at] = z.char[c]
		if c < 256 || at == 0 {
			break
		}
	}
	z.rest, z.last = z.out[at:], code
	if z.next+z.early >= 1<<z.width && z.width < 12 {
		z.width++
	}
	return nil
}

type pdfASCIIHex struct {
	br  *bufio.Reader
	end bool
}

func (h *pdfASCIIHex) Read(p []byte) (n int, err error) {
	half := -1
	for n < len(p) && !h.end {
		c, err := h.br.ReadByte()
		if err != nil || c == '>' {
			h.end = true
			if half >= 0 {
				p[n] = byte(half << 4)
				n++
			}
			break
		}
		switch v := unhex(int(c)); {
		case v < 0:
		case half < 0:
			half = v
		default:
			p[n] = byte(half<<4 | v)
			half = -1
			n++
		}
	}
	if n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}

type pdfASCII85 struct {
	br   *bufio.Reader
	end  bool
	out  [4]byte
	rest []byte
}

func (a *pdfASCII85) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.end {
			return 0, io.EOF
		}
		a.group()
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

func (a *pdfASCII85) group() {
	var v uint32
	n := 0
	for n < 5 {
		c, err := a.br.ReadByte()
		switch {
		case err != nil || c == '~':
			a.end = true
		case c == 'z' && n == 0:
			a.out = [4]byte{}
			a.rest = a.out[:]
			return
		case c >= '!' && c <= 'u':
			v = v*85 + uint32(c-'!')
			n++
		}
		if a.end {
			break
		}
	}
	for i := n; i < 5; i++ {
		v = v*85 + 84
	}
	a.out = [4]byte{byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}
	a.rest = a.out[:max(0, n-1)]
}

type pdfRunLength struct {
	br   *bufio.Reader
	same int // bytes left of a run of c
	c    byte
	own  int // bytes left that stand for themselves
}

func (r *pdfRunLength) Read(p []byte) (n int, err error) {
	for n < len(p) {
		switch {
		case r.same > 0:
			p[n] = r.c
			r.same--
			n++
			continue
		case r.own > 0:
			if p[n], err = r.br.ReadByte(); err != nil {
				return n, err
			}
			r.own--
			n++
			continue
		}
		c, err := r.br.ReadByte()
		if err != nil || c == 128 {
			return n, io.EOF
		}
		if c < 128 {
			r.own = int(c) + 1
			continue
		}
		if r.c, err = r.br.ReadByte(); err != nil {
			return n, err
		}
		r.same = 257 - int(c)
	}
	return n, nil
}
