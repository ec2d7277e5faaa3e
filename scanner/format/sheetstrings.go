package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"

	"vigie/scanner"
)

const (
	stringsPage   = 4 << 10  // bytes of a page; one long string may be more
	stringsMemory = 8 << 20  // spooled in memory, the rest on disk
	stringsCache  = 16 << 20 // pages that were used last
	stringsDisk   = 4 << 30  // in all
	stringsAhead  = 64 << 10 // pages that are read at once
	stringsNear   = 64       // strings from one that is noted to the next
)

// sharedStrings are the strings that cells of a workbook name by their number:
// there may be hundreds of megabytes of them. They are spooled in pages, of which
// the ends of their strings stand first; in memory there is where each page
// begins, and the pages that were used last.
type sharedStrings struct {
	in    *markup
	fault error // what ended the reading early
	page  []byte
	ends  []uint32
	text  []byte
	out   []byte   // of page, to be spooled
	first []uint32 // string of each page
	at    []int64  // where each page is
	near  []uint32 // page of every 64th string
	size  int64
	count uint32
	next  func(*sharedStrings) bool // appends a string to text

	spool   *scanner.Content
	random  io.ReaderAt
	cache   [4096]cachedPage
	cached  int // bytes
	last    cachedPage
	loaded  int    // page that was read last
	ahead   []byte // pages from aheadAt on
	aheadAt int64
	used    bool // somebody asked for a string
}

// A cachedPage holds strings from first on; none when b is nil.
type cachedPage struct {
	first, n uint32
	b        []byte
}

// open reads the strings of an xl/sharedStrings part.
func (s *sharedStrings) open(ctx context.Context, r io.Reader) error {
	s.in = openMarkup(ctx, r)
	defer s.in.close()
	s.next = (*sharedStrings).item
	return s.fill(ctx)
}

// fill spools what next gives.
func (s *sharedStrings) fill(ctx context.Context) error {
	o := scanner.Object{Path: "strings", Size: -1, Open: once(s)}
	var err error
	// A spool of its own: what it holds is bounded here.
	if s.spool, err = scanner.NewContent(ctx, o, scanner.Limits{Memory: stringsMemory, Bytes: 1 << 50, Ratio: 1 << 50}); err != nil {
		return err
	}
	if s.random, _, err = s.spool.At(ctx); err != nil {
		return err
	}
	s.page, s.text, s.ends = nil, nil, nil
	return s.fault
}

func (s *sharedStrings) close() {
	if s.spool != nil {
		s.spool.Close()
	}
}

