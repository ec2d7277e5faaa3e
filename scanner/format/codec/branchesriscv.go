package codec

import "encoding/binary"

// riscvBranches is for RISC-V. JAL keeps its place, with the address in big
// endian. An address of 32 bits takes two instructions: AUIPC holds the upper 20,
// the next one the lower 12. Packed, the AUIPC has the otherwise rare register 2 and
// in place of its address the rest of the next instruction, whose own place the
// whole address takes, in big endian. What looked like that before it was packed
// has changed places in little endian instead.
func riscvBranches(b []byte, at uint32) int {
	i := 0
	for i+8 <= len(b) {
		switch w := b[i : i+8]; {
		case w[0] == 0xef && w[1]&0x0d == 0: // JAL to registers 1 and 5
			to := uint32(w[1]&0xf0)<<13 | uint32(w[2])<<9 | uint32(w[3])<<1
			riscvJump(w, to-at-uint32(i))
			i += 4
		case w[0]&0x7f == 0x17:
			i += riscvPair(w, at+uint32(i))
		default:
			i += 2
		}
	}
	return i
}

// riscvJump puts an address into JAL: its bits 20, 10–1, 11 and 19–12, the highest
// first.
func riscvJump(w []byte, to uint32) {
	v := binary.LittleEndian.Uint32(w) & 0xfff
	v |= to>>20&1<<31 | to>>1&0x3ff<<21 | to>>11&1<<20 | to>>12&0xff<<12
	binary.LittleEndian.PutUint32(w, v)
}

// riscvPair turns back an AUIPC and what follows it, and returns how much of them
// was looked at. They belong together where the second is an instruction of 32 bits
// that takes the register into which the first puts the address.
func riscvPair(w []byte, here uint32) int {
	first, second := binary.LittleEndian.Uint32(w), binary.LittleEndian.Uint32(w[4:])
	const load = 0x17 // AUIPC, without register and address
	if register := first >> 7 & 31; register != 0 && register != 2 {
		if second&3 != 3 || second>>15&31 != register {
			return 6
		}
		first, second = load|2<<7|second<<12, first&0xfffff000|second>>20
	} else {
		register := first >> 27 // of the packed instruction, where it is one
		if first>>7&31 != 2 || first>>12&3 != 3 || register == 0 || register == 2 {
			return 4
		}
		to := binary.BigEndian.Uint32(w[4:]) - here
		first, second = load|register<<7|(to+0x800)&0xfffff000, first>>12|to<<20
	}
	binary.LittleEndian.PutUint32(w, first)
	binary.LittleEndian.PutUint32(w[4:], second)
	return 8
}
