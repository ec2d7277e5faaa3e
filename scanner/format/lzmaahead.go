package format

import (
	"bufio"
	"encoding/binary"
	"io"
	"sync"

	"vigie/scanner"
)

// An lzmaAhead decompresses LZMA2 on several processors. What follows a part that
// resets all does not refer to what lies before it: 7-Zip begins such a segment
// every 64 to 256 MiB when it packs with several threads. While one segment is
// handed over, those behind it are decoded as far as there is room. What comes
// out, and the error at its end, are those of an lzmaReader.
//
// It holds a dictionary for each lane, aheadDicts together at most, 32 MiB of what
// is to be decoded and 64 MiB of what was. The source is only read within Read. Who
// does not read to the end must close it.
type lzmaAhead struct {
	br       *bufio.Reader
	idle     []*lzmaLane
	segments []*lzmaSegment // in order; the first is handed over
	last     *lzmaSegment   // the one that gets what is read
	next     []byte         // a part that was read and is not given to a segment yet
	end      error          // why no more is read; nil before that

	parts chan []byte // room for parts, to be used again
	spare []byte      // of it, in hand
	made  int         // of it
	slabs chan []byte // room for what was decoded; nil where it is not made yet
	slab  []byte      // of it, in hand
	rest  []byte      // of slab, to be handed over
	err   error

	quit  chan struct{}
	lanes sync.WaitGroup
}

const (
	aheadLanes = 8
	aheadDicts = 80 << 20
	aheadParts = 512
	aheadSlab  = 1 << 20
	aheadSlabs = 64 - 2*aheadLanes
	aheadLeast = 8 << 20 // fewer bytes are soon decoded on one processor
)

// An lzmaLane is a decoder and room for two slabs of its own, without which it might
// wait for those behind it, and they for it.
type lzmaLane struct {
	*lzmaReader
	own chan []byte
}

// An lzmaSegment is decoded by one lane. Its fields are set before the channel is
// closed that tells of them.
type lzmaSegment struct {
	lane *lzmaLane
	in   chan []byte // its parts
	end  error       // when in is closed: why; nil where another segment follows
	out  chan []byte // its slabs
	err  error       // when out is closed: why

	parts chan<- []byte // where room for parts goes back to
	quit  <-chan struct{}
	part  []byte // in hand
	used  int    // of it
}

// newLZMAAhead returns nil where the processors, or the memory, do not suffice for
// two lanes.
func newLZMAAhead(br *bufio.Reader, dict int64, processors int) *lzmaAhead {
	dict = max(dict, 4<<10)
	lanes := min(int64(processors), aheadLanes, aheadDicts/dict)
	if lanes < 2 {
		return nil
	}
	a := &lzmaAhead{br: br, parts: make(chan []byte, aheadParts), slabs: make(chan []byte, aheadSlabs+2*aheadLanes), quit: make(chan struct{})}
	for range lanes {
		lane := &lzmaLane{newLZMA2(nil, dict), make(chan []byte, 2)}
		lane.own <- nil
		lane.own <- nil
		a.idle = append(a.idle, lane)
	}
	for range aheadSlabs {
		a.slabs <- nil
	}
	return a
}

// close ends the lanes, and returns when they have.
func (a *lzmaAhead) close() {
	close(a.quit)
	a.lanes.Wait()
}

