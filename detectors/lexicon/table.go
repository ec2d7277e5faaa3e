package lexicon

// A table is an open-addressed hash table laid out in bytes: slots of four
// bytes, little-endian, a fingerprint of 24 bits above a note of 8 bits; a slot
// of zero is free. A key starts at the slot its upper half falls on and looks
// at one after the other until it meets its fingerprint or a free slot.
//
// Three slots in four are taken, so a stranger meets 8.5 on average and is
// taken for a member once in two million (8.5 / 2^24 = 5e-7).
type table string

// find returns the note of the key.
func (t table) find(k Key) (note byte, ok bool) {
	n := uint64(len(t) / 4)
	if n == 0 {
		return 0, false
	}
	i, print := k.slot(n), k.print()
	for range n {
		s := uint32(t[4*i]) | uint32(t[4*i+1])<<8 | uint32(t[4*i+2])<<16 | uint32(t[4*i+3])<<24
		switch {
		case s == 0:
			return 0, false
		case s>>8 == print:
			return byte(s), true
		}
		if i++; i == n {
			i = 0
		}
	}
	return 0, false
}

func (k Key) slot(n uint64) uint64 { return uint64(k>>32) * n >> 32 }

// print is never zero, so that no taken slot looks free.
func (k Key) print() uint32 { return max(uint32(k)&(1<<24-1), 1) }

// Pack lays out the table of the keys and their notes, in bytes as find reads
// them. Keys that share a fingerprint and a note are one. The order of keys
// does not change what find answers.
func Pack(keys []Key, notes []byte) []byte {
	n := uint64(len(keys))*4/3 + 1
	b := make([]byte, 4*n)
next:
	for j, k := range keys {
		i := k.slot(n)
		for {
			s := b[4*i : 4*i+4]
			print := uint32(s[1]) | uint32(s[2])<<8 | uint32(s[3])<<16
			if print == k.print() {
				continue next
			}
			if print == 0 {
				p := k.print()
				s[0], s[1], s[2], s[3] = notes[j], byte(p), byte(p>>8), byte(p>>16)
				continue next
			}
			if i++; i == n {
				i = 0
			}
		}
	}
	return b
}
