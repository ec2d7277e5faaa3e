package scanner

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"time"
)

// A wire carries frames between the engine and a child process, one at a time
// in each direction. A frame is a kind, a note and a body:
//
//	kind (1 byte), size of the note, size of the body (4 bytes each), note (JSON), body
//
// The engine begins a task (frameStart) and then answers what the child asks
// for (frameAsk → frameReply) until the child is done (frameEnd). Between, the
// child sends blocks, which need no answer, and members (frameMember), which
// the engine may open and read (frameOpen, framePull → frameData) and leaves
// (frameNext).
type wire struct {
	in   *bufio.Reader
	out  *bufio.Writer
	room []byte // of the frame received last
}

// The kinds of frames.
const (
	frameStart  = 'S'
	frameAsk    = 'a'
	frameReply  = 'r'
	frameMember = 'm'
	frameOpen   = 'o'
	framePull   = 'p'
	frameData   = 'd'
	frameNext   = 'n'
	frameBlock  = 'b'
	frameEnd    = 'e'
)

// A note is what a frame says beside its body. Strings that come from objects
// travel as bytes: they need not be UTF-8.
type note struct {
	Format    string    `json:",omitempty"`
	Read      bool      `json:",omitempty"` // blocks are wanted, not members
	Path      []byte    `json:",omitempty"`
	Size      int64     `json:",omitempty"`
	Modified  time.Time `json:",omitzero"`
	Passwords [][]byte  `json:",omitempty"`
	Whole     bool      `json:",omitempty"` // the head is all there is

	Ask string `json:",omitempty"`
	Off int64  `json:",omitempty"`
	N   int    `json:",omitempty"`

	Table  []byte   `json:",omitempty"`
	Titles [][]byte `json:",omitempty"`
	At     int64    `json:",omitempty"`
	Rows   int      `json:",omitempty"`
	Ruler  Ruler    `json:",omitzero"`

	End    bool   `json:",omitempty"` // of the stream, or of the member
	Fault  string `json:",omitempty"`
	Reason Reason `json:",omitempty"`
}

const (
	frameSize = 256 << 10 // of stream and member bytes at a time
	maxFrame  = 64 << 20  // one long record; a frame beyond it is refused
)

var errFrame = errors.New("frame larger than the limit")

func newWire(in io.Reader, out io.Writer) wire {
	return wire{in: bufio.NewReaderSize(in, 64<<10), out: bufio.NewWriterSize(out, 64<<10)}
}

// send writes one frame.
func (w *wire) send(kind byte, n *note, body []byte) error {
	b, err := json.Marshal(n)
	if err != nil {
		return err
	}
	if len(b) > maxFrame || len(body) > maxFrame {
		return errFrame
	}
	var head [9]byte
	head[0] = kind
	binary.LittleEndian.PutUint32(head[1:], uint32(len(b)))
	binary.LittleEndian.PutUint32(head[5:], uint32(len(body)))
	w.out.Write(head[:])
	w.out.Write(b)
	w.out.Write(body)
	return w.out.Flush()
}

// receive reads one frame. The body is valid until the next call.
func (w *wire) receive() (kind byte, n *note, body []byte, err error) {
	var head [9]byte
	if _, err := io.ReadFull(w.in, head[:]); err != nil {
		return 0, nil, nil, err
	}
	said, size := int(binary.LittleEndian.Uint32(head[1:])), int(binary.LittleEndian.Uint32(head[5:]))
	if said > maxFrame || size > maxFrame {
		return 0, nil, nil, errFrame
	}
	if cap(w.room) < said+size || cap(w.room) > 4<<20 && said+size < 1<<20 {
		w.room = make([]byte, said+size, max(said+size, frameSize+4<<10))
	}
	w.room = w.room[:said+size]
	if _, err := io.ReadFull(w.in, w.room); err != nil {
		return 0, nil, nil, err
	}
	n = new(note)
	if err := json.Unmarshal(w.room[:said], n); err != nil {
		return 0, nil, nil, err
	}
	return head[0], n, w.room[said:], nil
}

// blame puts an error into the note. io.EOF is the end and no fault.
func (n *note) blame(err error) *note {
	var p *Problem
	switch {
	case err == nil:
	case err == io.EOF:
		n.End = true
	case errors.As(err, &p):
		n.Fault, n.Reason = p.Detail, p.Reason
	case errors.Is(err, ErrUnranged):
		n.Fault = ErrUnranged.Error()
	case errors.Is(err, io.ErrUnexpectedEOF):
		n.Reason, n.Fault = Truncated, "ends too early"
	default:
		n.Fault = err.Error()
	}
	return n
}

// err returns the error the note speaks of, nil when there is none.
func (n *note) err() error {
	switch {
	case n.Reason != "":
		return &Problem{Reason: n.Reason, Detail: n.Fault}
	case n.Fault == ErrUnranged.Error():
		return ErrUnranged
	case n.Fault != "":
		return errors.New(n.Fault)
	case n.End:
		return io.EOF
	}
	return nil
}
