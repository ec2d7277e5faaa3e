package codec

import "encoding/binary"

// x86Branches is for x86, where a call or jump is E8 or E9 and an address of
// four bytes. An E8 or E9 close behind another may itself be part of an
// address; recent remembers, a bit for each of the bytes before, where there
// was one that was left alone.
type x86Branches struct {
	recent uint32 // bit k: k+1 bytes before
}

func (x *x86Branches) convert(b []byte, at uint32) int {
	i := 0
	for i+5 <= len(b) {
		op := b[i]
		if op&0xfe != 0xe8 {
			x.recent = x.recent << 1 & 7
			i++
			continue
		}
		if !x.turn(b[i+1:i+5], at+uint32(i)+5) {
			x.recent = (x.recent<<1 | 1) & 7
			i++
			continue
		}
		x.recent = 0
		i += 5
	}
	return i
}

// turn turns one address back, unless the encoder left it alone: its last byte
// is neither 00 nor FF, or one of the opcodes just before makes it doubtful.
func (x *x86Branches) turn(a []byte, next uint32) bool {
	sign := func(c byte) bool { return c == 0 || c == 0xff }
	if !sign(a[3]) {
		return false
	}
	deep := 0 // how far the opcode before reaches into this address, in bits from its top
	switch x.recent {
	case 0:
	case 1:
		deep = 8
	case 2:
		deep = 16
	case 4:
		deep = 24
	default:
		return false
	}
	if deep > 0 && sign(a[3-deep/8]) {
		return false
	}
	v := binary.LittleEndian.Uint32(a)
	to := v - next
	for tries := 0; tries < 8 && deep > 0 && sign(byte(to>>(24-deep))); tries++ {
		to = (to ^ (1<<(32-deep) - 1)) - next
	}
	binary.LittleEndian.PutUint32(a, to&0x1ffffff|-(to>>24&1)<<24)
	return true
}
