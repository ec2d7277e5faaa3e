package format

import (
	"math"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// show carries out the operators that show text.
func (p *pdfPainter) show(w pdfWord, args []any) error {
	if len(args) == 0 {
		return nil
	}
	last := args[len(args)-1]
	switch w {
	case "\"":
		if a, ok := pdfArgs(args[:len(args)-1], 2); ok {
			p.words, p.spacing = a[0], a[1]
		}
		fallthrough
	case "'":
		p.next(0, -p.leading)
	case "TJ":
		a, _ := last.(pdfArray)
		for _, v := range a {
			switch v := v.(type) {
			case pdfString:
				if err := p.glyphsOf(v); err != nil {
					return err
				}
			case float64:
				p.tm = pdfMatrix{1, 0, 0, 1, -v / 1000 * p.size * p.scale, 0}.mul(p.tm)
			}
		}
		return nil
	}
	s, _ := last.(pdfString)
	return p.glyphsOf(s)
}

func (p *pdfPainter) glyphsOf(s pdfString) error {
	if p.font == nil { // as viewers do
		p.font = &pdfFont{text: pdfEncoding("WinAnsiEncoding"), unit: 0.001}
	}
	// Spacing of a few glyphs stands for a space; that of more is how they are set.
	between := p.spacing
	if p.font.wide && len(s) < 8 || len(s) < 4 {
		between = 0
	}
	for len(s) > 0 {
		rest, text, width, space, known := p.font.next(s)
		s = rest
		advance := float64(width)*p.size + p.spacing
		if space {
			advance += p.words
		}
		advance *= p.scale
		if !known {
			p.unknown++
		}
		if p.glyphs++; text != "" {
			p.put(text, advance-(p.spacing-between)*p.scale)
		}
		p.tm = pdfMatrix{1, 0, 0, 1, advance, 0}.mul(p.tm)
		if len(p.page.runs) >= pdfRuns || len(p.page.text) >= pdfPageText {
			if err := p.full(); err != nil {
				return err
			}
		}
	}
	return nil
}

// put keeps the text of a glyph: behind the one before, where it goes on there.
func (p *pdfPainter) put(text string, advance float64) {
	m := pdfMatrix{p.size * p.scale, 0, 0, p.size, 0, p.rise}.mul(p.tm).mul(p.ctm)
	size := math.Hypot(m[2], m[3])
	end := p.tm.mul(p.ctm)
	x0, y0 := m[4], m[5]
	x1, y1 := x0+end[0]*advance, y0+end[1]*advance
	if !(size > 0.01 && size < 1e5 && math.Abs(x0) < 1e6 && math.Abs(y0) < 1e6 && math.Abs(x1) < 1e7 && math.Abs(y1) < 1e7) {
		if math.IsNaN(size) || size > 0.01 {
			return
		}
		size = 1
	}
	turn := pdfTurn(m[0], m[1])
	oblique := min(math.Abs(m[0]), math.Abs(m[1])) > 0.05*math.Hypot(m[0], m[1])
	r := pdfRun{size: float32(size), turn: turn, lo: int32(len(p.page.text)), fresh: p.moved}
	r.x0, r.y = pdfTurned(turn, float32(x0), float32(y0))
	r.x1, _ = pdfTurned(turn, float32(x1), float32(y1))
	if r.x1 < r.x0 {
		r.x0, r.x1 = r.x1, r.x0
	}
	if strings.TrimSpace(text) == "" {
		p.spaces++
		return
	}
	spaces := p.spaces
	p.spaces, p.moved = 0, false
	if spaces == 0 && text[0] != ' ' {
		text = p.accented(text, r)
		r.lo = int32(len(p.page.text))
	}
	ahead := math.Hypot(x0-p.endX, y0-p.endY) / size
	p.endX, p.endY = x1, y1
	if n := len(p.page.runs); n > 0 {
		last := &p.page.runs[n-1]
		gap := (r.x0 - last.x1) / r.size
		if oblique && last.turn == turn && ahead < pdfWide {
			if spaces > 0 || ahead >= pdfTight {
				p.page.text = append(p.page.text, ' ')
			}
			p.page.text = append(p.page.text, text...)
			last.x1, last.hi = max(r.x1, last.x1), int32(len(p.page.text))
			return
		}
		if last.turn == turn && abs32(last.y-r.y) < 0.2*r.size && gap > -0.3 {
			if gap < pdfTight && spaces == 0 || gap < pdfWide && spaces < 2 && !r.fresh {
				if spaces > 0 || gap >= pdfTight {
					p.page.text = append(p.page.text, ' ')
				}
				p.page.text = append(p.page.text, text...)
				last.x1, last.hi = max(r.x1, last.x1), int32(len(p.page.text))
				return
			}
		}
	}
	r.spaced = spaces > 0
	p.page.text = append(p.page.text, text...)
	r.hi = int32(len(p.page.text))
	p.page.runs = append(p.page.runs, r)
}

// pdfOverlaid are accents that stand by themselves, with those that join a letter.
var pdfOverlaid = map[rune]string{'´': "\u0301", '`': "\u0300", 'ˆ': "\u0302", '^': "\u0302", '¨': "\u0308", '˜': "\u0303", '¸': "\u0327"}

// accented takes back an accent over which a letter is shown, as TeX does, and
// returns both in one.
func (p *pdfPainter) accented(text string, r pdfRun) string {
	n := len(p.page.runs)
	if n == 0 {
		return text
	}
	last := &p.page.runs[n-1]
	accent, size := utf8.DecodeLastRune(p.page.text[last.lo:last.hi])
	mark := pdfOverlaid[accent]
	if mark == "" || int(last.hi) != len(p.page.text) || last.turn != r.turn || abs32(last.y-r.y) > 0.5*r.size || r.x0 > last.x1-0.1*r.size || r.x0 < last.x1-r.size || r.x1 < last.x1-0.3*r.size {
		return text
	}
	letter, own := utf8.DecodeRuneInString(text)
	if letter == 'ı' {
		letter = 'i'
	}
	whole := norm.NFC.String(string(letter) + mark)
	if utf8.RuneCountInString(whole) > 1 {
		return text
	}
	p.page.text = p.page.text[:len(p.page.text)-size]
	if last.hi, last.x1 = last.hi-int32(size), r.x0; last.hi == last.lo {
		p.page.runs = p.page.runs[:n-1]
	}
	return whole + text[own:]
}

// pdfTurn says which way a baseline goes: right, up, left or down.
func pdfTurn(a, b float64) uint8 {
	switch {
	case math.Abs(a) >= math.Abs(b) && a >= 0:
		return 0
	case math.Abs(a) >= math.Abs(b):
		return 2
	case b > 0:
		return 1
	}
	return 3
}

// pdfTurned turns a point so that text goes to the right.
func pdfTurned(turn uint8, x, y float32) (float32, float32) {
	switch turn {
	case 1:
		return y, -x
	case 2:
		return -x, -y
	case 3:
		return -y, x
	}
	return x, y
}

func abs32(v float32) float32 { return max(v, -v) }
