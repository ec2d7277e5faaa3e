package format

import (
	"strings"

	"golang.org/x/text/encoding/charmap"
)

// A sasKind is what a number counts, by the format that displays it.
type sasKind uint8

const (
	sasPlain  sasKind = iota
	sasDay            // days since 1960
	sasMoment         // seconds since 1960
	sasClock          // seconds since midnight
)

// Names of formats, each between spaces ("SAS Formats and Informats: Reference");
// families of which the last letter chooses a separator, and those that begin
// alike.
const (
	sasDays = ` DATE DAY DOWNAME DDMMYY MMDDYY YYMMDD MMYY YYMM MONYY YYMON MONNAME MONTH JULDAY JULIAN
 QTR QTRR YYQ YYQR YYQZ WEEKDATE WEEKDATX WEEKDAY WEEKU WEEKV WEEKW YYWEEKU YYWEEKV YYWEEKW WORDDATE WORDDATX
 YEAR E8601DA B8601DA IS8601DA N8601DA MINGUO NENGO HDATE HEBDATE XYYMMDD `
	sasMoments = ` DATETIME DATEAMPM DTDATE DTMONYY DTWKDATX DTYEAR DTYYQC MDYAMPM E8601DT E8601DN E8601DZ E8601DX
 E8601LX B8601DT B8601DN B8601DZ B8601DX B8601LX IS8601DT IS8601DN IS8601DZ DATETIM `
	sasClocks = ` TIME TIMEAMPM HHMM HOUR MMSS TOD E8601TM E8601TZ E8601LZ E8601TX B8601TM B8601TZ B8601LZ IS8601TM
 IS8601TZ NLTIME NLTIMAP `
)

// sasKindOf tells what the numbers of a column are from its format, "DATE9.".
func sasKindOf(format string) sasKind {
	f := strings.ToUpper(strings.TrimRight(format, "0123456789. "))
	if f == "" || f[0] == '$' || strings.ContainsAny(f, " \n") {
		return sasPlain
	}
	among := func(list, f string) bool {
		return strings.Contains(list, " "+f+" ") || strings.Contains(list, "\n "+f+" ") || strings.Contains(list, " "+f+"\n")
	}
	stem := f
	switch f[len(f)-1] {
	case 'B', 'C', 'D', 'N', 'P', 'S':
		stem = f[:len(f)-1]
	}
	switch {
	case among(sasMoments, f), strings.HasPrefix(f, "NLDATM"):
		return sasMoment
	case among(sasDays, f), strings.HasPrefix(f, "NLDATE"):
		return sasDay
	case among(sasClocks, f):
		return sasClock
	case among(" DDMMYY MMDDYY YYMMDD MMYY YYMM YYQ YYQR ", stem):
		return sasDay
	case len(f) > 5 && f[3:5] == "DF": // of a language, FRADFDE
		switch f[5:] {
		case "DT":
			return sasMoment
		case "DD", "DE", "DN", "DWN", "MN", "MY", "WDX", "WKX":
			return sasDay
		}
	}
	return sasPlain
}

// sasCode returns the character set of the number in the header, nil for UTF-8.
// Those of more than one byte a letter are taken for Windows-1252.
func sasCode(n byte) *charmap.Charmap {
	switch n {
	case 20:
		return nil
	case 30:
		return charmap.ISO8859_2
	case 31:
		return charmap.ISO8859_3
	case 32:
		return charmap.ISO8859_4
	case 33:
		return charmap.ISO8859_5
	case 34:
		return charmap.ISO8859_6
	case 35:
		return charmap.ISO8859_7
	case 36:
		return charmap.ISO8859_8
	case 37:
		return charmap.ISO8859_9
	case 40:
		return charmap.ISO8859_15
	case 41:
		return charmap.CodePage437
	case 42:
		return charmap.CodePage850
	case 43:
		return charmap.CodePage852
	case 45:
		return charmap.CodePage858
	case 46:
		return charmap.CodePage862
	case 48:
		return charmap.CodePage865
	case 49:
		return charmap.CodePage866
	case 60:
		return charmap.Windows1250
	case 61:
		return charmap.Windows1251
	case 63:
		return charmap.Windows1253
	case 64:
		return charmap.Windows1254
	case 65:
		return charmap.Windows1255
	case 66:
		return charmap.Windows1256
	case 67:
		return charmap.Windows1257
	case 68:
		return charmap.Windows1258
	case 69:
		return charmap.Macintosh
	}
	return charmap.Windows1252
}
