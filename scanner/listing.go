package scanner

import "sync/atomic"

// A Listing says how far the listing of the targets has come. Objects that are
// left out are not in it.
type Listing struct {
	Objects  int64 // listed so far
	Bytes    int64 // of those whose size is known
	Finished int64 // bytes of those that were looked at to their end
	Whole    bool  // nothing is left to be listed
}

// listing is a Listing while it is counted.
type listing struct {
	objects, bytes, finished atomic.Int64
	whole                    atomic.Bool
}

func (l *listing) add(o Object) {
	l.objects.Add(1)
	l.bytes.Add(max(o.Size, 0))
}

func (l *listing) end(o Object) { l.finished.Add(max(o.Size, 0)) }

// Listing returns how far the listing has come.
func (p *Progress) Listing() Listing {
	l := &p.listing
	whole := l.whole.Load() // first: what is counted behind it is all
	return Listing{Objects: l.objects.Load(), Bytes: l.bytes.Load(), Finished: l.finished.Load(), Whole: whole}
}