// Read gives the pages, one after the other, and as many as there is room for: each
// call is a write to disk.
func (s *sharedStrings) Read(p []byte) (n int, err error) {
	for n < len(p) {
		if len(s.out) == 0 && !s.build() {
			break
		}
		k := copy(p[n:], s.out)
		s.out = s.out[k:]
		n += k
	}
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

// build makes the next page.
func (s *sharedStrings) build() bool {
	s.text, s.ends = s.text[:0], s.ends[:0]
	for len(s.text)+4*len(s.ends) < stringsPage && s.size < stringsDisk && s.next(s) {
		s.ends = append(s.ends, uint32(len(s.text)))
	}
	if len(s.ends) == 0 {
		if s.size >= stringsDisk && s.fault == nil {
			s.fault = &scanner.Problem{Reason: scanner.TooLarge, Detail: "more shared strings than there is room for"}
		}
		return false
	}
	s.page = s.page[:0]
	for _, e := range s.ends {
		s.page = binary.LittleEndian.AppendUint32(s.page, e)
	}
	s.page = append(s.page, s.text...)
	s.first, s.at = append(s.first, s.count), append(s.at, s.size)
	for s.count += uint32(len(s.ends)); uint32(len(s.near))*stringsNear < s.count; {
		s.near = append(s.near, uint32(len(s.first)-1))
	}
	s.size += int64(len(s.page))
	s.out = s.page
	return true
}

// item reads one si: its text, or those of its runs, without how Asian names are
// pronounced.
func (s *sharedStrings) item() bool {
	in := s.in
	from := len(s.text)
	if v, n := plainItem(in.in.text()); n > 0 {
		in.in.drop(n)
		s.text = cellText(append(s.text, v...), from)
		return true
	}
	var into *[]byte
	open, spoken := false, 0
	for in.next(into) {
		into = nil
		switch string(in.name) {
		case "si":
			if in.end || open {
				s.text = cellText(s.text, from)
				return true
			}
			if in.empty {
				return true
			}
			open = true
		case "rPh":
			switch {
			case in.end:
				spoken = max(0, spoken-1)
			case !in.empty:
				spoken++
			}
		case "t":
			if open && !in.end && !in.empty && spoken == 0 && len(s.text)-from < xmlCell {
				into = &s.text
			}
		}
	}
	s.fault = in.fault
	if open && len(s.text) > from {
		s.text = cellText(s.text, from)
		return true
	}
	return false
}

// plainItem returns the text of an si at the beginning of b that is written as
// most are, and its length; 0 where it is not.
func plainItem(b []byte) (v []byte, n int) {
	const open, end = "<si><t>", "</t></si>"
	const spaced = `<si><t xml:space="preserve">`
	switch {
	case len(b) > len(open) && string(b[:len(open)]) == open:
		n = len(open)
	case len(b) > len(spaced) && string(b[:len(spaced)]) == spaced:
		n = len(spaced)
	default:
		return nil, 0
	}
	k := bytes.IndexByte(b[n:], '<')
	if k < 0 || len(b) < n+k+len(end) || string(b[n+k:n+k+len(end)]) != end {
		return nil, 0
	}
	v = b[n : n+k]
	if k > xmlCell || bytes.IndexByte(v, '&') >= 0 {
		return nil, 0
	}
	return v, n + k + len(end)
}

// of returns a string; nil where there is none of that number. It is valid until
// the next call.
func (s *sharedStrings) of(n uint32) []byte {
	s.used = true
	if n-s.last.first >= s.last.n && !s.turn(n) {
		return nil
	}
	p := &s.last
	i := 4 * (n - p.first)
	from, to := uint32(0), binary.LittleEndian.Uint32(p.b[i:])
	if i > 0 {
		from = binary.LittleEndian.Uint32(p.b[i-4:])
	}
	return p.b[4*p.n+from : 4*p.n+to]
}

// turn opens the page that a string is on.
func (s *sharedStrings) turn(n uint32) bool {
	if n >= s.count {
		return false
	}
	i := int(s.near[n/stringsNear])
	for i+1 < len(s.first) && s.first[i+1] <= n {
		i++
	}
	slot := &s.cache[i%len(s.cache)]
	if slot.b == nil || slot.first != s.first[i] {
		size, end := s.size-s.at[i], s.count
		if i+1 < len(s.at) {
			size, end = s.at[i+1]-s.at[i], s.first[i+1]
		}
		if s.cached+int(size) > stringsCache {
			s.cache, s.cached = [4096]cachedPage{}, 0
		}
		b := slot.b
		if s.cached -= cap(b); int64(cap(b)) < size {
			b = make([]byte, size)
		}
		s.cached += cap(b)
		*slot = cachedPage{}
		if err := s.load(b[:size], i); err != nil {
			s.fault, s.cached, s.last = err, s.cached-cap(b), cachedPage{}
			return false
		}
		*slot = cachedPage{s.first[i], end - s.first[i], b[:size]}
	}
	s.last = *slot
	return true
}

// load reads page i. Of pages that are asked for in order many are read at once.
func (s *sharedStrings) load(b []byte, i int) error {
	at, size := s.at[i]-s.aheadAt, int64(len(b))
	if at < 0 || at+size > int64(len(s.ahead)) {
		if i != s.loaded+1 || size > stringsAhead {
			s.loaded = i
			_, err := s.random.ReadAt(b, s.at[i])
			return full(err)
		}
		if s.ahead == nil {
			s.ahead = make([]byte, stringsAhead)
		}
		s.ahead = s.ahead[:min(stringsAhead, s.size-s.at[i])]
		s.aheadAt, at = s.at[i], 0
		if _, err := s.random.ReadAt(s.ahead, s.aheadAt); full(err) != nil {
			s.ahead = s.ahead[:0]
			return err
		}
	}
	s.loaded = i
	copy(b, s.ahead[at:])
	return nil
}

// full takes the end of what was spooled for no error.
func full(err error) error {
	if err == io.EOF {
		return nil
	}
	return err
}

// cellText ends a text that begins at from: _xHHHH_ stands for a character
// (ECMA-376, part 1, 22.9.2.19), and delimiters of the ruler are none.
func cellText(b []byte, from int) []byte {
	if len(b)-from > xmlCell {
		b = b[:from+softCut(b[from:from+xmlCell])]
	}
	v := b[from:]
	if bytes.IndexByte(v, '_') < 0 && bytes.IndexByte(v, 0x1F) < 0 && bytes.IndexByte(v, 0x1E) < 0 {
		return b
	}
	out := v[:0]
	for i := 0; i < len(v); i++ {
		c := v[i]
		if c == '_' && i+7 <= len(v) && v[i+1] == 'x' && v[i+6] == '_' {
			if r, ok := hexRune(v[i+2 : i+6]); ok {
				out = append(out, r...)
				i += 6
				continue
			}
		}
		if c == 0x1E || c == 0x1F {
			c = ' '
		}
		out = append(out, c)
	}
	return b[:from+len(out)]
}

// hexRune reads four hexadecimal digits as a character, in UTF-8.
func hexRune(b []byte) (string, bool) {
	n := rune(0)
	for _, c := range b {
		switch {
		case isDigit(c):
			n = n<<4 | rune(c-'0')
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			n = n<<4 | rune(c|0x20-'a'+10)
		default:
			return "", false
		}
	}
	if n < ' ' && n != '\t' && n != '\n' {
		n = ' '
	}
	return string(n), true
}
