package format

import "encoding/binary"

// The types of values in the compact protocol of Apache Thrift.
const (
	thriftStop   = 0
	thriftTrue   = 1
	thriftFalse  = 2
	thriftByte   = 3
	thriftShort  = 4
	thriftInt    = 5
	thriftLong   = 6
	thriftDouble = 7
	thriftBytes  = 8
	thriftList   = 9
	thriftSet    = 10
	thriftMap    = 11
	thriftStruct = 12
	thriftUUID   = 13
)

const thriftDepth = 32 // of values within values

// A thrift reads values in the compact protocol of Apache Thrift from b. Where
// the bytes end too early it is short, where they are no values it is bad, and then
// gives zeros. Every value takes a byte at least, so the work is bounded by b.
type thrift struct {
	b     []byte
	at    int
	depth int
	short bool
	bad   bool
}

func (t *thrift) fail() { t.bad, t.at = true, len(t.b) }

func (t *thrift) byte() byte {
	if t.at >= len(t.b) {
		t.short = true
		t.fail()
		return 0
	}
	t.at++
	return t.b[t.at-1]
}

func (t *thrift) unsigned() uint64 {
	v, n := binary.Uvarint(t.b[t.at:])
	if n <= 0 {
		t.short = n == 0
		t.fail()
		return 0
	}
	t.at += n
	return v
}

// long returns an integer of any size.
func (t *thrift) long() int64 {
	v := t.unsigned()
	return int64(v>>1) ^ -int64(v&1)
}

// bytes returns a string, which lies in b.
func (t *thrift) bytes() []byte {
	n := t.unsigned()
	if n > uint64(len(t.b)-t.at) {
		t.short = !t.bad
		t.fail()
		return nil
	}
	t.at += int(n)
	return t.b[t.at-int(n) : t.at]
}

// fields reads a struct. each takes the value of a field, or returns false for it
// to be passed over.
func (t *thrift) fields(each func(id int, kind byte) bool) {
	if t.depth++; t.depth > thriftDepth {
		t.fail()
	}
	for id := 0; !t.bad; {
		b := t.byte()
		kind := b & 15
		if kind == thriftStop {
			break
		}
		if delta := int(b >> 4); delta > 0 {
			id += delta
		} else {
			id = int(int16(t.long()))
		}
		if !t.bad && !each(id, kind) {
			t.skip(kind)
		}
	}
	t.depth--
}

// list reads a list; each takes a value, or returns false for it to be passed over.
func (t *thrift) list(each func(kind byte) bool) {
	b := t.byte()
	kind, n := b&15, uint64(b>>4)
	if n == 15 {
		n = t.unsigned()
	}
	for ; n > 0 && !t.bad; n-- {
		if !each(kind) {
			t.skipElement(kind)
		}
	}
}

// skipElement is skip for a value of a list or map, where true and false take a
// byte.
func (t *thrift) skipElement(kind byte) {
	if kind == thriftTrue || kind == thriftFalse {
		kind = thriftByte
	}
	t.skip(kind)
}

func (t *thrift) skip(kind byte) {
	fixed := 0
	switch kind {
	case thriftTrue, thriftFalse:
	case thriftByte:
		fixed = 1
	case thriftShort, thriftInt, thriftLong:
		t.unsigned()
	case thriftDouble:
		fixed = 8
	case thriftUUID:
		fixed = 16
	case thriftBytes:
		t.bytes()
	case thriftStruct:
		t.fields(func(int, byte) bool { return false })
	case thriftList, thriftSet, thriftMap:
		if t.depth++; t.depth > thriftDepth {
			t.fail()
		}
		if kind != thriftMap {
			t.list(func(byte) bool { return false })
		} else if n := t.unsigned(); n > 0 {
			kinds := t.byte()
			for ; n > 0 && !t.bad; n-- {
				t.skipElement(kinds >> 4)
				t.skipElement(kinds & 15)
			}
		}
		t.depth--
	default:
		t.fail()
	}
	if fixed > len(t.b)-t.at {
		t.short = !t.bad
		t.fail()
		return
	}
	t.at += fixed
}
