package format

import (
	"cmp"
	"slices"
	"strings"
)

// Gaps between runs of text, to the size of the font.
const (
	pdfTight = 0.13 // less is none: kerning, a number shown in pieces
	pdfWide  = 0.9  // more is no space between words
	pdfTab   = 2.0  // more is told from a space
	pdfOver  = 0.7  // more than that over the text before is no kerning
)

// A pdfRun is text that was shown in one piece, turned so that it goes to the
// right: from x0 to x1 on the baseline y.
type pdfRun struct {
	x0, x1, y, size float32
	lo, hi          int32 // of the text of the page
	turn            uint8
	fresh           bool // it was put in its place, and does not go on
	spaced          bool // a space was shown before it
}

// A pdfRule is a line that was drawn across or down.
type pdfRule struct{ x0, y0, x1, y1 float32 }

// A pdfPage is what a page shows.
type pdfPage struct {
	runs  []pdfRun
	text  []byte
	rules []pdfRule
}

func (g *pdfPage) reset() { g.runs, g.text, g.rules = g.runs[:0], g.text[:0], g.rules[:0] }

// A pdfPiece is text between gaps on a line, and a pdfLine what stands on one
// baseline.
type pdfPiece struct {
	x0, x1, size float32
	text         string
}

type pdfLine struct {
	y, size float32
	pieces  []pdfPiece
}

// lines puts the runs of one direction together, from the top of the page.
func (g *pdfPage) lines(turn uint8) (out []pdfLine) {
	var runs []pdfRun
	for _, r := range g.runs {
		if r.turn == turn {
			runs = append(runs, r)
		}
	}
	slices.SortStableFunc(runs, func(a, b pdfRun) int { return cmp.Compare(b.y, a.y) })
	for i := 0; i < len(runs); {
		top, j := runs[i], i+1
		for j < len(runs) && top.y-runs[j].y < 0.4*max(min(top.size, runs[j].size), 1) {
			j++
		}
		if l := g.line(runs[i:j]); len(l.pieces) > 0 {
			out = append(out, l)
		}
		i = j
	}
	return out
}

// line puts the runs on a baseline together.
func (g *pdfPage) line(runs []pdfRun) pdfLine {
	slices.SortStableFunc(runs, func(a, b pdfRun) int { return cmp.Compare(a.x0, b.x0) })
	l := pdfLine{y: runs[0].y}
	var text []byte
	var at pdfPiece
	flush := func() {
		if t := strings.TrimSpace(string(text)); t != "" {
			at.text = t
			l.pieces = append(l.pieces, at)
		}
		text = text[:0]
	}
	for i, r := range runs {
		own := g.text[r.lo:r.hi]
		l.size = max(l.size, r.size)
		if i > 0 {
			before := runs[i-1]
			if string(g.text[before.lo:before.hi]) == string(own) && abs32(before.x0-r.x0) < 0.15*r.size {
				continue // bold, by showing it twice
			}
			gap := (r.x0 - at.x1) / max(min(r.size, before.size), 1)
			switch {
			case gap < -pdfOver && len(own) > 2: // one lies over the other
				flush()
			case gap < pdfTight && !r.spaced:
			case gap < pdfWide && !r.fresh:
				text = append(text, ' ')
			default:
				flush()
			}
		}
		if len(text) == 0 {
			at = pdfPiece{x0: r.x0, x1: r.x1, size: r.size}
		}
		text = append(text, own...)
		at.x1 = max(at.x1, r.x1)
	}
	flush()
	return l
}

// appendLine adds the text of a line.
func (l *pdfLine) appendTo(dst []byte) []byte {
	for i, p := range l.pieces {
		if i > 0 {
			if gap := p.x0 - l.pieces[i-1].x1; gap > pdfTab*max(p.size, 1) {
				dst = append(dst, '\t')
			} else {
				dst = append(dst, ' ')
			}
		}
		dst = append(dst, p.text...)
	}
	return dst
}

// wraps reports whether a line goes on in the paragraph of the one before: its first
// word had no room there.
func (l *pdfLine) wraps(before *pdfLine, right float32) bool {
	for i := 1; i < len(before.pieces); i++ {
		if before.pieces[i].x0-before.pieces[i-1].x1 > pdfTab*before.size {
			return false
		}
	}
	p, last := l.pieces[0], before.pieces[len(before.pieces)-1]
	word, _, _ := strings.Cut(p.text, " ")
	room := (p.x1 - p.x0) * float32(len(word)) / float32(len(p.text))
	return before.y-l.y < 1.6*l.size && abs32(before.pieces[0].x0-p.x0) < 3*l.size && abs32(l.size-before.size) < 0.2*l.size &&
		last.x1+room > right
}

// across returns the heights of the lines that were drawn across, from the top,
// and how much of the width from x0 to x1 each covers.
func (g *pdfPage) across(turn uint8, x0, x1 float32) (ys []float32) {
	type bar struct{ y, n float32 }
	var bars []bar
	for _, r := range g.rules {
		ax, ay := pdfTurned(turn, r.x0, r.y0)
		bx, by := pdfTurned(turn, r.x1, r.y1)
		if abs32(ay-by) > 1.5 {
			continue
		}
		if n := min(max(ax, bx), x1+3) - max(min(ax, bx), x0-3); n > 0 {
			bars = append(bars, bar{ay, n})
		}
	}
	slices.SortFunc(bars, func(a, b bar) int { return cmp.Compare(b.y, a.y) })
	for i := 0; i < len(bars); {
		j, n := i, float32(0)
		for j < len(bars) && bars[i].y-bars[j].y < 1.6 {
			n += bars[j].n
			j++
		}
		if n > 0.6*(x1-x0) {
			ys = append(ys, bars[i].y)
		}
		i = j
	}
	return ys
}
