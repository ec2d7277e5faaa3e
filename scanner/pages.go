package scanner

import (
	"context"
	"io"
	"sync"
)

const (
	pageSize  = 64 << 10
	pagesKept = 8
)

// pages is random access by ranged reads: the last few pages are kept, since a
// directory at the end and headers here and there are read in small steps.
type pages struct {
	ctx  context.Context
	size int64
	open func(ctx context.Context, off, n int64) (io.ReadCloser, error)

	mu   sync.Mutex
	kept []page // most recent last
}

type page struct {
	number int64
	bytes  []byte
}

// page returns the page of the given number; the bytes are not to be changed.
func (p *pages) page(number int64) ([]byte, error) {
	for i := range p.kept {
		if pg := p.kept[i]; pg.number == number {
			copy(p.kept[i:], p.kept[i+1:])
			p.kept[len(p.kept)-1] = pg
			return pg.bytes, nil
		}
	}
	off := number * pageSize
	n := min(pageSize, p.size-off)
	rc, err := p.open(p.ctx, off, n)
	if err != nil {
		return nil, err
	}
	defer rc.Close()
	b := make([]byte, n)
	if _, err := io.ReadFull(rc, b); err != nil {
		return nil, Because(Truncated, err)
	}
	if len(p.kept) == pagesKept {
		p.kept = append(p.kept[:0], p.kept[1:]...)
	}
	p.kept = append(p.kept, page{number, b})
	return b, nil
}

// ReadAt implements io.ReaderAt.
func (p *pages) ReadAt(b []byte, off int64) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	n := 0
	for n < len(b) {
		if off >= p.size {
			return n, io.EOF
		}
		pg, err := p.page(off / pageSize)
		if err != nil {
			return n, err
		}
		k := copy(b[n:], pg[off%pageSize:])
		n += k
		off += int64(k)
	}
	return n, nil
}
