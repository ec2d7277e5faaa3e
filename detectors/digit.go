package detectors

import (
	"encoding/binary"
	"math/bits"
)

// Eight bytes are looked at together, as one number of 64 bits.
const (
	eachByte = 0x0101010101010101
	highBits = 0x80 * eachByte
)

// digitsIn is not 0 where one of the first 8 bytes of b is a digit.
func digitsIn(b []byte) uint64 {
	v := binary.LittleEndian.Uint64(b) ^ '0'*eachByte
	return (v - 10*eachByte) &^ v & highBits
}

// digitSet returns a bit for each of the 64 bytes of b from at on that is a
// digit.
func digitSet(b []byte, at int) (set uint64) {
	if at+64 > len(b) {
		var last [64]byte
		copy(last[:], b[min(at, len(b)):])
		b, at = last[:], 0
	}
	b = b[at : at+64]
	for i := 0; i < 64; i += 8 {
		digits := ^others(binary.LittleEndian.Uint64(b[i:])) & highBits
		// The product gathers the high bits of the 8 bytes in the highest byte.
		set |= digits >> 7 * 0x0102040810204080 >> 56 << i
	}
	return set
}

// others has the high bit set of each byte of v that is no digit.
func others(v uint64) uint64 {
	v ^= '0' * eachByte
	return (v&^highBits + (0x80-10)*eachByte | v) & highBits
}

// digitsEnd returns the end of the digits at i.
func digitsEnd(b []byte, i int) int {
	for i+8 <= len(b) {
		n := digitsBegin(binary.LittleEndian.Uint64(b[i:]))
		if i += n; n < 8 {
			return i
		}
	}
	for i < len(b) && isDigit(b[i]) {
		i++
	}
	return i
}

// word returns the 8 bytes of b at i, the first in the lowest bits; zeros lie
// behind the end of b.
func word(b []byte, i int) uint64 {
	if i+8 <= len(b) {
		return binary.LittleEndian.Uint64(b[i:])
	}
	var last [8]byte
	copy(last[:], b[i:])
	return binary.LittleEndian.Uint64(last[:])
}

// digitsBegin returns with how many digits the 8 bytes of v begin.
func digitsBegin(v uint64) int { return bits.TrailingZeros64(others(v)) >> 3 }

// eightDigits returns the number that the 8 digits in v make: neighbours are
// joined to pairs, fours and eights.
func eightDigits(v uint64) uint64 {
	v &= 0x0F * eachByte
	v = (v*10 + v>>8) & 0x00FF00FF00FF00FF
	v = (v*100 + v>>16) & 0x0000FFFF0000FFFF
	return (v*10_000 + v>>32) & 0xFFFFFFFF
}

func isDigit(c byte) bool { return c-'0' < 10 }

func isLetter(c byte) bool { return c|0x20-'a' < 26 }

func isAlnum(c byte) bool { return isDigit(c) || isLetter(c) }

// upper returns c, a letter or digit, in upper case.
func upper(c byte) byte {
	if c >= 'a' {
		return c - 0x20
	}
	return c
}
