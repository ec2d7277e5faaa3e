package format

import (
	"bufio"
	"container/heap"
	"context"
	"errors"
	"io"

	"vigie/scanner"
)

const (
	isoHead    = 1 << 20 // bytes that are kept of an image that comes as a stream: folders lie in front
	isoFolders = 8 << 20 // bytes of folders that are read there
)

// isoBroken reads an image whose stream breaks off, for the reason why: in one
// pass, what lies in front first. What lies behind a folder or file that points
// to it from further back is lost.
func isoBroken(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error, why error) error {
	f := &isoForward{br: bufio.NewReaderSize(c.Stream(), 64<<10)}
	f.head = make([]byte, isoHead)
	n, _ := io.ReadFull(f.br, f.head)
	f.head, f.at = f.head[:n], int64(n)
	w := &isoWalk{c: c, at: f, size: 1 << 62, seen: map[int64]bool{}, left: isoFolders, yield: yield, queue: new(isoQueue)}
	root, err := w.volume()
	if err != nil {
		return why
	}
	w.queue.add(isoItem{isoRecord: root})
	for w.queue.Len() > 0 {
		next := heap.Pop(w.queue).(isoItem)
		switch {
		case next.flags&isoFolder != 0:
			err = w.folder(ctx, next.isoRecord, next.folder, next.depth)
		case next.at < int64(len(f.head)) || next.at >= f.at && !f.ended:
			m := &isoPiece{f, next.at, next.size}
			err = yield(scanner.Object{Path: memberPath(next.folder + next.name), Size: next.size, Modified: next.modified, Open: once(faulty{m})})
		}
		if err != nil {
			return err
		}
	}
	return why
}

// An isoForward gives random access to the beginning of a stream, and behind
// that only forward.
type isoForward struct {
	head  []byte
	br    *bufio.Reader
	at    int64 // how far it was read
	ended bool
}

var errBehind = errors.New("lies before what was read")

func (f *isoForward) ReadAt(b []byte, off int64) (int, error) {
	n := 0
	if off < int64(len(f.head)) {
		if n = copy(b, f.head[max(off, 0):]); n == len(b) {
			return n, nil
		}
	}
	off += int64(n)
	if off < f.at {
		return n, errBehind
	}
	passed, err := io.CopyN(io.Discard, f.br, off-f.at)
	f.at += passed
	if err == nil {
		var k int
		k, err = io.ReadFull(f.br, b[n:])
		f.at += int64(k)
		n += k
	}
	f.ended = f.ended || err != nil
	return n, err
}

// An isoPiece reads a file.
type isoPiece struct {
	f        *isoForward
	at, left int64
}

func (p *isoPiece) Read(b []byte) (int, error) {
	if p.left <= 0 {
		return 0, io.EOF
	}
	n, err := p.f.ReadAt(b[:min(int64(len(b)), p.left, 4096)], p.at)
	p.at += int64(n)
	p.left -= int64(n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return n, err
}

// An isoItem waits for its place in the stream.
type isoItem struct {
	isoRecord
	folder string // that it lies in; of a folder, its own
	depth  int
}

// An isoQueue gives what lies furthest in front first.
type isoQueue []isoItem

func (q *isoQueue) add(i isoItem)     { heap.Push(q, i) }
func (q isoQueue) Len() int           { return len(q) }
func (q isoQueue) Less(i, j int) bool { return q[i].at < q[j].at }
func (q isoQueue) Swap(i, j int)      { q[i], q[j] = q[j], q[i] }
func (q *isoQueue) Push(x any)        { *q = append(*q, x.(isoItem)) }
func (q *isoQueue) Pop() any {
	last := len(*q) - 1
	x := (*q)[last]
	*q = (*q)[:last]
	return x
}
