package scanner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"sync"
	"sync/atomic"
	"time"
)

// patience is how long a child may work without a word. A parser that loops is
// ended then; one that works hands something over much sooner.
const patience = time.Minute

// children are the processes in which third parties' parsers run: recover does
// not catch running out of memory, a call of os.Exit, or an endless loop. A
// child gets the bytes of one object and nothing else: no environment, no file,
// no address. It is used again for the next object, unless it ended badly. A
// foreign container within another has a child of its own, so that there are at
// most as many as workers times the depth, and nobody waits for one.
type children struct {
	command  func() *exec.Cmd
	patience time.Duration

	mu   sync.Mutex
	idle []*child
}

// A child is one process, used by one goroutine at a time.
type child struct {
	wire
	cmd   *exec.Cmd
	stdin io.WriteCloser
	last  tail // of what it said when it died
}

// wrap returns the formats, with the foreign ones working in a child.
func (cs *children) wrap(formats []Format) []Format {
	out := make([]Format, len(formats))
	for i, f := range formats {
		out[i] = f
		if !f.Foreign {
			continue
		}
		if f.Unpack != nil {
			out[i].Unpack = func(ctx context.Context, c *Content, yield func(Object) error) error {
				return cs.task(ctx, c, &note{Format: f.Name}, yield, nil)
			}
		}
		if f.Read != nil {
			out[i].Read = func(ctx context.Context, c *Content, yield func(*Block) error) error {
				return cs.task(ctx, c, &note{Format: f.Name, Read: true}, nil, yield)
			}
		}
	}
	return out
}

// take returns a child with nothing to do, a new one where there is none.
func (cs *children) take() (*child, error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if n := len(cs.idle); n > 0 {
		k := cs.idle[n-1]
		cs.idle = cs.idle[:n-1]
		return k, nil
	}
	k := &child{cmd: cs.command()}
	k.cmd.Stderr = &k.last
	in, err := k.cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := k.cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := k.cmd.Start(); err != nil {
		return nil, err
	}
	k.stdin, k.wire = in, newWire(out, in)
	return k, nil
}

func (cs *children) give(k *child) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.idle = append(cs.idle, k)
}

// close ends the children.
func (cs *children) close() {
	for _, k := range cs.idle {
		k.stdin.Close()
		k.cmd.Wait()
	}
	cs.idle = nil
}

func (k *child) kill() { k.cmd.Process.Kill() }

// died ends the process and says what became of it; never in its own words,
// which may hold what it read.
func (k *child) died(format string) error {
	k.kill()
	err := k.cmd.Wait()
	switch text := k.last.text(); {
	case bytes.Contains(text, []byte("out of memory")), bytes.Contains(text, []byte("allocate")),
		bytes.Contains(text, []byte("errno=12")): // no memory for the stack of a thread
		return &Problem{Reason: Crashed, Detail: "the parser of " + format + " ran out of its memory"}
	case err != nil && k.cmd.ProcessState.ExitCode() > 0:
		return &Problem{Reason: Crashed, Detail: fmt.Sprintf("the parser of %s ended with status %d", format, k.cmd.ProcessState.ExitCode())}
	}
	return &Problem{Reason: Crashed, Detail: "the parser of " + format + " ended"}
}

// task has a child unpack or read c.
func (cs *children) task(ctx context.Context, c *Content, start *note, member func(Object) error, block func(*Block) error) error {
	k, err := cs.take()
	if err != nil {
		return &Problem{Reason: Crashed, Detail: "no child process: " + err.Error()}
	}
	t := &task{child: k, content: c, ctx: ctx, format: start.Format, patience: cs.patience}
	stop := context.AfterFunc(ctx, k.kill)
	whole := false
	defer func() {
		t.forget()
		for _, give := range t.lent {
			give()
		}
		if stop() && whole {
			cs.give(k)
		} else {
			k.kill()
			k.cmd.Wait()
		}
	}()
	start.Path, start.Size, start.Passwords, start.Whole = []byte(c.object.Path), c.object.Size, asBytes(c.words), c.whole
	if err := k.send(frameStart, start.blame(c.early), c.head); err != nil {
		return t.fell()
	}
	for {
		kind, n, body, err := t.await()
		if err != nil {
			return err
		}
		switch {
		case kind == frameEnd:
			whole = true
			return n.err()
		case kind == frameBlock && block != nil:
			err = block(&Block{Table: string(n.Table), Titles: asStrings(n.Titles), Text: body, At: n.At, Rows: n.Rows, Ruler: n.Ruler})
		case kind == frameMember && member != nil:
			m := &remote{task: t}
			err = member(Object{Path: string(n.Path), Size: n.Size, Modified: n.Modified, Open: m.open})
			if m.task = nil; err == nil && k.send(frameNext, &note{}, nil) != nil {
				return t.fell()
			}
		default:
			return t.fell()
		}
		if err != nil {
			return err // the child is in the middle of something: it is ended
		}
	}
}

// A task is one object in the hands of a child.
type task struct {
	*child
	content  *Content
	ctx      context.Context
	format   string
	patience time.Duration
	silent   atomic.Bool // ended because it said nothing

	stream io.Reader
	random io.ReaderAt
	size   int64
	ahead  io.ReadCloser // sequential reads out of random access
	next   int64         // where the last read ended
	run    int           // reads in a row that began there
	buffer []byte
	lent   []func()
}

