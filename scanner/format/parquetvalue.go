package format

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"math"
	"math/big"
	"strconv"
	"time"
)

// The logical types that say how a value is to be shown.
const (
	logicalDecimal   = 5
	logicalDate      = 6
	logicalTime      = 7
	logicalTimestamp = 8
	logicalInteger   = 10
	logicalUUID      = 14
	logicalFloat16   = 15
)

// modern says a type of before logical types as one.
func (n *parquetNode) modern() {
	if n.logical != 0 {
		return
	}
	switch n.converted {
	case 5:
		n.logical = logicalDecimal
	case 6:
		n.logical = logicalDate
	case 7, 8:
		n.logical, n.unit = logicalTime, n.converted-6
	case 9, 10:
		n.logical, n.unit = logicalTimestamp, n.converted-8
	case 11, 12, 13, 14:
		n.logical, n.unsigned = logicalInteger, true
	}
}

// integers returns what appends a whole number of the column as what it stands for.
func (n *parquetNode) integers() func(dst []byte, v int64) []byte {
	unit := []time.Duration{time.Millisecond, time.Millisecond, time.Microsecond, time.Nanosecond}[min(max(n.unit, 0), 3)]
	switch {
	case n.logical == logicalDate:
		return func(dst []byte, v int64) []byte { return appendMoment(dst, v, 24*time.Hour) }
	case n.logical == logicalTime:
		return func(dst []byte, v int64) []byte {
			return unixEpoch.Add(time.Duration(v)*unit).AppendFormat(dst, time.TimeOnly)
		}
	case n.logical == logicalTimestamp:
		return func(dst []byte, v int64) []byte { return appendMoment(dst, v, unit) }
	case n.logical == logicalDecimal && n.scale > 0:
		return func(dst []byte, v int64) []byte {
			var room [20]byte
			return appendPoint(dst, strconv.AppendInt(room[:0], v, 10), n.scale)
		}
	case n.unsigned && n.kind == parquetInt32:
		return func(dst []byte, v int64) []byte { return strconv.AppendUint(dst, uint64(uint32(v)), 10) }
	case n.unsigned:
		return func(dst []byte, v int64) []byte { return strconv.AppendUint(dst, uint64(v), 10) }
	}
	return func(dst []byte, v int64) []byte { return strconv.AppendInt(dst, v, 10) }
}

// writer returns what appends a value of a fixed width, as it is stored; nil where
// the bytes are the text.
func (n *parquetNode) writer() func(dst, b []byte) []byte {
	integer := n.integers()
	switch n.kind {
	case parquetInt32:
		return func(dst, b []byte) []byte { return integer(dst, int64(int32(binary.LittleEndian.Uint32(b)))) }
	case parquetInt64:
		return func(dst, b []byte) []byte { return integer(dst, int64(binary.LittleEndian.Uint64(b))) }
	case parquetInt96: // of Impala and Spark: nanoseconds, and the day of the Julian calendar
		return func(dst, b []byte) []byte {
			day := int64(binary.LittleEndian.Uint32(b[8:]))
			return appendMoment(dst, (day-2440588)*86400+int64(binary.LittleEndian.Uint64(b)/1e9), time.Second)
		}
	case parquetFloat:
		return func(dst, b []byte) []byte { return appendReal(dst, float64(arrowSingle(b)), 32) }
	case parquetDouble:
		return func(dst, b []byte) []byte { return appendReal(dst, arrowDouble(b), 64) }
	case parquetBytes, parquetFixed:
		return n.byteWriter()
	}
	return nil
}

