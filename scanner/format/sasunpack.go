package format

// errSASRow says that a compressed row makes no sense.
var errSASRow = malformed("a compressed row does not decode")

// unpackRLE appends a row that was compressed with COMPRESS=CHAR, up to the
// capacity of dst: what came out before trouble is returned with it.
func unpackRLE(dst, src []byte) ([]byte, error) {
	for len(src) > 0 {
		code, low := src[0]>>4, int(src[0]&15)
		src = src[1:]
		switch code { // those whose length goes on in the next byte
		case 0, 1, 4, 5, 6, 7:
			if len(src) == 0 {
				return dst, errSASRow
			}
			low = low<<8 | int(src[0])
			src = src[1:]
		}
		copied, filled, fill := 0, 0, byte(0)
		switch code {
		case 0:
			copied = low + 64
		case 1:
			copied = low + 64 + 4096
		case 2:
			copied = low + 96
		case 4, 12:
			filled = low + 18
			if code == 12 {
				filled = low + 3
			}
			if len(src) == 0 {
				return dst, errSASRow
			}
			fill, src = src[0], src[1:]
		case 5:
			filled, fill = low+17, '@'
		case 6:
			filled, fill = low+17, ' '
		case 7:
			filled = low + 17
		case 8, 9, 10, 11:
			copied = low + 1 + 16*int(code-8)
		case 13:
			filled, fill = low+2, '@'
		case 14:
			filled, fill = low+2, ' '
		case 15:
			filled = low + 2
		default:
			return dst, errSASRow
		}
		if copied > len(src) || copied+filled > cap(dst)-len(dst) {
			return dst, errSASRow
		}
		dst = append(dst, src[:copied]...)
		src = src[copied:]
		if filled > 0 {
			from := len(dst)
			dst = dst[:from+filled]
			fillBytes(dst[from:], fill)
		}
	}
	return dst, nil
}

func fillBytes(b []byte, fill byte) {
	if fill == 0 {
		clear(b)
		return
	}
	for i := range b {
		b[i] = fill
	}
}

// unpackRDC appends a row that was compressed with COMPRESS=BINARY (Ross Data
// Compression, C Users Journal, October 1992), up to the capacity of dst.
func unpackRDC(dst, src []byte) ([]byte, error) {
	bits, mask := 0, 0
	for len(src) > 0 {
		if mask >>= 1; mask == 0 {
			if len(src) < 2 {
				return dst, errSASRow
			}
			bits, mask = int(src[0])<<8|int(src[1]), 1<<15
			if src = src[2:]; len(src) == 0 {
				break
			}
		}
		if bits&mask == 0 {
			if len(dst) == cap(dst) {
				return dst, errSASRow
			}
			dst = append(dst, src[0])
			src = src[1:]
			continue
		}
		if len(src) < 2 {
			return dst, errSASRow
		}
		code, low, next := int(src[0]>>4), int(src[0]&15), int(src[1])
		src = src[2:]
		size, back := code, low+3+next<<4
		switch code {
		case 0:
			size, back = low+3, 0
		case 1:
			size, back = low+next<<4+19, 0
		case 2:
			size = 16
		}
		if code == 1 || code == 2 {
			if len(src) == 0 {
				return dst, errSASRow
			}
			if code == 1 {
				next = int(src[0])
			} else {
				size += int(src[0])
			}
			src = src[1:]
		}
		if size > cap(dst)-len(dst) || back > len(dst) {
			return dst, errSASRow
		}
		from := len(dst)
		dst = dst[:from+size]
		if back == 0 {
			fillBytes(dst[from:], byte(next))
		} else if back >= size {
			copy(dst[from:], dst[from-back:from])
		} else {
			for i := range size {
				dst[from+i] = dst[from-back+i]
			}
		}
	}
	return dst, nil
}
