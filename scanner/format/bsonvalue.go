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

// appendDecimal128 appends a number of IEEE 754-2008, of 34 decimal digits, as BSON
// has it: a sign, an exponent of 14 bits, an integer.
func appendDecimal128(dst []byte, high, low uint64) []byte {
	if high>>61&3 == 3 { // infinite, no number, or more than 34 digits
		return dst
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

// appendBSONValue appends a value, which has its width, as a cell: one that cannot be
// read, or is none, is empty.
func appendBSONValue(dst []byte, kind byte, v []byte) []byte {
	le := binary.LittleEndian
	switch kind {
	case 0x01:
		if f := math.Float64frombits(le.Uint64(v)); !math.IsNaN(f) && !math.IsInf(f, 0) {
			return appendFloat(dst, f)
		}
	case 0x02, 0x0D, 0x0E:
		return appendBSONText(dst, v[4:len(v)-1])
	case 0x05:
		data := v[5:]
		switch {
		case (v[4] == 3 || v[4] == 4) && len(data) == 16:
			return hex.AppendEncode(dst, data)
		case isText(data) && utf8.Valid(data):
			return appendBSONText(dst, data)
		}
	case 0x07:
		return hex.AppendEncode(dst, v)
	case 0x08:
		return strconv.AppendBool(dst, v[0] != 0)
	case 0x09:
		return appendBSONDate(dst, int64(le.Uint64(v)))
	case 0x0B, 0x0C, 0x0F:
		return appendBSONText(dst, v)
	case 0x10:
		return strconv.AppendInt(dst, int64(int32(le.Uint32(v))), 10)
	case 0x11, 0x12:
		return strconv.AppendInt(dst, int64(le.Uint64(v)), 10)
	case 0x13:
		return appendDecimal128(dst, le.Uint64(v[8:]), le.Uint64(v))
	}
	return dst
}

// appendBSONText appends a text, which may hold zeros.
func appendBSONText(dst, v []byte) []byte {
	from := len(dst)
	dst = append(dst, v...)
	for at := from; ; {
		n := bytes.IndexByte(dst[at:], 0)
		if n < 0 {
			return dst
		}
		at += n
		dst[at] = ' '
	}
}

// appendBSONDate appends a moment in milliseconds since 1970; far ones as a number.
func appendBSONDate(dst []byte, ms int64) []byte {
	switch {
	case ms > 1e15 || ms < -1e15:
		return strconv.AppendInt(dst, ms, 10)
	case ms%86400000 == 0:
		return time.UnixMilli(ms).UTC().AppendFormat(dst, time.DateOnly)
	}
	return time.UnixMilli(ms).UTC().AppendFormat(dst, "2006-01-02T15:04:05Z")
}
