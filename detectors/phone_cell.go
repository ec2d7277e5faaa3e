package detectors

import "bytes"

func fitsPhone(cell []byte) (fits, valid bool) {
	_, ok := phoneDigits(cell)
	return ok, ok
}

// phoneDigits returns the digits of the number in a cell, without the 0 or
// prefix of France. They lie in the cell where it is compact.
func phoneDigits(cell []byte) (digits []byte, ok bool) {
	cell = trimNumber(cell)
	compact := len(cell) > 0 && digitsEnd(cell, 0) == len(cell)
	switch {
	case compact && len(cell) == 9 && (cell[0] == '6' || cell[0] == '7'):
		return cell, true
	case !compact && lostZero(cell):
		return normAlnum(nil, cell), true
	case compact && len(cell) == 11 && cell[0] == '3' && cell[1] == '3' && cell[2] != '0':
		return cell[2:], true
	case len(cell) == 0 || len(cell) > 60:
		return nil, false
	}
	// Others, or a name, may stand behind the number: 06 12 34 56 78 (mère).
	end := phoneAt(cell, 0)
	if end == 0 || end < len(cell) && bytes.IndexByte([]byte(" /,;(\n"), cell[end]) < 0 {
		return nil, false
	}
	cell = cell[:end]
	for _, c := range cell {
		if isDigit(c) {
			digits = append(digits, c)
		}
	}
	digits = bytes.TrimPrefix(digits, []byte("00"))
	if len(digits) >= 11 {
		digits = bytes.TrimPrefix(digits, []byte("33"))
	}
	return bytes.TrimPrefix(digits, []byte("0")), true
}

// lostZero reports whether a cell is a number in groups whose 0 a spreadsheet
// took before somebody grouped it: 5 56 12 34 56, and of mobiles 612 34 56 78 and
// 61 23 45 67 8.
func lostZero(cell []byte) bool {
	if len(cell) < 11 || cell[0] == '0' || !isDigit(cell[0]) {
		return false
	}
	end, gaps := phoneRest(cell, 0, 9)
	if end != len(cell) {
		return false
	}
	mobile := cell[0] == '6' || cell[0] == '7'
	return gaps == 1<<1|1<<3|1<<5|1<<7 || mobile && (gaps == 1<<3|1<<5|1<<7 || gaps == 1<<2|1<<4|1<<6|1<<8)
}

// maskPhone shows what tells the kind of number: 06, or +33 6.
func maskPhone(dst, v []byte) []byte {
	shown := 2
	if len(v) > 0 && v[0] == '+' || len(v) > 1 && v[0] == '(' {
		shown = 3
	} else if len(v) > 1 && v[0] == '0' && v[1] == '0' {
		shown = 5
	} else if len(v) == 9 {
		shown = 1
	}
	for _, c := range v {
		switch {
		case isLetter(c):
			dst = append(dst, "•"...)
		case !isDigit(c):
			dst = append(dst, c)
		case shown > 0:
			dst, shown = append(dst, c), shown-1
		default:
			dst = append(dst, "•"...)
		}
	}
	return dst
}

// phoneAt returns the end of the number that begins at i, 0 where none does.
func phoneAt(b []byte, i int) int {
	open := i < len(b) && b[i] == '('
	if open {
		i++
	}
	switch {
	case i+9 > len(b):
		return 0
	case b[i] == '+':
		i++
	case b[i] == '0' && b[i+1] == '0':
		i = skipGap(b, i+2)
	case b[i] == '0' && b[i+1] != '0' && !open:
		end, gaps := phoneRest(b, i, 10)
		if end > 0 && gaps == 0 && string(b[i:end]) == "0123456789" {
			return 0
		}
		if !phoneGrouped(gaps) {
			return 0
		}
		return end
	default:
		return 0
	}
	if i+9 > len(b) {
		return 0
	}
	country := string(b[i : i+2])
	if country != "33" {
		return overseasAt(b, i)
	}
	i += 2
	if open {
		if b[i] != ')' {
			return 0
		}
		i++
	}
	i = skipGap(b, i)
	if i+3 < len(b) && string(b[i:i+3]) == "(0)" {
		i = skipGap(b, i+3)
	} else if i < len(b) && b[i] == '0' {
		i = skipGap(b, i+1)
	}
	if i >= len(b) || b[i] == '0' {
		return 0
	}
	end, gaps := phoneRest(b, i, 9)
	if !phoneGrouped(gaps << 1) {
		return 0
	}
	return end
}

// overseasAt returns the end of a number whose prefix of three digits is at i.
func overseasAt(b []byte, i int) int {
	n := 0
	switch string(b[i : i+3]) {
	case "262", "590", "594", "596":
		n = 9
	case "689":
		n = 8
	case "508", "681", "687":
		n = 6
	default:
		return 0
	}
	i = skipGap(b, i+3)
	if i < len(b) && b[i] == '0' && n == 9 {
		i = skipGap(b, i+1)
	}
	end, _ := phoneRest(b, i, n)
	return end
}

// phoneRest reads n digits from i, with gaps between them that are all the
// same, and returns where they end and where the gaps are; end is 0 where there
// are fewer.
func phoneRest(b []byte, i, n int) (end int, gaps uint16) {
	var gap []byte
	for k := 0; ; {
		if i >= len(b) {
			return 0, gaps
		}
		if isDigit(b[i]) {
			i++
			if k++; k == n {
				return i, gaps
			}
			continue
		}
		j := skipGap(b, i)
		if k == 0 || j == i || j-i > runGap || gap != nil && !bytes.Equal(gap, b[i:j]) {
			return 0, gaps
		}
		gap, gaps, i = b[i:j], gaps|1<<k, j
	}
}

func skipGap(b []byte, i int) int {
	for i < len(b) && classes[b[i]] == classGap {
		i++
	}
	return i
}
