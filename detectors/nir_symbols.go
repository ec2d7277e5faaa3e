package detectors

import "encoding/binary"

// nirSymbols are the characters of a NIR with its key, digits and A or B; n
// says how many there are.
type nirSymbols struct {
	c    [24]byte // room to store 8 at once
	n    int
	gaps uint16 // bit i: a gap before character i
}

// Gaps of the written forms, as bits before the character.
const (
	gapsNIR       = 1<<1 | 1<<3 | 1<<5 | 1<<7 | 1<<10 | 1<<13 // S AA MM LL LLL OOO KK
	gapCorsica    = 1 << 6                                    // 2 A
	gapsThousands = 1<<3 | 1<<6 | 1<<9 | 1<<12
	gapsFours     = 1<<4 | 1<<8 | 1<<12
	gapsEach      = 1<<15 - 2 // the boxes of a form
)

// plainGaps reports whether gaps are only where people put them in a NIR. Who
// puts any puts one behind the sex or before the key: three numbers of five
// digits in a table are none.
func plainGaps(gaps uint16) bool {
	return gaps&^gapsNIR == 0 && (gaps == 0 || gaps&(1<<1|1<<13) != 0)
}

// read reads up to most characters from the digit at i, in the run that ends at
// end, and returns where it stopped. None are there where a letter cannot be that
// of a NIR.
func (s *nirSymbols) read(t *Text, i, end, most int) int {
	for {
		v := word(t.Bytes, i)
		n := digitsBegin(v)
		binary.LittleEndian.PutUint64(s.c[s.n:], v)
		s.n += n
		i += n
		switch {
		case s.n >= most:
			i -= s.n - most
			s.n = most
			return i
		case i >= end:
			return i
		case n == 8:
			continue
		}
		for ; !isDigit(t.Bytes[i]); i++ {
			if c := t.Bytes[i]; !isLetter(c) {
				s.gaps |= 1 << s.n
				continue
			} else if s.n != 6 || s.c[5] != '2' {
				s.n = 0
				return i
			} else {
				s.c[6] = c &^ 0x20
				s.n++
			}
		}
	}
}

// readTail reads a key behind a run of 13 digits, "(91)" or "clé : 91", and
// returns the end of it.
func (s *nirSymbols) readTail(t *Text, i int) int {
	const most = 12 // bytes before the key
	b, open := t.Bytes, false
	for last := min(i+most, len(b)); i < last; i++ {
		switch c := b[i]; {
		case t.delimited(c):
			return i
		case c == '(':
			open = true
		case isDigit(c):
			if i+1 == len(b) || !isDigit(b[i+1]) {
				return i
			}
			s.c[13], s.c[14], s.n = c, b[i+1], 15
			s.gaps |= 1 << 13
			i += 2
			if open && i < len(b) && b[i] == ')' {
				i++
			}
			return i
		case isLetter(c):
			n := keyWord(b[i:])
			if n == 0 {
				return i
			}
			i += n - 1
		case c == ' ' || c == ':' || c == '-' || c == '/' || c == '.' || c == 0xC2 || c == 0xA0:
		default:
			return i
		}
	}
	return i
}

// keyWord returns the length of the word "clé", in its spellings, at the
// beginning of b.
func keyWord(b []byte) int {
	if len(b) < 3 || b[0]|0x20 != 'c' || b[1]|0x20 != 'l' {
		return 0
	}
	n := 0
	switch {
	case b[2]|0x20 == 'e':
		n = 3
	case b[2] == 0xC3 && len(b) > 3 && (b[3] == 0xA9 || b[3] == 0x89):
		n = 4
	default:
		return 0
	}
	if n < len(b) && b[n]|0x20 == 'f' {
		n++
	}
	return n
}

// grouped reports whether the gaps are where people and programs put them. Equal
// groups make a NIR only alone: those of an IBAN do not.
func (s *nirSymbols) grouped(alone bool) bool {
	gaps := s.gaps
	if gaps&gapCorsica != 0 && s.c[6] >= 'A' {
		gaps &^= gapCorsica
	}
	return plainGaps(gaps) || alone && (gaps == gapsThousands || gaps == gapsFours || s.gaps == gapsEach)
}

// two returns the number in the characters i and i+1.
func (s *nirSymbols) two(i int) int { return int(s.c[i]-'0')*10 + int(s.c[i+1]-'0') }

// three returns the number in the characters from i to i+2.
func (s *nirSymbols) three(i int) int { return s.two(i)*10 + int(s.c[i+2]-'0') }

// nirSexes has a bit for each first digit there is.
const nirSexes = 1<<1 | 1<<2 | 1<<3 | 1<<4 | 1<<7 | 1<<8

// shaped reports whether the first 13 characters can be those of a NIR: sex,
// month, a place that can exist, an order.
func (s *nirSymbols) shaped() bool {
	return nirSexes>>(s.c[0]-'0')&1 != 0 && nirMonth(s.two(3)) && s.placed() && s.three(10) != 0
}

// nirMonth reports whether m is a month of birth, or one of those that stand
// for an incomplete civil status: 20, 30 to 42, 50 to 99.
func nirMonth(m int) bool {
	return m >= 1 && m <= 12 || m == 20 || m >= 30 && m <= 42 || m >= 50
}

// placed reports whether the place can exist: a department of Metropolitan
// France with a commune from 001 to 990 (until they became independent, 91 to 96
// were also in Algeria, Morocco and Tunisia); 97 or 98, a digit and a commune of
// two; 99 and a country.
func (s *nirSymbols) placed() bool {
	commune := s.three(7)
	if s.c[6] >= 'A' {
		return s.c[5] == '2' && commune >= 1 && commune <= 990
	}
	switch department := s.two(5); department {
	case 0:
		return false
	case 96:
		return commune >= 1 && commune <= 990 && s.two(1) <= 64 // Tunisia until 1964
	case 97, 98:
		return commune > 100 && commune%100 >= 1 && commune%100 <= 90
	case 99:
		return commune > 100 && commune < 600
	default:
		return commune >= 1 && commune <= 990
	}
}

// key computes the key of the first 13 characters: 97 less the remainder of the
// number by 97, where 2A counts as 19 and 2B as 18 by their position.
func (s *nirSymbols) key() int {
	department := uint64(s.two(5))
	if s.c[6] >= 'A' {
		department = 19 - uint64(s.c[6]-'A')
	}
	n := uint64(s.three(0)*100+s.two(3))*100 + department
	n = n*1e6 + uint64(s.three(7)*1000+s.three(10))
	return 97 - int(n%97)
}

func (s *nirSymbols) keyHolds() bool { return s.n == 15 && s.two(13) == s.key() }
