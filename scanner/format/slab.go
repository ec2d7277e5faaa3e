package format

import (
	"errors"
	"io"
	"sync"
	"unicode/utf8"
)

const (
	slabSize   = 256 << 10 // what a document is read in; near a core's second cache
	recordSize = 4 << 20   // a longer record is handed over in pieces
)

var slabs = sync.Pool{New: func() any { return new([slabSize]byte) }}

// A slab is the part of a document that is in memory: text that was read and
// not yet handed over. What is left behind the last whole record is rolled to
// the front before more is read, so nothing else is ever copied.
type slab struct {
	src    io.Reader
	pooled *[slabSize]byte
	size   int // usual length of buf
	buf    []byte
	lo, hi int
	off    int64 // offset of buf[lo] in the decoded document
	done   bool  // nothing more to come
	err    error // what ended it, nil is a clean end
}

// open makes s ready to read src. size is slabSize, or less in tests.
func (s *slab) open(src io.Reader, size int) {
	s.pooled = slabs.Get().(*[slabSize]byte)
	s.src, s.size, s.buf = src, size, s.pooled[:size]
}

func (s *slab) close() {
	slabs.Put(s.pooled)
	s.pooled, s.buf = nil, nil
}

// text returns what is in memory. It is valid until more.
func (s *slab) text() []byte { return s.buf[s.lo:s.hi] }

// drop gives up the first n bytes.
func (s *slab) drop(n int) {
	s.lo += n
	s.off += int64(n)
}

// more adds text from the source; where less than a quarter of the slab has been
// handed over it grows, to limit bytes at most. It reports false when there is
// nothing to add, or no room: moving all for a few bytes would take for ever.
func (s *slab) more(limit int) bool {
	if s.done {
		return false
	}
	n, room := s.hi-s.lo, len(s.buf)-s.hi
	switch {
	case len(s.buf) > s.size && n < s.size/2:
		s.move(s.pooled[:s.size])
	case room >= utf8.UTFMax && s.lo == 0:
	case s.lo >= len(s.buf)/4:
		s.move(s.buf)
	case len(s.buf) < limit:
		s.move(make([]byte, min(2*len(s.buf), limit)))
	default:
		return false
	}
	return s.fill()
}

func (s *slab) move(to []byte) {
	s.hi = copy(to, s.buf[s.lo:s.hi])
	s.lo, s.buf = 0, to
}

func (s *slab) fill() bool {
	before := s.hi
	for idle := 0; len(s.buf)-s.hi >= utf8.UTFMax && !s.done; {
		n, err := s.src.Read(s.buf[s.hi:])
		s.hi += n
		if idle++; n > 0 {
			idle = 0
		}
		if err == nil && idle == 100 {
			err = io.ErrNoProgress
		}
		if err != nil {
			s.done = true
			if !errors.Is(err, io.EOF) {
				s.err = err
			}
		}
	}
	return s.hi > before || s.done
}
