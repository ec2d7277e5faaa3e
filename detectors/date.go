package detectors

import "bytes"

// Years that a date of birth can have. There is no clock in this package, so
// the last one leaves room.
const (
	oldestBirth = 1900
	latestBirth = 2035
)

// Date reads a cell that holds a date with its day: 12/05/1985 (also with
// dashes, dots or spaces, and two digits of the year), 1985-05-12 and
// 1985/05/12, 19850512, 12051985, 120585, 12MAY1985 and 12MAI85, "12 mai 1985",
// each also with a time of day behind it. A number of days since some epoch is
// not read: it may be any number. The year is between 1900 and 2035; two digits
// up to 26 are of this century.
func Date(cell []byte) (year, month, day int, ok bool) {
	if len(cell) == 10 && cell[2] == '/' && cell[5] == '/' { // as in most French exports
		if year, month, day, ok = slashed(cell); ok {
			return year, month, day, true
		}
	}
	year, month, day, n := dateAt(cell)
	if n == 0 || !isTime(cell[n:]) {
		cell = trimNumber(cell)
		if year, month, day, n = dateAt(cell); n == 0 || !isTime(cell[n:]) {
			return 0, 0, 0, false
		}
	}
	return year, month, day, true
}

// slashed reads dd/mm/yyyy.
func slashed(c []byte) (year, month, day int, ok bool) {
	_ = c[9]
	var d [8]int
	for i, at := range [...]int{0, 1, 3, 4, 6, 7, 8, 9} {
		d[i] = int(c[at]) - '0'
		if uint(d[i]) > 9 {
			return 0, 0, 0, false
		}
	}
	year, month, day = d[4]*1000+d[5]*100+d[6]*10+d[7], d[2]*10+d[3], d[0]*10+d[1]
	return year, month, day, isDay(year, month, day)
}

// Birth reads what Date reads, and a month (05/1985, 1985-05; its day is then
// 0) or a year (1985; its month too), as columns of children often have it.
func Birth(cell []byte) (year, month, day int, ok bool) {
	if year, month, day, ok = Date(cell); ok {
		return year, month, day, true
	}
	cell = trimNumber(cell)
	f, n := fields(cell)
	switch {
	case n == len(cell) && f.n == 1 && f.len[0] == 4:
		year = f.v[0]
	case n == len(cell) && f.n == 2 && f.len[0] <= 2 && f.len[1] == 4:
		year, month = f.v[1], f.v[0]
	case n == len(cell) && f.n == 2 && f.len[0] == 4 && f.len[1] <= 2:
		year, month = f.v[0], f.v[1]
	default:
		return 0, 0, 0, false
	}
	if year < oldestBirth || year > latestBirth || f.n == 2 && (month < 1 || month > 12) {
		return 0, 0, 0, false
	}
	return year, month, 0, true
}

// OtherDay reports whether a column's title says that its dates are those of
// something else than a birth: a death, a contract, a building.
func OtherDay(title []byte) bool {
	if len(title) > 128 {
		return false
	}
	var buf [192]byte
	for word := range bytes.SplitSeq(Fold(buf[:0], title), []byte(" ")) {
		switch string(word) {
		case "mort", "deces", "dece", "inhumation", "mariage", "construction", "plantation", "depot", "creation", "publication", "parution", "sortie",
			"entree", "debut", "fin", "embauche", "inscription", "adhesion", "circulation", "protection", "signature", "achat", "vente", "acquisition",
			"ouverture", "fermeture", "modification", "maj", "visite", "echeance", "effet", "installation", "service", "fondation", "classement",
			"death", "created", "built", "published", "start", "end", "hired", "joined", "release", "tirage":
			return true
		}
	}
	return false
}

// A dateFields is up to three numbers with a separator between them.
type dateFields struct {
	v, len [3]int
	n      int
	sep    byte
}

