package detectors

// amount reads a number at the start of b as French files write amounts:
// "1 234,56", "1.234,56", "1234.5", "-12", with spaces of any kind between
// groups of three. It returns its value in whole units and its length; n is 0
// where there is no number, or one of more than nine digits before the point.
func amount(b []byte) (units int, n int) {
	i := 0
	if i < len(b) && (b[i] == '-' || b[i] == '+') {
		i++
	}
	from := i
	digits, group := 0, 0 // group: digits since the last gap
	for i < len(b) {
		if isDigit(b[i]) {
			units = units*10 + int(b[i]-'0')
			digits++
			group++
			i++
			if digits > 9 {
				return 0, 0
			}
			continue
		}
		if gap := groupGap(b[i:]); gap > 0 && group <= 3 && (group == 3 || digits == group) && threeDigits(b[i+gap:]) {
			i += gap
			group = 0
			continue
		}
		break
	}
	if i == from {
		return 0, 0
	}
	if i+1 < len(b) && (b[i] == ',' || b[i] == '.') && isDigit(b[i+1]) {
		i = digitsEnd(b, i+1)
	}
	return units, i
}

// groupGap returns the length of what separates groups of three digits.
func groupGap(b []byte) int {
	switch {
	case b[0] == ' ' || b[0] == '.' || b[0] == '\'':
		return 1
	case len(b) > 1 && b[0] == 0xC2 && b[1] == 0xA0:
		return 2
	case len(b) > 2 && b[0] == 0xE2 && b[1] == 0x80 && (b[2] == 0xAF || b[2] == 0x89):
		return 3
	}
	return 0
}

func threeDigits(b []byte) bool {
	return len(b) >= 3 && isDigit(b[0]) && isDigit(b[1]) && isDigit(b[2]) && (len(b) == 3 || !isDigit(b[3]))
}

// currency returns the length of a currency, and of the space before it, at the
// start of b.
func currency(b []byte) int {
	i := 0
	for i < len(b) && i < 3 && (b[i] == ' ' || b[i] == 0xC2 || b[i] == 0xA0) {
		i++
	}
	for _, unit := range [...]string{"€", "euros", "euro", "EUR", "eur", "EUROS"} {
		if rest := b[i:]; len(rest) >= len(unit) && string(rest[:len(unit)]) == unit {
			return i + len(unit)
		}
	}
	return 0
}

// fitsAmount reports whether a cell is an amount that somebody filled in: not
// one of CNAF's signs for an unknown one (99999, 9999999, 99999.99).
func fitsAmount(cell []byte) (fits, valid bool) {
	units, n := amount(cell)
	if n == 0 {
		return false, false
	}
	n += currency(cell[n:])
	if n < len(cell) || units == 99999 || units == 999999 || units == 9999999 || units == 99999999 {
		return false, false
	}
	return true, true
}

// maskAmount shows the order of magnitude: "1 •••".
func maskAmount(dst, v []byte) []byte {
	units, n := amount(v)
	if n == 0 {
		return maskAll(dst, v)
	}
	digits := 1
	for ; units >= 10; units /= 10 {
		digits++
	}
	dst = append(dst, byte('0'+units))
	for digits--; digits > 0; digits-- {
		if digits%3 == 0 {
			dst = append(dst, ' ')
		}
		dst = append(dst, "•"...)
	}
	return dst
}

func isYear(n int) bool { return n >= 1990 && n < 2040 }

// valueAmount reads an amount with its currency, or of three digits and more.
func valueAmount(b []byte) (n int, valid bool) {
	units, n := amount(b)
	if n == 0 {
		return 0, false
	}
	cur := currency(b[n:])
	if cur == 0 && (units < 100 || isYear(units) && n == 4 || n < len(b) && (isAlnum(b[n]) || b[n] == '/' || b[n] == '-' || b[n] == '%')) {
		return 0, false
	}
	return n + cur, true
}
