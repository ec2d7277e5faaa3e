package format

import (
	"cmp"
	"io"
	"slices"
	"unicode/utf16"
)

// pdfMappings is how many ranges a font may map.
const pdfMappings = 1 << 16

// A pdfCMap maps codes to text (ToUnicode), and says how long codes are.
type pdfCMap struct {
	ranges []pdfRange
	spaces []pdfCodespace
}

// A pdfRange maps codes that follow one another to text whose last unit rises.
type pdfRange struct {
	low, high uint32
	text      string
}

type pdfCodespace struct {
	bytes     int
	low, high uint32
}

// readCMap reads a CMap; what it does not say is left out.
func readCMap(r io.Reader) *pdfCMap {
	m := new(pdfCMap)
	l := newPDFLexer(r, 0, 4096)
	l.left = 8 * pdfMappings
	var args []any
	for len(m.ranges) < pdfMappings {
		v := l.value(0)
		w, ok := v.(pdfWord)
		if !ok {
			if len(args) < 3*256 {
				args = append(args, v)
			}
			continue
		}
		switch w {
		case "":
			m.sort()
			return m
		case "endcodespacerange":
			for ; len(args) >= 2; args = args[2:] {
				lo, _ := args[0].(pdfString)
				hi, _ := args[1].(pdfString)
				if n := len(lo); n >= 1 && n <= 4 && len(m.spaces) < 64 {
					m.spaces = append(m.spaces, pdfCodespace{n, pdfCode(lo), pdfCode(hi)})
				}
			}
		case "endbfchar":
			for ; len(args) >= 2; args = args[2:] {
				m.add(args[0], args[0], args[1])
			}
		case "endbfrange":
			for ; len(args) >= 3; args = args[3:] {
				m.add(args[0], args[1], args[2])
			}
		}
		args = args[:0]
	}
	m.sort()
	return m
}

func pdfCode(s pdfString) (v uint32) {
	for i := range min(len(s), 4) {
		v = v<<8 | uint32(s[i])
	}
	return v
}

func (m *pdfCMap) add(low, high, to any) {
	lo, ok := low.(pdfString)
	hi, ok2 := high.(pdfString)
	if !ok || !ok2 {
		return
	}
	r := pdfRange{low: pdfCode(lo), high: pdfCode(hi)}
	switch to := to.(type) {
	case pdfString:
		r.text = pdfUTF16(to[:min(len(to), 64)])
		m.ranges = append(m.ranges, r)
	case pdfName:
		r.text = pdfGlyph(string(to))
		m.ranges = append(m.ranges, r)
	case pdfArray:
		for i, v := range to {
			if s, ok := v.(pdfString); ok && len(m.ranges) < pdfMappings && uint64(r.low)+uint64(i) <= uint64(r.high) {
				at := r.low + uint32(i)
				m.ranges = append(m.ranges, pdfRange{at, at, pdfUTF16(s[:min(len(s), 64)])})
			}
		}
	}
}

func (m *pdfCMap) sort() {
	slices.SortStableFunc(m.ranges, func(a, b pdfRange) int { return cmp.Compare(a.low, b.low) })
}

// find returns the text of a code.
func (m *pdfCMap) find(code uint32) (string, bool) {
	i, _ := slices.BinarySearchFunc(m.ranges, code, func(r pdfRange, c uint32) int {
		if r.low <= c {
			return -1
		}
		return 1
	})
	if i--; i < 0 || code > m.ranges[i].high {
		return "", false
	}
	r := m.ranges[i]
	if code == r.low || r.text == "" {
		return pdfPlain(r.text), true
	}
	runes := []rune(r.text)
	runes[len(runes)-1] += rune(code - r.low)
	return pdfPlain(string(runes)), true
}

// next returns the code at the beginning of s, and its bytes.
func (m *pdfCMap) next(s pdfString, usual int) (uint32, int) {
	code := uint32(0)
	for n := 1; n <= 4 && n <= len(s); n++ {
		code = code<<8 | uint32(s[n-1])
		for _, space := range m.spaces {
			if space.bytes == n && code >= space.low && code <= space.high {
				return code, n
			}
		}
	}
	n := min(usual, len(s))
	return pdfCode(s[:n]), n
}

func pdfUTF16(s pdfString) string {
	if len(s) == 1 {
		return string(rune(s[0]))
	}
	units := make([]uint16, 0, len(s)/2)
	for i := 0; i+1 < len(s); i += 2 {
		units = append(units, uint16(s[i])<<8|uint16(s[i+1]))
	}
	return string(utf16.Decode(units))
}
