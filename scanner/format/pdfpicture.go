package format

import (
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"vigie/scanner"
)

const (
	pdfShots   = 64       // pictures of a page that are read
	pdfPicture = 64 << 20 // bytes of one, as it is given to be read
	pdfPixels  = 32 << 20 // of one; of larger ones every second pixel, or less
	pdfSmall   = 16       // points: what is smaller shows no text
)

// A pdfShot is a picture, and where the page shows it: unit square to page.
type pdfShot struct {
	s *pdfStream
	m pdfMatrix
}

func (s pdfShot) size() (wide, high float64) {
	return math.Hypot(s.m[0], s.m[1]), math.Hypot(s.m[2], s.m[3])
}

// picture notes a picture that is drawn.
func (p *pdfPainter) picture(s *pdfStream) {
	p.pictures++
	shot := pdfShot{s, p.ctm}
	wide, high := shot.size()
	p.covered += wide * high
	if len(p.shots) < pdfShots && min(wide, high) >= pdfSmall {
		p.shots = append(p.shots, shot)
	}
}

// scanned reports whether the page is a picture: it shows no text, or hardly any
// beside one that covers the most of it, as stamps of scanners are.
func (p *pdfPainter) scanned(page pdfDict) bool {
	if p.pictures == 0 || p.glyphs == 0 {
		return p.pictures > 0
	}
	area := 612.0 * 792
	if b, ok := pdfArgs(p.f.numbers(page["MediaBox"]), 4); ok && b[2] != b[0] && b[3] != b[1] {
		area = math.Abs((b[2] - b[0]) * (b[3] - b[1]))
	}
	return p.glyphs < 80 && p.covered > 0.6*area
}

// readPictures hands over what the pictures of a page show, from the top.
func (d *pdfDocument) readPictures(p *pdfPainter) (err error) {
	slices.SortStableFunc(p.shots, func(a, b pdfShot) int {
		return cmp.Compare(b.m[5]+max(0, b.m[3]), a.m[5]+max(0, a.m[3]))
	})
	read := 0
	for _, shot := range p.shots {
		picture, perr := d.f.shot(shot)
		var text []byte
		if perr == nil {
			text, perr = d.ocr(d.ctx, picture)
			read++
		}
		if err == nil {
			err = perr
		}
		if len(text) > 0 {
			d.sheet.aside(text)
		}
		if d.ctx.Err() != nil {
			return d.ctx.Err()
		}
	}
	if err == nil && read == 0 {
		err = unsupported("a picture in a form that is not read")
	}
	return err
}

// shot returns a picture as a JPEG, JPEG 2000 or TIFF file.
func (f *pdfFile) shot(shot pdfShot) ([]byte, error) {
	d := shot.s.pdfDict
	w, ok := pdfInt(f.resolve(d["Width"]), 1<<16)
	h, ok2 := pdfInt(f.resolve(d["Height"]), 1<<16)
	r, left, param, done := f.decode(shot.s)
	defer done()
	switch left {
	case "DCTDecode", "DCT", "JPXDecode":
		return limited(r)
	}
	if !ok || !ok2 || w == 0 || h == 0 {
		return nil, malformed("a picture without its size")
	}
	points, _ := shot.size()
	t := pdfTIFF{wide: w, high: h, bits: 8, method: 1, dots: float64(w) * 72 / max(points, 1)}
	switch left {
	case "":
		err := f.gray(&t, d, r)
		return t.file(), err
	case "CCITTFaxDecode", "CCF":
		if f.resolve(param["EncodedByteAlign"]) == true {
			return nil, unsupported("a fax picture whose lines begin at bytes")
		}
		data, err := limited(r)
		t.data, t.bits = data, 1
		t.wide = int(f.number(param["Columns"], 1728))
		switch k := f.number(param["K"], 0); {
		case k < 0:
			t.method = 4
		case k > 0:
			t.method, t.mixed = 3, 1
		default:
			t.method = 3
		}
		black := f.resolve(param["BlackIs1"]) == true
		if t.bright = black != f.inverted(d); t.wide < 1 || t.wide > 1<<16 {
			return nil, malformed("a fax picture without its width")
		}
		return t.file(), err
	}
	return nil, unsupported("a picture compressed as " + pictureName(left))
}

// pictureName is the name of a filter, where it is one that may be told.
func pictureName(n pdfName) string {
	if n == "JBIG2Decode" {
		return "JBIG2"
	}
	return "nothing known"
}

func limited(r io.Reader) ([]byte, error) {
	b, err := io.ReadAll(io.LimitReader(r, pdfPicture+1))
	if err == nil && len(b) > pdfPicture {
		err = &scanner.Problem{Reason: scanner.TooLarge, Detail: "a picture larger than the limit"}
	}
	return b, err
}

// inverted reports whether a high value is dark: by the array Decode, or by a
// palette of two.
func (f *pdfFile) inverted(d pdfDict) bool {
	v, ok := d["Decode"]
	if !ok {
		v = d["D"]
	}
	if a := f.array(v); len(a) >= 2 && f.number(a[0], 0) > f.number(a[1], 1) {
		return true
	}
	p := f.palette(d)
	return len(p) == 2 && p[0] > p[1]
}

