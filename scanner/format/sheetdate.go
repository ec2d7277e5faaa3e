package format

import (
	"bytes"
	"math"
	"strconv"
	"strings"
)

// How a number is shown.
const (
	showNumber = iota
	showDate
	showTime
	showMoment // date and time
)

// A numberFormat is what a cell's format makes of its number: a date, a time, or
// a number of at least so many digits (postcodes, phone numbers).
type numberFormat struct{ show, digits uint8 }

// builtinFormat returns the format that a number without a code of its own
// stands for (ECMA-376, part 1, 18.8.30).
func builtinFormat(id int) numberFormat {
	switch {
	case id >= 14 && id <= 17, id >= 27 && id <= 31, id == 36, id >= 50 && id <= 54, id == 57, id == 58:
		return numberFormat{show: showDate}
	case id >= 18 && id <= 21, id >= 32 && id <= 35, id >= 45 && id <= 47, id == 55, id == 56:
		return numberFormat{show: showTime}
	case id == 22:
		return numberFormat{show: showMoment}
	}
	return numberFormat{}
}

// parseFormat reads the first section of a format code: d, m, y, h and s outside
// of quotes and brackets. French versions write j and a for d and y.
func parseFormat(code string) numberFormat {
	if len(code) >= 7 && (strings.EqualFold(code[:7], "general") || len(code) >= 8 && strings.EqualFold(code[:8], "standard")) {
		return numberFormat{}
	}
	day, month, clock, zero, point := false, false, false, false, false
	digits := 0
scan:
	for i := 0; i < len(code); i++ {
		switch c := code[i] | 0x20; {
		case code[i] == ';':
			break scan
		case code[i] == '"', code[i] == '[':
			end := code[i]
			if end == '[' {
				end = ']'
			}
			n := strings.IndexByte(code[i+1:], end)
			if n < 0 {
				break scan
			}
			if end == ']' && n > 0 && strings.Trim(code[i+1:i+1+n], "hHmMsS") == "" {
				return numberFormat{} // how long, not when
			}
			i += n + 1
		case code[i] == '\\', code[i] == '_', code[i] == '*':
			i++
		case c == 'a' && i+4 < len(code) && strings.EqualFold(code[i:i+5], "am/pm"):
			clock = true
			i += 4
		case c == 'd', c == 'y', c == 'j', c == 'a' && i+1 < len(code) && code[i+1]|0x20 == 'a':
			day = true
		case c == 'm':
			month = true
		case c == 'h', c == 's':
			clock = true
		case code[i] == '0', zero && code[i] == '#':
			zero = true
			digits++
		case code[i] == '.', code[i] == ',', code[i] == '%', code[i] == '/', c == 'e', code[i] == '?':
			point = true
		}
	}
	switch {
	case day && clock:
		return numberFormat{show: showMoment}
	case day, month && !clock:
		return numberFormat{show: showDate}
	case clock:
		return numberFormat{show: showTime}
	case point || digits > 20:
		return numberFormat{}
	}
	return numberFormat{digits: uint8(digits)}
}

// append writes a number as the format shows it, without exponent: as an ISO 8601
// date, with zeros in front. What is no number stays as it is.
func (f numberFormat) append(dst, number []byte, from1904 bool) []byte {
	if f.show != showNumber {
		if v, err := strconv.ParseFloat(string(number), 64); err == nil {
			if out, ok := appendSerial(dst, v, f.show, from1904); ok {
				return out
			}
		}
	}
	at := len(dst)
	dst = appendNumber(dst, number)
	if n := len(dst) - at; int(f.digits) > n && allDigits(dst[at:]) {
		dst = append(dst[:at], "00000000000000000000"[:int(f.digits)-n]...)
		dst = appendNumber(dst, number)
	}
	return dst
}

// appendNumber writes a number without exponent, and without the digits that
// binary fractions add behind the 15th.
func appendNumber(dst, number []byte) []byte {
	exponent := bytes.IndexByte(number, 'E') >= 0 || bytes.IndexByte(number, 'e') >= 0
	noisy := len(number) > 16 && bytes.IndexByte(number, '.') >= 0
	if !exponent && !noisy || len(number) > 40 {
		return append(dst, number...)
	}
	v, err := strconv.ParseFloat(string(number), 64)
	if err != nil {
		return append(dst, number...)
	}
	return appendFloat(dst, v)
}

// appendFloat writes v with 15 digits at most: what spreadsheets hold.
func appendFloat(dst []byte, v float64) []byte {
	abs := math.Abs(v)
	if abs == math.Trunc(abs) && abs < 1e17 {
		return strconv.AppendInt(dst, int64(v), 10)
	}
	if !(abs < 1e21) || abs < 1e-9 {
		return strconv.AppendFloat(dst, v, 'g', -1, 64)
	}
	var room [32]byte
	short, err := strconv.ParseFloat(string(strconv.AppendFloat(room[:0], v, 'g', 15, 64)), 64)
	if err != nil {
		short = v
	}
	return strconv.AppendFloat(dst, short, 'f', -1, 64)
}

func allDigits(b []byte) bool {
	for _, c := range b {
		if !isDigit(c) {
			return false
		}
	}
	return len(b) > 0
}

// maxSerial is 31 December 9999, the last day that spreadsheets know.
const maxSerial = 2958465

// appendSerial writes days since 31 December 1899, or since 1 January 1904, as a
// date. The first system takes 1900 for a leap year: its day 60 does not exist.
func appendSerial(dst []byte, v float64, show uint8, from1904 bool) ([]byte, bool) {
	if !(v >= 0 && v < maxSerial+1) {
		return dst, false
	}
	day := int(v)
	seconds := int(math.Round((v - float64(day)) * 86400))
	if seconds == 86400 {
		day, seconds = day+1, 0
	}
	if show == showTime && day == 0 {
		return appendClock(dst, seconds), true
	}
	switch {
	case from1904:
		day += 1462
	case day < 60:
		day++
	}
	dst = appendDay(dst, day-25569) // 1 January 1970
	if seconds > 0 && show != showDate {
		dst = appendClock(append(dst, ' '), seconds)
	}
	return dst, true
}

func appendClock(dst []byte, seconds int) []byte {
	dst = append(appendTwo(dst, seconds/3600), ':')
	dst = append(appendTwo(dst, seconds/60%60), ':')
	return appendTwo(dst, seconds%60)
}

func appendTwo(dst []byte, n int) []byte { return append(dst, byte('0'+n/10%10), byte('0'+n%10)) }

// appendDay writes a day, counted from 1 January 1970, as YYYY-MM-DD: years are
// counted from March, in eras of 400.
func appendDay(dst []byte, day int) []byte {
	day += 719468
	era := day / 146097
	if day < 0 {
		era = (day - 146096) / 146097
	}
	inEra := day - era*146097
	year := (inEra - inEra/1460 + inEra/36524 - inEra/146096) / 365
	inYear := inEra - (365*year + year/4 - year/100)
	shifted := (5*inYear + 2) / 153
	month := shifted + 3
	year += era * 400
	if month > 12 {
		month -= 12
		year++
	}
	dst = appendTwo(appendTwo(dst, year/100), year%100)
	dst = appendTwo(append(dst, '-'), month)
	return appendTwo(append(dst, '-'), inYear-(153*shifted+2)/5+1)
}
