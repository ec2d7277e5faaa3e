package scanner

import (
	"context"
	"errors"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// Limits bound the work on one stored object and everything in it. Each one is
// reported when it is met. A zero field takes its default.
type Limits struct {
	Memory  int64         // bytes a worker may hold for spooling; 24 MiB
	Spool   int64         // bytes a worker may hold in temporary files; 16 GiB
	Depth   int           // containers within containers; 16
	Bytes   int64         // bytes that come out of containers; 1 TiB
	Ratio   int64         // these to the stored bytes, past the first 256 MiB; 250
	Members int64         // members in all; 20 million
	Time    time.Duration // 6 hours
}

func (l Limits) orDefault() Limits {
	def := func(v *int64, d int64) {
		if *v == 0 {
			*v = d
		}
	}
	def(&l.Memory, 24<<20)
	def(&l.Spool, 16<<30)
	def(&l.Bytes, 1<<40)
	def(&l.Ratio, 250)
	def(&l.Members, 20e6)
	if l.Depth == 0 {
		l.Depth = 16
	}
	if l.Time == 0 {
		l.Time = 6 * time.Hour
	}
	return l
}

// ratioFree is how much may come out of containers before the ratio counts.
const ratioFree = 256 << 20

// A meter counts what one stored object costs, with everything in it.
type meter struct {
	limits  Limits
	stored  int64 // size of the stored object, -1 when unknown
	read    atomic.Int64
	out     atomic.Int64
	members atomic.Int64
	total   *atomic.Int64 // bytes read in the whole scan; nil outside of one
}

// member counts one member.
func (m *meter) member() error {
	if m.members.Add(1) > m.limits.Members {
		return &Problem{Reason: TooMany, Detail: "more members than the limit"}
	}
	return nil
}

// add counts n bytes, read from the store or come out of a container.
func (m *meter) add(n int64, stored bool) error {
	if stored {
		m.read.Add(n)
		if m.total != nil {
			m.total.Add(n)
		}
		return nil
	}
	out := m.out.Add(n)
	switch {
	case out > m.limits.Bytes:
		return &Problem{Reason: TooLarge, Detail: "more bytes come out than the limit"}
	case out > ratioFree && out/m.limits.Ratio > max(m.stored, m.read.Load()):
		return &Problem{Reason: Ratio, Detail: "expands further than the limit"}
	}
	return nil
}

// count wraps rc so that its bytes are counted, and it ends with ctx.
func (m *meter) count(ctx context.Context, rc io.ReadCloser, stored bool) io.ReadCloser {
	return &counted{rc, ctx, m, stored}
}

type counted struct {
	io.ReadCloser
	ctx    context.Context
	meter  *meter
	stored bool
}

func (c *counted) Read(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, c.late(err)
	}
	n, err := c.ReadCloser.Read(p)
	if over := c.meter.add(int64(n), c.stored); over != nil {
		return n, over
	}
	if err != nil && c.ctx.Err() != nil && !errors.Is(err, io.EOF) {
		return n, c.late(err)
	}
	return n, err
}

func (c *counted) late(err error) error {
	if errors.Is(c.ctx.Err(), context.DeadlineExceeded) {
		return &Problem{Reason: Timeout, Detail: "took longer than the limit"}
	}
	return err
}

// An allotment is the memory and the disk that one worker may use for
// spooling, shared down the stack of containers it is in.
type allotment struct{ memory, disk int64 }

const slabSize = 1 << 20

// A spool holds an object that can only be read from its beginning: in slabs
// of memory, and beyond the allotment in a temporary file that has no name.
type spool struct {
	slabs [][]byte
	file  *os.File
	size  int64
}

// take reads r to its end. After an error it holds what came before.
func (s *spool) take(r io.Reader, a *allotment) error {
	var err error
	for err == nil && a.memory >= slabSize {
		slab := make([]byte, slabSize)
		a.memory -= slabSize
		s.slabs = append(s.slabs, slab)
		var n int
		n, err = fill(r, slab)
		s.size += int64(n)
	}
	if err == nil {
		err = s.toFile(r, a)
	}
	if err == io.EOF {
		return nil
	}
	return err
}

// toFile puts what follows the slabs in a file and returns io.EOF after the
// last byte.
func (s *spool) toFile(r io.Reader, a *allotment) error {
	f, err := os.CreateTemp("", "vigie-*")
	if err != nil {
		return &Problem{Reason: TooLarge, Detail: "no temporary file to spool to"}
	}
	os.Remove(f.Name()) // where the system cannot, close does
	s.file = f
	b := make([]byte, slabSize/4)
	for {
		n, err := r.Read(b)
		if int64(n) > a.disk {
			return &Problem{Reason: TooLarge, Detail: "larger than the space for spooling"}
		}
		written, werr := f.Write(b[:n])
		a.disk -= int64(written)
		s.size += int64(written)
		if werr != nil {
			return &Problem{Reason: TooLarge, Detail: "no space left to spool to"}
		}
		if err != nil {
			return err
		}
	}
}

// ReadAt implements io.ReaderAt.
func (s *spool) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	inMemory := int64(len(s.slabs)) * slabSize
	for n < len(b) && off < s.size {
		if off >= inMemory {
			k, err := s.file.ReadAt(b[n:], off-inMemory)
			return n + k, err
		}
		slab := s.slabs[off/slabSize]
		k := copy(b[n:], slab[off%slabSize:min(slabSize, s.size-off/slabSize*slabSize)])
		n += k
		off += int64(k)
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// close gives back what the spool holds.
func (s *spool) close(a *allotment) {
	held := int64(len(s.slabs)) * slabSize
	a.memory += held
	if s.file != nil {
		a.disk += max(s.size-held, 0)
		s.file.Close()
		os.Remove(s.file.Name())
	}
	s.slabs, s.file = nil, nil
}