// fields reads numbers of up to 8 digits with the same separator (- / . or
// space) between them from the start of b, and returns where they end.
func fields(b []byte) (f dateFields, n int) {
	for f.n < 3 {
		e := n
		for e < len(b) && isDigit(b[e]) && e-n < 9 {
			f.v[f.n] = f.v[f.n]*10 + int(b[e]-'0')
			e++
		}
		f.len[f.n] = e - n
		if f.len[f.n] == 0 || f.len[f.n] > 8 {
			f.v[f.n], f.len[f.n] = 0, 0
			if f.n > 0 {
				n-- // the separator belongs to what follows
			}
			return f, n
		}
		f.n++
		n = e
		if f.n == 3 || n == len(b) {
			return f, n
		}
		c := b[n]
		if c != '/' && c != '-' && c != '.' && c != ' ' || f.sep != 0 && c != f.sep {
			return f, n
		}
		f.sep = c
		n++
	}
	return f, n
}

// dateAt reads a date from the start of b; n is 0 where there is none.
func dateAt(b []byte) (year, month, day, n int) {
	f, n := fields(b)
	switch {
	case f.n == 3 && f.len[0] == 4 && f.len[1] <= 2 && f.len[2] <= 2:
		year, month, day = f.v[0], f.v[1], f.v[2]
	case f.n == 3 && f.len[0] <= 2 && f.len[1] <= 2 && f.len[2] == 4:
		year, month, day = f.v[2], f.v[1], f.v[0]
	case f.n == 3 && f.len[0] <= 2 && f.len[1] == 2 && f.len[2] == 2 && f.sep != ' ':
		year, month, day = century(f.v[2]), f.v[1], f.v[0]
	case f.len[0] == 8:
		n = 8
		year, month, day = f.v[0]/10000, f.v[0]/100%100, f.v[0]%100
		if !isDay(year, month, day) {
			year, month, day = f.v[0]%10000, f.v[0]/10000%100, f.v[0]/1000000
		}
	case f.len[0] == 6 && f.n == 1:
		year, month, day = century(f.v[0]%100), f.v[0]/100%100, f.v[0]/10000
	case f.len[0] == 1 || f.len[0] == 2:
		if year, month, n = namedMonth(b[f.len[0]:]); n == 0 {
			return 0, 0, 0, 0
		}
		day = f.v[0]
		n += f.len[0]
	default:
		return 0, 0, 0, 0
	}
	if !isDay(year, month, day) {
		return 0, 0, 0, 0
	}
	return year, month, day, n
}

func century(yy int) int {
	if yy <= 26 {
		return 2000 + yy
	}
	return 1900 + yy
}

func isDay(year, month, day int) bool {
	if year < oldestBirth || year > latestBirth || month < 1 || month > 12 || day < 1 {
		return false
	}
	days := [...]int{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}[month-1]
	if month == 2 && year%4 == 0 && year != 1900 {
		days++
	}
	return day <= days
}

// monthNames begin the names of the months, French and English, folded; longer
// ones stand before those they begin with.
var monthNames = [...]struct {
	name  string
	month int
}{
	{"janvier", 1}, {"january", 1}, {"janv", 1}, {"jan", 1}, {"fevrier", 2}, {"february", 2}, {"fevr", 2}, {"fev", 2}, {"feb", 2},
	{"mars", 3}, {"march", 3}, {"mar", 3}, {"avril", 4}, {"april", 4}, {"avr", 4}, {"apr", 4}, {"mai", 5}, {"may", 5},
	{"juin", 6}, {"june", 6}, {"jun", 6}, {"juillet", 7}, {"juil", 7}, {"july", 7}, {"jul", 7}, {"aout", 8}, {"august", 8}, {"aug", 8},
	{"aou", 8}, {"septembre", 9}, {"september", 9}, {"sept", 9}, {"sep", 9}, {"octobre", 10}, {"october", 10}, {"oct", 10},
	{"novembre", 11}, {"november", 11}, {"nov", 11}, {"decembre", 12}, {"december", 12}, {"dec", 12},
}