// space returns the name of the color space, and how many components a pixel has.
func (f *pdfFile) space(d pdfDict) (name pdfName, count int, a pdfArray) {
	v, ok := d["ColorSpace"]
	if !ok {
		v = d["CS"]
	}
	a = f.array(v)
	if name = f.name(v); len(a) > 0 {
		name = f.name(a[0])
	}
	switch name {
	case "DeviceRGB", "RGB", "CalRGB":
		return name, 3, a
	case "DeviceCMYK", "CMYK":
		return name, 4, a
	case "Lab":
		return name, 3, a
	case "ICCBased":
		n := 0
		if len(a) > 1 {
			n, _ = pdfInt(f.resolve(f.dict(a[1])["N"]), 4)
		}
		return name, max(n, 1), a
	case "DeviceN":
		n := 0
		if len(a) > 1 {
			n = len(f.array(a[1]))
		}
		return name, min(max(n, 1), 32), a
	}
	return name, 1, a
}

// palette returns the grays of the colors of an Indexed space; nil without.
func (f *pdfFile) palette(d pdfDict) []byte {
	name, _, a := f.space(d)
	if name != "Indexed" && name != "I" || len(a) < 4 {
		return nil
	}
	var table []byte
	switch v := f.resolve(a[3]).(type) {
	case pdfString:
		table = []byte(v)
	case *pdfStream:
		table = f.read(v, 256*32)
	}
	base, n, _ := f.space(pdfDict{"ColorSpace": a[1]})
	out := make([]byte, 0, 256)
	for ; len(table) >= n && len(out) < 256; table = table[n:] {
		out = append(out, pdfGray(base, table[:n]))
	}
	return out
}

// pdfGray is how bright a pixel is.
func pdfGray(space pdfName, c []byte) byte {
	switch {
	case space == "Separation" || space == "DeviceN":
		return 255 - slices.Max(c)
	case len(c) == 3 && space != "Lab":
		return byte((int(c[0])*77 + int(c[1])*150 + int(c[2])*29) >> 8)
	case len(c) == 4:
		ink := (int(c[0])*77+int(c[1])*150+int(c[2])*29)>>8 + int(c[3])
		return byte(255 - min(ink, 255))
	}
	return c[0]
}

// gray reads the pixels of a picture row by row.
func (f *pdfFile) gray(t *pdfTIFF, d pdfDict, r io.Reader) error {
	space, n, _ := f.space(d)
	bits := int(f.number(d["BitsPerComponent"], 8))
	if f.resolve(d["ImageMask"]) == true {
		bits = 1
	}
	if bits != 1 && bits != 2 && bits != 4 && bits != 8 && bits != 16 {
		return malformed("a picture with pixels of no known size")
	}
	palette, inverted := f.palette(d), f.inverted(d)
	step := 1
	for t.wide/step*(t.high/step) > pdfPixels {
		step++
	}
	row, c := make([]byte, (t.wide*n*bits+7)/8), make([]byte, n)
	wide, high := t.wide/step, t.high/step
	t.data = make([]byte, 0, wide*min(high, 4096))
	for y := range high * step {
		if _, err := io.ReadFull(r, row); err == io.EOF || err == io.ErrUnexpectedEOF {
			break
		} else if err != nil {
			return err
		}
		if y%step != 0 {
			continue
		}
		for x := range wide {
			for k := range c {
				c[k] = pdfSample(row, (x*step*n+k)*bits, bits, palette == nil)
			}
			v := byte(0)
			switch {
			case palette == nil:
				if v = pdfGray(space, c); inverted {
					v = 255 - v
				}
			case int(c[0]) < len(palette):
				v = palette[c[0]]
			}
			t.data = append(t.data, v)
		}
	}
	t.wide, t.high, t.dots, t.bright = wide, len(t.data)/max(wide, 1), t.dots/float64(step), true
	if t.high == 0 {
		return malformed("a picture without pixels")
	}
	return nil
}

// pdfSample returns the sample at a bit of a row; full is over all of a byte.
func pdfSample(row []byte, at, bits int, full bool) byte {
	v := row[at/8]
	if bits >= 8 {
		return v
	}
	v = v >> (8 - bits - at%8) & (1<<bits - 1)
	if full {
		v *= 255 / (1<<bits - 1)
	}
	return v
}

// A pdfTIFF is a picture as a TIFF file of one strip.
type pdfTIFF struct {
	wide, high, bits int
	method, mixed    int  // compression, and whether fax lines are mixed
	bright           bool // a high value is bright
	dots             float64
	data             []byte
}

// file writes header, directory and data (TIFF 6.0).
func (t *pdfTIFF) file() []byte {
	const fields = 12
	photometric := 0
	if t.bright {
		photometric = 1
	}
	after := 8 + 2 + fields*12 + 4
	dots := uint32(min(max(t.dots, 70), 2400))
	b := make([]byte, 0, after+16+len(t.data))
	b = append(b, "II*\x00\x08\x00\x00\x00"...)
	b = binary.LittleEndian.AppendUint16(b, fields)
	for _, e := range [fields][4]int{
		{256, 4, 1, t.wide}, {257, 4, 1, t.high}, {258, 3, 1, t.bits}, {259, 3, 1, t.method}, {262, 3, 1, photometric},
		{273, 4, 1, after + 16}, {278, 4, 1, t.high}, {279, 4, 1, len(t.data)}, {282, 5, 1, after}, {283, 5, 1, after + 8},
		{292 + t.method&4>>2, 4, 1, t.mixed}, {296, 3, 1, 2},
	} {
		b = binary.LittleEndian.AppendUint16(b, uint16(e[0]))
		b = binary.LittleEndian.AppendUint16(b, uint16(e[1]))
		b = binary.LittleEndian.AppendUint32(b, uint32(e[2]))
		b = binary.LittleEndian.AppendUint32(b, uint32(e[3]))
	}
	b = binary.LittleEndian.AppendUint32(b, 0)
	for range 2 {
		b = binary.LittleEndian.AppendUint32(b, dots)
		b = binary.LittleEndian.AppendUint32(b, 1)
	}
	return append(b, t.data...)
}
