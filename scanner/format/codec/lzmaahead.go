package codec

import (
	"bufio"
	"encoding/binary"
	"io"
	"sync"
)

// An Ahead decompresses LZMA2 on several processors. What follows an end mark,
// or a part that resets all, does not refer to what lies before it: 7-Zip begins such a
// segment every 64 to 256 MiB when it packs with several threads, and xz a block.
// While one segment is handed over, those behind it are decoded as far as there is
// room. What comes out, and the error at its end, are those of an LZMA; after
// the io.EOF of an end mark, Read goes on with what follows.
//
// The source is only read within Read and Feed. Who does not read to the end must
// Close it.
type Ahead struct {
	source   func([]byte) ([]byte, error) // reads a part; an error, of which io.EOF is one, ends all
	idle     []*lzmaLane
	segments []*lzmaSegment // in order; the first is handed over
	last     *lzmaSegment   // the one that gets what is read
	next     []byte         // a part that was read and is not given to a segment yet
	end      error          // why no more is read; nil before that

	parts chan []byte // room for parts, to be used again
	spare []byte      // of it, in hand
	made  int         // of it
	most  int         // to be made
	slabs chan []byte // room for what was decoded; nil where it is not made yet
	slab  []byte      // of it, in hand
	rest  []byte      // of slab, to be handed over
	err   error

	quit  chan struct{}
	lanes sync.WaitGroup
}

const (
	aheadLanes = 8
	aheadSlab  = 1 << 20
)

// A Room is what an Ahead may hold.
type Room struct {
	Dicts int64 // bytes of dictionaries, of which each lane has one
	Parts int   // of 64 KiB, to be decoded
	Slabs int   // of 1 MiB, of what was; two more for each lane
}

// An lzmaLane is a decoder and room for two slabs of its own, without which it might
// wait for those behind it, and they for it.
type lzmaLane struct {
	*LZMA
	own chan []byte
}

// An lzmaSegment is decoded by one lane. Its fields are set before the channel is
// closed that tells of them.
type lzmaSegment struct {
	lane *lzmaLane
	in   chan []byte // its parts
	mark bool        // when in is closed: with an end mark
	end  error       // the same: why no other segment follows; nil where one does
	out  chan []byte // its slabs
	err  error       // when out is closed: why

	parts chan<- []byte // where room for parts goes back to
	quit  <-chan struct{}
	part  []byte // in hand
	used  int    // of it
}

// NewAhead returns nil where the processors, or the memory, do not suffice for
// two lanes.
func NewAhead(source func([]byte) ([]byte, error), dict int64, processors int, room Room) *Ahead {
	dict = max(dict, 4<<10)
	lanes := min(int64(processors), aheadLanes, room.Dicts/dict)
	if lanes < 2 {
		return nil
	}
	a := &Ahead{
		source: source, most: room.Parts, parts: make(chan []byte, room.Parts),
		slabs: make(chan []byte, room.Slabs+2*aheadLanes), quit: make(chan struct{}),
	}
	for range lanes {
		lane := &lzmaLane{NewLZMA2(nil, dict), make(chan []byte, 2)}
		lane.own <- nil
		lane.own <- nil
		a.idle = append(a.idle, lane)
	}
	for range room.Slabs {
		a.slabs <- nil
	}
	return a
}

// Close ends the lanes, and returns when they have.
func (a *Ahead) Close() {
	close(a.quit)
	a.lanes.Wait()
}

func (a *Ahead) Read(p []byte) (int, error) {
	for len(a.rest) == 0 {
		if a.err != nil {
			return 0, a.err
		}
		if marked := a.hand(); marked {
			return 0, io.EOF
		}
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}

// hand takes the next slab in hand, or the next segment, or room for a part. It
// reports whether it came to an end mark.
func (a *Ahead) hand() (marked bool) {
	var room chan []byte
	if full := a.Feed(); full {
		room = a.parts
	}
	if len(a.segments) == 0 {
		a.err = a.end
		return false
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
			return false
		}
		a.segments, a.idle = a.segments[1:], append(a.idle, s.lane)
		if s.err != io.EOF {
			a.err = s.err
		}
		return s.mark && a.err == nil
	}
	return false
}

// Feed reads parts and gives them to their segments, until there is no lane or no
// more room, which full tells, or nothing left to read.
func (a *Ahead) Feed() (full bool) {
	for {
		if len(a.next) > 0 {
			if a.last == nil || a.next[0] >= 0xe0 {
				if len(a.idle) == 0 {
					return false
				}
				a.begin()
			}
			a.last.in <- a.next
			if a.next[0] == 0 {
				a.last.mark = true
				close(a.last.in)
				a.last = nil
			}
			a.next = nil
		}
		if a.end != nil {
			if a.last != nil {
				a.last.end = a.end
				close(a.last.in)
				a.last = nil
			}
			return false
		}
		if a.spare == nil {
			select {
			case a.spare = <-a.parts:
			default:
				if a.made == a.most {
					return true
				}
				a.made++
				a.spare = make([]byte, lzmaHead+lzmaIn)
			}
		}
		a.next, a.end = a.source(a.spare[:cap(a.spare)])
		a.spare = nil
	}
}

// MaxPart is how long a part of LZMA2 is with its head, at most.
const MaxPart = lzmaHead + lzmaIn

// End returns why no more is read from the source; nil before that.
func (a *Ahead) End() error { return a.end }

// ReadPart reads a part of LZMA2 with its head. The error is io.EOF with the last;
// with another error it may not be a whole one.
func ReadPart(br *bufio.Reader, b []byte) ([]byte, error) {
	if _, err := io.ReadFull(br, b[:1]); err != nil {
		return nil, early(err)
	}
	head := partHead(b[0])
	if head == 1 {
		return b[:1], io.EOF
	}
	n, err := io.ReadFull(br, b[1:head])
	if err == nil {
		size := int(binary.BigEndian.Uint16(b[1:])) + 1
		if b[0] >= 0x80 {
			size = int(binary.BigEndian.Uint16(b[3:])) + 1
		}
		n, err = io.ReadFull(br, b[head:head+size])
		n += head - 1
	}
	if err != nil {
		err = early(err)
	}
	return b[:1+n], err
}

// PartSize is how much comes out of a part; 0 where it has not got a whole head.
func PartSize(part []byte) int {
	head := partHead(part[0])
	switch {
	case head == 1 || len(part) < head:
		return 0
	case part[0] < 0x80:
		return int(binary.BigEndian.Uint16(part[1:])) + 1
	}
	return int(part[0]&0x1f)<<16 + int(binary.BigEndian.Uint16(part[1:])) + 1
}

// begin ends the last segment and gives a lane to a new one.
func (a *Ahead) begin() {
	if a.last != nil {
		close(a.last.in)
	}
	k := len(a.idle) - 1
	s := &lzmaSegment{
		lane: a.idle[k], in: make(chan []byte, a.most), out: make(chan []byte, cap(a.slabs)),
		parts: a.parts, quit: a.quit,
	}
	a.idle, a.last, a.segments = a.idle[:k], s, append(a.segments, s)
	a.lanes.Add(1)
	go func() {
		defer a.lanes.Done()
		defer close(s.out)
		defer func() {
			if recover() != nil {
				s.err = ErrCrashed
			}
		}()
		s.decode(a.slabs)
		if s.part != nil {
			s.parts <- s.part
		}
	}()
}

// decode decodes the segment into slabs, of which there are fewer than out holds.
func (s *lzmaSegment) decode(slabs <-chan []byte) {
	s.lane.Restart(bufio.NewReaderSize(s, 4<<10))
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
