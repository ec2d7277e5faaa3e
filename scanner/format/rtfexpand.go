package format

import "encoding/binary"

// rtfDictionary is what the compression of RTF in mail begins with ([MS-OXRTFCP]
// 2.1.2.1).
const rtfDictionary = "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}" +
	"{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n" +
	"\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"

const rtfExpanded = 64 << 20 // bytes

// expandRTF expands compressed RTF ([MS-OXRTFCP]). What came before a cut is
// returned.
func expandRTF(b []byte) ([]byte, error) {
	le := binary.LittleEndian
	if len(b) < 16 {
		return nil, truncated("compressed RTF")
	}
	raw, kind := int64(le.Uint32(b[4:])), string(b[8:12])
	b = b[16:]
	switch kind {
	case "MELA":
		return b[:min(int64(len(b)), raw)], nil
	case "LZFu":
	default:
		return nil, malformed("compressed RTF")
	}
	var ring [4096]byte
	at := copy(ring[:], rtfDictionary)
	out := make([]byte, 0, min(raw, 16*int64(len(b)), rtfExpanded))
	put := func(c byte) {
		out = append(out, c)
		ring[at] = c
		at = (at + 1) & 0xfff
	}
	for len(b) > 0 && len(out) < rtfExpanded {
		flags := b[0]
		b = b[1:]
		for bit := 0; bit < 8 && len(b) > 0; bit++ {
			if flags>>bit&1 == 0 {
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out, nil
			}
			from, n := int(b[0])<<4|int(b[1])>>4, int(b[1]&0xf)+2
			b = b[2:]
			if from == at {
				return out, nil
			}
			for ; n > 0; n-- {
				put(ring[from])
				from = (from + 1) & 0xfff
			}
		}
	}
	return out, nil
}
