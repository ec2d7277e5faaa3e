package format

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"time"
	"unicode/utf8"
)

// plainValue is what a value without quotes stands for: NULL is nothing, bytes
// in hexadecimal (0x4D61) are the text they are, where they are one, and what SQL
// Server casts to a date (CAST(0x5B950A00 AS Date)) is that date. The bytes
// returned may lie in cell.
func plainValue(cell []byte) []byte {
	switch {
	case len(cell) == 4 && bytes.EqualFold(cell, []byte("NULL")):
		return nil
	case len(cell) > 3 && cell[0] == '0' && cell[1]|0x20 == 'x':
		return hexText(cell, cell[2:])
	case len(cell) > 12 && cell[4] == '(' && bytes.EqualFold(cell[:4], []byte("CAST")) && cell[5] == '0' && cell[6]|0x20 == 'x':
		return castDate(cell)
	}
	return cell
}

// hexText decodes digits, unless it is no text that comes of it.
func hexText(cell, digits []byte) []byte {
	if len(digits)%2 != 0 {
		return cell
	}
	to := make([]byte, len(digits)/2)
	if _, err := hex.Decode(to, digits); err != nil || !utf8.Valid(to) {
		return cell
	}
	for _, c := range to {
		if c == 0x7F || c < ' ' && c != '\t' && c != '\n' && c != '\r' {
			return cell
		}
	}
	return to
}

var (
	castEpoch  = time.Date(1900, 1, 1, 0, 0, 0, 0, time.UTC)
	castOldest = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC)
)

// castDate reads a date of SQL Server that is cast from its bytes: days since
// year 1 in the newer types (three bytes, the lowest first), since 1900 in the
// older ones (the highest first).
func castDate(cell []byte) []byte {
	value, kind, ok := bytes.Cut(bytes.TrimSuffix(cell[7:], []byte(")")), []byte(" "))
	b := make([]byte, hex.DecodedLen(len(value)))
	if n, err := hex.Decode(b, value); !ok || err != nil || n < 3 || n > 16 {
		return cell
	}
	kind = bytes.ToUpper(bytes.TrimSpace(kind))
	kind, ok = bytes.CutPrefix(kind, []byte("AS "))
	if !ok {
		return cell
	}
	kind, _, _ = bytes.Cut(kind, []byte("("))
	var day time.Time
	days := func(b []byte) time.Time {
		return castOldest.AddDate(0, 0, int(b[0])|int(b[1])<<8|int(b[2])<<16)
	}
	switch string(kind) {
	case "DATE":
		day = days(b)
	case "DATETIME2":
		day = days(b[len(b)-3:])
	case "DATETIMEOFFSET":
		if len(b) < 5 {
			return cell
		}
		day = days(b[len(b)-5:])
	case "DATETIME":
		if len(b) < 4 {
			return cell
		}
		day = castEpoch.AddDate(0, 0, int(int32(binary.BigEndian.Uint32(b))))
	case "SMALLDATETIME":
		day = castEpoch.AddDate(0, 0, int(binary.BigEndian.Uint16(b)))
	default:
		return cell
	}
	if day.Year() < 1 || day.Year() > 9999 {
		return cell
	}
	return day.AppendFormat(nil, time.DateOnly)
}
