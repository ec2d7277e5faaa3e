package format

import (
	"hash/maphash"
	"sync/atomic"
)

// A knownHead is what the beginning of an object is as text. Each text format
// asks for it in turn, so the last ones are remembered.
type knownHead struct {
	sum  uint64 // of the head
	size int
	text bool
	mark int    // where the text begins, where it is stored in UTF-8
	utf8 []byte // the text, where it is not
}

var (
	knownHeads [8]atomic.Pointer[knownHead]
	headSeed   = maphash.MakeSeed()
)

// headText returns the beginning of a document in UTF-8, without its mark: what
// Match of the text formats looks at. It is nil where the head is no text. The
// caller does not change it. It may be called from any goroutine.
func headText(head []byte) []byte {
	head = head[:min(len(head), headSize)]
	sum := maphash.Bytes(headSeed, head)
	slot := &knownHeads[sum%uint64(len(knownHeads))]
	k := slot.Load()
	if k == nil || k.sum != sum || k.size != len(head) {
		k = lookHead(head)
		k.sum, k.size = sum, len(head)
		slot.Store(k)
	}
	switch {
	case !k.text:
		return nil
	case k.utf8 != nil:
		return k.utf8
	}
	return head[k.mark:]
}

func lookHead(head []byte) *knownHead {
	cs, mark := sniffCharset(head)
	switch {
	case cs == plainASCII || cs == utf8Text:
		return &knownHead{text: isText(head[mark:]), mark: mark}
	case cs >= windows1252 && !isText(head): // unknown bytes, mostly
		return &knownHead{}
	}
	text := cs.decode(head[mark:])
	return &knownHead{text: isText(text), utf8: text}
}
