package scanner

import (
	"crypto/rand"
	"encoding/binary"
	"math/bits"
)

// A runKey keys every hash of personal values. It is drawn for one scan and
// dies with it: no hash can be compared with that of another scan, or with a
// table of all NIRs.
type runKey [4]uint64

func newRunKey() (k runKey) {
	var b [32]byte
	rand.Read(b[:]) // never fails (crypto/rand)
	for i := range k {
		k[i] = binary.LittleEndian.Uint64(b[8*i:]) | 1
	}
	return k
}

// sum hashes b: multiply and fold, 16 bytes a step.
func (k *runKey) sum(b []byte) uint64 {
	h := k[0] ^ uint64(len(b))
	for len(b) > 16 {
		h = fold(binary.LittleEndian.Uint64(b)^k[1]^h, binary.LittleEndian.Uint64(b[8:])^k[2])
		b = b[16:]
	}
	var lo, hi uint64
	if len(b) >= 8 {
		lo = binary.LittleEndian.Uint64(b)
		hi = binary.LittleEndian.Uint64(b[len(b)-8:])
	} else {
		for i, c := range b {
			lo |= uint64(c) << (8 * i)
		}
	}
	return k.mix(h, fold(lo^k[1], hi^k[2]^h))
}

// mix joins two hashes; the order counts.
func (k *runKey) mix(a, b uint64) uint64 { return fold(a^k[3], b^k[0]^bits.RotateLeft64(a, 29)) }

func fold(a, b uint64) uint64 {
	hi, lo := bits.Mul64(a, b)
	return hi ^ lo
}
