package format

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

const hexDigits = "0123456789abcdef"

// appendHex appends bytes as a string of hexadecimal digits.
func appendHex(dst, v []byte) []byte {
	return append(hex.AppendEncode(append(dst, '"'), v), '"')
}

// appendJSONText appends a string.
func appendJSONText(dst, v []byte) []byte {
	dst = append(dst, '"')
	for _, c := range v {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// appendDecimal128 appends a number of IEEE 754-2008, of 34 decimal digits, as BSON
// has it: a sign, an exponent of 14 bits, an integer.
func appendDecimal128(dst []byte, high, low uint64) []byte {
	if high>>61&3 == 3 { // infinite, no number, or more than 34 digits
		return append(dst, "null"...)
	}
	exponent := int(high>>49&0x3FFF) - 6176
	n := new(big.Int).SetUint64(high & (1<<49 - 1))
	digits := n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(low)).String()
	if high>>63 != 0 {
		dst = append(dst, '-')
	}
	switch {
	case exponent < 0 && exponent > -40:
		if len(digits) <= -exponent {
			digits = strings.Repeat("0", 1-exponent-len(digits)) + digits
		}
		at := len(digits) + exponent
		return append(append(append(dst, digits[:at]...), '.'), digits[at:]...)
	case exponent > 0 && exponent < 40:
		digits += strings.Repeat("0", exponent)
	}
	return append(dst, digits...)
}

// appendBSONValue appends a value, which has its width.
func appendBSONValue(dst []byte, kind byte, v []byte, depth int) ([]byte, error) {
	le := binary.LittleEndian
	switch kind {
	case 0x01:
		f := math.Float64frombits(le.Uint64(v))
		if math.IsNaN(f) || math.IsInf(f, 0) {
			return append(dst, "null"...), nil
		}
		return appendFloat(dst, f), nil
	case 0x02, 0x0D, 0x0E:
		return appendJSONText(dst, v[4:len(v)-1]), nil
	case 0x03, 0x04:
		return appendBSON(dst, v, kind == 0x04, depth+1)
	case 0x05:
		data := v[5:]
		switch {
		case (v[4] == 3 || v[4] == 4) && len(data) == 16:
			return appendHex(dst, data), nil
		case isText(data) && utf8.Valid(data):
			return appendJSONText(dst, data), nil
		}
		return append(dst, "null"...), nil
	case 0x07:
		return appendHex(dst, v), nil
	case 0x08:
		return strconv.AppendBool(dst, v[0] != 0), nil
	case 0x09:
		ms := int64(le.Uint64(v))
		if ms > 1e15 || ms < -1e15 {
			return strconv.AppendInt(dst, ms, 10), nil
		}
		layout := "2006-01-02T15:04:05Z"
		if ms%86400000 == 0 {
			layout = time.DateOnly
		}
		return append(time.UnixMilli(ms).UTC().AppendFormat(append(dst, '"'), layout), '"'), nil
	case 0x0B, 0x0C, 0x0F:
		return appendJSONText(dst, bytes.ReplaceAll(v, []byte{0}, []byte{' '})), nil
	case 0x10:
		return strconv.AppendInt(dst, int64(int32(le.Uint32(v))), 10), nil
	case 0x11, 0x12:
		return strconv.AppendInt(dst, int64(le.Uint64(v)), 10), nil
	case 0x13:
		return appendDecimal128(dst, le.Uint64(v[8:]), le.Uint64(v)), nil
	}
	return append(dst, "null"...), nil
}