func (a *lzmaAhead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		a.hand()
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// hand takes the next slab in hand, or the next segment, or room for a part.
func (a *lzmaAhead) hand() {
	var room chan []byte
	if full := a.feed(); full {
		room = a.parts
	}
	s := a.segments[0]
	if a.slab != nil {
		select {
		case s.lane.own <- a.slab:
		default:
			a.slabs <- a.slab
		}
		a.slab = nil
	}
	select {
	case a.spare = <-room:
	case slab, more := <-s.out:
		if more {
			a.slab, a.rest = slab, slab
			return
		}
		a.segments, a.idle = a.segments[1:], append(a.idle, s.lane)
		if a.err = s.err; a.err == io.EOF && s.end == nil {
			a.err = nil
		}
	}
}

// feed reads parts and gives them to their segments, until there is no lane or no
// more room, which full tells, or nothing left to read.
func (a *lzmaAhead) feed() (full bool) {
	for {
		if a.next != nil {
			if a.last == nil || len(a.next) > 0 && a.next[0] >= 0xe0 {
				if len(a.idle) == 0 {
					return false
				}
				a.begin()
			}
			a.last.in <- a.next
			if a.next = nil; a.end != nil {
				a.last.end = a.end
				close(a.last.in)
			}
		}
		if a.end != nil {
			return false
		}
		if a.spare == nil {
			select {
			case a.spare = <-a.parts:
			default:
				if a.made == aheadParts {
					return true
				}
				a.made++
				a.spare = make([]byte, lzmaHead+lzmaIn)
			}
		}
		a.next, a.end = readPart(a.br, a.spare[:cap(a.spare)])
		a.spare = nil
	}
}

// readPart reads a part of LZMA2 with its head. The error is io.EOF with the last,
// which may not be a whole one.
func readPart(br *bufio.Reader, b []byte) ([]byte, error) {
	n, err := io.ReadFull(br, b[:1])
	if err != nil {
		return b[:n], err
	}
	head := partHead(b[0])
	if head == 1 {
		return b[:1], io.EOF
	}
	if n, err = io.ReadFull(br, b[1:head]); err == nil {
		size := int(binary.BigEndian.Uint16(b[1:])) + 1
		if b[0] >= 0x80 {
			size = int(binary.BigEndian.Uint16(b[3:])) + 1
		}
		n, err = io.ReadFull(br, b[head:head+size])
		n += head - 1
	}
	if err == io.ErrUnexpectedEOF {
		err = io.EOF
	}
	return b[:1+n], err
}

// begin ends the last segment and gives a lane to a new one.
func (a *lzmaAhead) begin() {
	if a.last != nil {
		close(a.last.in)
	}
	k := len(a.idle) - 1
	s := &lzmaSegment{
		lane: a.idle[k], in: make(chan []byte, aheadParts), out: make(chan []byte, aheadSlabs+2),
		parts: a.parts, quit: a.quit,
	}
	a.idle, a.last, a.segments = a.idle[:k], s, append(a.segments, s)
	a.lanes.Add(1)
	go func() {
		defer a.lanes.Done()
		defer close(s.out)
		defer func() {
			if recover() != nil {
				s.err = &scanner.Problem{Reason: scanner.Crashed, Detail: "LZMA decoder"}
			}
		}()
		s.decode(a.slabs)
	}()
}

// decode decodes the segment into slabs, of which there are fewer than out holds.
func (s *lzmaSegment) decode(slabs <-chan []byte) {
	s.lane.restart(bufio.NewReaderSize(s, 4<<10))
	for s.err == nil {
		var slab []byte
		select {
		case slab = <-s.lane.own:
		case slab = <-slabs:
		case <-s.quit:
			return
		}
		if slab == nil {
			slab = make([]byte, aheadSlab)
		}
		n := 0
		slab = slab[:cap(slab)]
		for n < len(slab) && s.err == nil {
			var k int
			k, s.err = s.lane.Read(slab[n:])
			n += k
		}
		s.out <- slab[:n]
	}
}

// Read reads the parts of the segment, and an end mark behind the last.
func (s *lzmaSegment) Read(p []byte) (int, error) {
	for s.used == len(s.part) {
		if s.part != nil {
			s.parts <- s.part
			s.part = nil
		}
		var more bool
		select {
		case s.part, more = <-s.in:
		case <-s.quit:
			return 0, io.EOF
		}
		s.used = 0
		if !more {
			if s.end != nil {
				return 0, s.end
			}
			p[0] = 0
			return 1, nil
		}
	}
	n := copy(p, s.part[s.used:])
	s.used += n
	return n, nil
}
