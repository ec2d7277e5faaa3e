package format

import (
	"io"
	"math"
)

const (
	pdfForms    = 16      // form XObjects in one another
	pdfOperands = 1024    // before one operator
	pdfRuns     = 1 << 17 // of text on a page, before it is laid out
	pdfPageText = 4 << 20 // bytes of it
	pdfRules    = 1 << 15 // lines drawn on a page
	pdfCallCost = 1 << 10 // of a form that is drawn again, in bytes
)

// A pdfMatrix maps (x, y) to (ax + cy + e, bx + dy + f).
type pdfMatrix [6]float64

func (m pdfMatrix) mul(n pdfMatrix) pdfMatrix {
	return pdfMatrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

func (m pdfMatrix) at(x, y float64) (float64, float64) {
	return m[0]*x + m[2]*y + m[4], m[1]*x + m[3]*y + m[5]
}

var pdfUnit = pdfMatrix{1, 0, 0, 1, 0, 0}

// A pdfState is the graphics state, as far as text has to do with it.
type pdfState struct {
	ctm                         pdfMatrix
	font                        *pdfFont
	size, spacing, words, scale float64
	leading, rise               float64
}

// A pdfPainter carries out the operators of a page, and keeps the runs of text
// and the lines that it draws.
type pdfPainter struct {
	f     *pdfFile
	seen  map[int64]bool // offsets of the streams that were carried out
	fonts map[pdfRef]*pdfFont
	held  int // ranges and widths of fonts

	pdfState
	stack    []pdfState
	marks    []pdfMark
	tm, line pdfMatrix
	moved    bool    // since the last glyph
	spaces   int     // since the last glyph
	endX     float64 // where the last glyph ended, on the page
	endY     float64
	x, y     float64 // of the path at hand
	forms    int

	page     pdfPage
	pictures int
	shots    []pdfShot // the largest of the pictures
	covered  float64   // by pictures, in units of the page
	glyphs   int
	unknown  int // glyphs without text
	full     func() error
}

// paint carries out the content of a page.
func (p *pdfPainter) paint(page pdfDict) error {
	p.pdfState = pdfState{ctm: pdfUnit, scale: 1}
	p.stack, p.marks, p.tm, p.line = p.stack[:0], p.marks[:0], pdfUnit, pdfUnit
	p.pictures, p.shots, p.covered, p.glyphs, p.unknown = 0, p.shots[:0], 0, 0, 0
	r := &pdfContents{f: p.f, all: p.f.contents(page), seen: p.seen}
	defer r.close()
	return p.run(r, p.f.dict(page["Resources"]))
}

// A pdfContents reads the streams of a page one after the other.
type pdfContents struct {
	f    *pdfFile
	all  pdfArray
	seen map[int64]bool // offsets of streams that were read
	r    io.Reader
	done func()
}

func (c *pdfContents) Read(b []byte) (int, error) {
	for {
		if c.r == nil {
			if len(c.all) == 0 {
				return 0, io.EOF
			}
			s := c.f.stream(c.all[0])
			c.all = c.all[1:]
			if s == nil {
				continue
			}
			if len(c.seen) < pdfObjects/4 {
				c.seen[s.at] = true
			}
			c.r, c.done = c.f.open(s)
		}
		n, err := c.r.Read(b)
		if err == io.EOF {
			c.close()
			if n == 0 && len(b) > 0 {
				b[0], n = '\n', 1
			}
			return n, nil
		}
		return n, err
	}
}

func (c *pdfContents) close() {
	if c.r != nil {
		c.done()
		c.r = nil
	}
}

// run carries out one stream of operators.
func (p *pdfPainter) run(r io.Reader, resources pdfDict) error {
	l := newPDFLexer(r, 0, 16<<10)
	var args []any
	for {
		l.left = pdfValues
		v := l.value(0)
		w, ok := v.(pdfWord)
		if !ok {
			if len(args) < pdfOperands {
				args = append(args, v)
			}
			continue
		}
		if w == "" && l.peek() < 0 {
			return l.err
		}
		if err := p.operator(w, args, resources, l); err != nil {
			return err
		}
		args = args[:0]
	}
}

// pdfArgs reads n numbers at the end of the operands.
func pdfArgs(args []any, n int) (out [6]float64, ok bool) {
	if len(args) < n {
		return out, false
	}
	for i, v := range args[len(args)-n:] {
		f, isNum := v.(float64)
		if !isNum || math.Abs(f) > 1e9 {
			return out, false
		}
		out[i] = f
	}
	return out, true
}

func (p *pdfPainter) operator(w pdfWord, args []any, resources pdfDict, l *pdfLexer) error {
	switch w {
	case "q":
		if len(p.stack) < 256 {
			p.stack = append(p.stack, p.pdfState)
		}
	case "Q":
		if n := len(p.stack); n > 0 {
			p.pdfState, p.stack = p.stack[n-1], p.stack[:n-1]
		}
	case "cm":
		if m, ok := pdfArgs(args, 6); ok {
			p.ctm = pdfMatrix(m).mul(p.ctm)
		}
	case "Do":
		return p.draw(args, resources)
	case "BI":
		p.pictures++
		p.inline(l)
	case "BDC", "BMC", "EMC":
		p.marked(w, args, resources)
	case "m", "l", "re":
		p.path(w, args)
	case "Tj", "TJ", "'", "\"":
		return p.show(w, args)
	default:
		p.textState(w, args, resources)
	}
	return nil
}

// A pdfMark is where marked content begins.
type pdfMark struct {
	text          string // what stands for it (ActualText)
	unknown, said int
}

// marked has the text that stands for marked content shown where its glyphs say
// nothing.
func (p *pdfPainter) marked(w pdfWord, args []any, resources pdfDict) {
	if w != "EMC" {
		m := pdfMark{unknown: p.unknown, said: len(p.page.text)}
		if w == "BDC" && len(args) == 2 {
			d, ok := args[1].(pdfDict)
			if name, isName := args[1].(pdfName); isName && !ok {
				d = p.f.dict(p.f.dict(resources["Properties"])[name])
			}
			m.text = p.f.text(d["ActualText"])
		}
		if len(p.marks) < 256 {
			p.marks = append(p.marks, m)
		}
		return
	}
	n := len(p.marks)
	if n == 0 {
		return
	}
	m := p.marks[n-1]
	p.marks = p.marks[:n-1]
	if m.text != "" && p.unknown > m.unknown && len(p.page.text) == m.said {
		p.unknown = m.unknown
		p.put(m.text, 0)
	}
}

func (p *pdfPainter) textState(w pdfWord, args []any, resources pdfDict) {
	n := 1
	switch w {
	case "BT":
		p.tm, p.line, p.moved = pdfUnit, pdfUnit, true
		return
	case "T*":
		p.next(0, -p.leading)
		return
	case "Td", "TD":
		n = 2
	case "Tm":
		n = 6
	case "Tf":
		if a, ok := pdfArgs(args, 1); ok && len(args) > 1 {
			name, _ := args[len(args)-2].(pdfName)
			p.size, p.font = a[0], p.find(p.f.dict(resources["Font"])[name])
		}
		return
	case "gs":
		if len(args) > 0 {
			name, _ := args[len(args)-1].(pdfName)
			if a := p.f.array(p.f.dict(p.f.dict(resources["ExtGState"])[name])["Font"]); len(a) == 2 {
				p.font, p.size = p.find(a[0]), p.f.number(a[1], p.size)
			}
		}
		return
	}
	a, ok := pdfArgs(args, n)
	if !ok {
		return
	}
	switch w {
	case "Td":
		p.next(a[0], a[1])
	case "TD":
		p.leading = -a[1]
		p.next(a[0], a[1])
	case "Tm":
		p.tm, p.line, p.moved = pdfMatrix(a), pdfMatrix(a), true
	case "Tc":
		p.spacing = a[0]
	case "Tw":
		p.words = a[0]
	case "Tz":
		p.scale = a[0] / 100
	case "TL":
		p.leading = a[0]
	case "Ts":
		p.rise = a[0]
	}
}

// next goes to a line, at an offset from the beginning of the one before.
func (p *pdfPainter) next(x, y float64) {
	p.line = pdfMatrix{1, 0, 0, 1, x, y}.mul(p.line)
	p.tm, p.moved = p.line, true
}

// find returns a font, from those that are kept where it can.
func (p *pdfPainter) find(v any) *pdfFont {
	ref, ok := v.(pdfRef)
	if !ok {
		p.f.spend(pdfCallCost)
		return p.f.font(v)
	}
	if t, ok := p.fonts[ref]; ok {
		return t
	}
	t := p.f.font(v)
	if t != nil {
		p.held += len(t.width)
		if t.unicode != nil {
			p.held += len(t.unicode.ranges)
		}
	}
	if len(p.fonts) >= pdfFonts || p.held > 4*pdfMappings {
		clear(p.fonts)
		p.held = 0
	}
	p.fonts[ref] = t
	return t
}

// draw carries out a form, or counts a picture.
func (p *pdfPainter) draw(args []any, resources pdfDict) error {
	if len(args) == 0 {
		return nil
	}
	name, _ := args[len(args)-1].(pdfName)
	s := p.f.stream(p.f.dict(resources["XObject"])[name])
	if s == nil {
		return nil
	}
	if p.f.name(s.pdfDict["Subtype"]) != "Form" {
		p.picture(s)
		return nil
	}
	return p.form(s, resources)
}

// form carries out a form, with the resources of who draws it where it has none.
func (p *pdfPainter) form(s *pdfStream, resources pdfDict) error {
	if p.forms >= pdfForms {
		return nil
	}
	if !p.f.spend(pdfCallCost) {
		return errPDFRatio
	}
	state, stack, tm, line := p.pdfState, p.stack, p.tm, p.line
	p.stack = nil
	p.forms++
	if m, ok := pdfArgs(p.f.numbers(s.pdfDict["Matrix"]), 6); ok {
		p.ctm = pdfMatrix(m).mul(p.ctm)
	}
	if own := p.f.dict(s.pdfDict["Resources"]); own != nil {
		resources = own
	}
	r, done := p.f.open(s)
	err := p.run(r, resources)
	done()
	p.forms--
	p.pdfState, p.stack, p.tm, p.line, p.moved = state, stack, tm, line, true
	return err
}

// inline passes an inline picture: to EI between white space, with no binary
// bytes soon behind.
func (p *pdfPainter) inline(l *pdfLexer) {
	for {
		w, ok := l.value(0).(pdfWord)
		if ok && (w == "ID" || w == "") {
			break
		}
	}
	for a, b, c := 0, 0, 0; ; {
		d := l.peek()
		if d < 0 {
			return
		}
		if pdfSpace(a) && b == 'E' && c == 'I' && pdfSpace(d) {
			tail := l.buf[l.pos:min(len(l.buf), l.pos+16)]
			clean := true
			for _, t := range tail {
				clean = clean && (t >= ' ' && t < 0x7f || t != 0 && pdfSpace(int(t)))
			}
			if clean {
				return
			}
		}
		l.pos++
		a, b, c = b, c, d
	}
}

// path keeps lines and the edges of rectangles.
func (p *pdfPainter) path(w pdfWord, args []any) {
	n := 2
	if w == "re" {
		n = 4
	}
	a, ok := pdfArgs(args, n)
	if !ok {
		return
	}
	switch w {
	case "l":
		p.rule(p.x, p.y, a[0], a[1])
		fallthrough
	case "m":
		p.x, p.y = a[0], a[1]
	case "re":
		p.rule(a[0], a[1], a[0]+a[2], a[1])
		p.rule(a[0], a[1]+a[3], a[0]+a[2], a[1]+a[3])
		p.rule(a[0], a[1], a[0], a[1]+a[3])
	}
}

func (p *pdfPainter) rule(x0, y0, x1, y1 float64) {
	if len(p.page.rules) >= pdfRules {
		return
	}
	x0, y0 = p.ctm.at(x0, y0)
	x1, y1 = p.ctm.at(x1, y1)
	if math.Abs(x0-x1) < 1.5 && math.Abs(y0-y1) > 3 || math.Abs(y0-y1) < 1.5 && math.Abs(x0-x1) > 3 {
		p.page.rules = append(p.page.rules, pdfRule{float32(x0), float32(y0), float32(x1), float32(y1)})
	}
}