// byteWriter is writer for values that are bytes.
func (n *parquetNode) byteWriter() func(dst, b []byte) []byte {
	switch {
	case n.logical == logicalDecimal:
		return func(dst, b []byte) []byte {
			if len(b) > 64 {
				return append(dst, b[:min(len(b), gridCell)]...)
			}
			return appendDecimal(dst, signedBig(b), n.scale)
		}
	case n.kind == parquetBytes:
		return nil
	case n.logical == logicalUUID && n.width == 16:
		return func(dst, b []byte) []byte { return hex.AppendEncode(dst, b[:min(len(b), 16)]) }
	case n.logical == logicalFloat16 && n.width == 2:
		return func(dst, b []byte) []byte {
			if len(b) != 2 {
				return dst
			}
			return appendReal(dst, halfFloat(binary.LittleEndian.Uint16(b)), 32)
		}
	case n.converted == 21: // an interval
		return func(dst, _ []byte) []byte { return dst }
	}
	return nil
}

// appendMoment appends a count of units since 1970: a day, and a time where there
// is one. What is no day stays a number.
func appendMoment(dst []byte, v int64, unit time.Duration) []byte {
	var seconds int64
	if unit >= time.Second {
		if v > math.MaxInt64/86400/4 || v < math.MinInt64/86400/4 {
			return strconv.AppendInt(dst, v, 10)
		}
		seconds = v * int64(unit/time.Second)
	} else {
		a := int64(time.Second / unit)
		if seconds = v / a; v%a < 0 {
			seconds--
		}
	}
	day := seconds / 86400
	rest := int(seconds - 86400*day)
	if rest < 0 {
		day--
		rest += 86400
	}
	if day < -719528 || day > 2932896 { // years 0 to 9999
		return strconv.AppendInt(dst, v, 10)
	}
	dst = appendDay(dst, int(day))
	if rest == 0 {
		return dst
	}
	return appendClock(append(dst, ' '), rest)
}

// appendReal appends a number as a person would write it; missing is empty.
func appendReal(dst []byte, v float64, bits int) []byte {
	switch size := math.Abs(v); {
	case math.IsNaN(v) || math.IsInf(v, 0):
		return dst
	case v == math.Trunc(v) && size < 1e18:
		return strconv.AppendInt(dst, int64(v), 10)
	case size > 1e-3 && size < 1e18:
		return strconv.AppendFloat(dst, v, 'f', -1, bits)
	}
	return strconv.AppendFloat(dst, v, 'g', -1, bits)
}

// halfFloat returns a number of 16 bits.
func halfFloat(b uint16) float64 {
	sign := 1.0
	if b&0x8000 != 0 {
		sign = -1
	}
	exponent, fraction := int(b>>10&31), float64(b&1023)/1024
	switch exponent {
	case 0:
		return sign * math.Ldexp(fraction, -14)
	case 31:
		return math.NaN()
	}
	return sign * math.Ldexp(1+fraction, exponent-15)
}

// signedBig returns a number in two's complement, the highest byte first.
func signedBig(b []byte) *big.Int {
	v := new(big.Int).SetBytes(b)
	if len(b) > 0 && b[0] >= 0x80 {
		v.Sub(v, new(big.Int).Lsh(big.NewInt(1), uint(8*len(b))))
	}
	return v
}

// appendDecimal appends v with scale digits behind the point; a whole number has
// none.
func appendDecimal(dst []byte, v *big.Int, scale int) []byte {
	return appendPoint(dst, v.Append(nil, 10), scale)
}

// appendPoint is appendDecimal for a number in digits.
func appendPoint(dst, digits []byte, scale int) []byte {
	if scale <= 0 || scale > 100 {
		return append(dst, digits...)
	}
	if digits[0] == '-' {
		dst, digits = append(dst, '-'), digits[1:]
	}
	if len(digits) > scale {
		dst = append(dst, digits[:len(digits)-scale]...)
		digits = digits[len(digits)-scale:]
	} else {
		dst = append(dst, '0')
	}
	missing := scale - len(digits)
	if digits = bytes.TrimRight(digits, "0"); len(digits) > 0 {
		dst = append(dst, '.')
		for range missing {
			dst = append(dst, '0')
		}
		dst = append(dst, digits...)
	}
	return dst
}
