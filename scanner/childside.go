package scanner

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
)

// childMemory is what a child may hold. RLIMIT_DATA counts what Go's heap
// touches; RLIMIT_AS would count what it only reserves.
const childMemory = 512 << 20

// spareMemory is what a child may hold for a task that could do with less, its
// garbage included.
const spareMemory = 208 << 20

// ServeChild is the child's side of Config.Child: it unpacks and reads what
// comes in, with the formats of this build, until in ends. It limits the memory
// of the process where the system can (Linux).
func ServeChild(formats []Format, in io.Reader, out io.Writer) error {
	signal.Ignore(os.Interrupt) // of the terminal: it is for the scan
	limitMemory(childMemory)
	c := &childSide{wire: newWire(in, out), piece: make([]byte, frameSize)}
	for {
		debug.SetMemoryLimit(childMemory * 3 / 4)
		kind, n, head, err := c.receive()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if kind != frameStart {
			return fmt.Errorf("frame %q before a task", kind)
		}
		end := new(note).blame(c.work(formats, n, append([]byte(nil), head...)))
		if c.broken != nil {
			return c.broken
		}
		if err := c.send(frameEnd, end, nil); err != nil {
			return err
		}
		c.rest()
	}
}

// childSide is the child's end of the wire.
type childSide struct {
	wire
	waiting byte   // a frame that came while the child asked for something
	piece   []byte // of a member
	broken  error  // the wire is
}

// rest gives memory back after a large task.
func (c *childSide) rest() {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if m.HeapSys-m.HeapReleased > 64<<20 {
		debug.FreeOSMemory()
	}
}

// work does one task.
func (c *childSide) work(formats []Format, n *note, head []byte) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = &Problem{Reason: Crashed, Detail: fmt.Sprintf("%T while reading", p)}
		}
	}()
	content := &Content{
		ctx: context.Background(), object: Object{Path: string(n.Path), Size: n.Size}, words: asStrings(n.Passwords),
		head: head, whole: n.Whole, early: n.err(), far: c, rest: io.NopCloser(&farStream{side: c}),
	}
	for _, f := range formats {
		switch {
		case f.Name != n.Format:
		case n.Read && f.Read != nil:
			return f.Read(content.ctx, content, c.block)
		case !n.Read && f.Unpack != nil:
			return f.Unpack(content.ctx, content, c.member)
		}
	}
	return fmt.Errorf("format %s is not of this build", n.Format)
}

// block hands over a block.
func (c *childSide) block(b *Block) error {
	n := &note{Table: []byte(b.Table), Titles: asBytes(b.Titles), At: b.At, Rows: b.Rows, Ruler: b.Ruler}
	err := c.send(frameBlock, n, b.Text)
	if errors.Is(err, errFrame) {
		return &Problem{Reason: TooLarge, Detail: "one record is larger than the limit"}
	}
	return c.fail(err)
}

func (c *childSide) fail(err error) error {
	if err != nil {
		c.broken = err
	}
	return err
}

// member hands over a member and reads it for the engine as far as it wants.
// The next piece is read while the engine is busy with the one before.
func (c *childSide) member(o Object) error {
	if err := c.send(frameMember, &note{Path: []byte(o.Path), Size: o.Size, Modified: o.Modified}, nil); err != nil {
		return c.fail(err)
	}
	var from io.ReadCloser
	defer func() {
		if from != nil {
			from.Close()
		}
	}()
	var got int
	var end error
	for {
		kind, err := c.command()
		if err != nil {
			return c.fail(err)
		}
		switch kind {
		case frameNext:
			return nil
		case frameOpen:
			if from, end = o.Open(context.Background(), 0, -1); end != nil {
				from = nil
				break
			}
			got, end = fill(from, c.piece)
		case framePull:
		default:
			return c.fail(fmt.Errorf("frame %q about a member", kind))
		}
		if err := c.send(frameData, new(note).blame(end), c.piece[:got]); err != nil {
			return c.fail(err)
		}
		got = 0
		if end == nil {
			got, end = fill(from, c.piece)
		}
	}
}

// command returns the kind of the next frame that is no reply.
func (c *childSide) command() (byte, error) {
	if kind := c.waiting; kind != 0 {
		c.waiting = 0
		return kind, nil
	}
	kind, _, _, err := c.receive()
	return kind, err
}

// ask asks the engine for something. What it says meanwhile about a member
// waits.
func (c *childSide) ask(n *note) (*note, []byte, error) {
	if c.broken != nil {
		return nil, nil, c.broken
	}
	if err := c.send(frameAsk, n, nil); err != nil {
		return nil, nil, c.fail(err)
	}
	for {
		kind, reply, body, err := c.receive()
		switch {
		case err != nil:
			return nil, nil, c.fail(err)
		case kind == frameReply:
			return reply, body, nil
		case c.waiting != 0:
			return nil, nil, c.fail(fmt.Errorf("frame %q out of turn", kind))
		}
		c.waiting = kind
	}
}

// at is Content.At in a child: the engine has the bytes.
func (c *childSide) at() (*pages, error) {
	reply, _, err := c.ask(&note{Ask: "size"})
	if err != nil {
		return nil, err
	}
	if err := reply.err(); err != nil {
		return nil, err
	}
	return &pages{ctx: context.Background(), size: reply.Size, open: c.open}, nil
}

// open reads n bytes from off.
func (c *childSide) open(_ context.Context, off, n int64) (io.ReadCloser, error) {
	return io.NopCloser(&farRange{side: c, off: off, left: n}), nil
}

// A farStream is the object from behind its head.
type farStream struct {
	side *childSide
	kept []byte
	end  error
}

func (s *farStream) Read(p []byte) (int, error) {
	if len(s.kept) == 0 && s.end == nil {
		reply, body, err := s.side.ask(&note{Ask: "stream", N: frameSize})
		if err != nil {
			return 0, err
		}
		s.kept, s.end = append(s.kept[:0], body...), reply.err()
	}
	if len(s.kept) == 0 {
		return 0, s.end
	}
	n := copy(p, s.kept)
	s.kept = s.kept[n:]
	return n, nil
}

// A farRange is a run of bytes of the object.
type farRange struct {
	side      *childSide
	off, left int64
}

func (r *farRange) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, io.EOF
	}
	reply, body, err := r.side.ask(&note{Ask: "range", Off: r.off, N: int(min(int64(len(p)), r.left, frameSize))})
	if err != nil {
		return 0, err
	}
	n := copy(p, body)
	r.off += int64(n)
	r.left -= int64(n)
	err = reply.err()
	if n > 0 && err == io.EOF {
		err = nil
	}
	return n, err
}
