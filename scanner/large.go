package scanner

import (
	"context"
	"runtime/debug"
	"strings"
	"sync"
)

// A largeSlot is the one place for what needs more memory than a worker's share: a
// dictionary of a hundred megabytes. An object whose holders are all containers
// that it lies in gets it at once, since they wait for it; any other waits until
// it is free. So nobody waits for somebody who waits for him.
type largeSlot struct {
	mu      sync.Mutex
	holders []string // paths, each within the one before
	freed   chan struct{}
}

// take returns when the slot is held for the object at path, or ctx is done.
func (s *largeSlot) take(ctx context.Context, path string) error {
	for {
		s.mu.Lock()
		free := true
		for _, h := range s.holders {
			free = free && strings.HasPrefix(path, h+"!/")
		}
		if free {
			s.holders = append(s.holders, path)
			s.mu.Unlock()
			return nil
		}
		if s.freed == nil {
			s.freed = make(chan struct{})
		}
		freed := s.freed
		s.mu.Unlock()
		select {
		case <-freed:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// give ends the hold of the object at path.
func (s *largeSlot) give(path string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.holders) - 1; i >= 0; i-- {
		if s.holders[i] == path {
			s.holders = append(s.holders[:i], s.holders[i+1:]...)
			break
		}
	}
	if s.freed != nil {
		close(s.freed)
		s.freed = nil
	}
}

// takeFree takes the slot where nobody holds it.
func (s *largeSlot) takeFree(path string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.holders) > 0 {
		return false
	}
	s.holders = append(s.holders, path)
	return true
}

// Borrow takes the one large slot of the scan, for a decoder that holds more
// than a few megabytes. It may wait for others; an error is that of ctx. The
// caller calls give, once, when the memory is free again.
func (c *Content) Borrow(ctx context.Context) (give func(), err error) {
	switch {
	case c.far != nil:
		reply, _, err := c.far.ask(&note{Ask: "borrow"})
		if err == nil {
			err = reply.err()
		}
		return func() {}, err // the engine knows when the task ends
	case c.large == nil: // outside of a scan
		return func() {}, nil
	}
	if err := c.large.take(ctx, c.object.Path); err != nil {
		return nil, err
	}
	return sync.OnceFunc(func() { c.large.give(c.object.Path) }), nil
}

// Spare is Borrow for who can do without: it does not wait, and reports whether
// nobody held the slot. The caller calls give in either case.
func (c *Content) Spare() (give func(), ok bool) {
	switch {
	case c.far != nil:
		reply, _, err := c.far.ask(&note{Ask: "spare"})
		if ok = err == nil && reply.N > 0; ok {
			debug.SetMemoryLimit(spareMemory)
		}
		return func() {}, ok // the engine knows when the task ends
	case c.large == nil: // outside of a scan
		return func() {}, true
	case !c.large.takeFree(c.object.Path):
		return func() {}, false
	}
	return sync.OnceFunc(func() { c.large.give(c.object.Path) }), true
}