// await serves what the child asks for until it says something else.
func (t *task) await() (byte, *note, []byte, error) {
	for {
		timer := time.AfterFunc(t.patience, func() { t.silent.Store(true); t.kill() })
		kind, n, body, err := t.receive()
		timer.Stop()
		if err != nil {
			return 0, nil, nil, t.fell()
		}
		if kind != frameAsk {
			return kind, n, body, nil
		}
		reply, data := t.serve(n)
		if err := t.send(frameReply, reply, data); err != nil {
			return 0, nil, nil, t.fell()
		}
	}
}

// fell says why the child is gone.
func (t *task) fell() error {
	err := t.died(t.format)
	switch {
	case t.ctx.Err() != nil:
		return t.ctx.Err()
	case t.silent.Load():
		return &Problem{Reason: Timeout, Detail: "the parser of " + t.format + " said nothing for too long"}
	}
	return err
}

// serve answers one request for bytes of the object.
func (t *task) serve(n *note) (*note, []byte) {
	if t.buffer == nil {
		t.buffer = make([]byte, frameSize)
	}
	b := t.buffer[:min(max(n.N, 0), frameSize)]
	switch n.Ask {
	case "stream":
		if t.stream == nil {
			t.stream = t.content.Stream()
			if _, err := io.CopyN(io.Discard, t.stream, int64(len(t.content.head))); err != nil {
				return new(note).blame(err), nil
			}
		}
		k, err := fill(t.stream, b)
		return new(note).blame(err), b[:k]
	case "borrow":
		give, err := t.content.Borrow(t.ctx)
		if err == nil {
			t.lent = append(t.lent, give)
		}
		return new(note).blame(err), nil
	case "spare":
		give, ok := t.content.Spare()
		if !ok {
			return new(note), nil
		}
		t.lent = append(t.lent, give)
		return &note{N: 1}, nil
	case "size":
		var err error
		t.random, t.size, err = t.content.At(t.ctx)
		return (&note{Size: t.size}).blame(err), nil
	}
	if t.random == nil {
		return new(note).blame(errors.New("range asked before the size")), nil
	}
	k, err := t.readAt(b, n.Off)
	return new(note).blame(err), b[:k]
}

// readAt reads at off; when reads follow one another it goes on in one stream,
// so that a store is not asked anew for each of them.
func (t *task) readAt(b []byte, off int64) (int, error) {
	if off != t.next {
		t.run = 0
		t.forget()
	} else if t.run++; t.run == 4 && t.ahead == nil {
		ahead, err := t.content.Open(t.ctx, off, -1)
		if err != nil {
			return 0, err
		}
		t.ahead = ahead
	}
	var k int
	var err error
	if t.ahead != nil {
		k, err = fill(t.ahead, b)
	} else {
		k, err = t.random.ReadAt(b, off)
	}
	t.next = off + int64(k)
	return k, err
}

// forget ends the sequential read.
func (t *task) forget() {
	if t.ahead != nil {
		t.ahead.Close()
		t.ahead = nil
	}
}

// A remote is a member that is read through the child, while task is set.
type remote struct {
	task   *task
	opened bool
	rest   []byte
	end    error
}

func (m *remote) open(_ context.Context, off, _ int64) (io.ReadCloser, error) {
	if off > 0 || m.opened || m.task == nil {
		return nil, ErrUnranged
	}
	m.opened = true
	if err := m.say(frameOpen); err != nil {
		return nil, err
	}
	return io.NopCloser(m), nil
}

// say sends a frame about the member and takes the data that come back.
func (m *remote) say(kind byte) error {
	if err := m.task.send(kind, &note{}, nil); err != nil {
		return m.task.fell()
	}
	got, n, body, err := m.task.await()
	switch {
	case err != nil:
		return err
	case got != frameData:
		return m.task.fell()
	}
	m.rest, m.end = body, n.err()
	if kind == frameOpen && len(body) == 0 && m.end != io.EOF {
		return m.end
	}
	return nil
}

// Read implements io.Reader.
func (m *remote) Read(p []byte) (int, error) {
	for len(m.rest) == 0 {
		switch {
		case m.end != nil:
			return 0, m.end
		case m.task == nil:
			return 0, ErrUnranged
		}
		if err := m.say(framePull); err != nil {
			m.end = err
		}
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}

func asStrings(list [][]byte) []string {
	if list == nil {
		return nil
	}
	out := make([]string, len(list))
	for i, b := range list {
		out[i] = string(b)
	}
	return out
}

func asBytes(list []string) [][]byte {
	if list == nil {
		return nil
	}
	out := make([][]byte, len(list))
	for i, s := range list {
		out[i] = []byte(s)
	}
	return out
}

// A tail keeps the first kilobyte that is written to it.
type tail struct {
	mu sync.Mutex
	b  []byte
}

func (t *tail) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if room := 1024 - len(t.b); room > 0 {
		t.b = append(t.b, p[:min(room, len(p))]...)
	}
	return len(p), nil
}

func (t *tail) text() []byte {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.b
}