// namedMonth reads what follows a day: "er mai 1985", "MAY1985", " janv. 85".
// A year of two digits stands only where nothing separates it from the month.
func namedMonth(b []byte) (year, month, n int) {
	i := 0
	if len(b) > 2 && b[0] == 'e' && b[1] == 'r' {
		i = 2
	}
	for i < len(b) && i < 4 && (b[i] == ' ' || b[i] == '-' || b[i] == 0xC2 || b[i] == 0xA0) {
		i++
	}
	e := i
	for e < len(b) && e-i < 12 && (isLetter(b[e]) || b[e] >= 0xC0 && b[e] < 0xC4 || b[e] >= 0x80 && b[e] < 0xC0) {
		e++
	}
	if e-i < 3 {
		return 0, 0, 0
	}
	var buf [16]byte
	word := bytes.TrimRight(Fold(buf[:0], b[i:e]), " ") // a NBSP ends the word
	for _, m := range monthNames {
		if string(word) == m.name {
			month = m.month
			break
		}
	}
	if month == 0 {
		return 0, 0, 0
	}
	gap := b[e-1] == 0xA0
	for e < len(b) && (b[e] == ' ' || b[e] == '-' || b[e] == '.' || b[e] == 0xC2 || b[e] == 0xA0) {
		e++
		gap = true
	}
	end := min(digitsEnd(b, e), e+9)
	for _, c := range b[e:end] {
		year = year*10 + int(c-'0')
	}
	switch {
	case end-e == 4:
		return year, month, end
	case end-e == 2 && !gap:
		return century(year), month, end
	}
	return 0, 0, 0
}

// isTime reports whether b is nothing or a time of day behind a date: "T00:00",
// ":00:00:00" (SAS), " 00:00:00.000+02:00", "Z".
func isTime(b []byte) bool {
	if len(b) == 0 {
		return true
	}
	if len(b) > 32 || b[0] != ' ' && b[0] != 'T' && b[0] != ':' && b[0] != 'Z' {
		return false
	}
	digits := 0
	for _, c := range b[1:] {
		switch {
		case isDigit(c):
			digits++
		case c != ':' && c != '.' && c != '+' && c != '-' && c != 'Z' && c != ' ':
			return false
		}
	}
	return digits >= 2 || b[0] == 'Z' && len(b) == 1
}

// maskDate shows the century of the birth.
func maskDate(dst, v []byte) []byte {
	year, _, _, ok := Birth(v)
	if !ok {
		return maskAll(dst, v)
	}
	dst = append(dst, "••/••/"...)
	dst = append(dst, byte('0'+year/1000), byte('0'+year/100%10))
	return append(dst, "••"...)
}

// normDate appends yyyymmdd, with zeros for what is not known.
func normDate(dst, v []byte) []byte {
	year, month, day, ok := Birth(v)
	if !ok {
		return append(dst, v...)
	}
	for _, x := range [...]int{year / 100, year % 100, month, day} {
		dst = append(dst, byte('0'+x/10), byte('0'+x%10))
	}
	return dst
}

// fitsBirth also takes five digits that a spreadsheet counts from 1900 to a day
// between 1927 and 2026, and the month before the day (05/27/1985), which only a
// title proves.
func fitsBirth(cell []byte) (fits, valid bool) {
	_, _, _, ok := Birth(cell)
	if !ok {
		v := trimNumber(cell)
		f, n := fields(v)
		serial := len(v) == 5 && digitsEnd(v, 0) == 5 && string(v) >= "10000" && string(v) <= "46200"
		return serial || n == len(v) && f.n == 3 && f.len[2] == 4 && f.v[1] > 12 && isDay(f.v[2], f.v[0], f.v[1]), false
	}
	return ok, ok
}
