package format

import (
	"encoding/binary"

	"golang.org/x/text/encoding/charmap"
)

// oleProperties appends the texts of a property set ([MS-OLEPS]) to dst, a line
// each: title, author, company, who saved it last. ok is false where b is none.
func oleProperties(dst, b []byte) (_ []byte, ok bool) {
	le := binary.LittleEndian
	if len(b) < 48 || le.Uint16(b) != 0xfffe {
		return dst, false
	}
	page, most := charmap.Windows1252, len(dst)+4*len(b) // texts may lie in one another
	for i := range min(int(le.Uint32(b[24:])), 2) {
		if len(b) < 48+20*i {
			break
		}
		at := int64(le.Uint32(b[44+20*i:]))
		if at+8 > int64(len(b)) {
			break
		}
		set := b[at:]
		for k := range min(int(le.Uint32(set[4:])), len(set)/8-1, 1000) {
			if at := int64(le.Uint32(set[12+8*k:])); at+8 <= int64(len(set)) && len(dst) < most {
				v := set[at:]
				if le.Uint32(set[8+8*k:]) == 1 {
					page = codePage(le.Uint16(v[4:]))
				}
				dst = oleProperty(dst, v, page)
			}
		}
	}
	return dst, true
}

// oleProperty appends a property that is a text, or a list of them.
func oleProperty(dst, v []byte, page *charmap.Charmap) []byte {
	le := binary.LittleEndian
	kind, count := le.Uint32(v), 1
	if v = v[4:]; kind&0x1000 != 0 && len(v) >= 4 {
		kind, count, v = kind&^0x1000, int(le.Uint32(v)), v[4:]
	}
	for ; count > 0 && len(v) > 4 && (kind == 0x1e || kind == 0x1f); count-- {
		n, size := int64(le.Uint32(v)), int64(1)
		if v = v[4:]; kind == 0x1f {
			size = 2
		}
		p := v[:min(n*size, int64(len(v)))]
		from := len(dst)
		if kind == 0x1f {
			dst, _ = appendUnits(dst, p, true, 0)
		} else {
			for _, c := range p {
				dst = append(dst, string(page.DecodeByte(c))...)
			}
		}
		for len(dst) > from && dst[len(dst)-1] == 0 {
			dst = dst[:len(dst)-1]
		}
		if len(dst) > from {
			dst = append(dst, '\n')
		}
		v = v[min(int64(len(p))+(4-int64(len(p))&3)&3, int64(len(v))):]
	}
	return dst
}
