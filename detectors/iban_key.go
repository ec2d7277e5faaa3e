package detectors

import "encoding/binary"

// ibanMost is the length of the longest IBAN read here (Malta).
const ibanMost = 31

// ibanText is an IBAN without its gaps, in upper case.
type ibanText struct {
	c       [ibanMost + 8]byte // room to store 8 at once
	n       int
	gaps    uint64 // bit i: a gap before character i
	letters bool   // letters behind the check digits
}

// ibanLength returns the length of the country's IBAN, 0 for countries outside
// SEPA (EPC409-09).
func ibanLength(c1, c2 byte) int {
	if c1 == 'F' && c2 == 'R' {
		return 27
	}
	switch uint16(c1)<<8 | uint16(c2) {
	case 'M'<<8 | 'C', 'I'<<8 | 'T', 'S'<<8 | 'M', 'G'<<8 | 'R':
		return 27
	case 'D'<<8 | 'E', 'G'<<8 | 'B', 'I'<<8 | 'E', 'B'<<8 | 'G', 'M'<<8 | 'E', 'R'<<8 | 'S', 'V'<<8 | 'A':
		return 22
	case 'B'<<8 | 'E':
		return 16
	case 'E'<<8 | 'S', 'A'<<8 | 'D', 'C'<<8 | 'Z', 'S'<<8 | 'K', 'S'<<8 | 'E', 'R'<<8 | 'O', 'M'<<8 | 'D':
		return 24
	case 'C'<<8 | 'H', 'L'<<8 | 'I', 'H'<<8 | 'R', 'L'<<8 | 'V':
		return 21
	case 'L'<<8 | 'U', 'A'<<8 | 'T', 'E'<<8 | 'E', 'L'<<8 | 'T':
		return 20
	case 'P'<<8 | 'T':
		return 25
	case 'N'<<8 | 'L', 'D'<<8 | 'K', 'F'<<8 | 'I':
		return 18
	case 'P'<<8 | 'L', 'H'<<8 | 'U', 'C'<<8 | 'Y', 'A'<<8 | 'L':
		return 28
	case 'S'<<8 | 'I', 'M'<<8 | 'K':
		return 19
	case 'N'<<8 | 'O':
		return 15
	case 'G'<<8 | 'I':
		return 23
	case 'I'<<8 | 'S':
		return 26
	case 'M'<<8 | 'T':
		return 31
	}
	return 0
}

func (v *ibanText) french() bool {
	return v.c[0] == 'F' && v.c[1] == 'R' || v.c[0] == 'M' && v.c[1] == 'C'
}

// check reports whether v is an IBAN, and whether every key in it holds.
func (v *ibanText) check() (matches, valid bool) {
	if !isDigit(v.c[2]) || !isDigit(v.c[3]) {
		return false, false
	}
	if !v.french() {
		valid = v.keyHolds()
		return valid, valid
	}
	if !v.letters {
		// A RIB of digits has a key that makes it a multiple of 97.
		a := eightDigits(binary.LittleEndian.Uint64(v.c[4:]))
		b := eightDigits(binary.LittleEndian.Uint64(v.c[12:]))
		c := eightDigits(binary.LittleEndian.Uint64(v.c[19:])) % 1e7
		rib := ((a*1e8+b)%97*1e7 + c) % 97
		n := rib*1e6 + uint64(v.c[2]-'0')*10 + uint64(v.c[3]-'0')
		if v.c[0] == 'F' {
			n += 15_27_00
		} else {
			n += 22_12_00
		}
		return n%97 == 1, rib == 0
	}
	for i, c := range v.c[4:27] {
		if (i < 10 || i > 20) && !isDigit(c) {
			return false, false
		}
	}
	return v.keyHolds(), RIBKeyHolds(v.c[:v.n])
}

// keyHolds computes the remainder by 97 of account, country and check digits,
// where letters count from 10 (ISO 7064).
func (v *ibanText) keyHolds() bool {
	var n uint64
	for i := range v.n {
		c := v.c[(i+4)%v.n]
		if isDigit(c) {
			n = n*10 + uint64(c-'0')
		} else {
			n = n*100 + uint64(c-'A') + 10
		}
		if n >= 1e16 {
			n %= 97
		}
	}
	return n%97 == 1
}

// RIBKeyHolds reports whether the key of the RIB in a French or Monegasque IBAN
// holds: 97 − (89·bank + 15·branch + 3·account) mod 97, where the letters of the
// account count A–I, J–R as 1–9 and S–Z as 2–9 (Banque de France). Iban is compact
// and in upper case.
func RIBKeyHolds(iban []byte) bool {
	if len(iban) != 27 {
		return false
	}
	var parts [4]uint64 // bank, branch, account, key
	part := 0
	for i, c := range iban[4:] {
		if i == 5 || i == 10 || i == 21 {
			part++
		}
		switch {
		case isDigit(c):
			c -= '0'
		case c >= 'A' && c <= 'I':
			c -= 'A' - 1
		case c >= 'J' && c <= 'R':
			c -= 'J' - 1
		case c >= 'S' && c <= 'Z':
			c -= 'S' - 2
		default:
			return false
		}
		parts[part] = parts[part]*10 + uint64(c)
	}
	return (89*parts[0]+15*parts[1]+3*parts[2]+parts[3])%97 == 0
}
