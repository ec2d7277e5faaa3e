package format

import (
	"bytes"
	"io"
)

// Lines reads r as text, in whatever character set it is, and hands over whole
// lines in UTF-8, up to 1 MiB at a time; a longer line comes in pieces. The
// memory belongs to Lines again when yield returns.
func Lines(r io.Reader, yield func(lines []byte) error) error {
	d := decode(r)
	buf := make([]byte, 1<<20)
	kept := 0
	for {
		n, err := d.Read(buf[kept:])
		kept += n
		if err == nil && len(buf)-kept >= 16 {
			continue
		}
		whole := kept
		if err == nil {
			if i := bytes.LastIndexByte(buf[:kept], '\n'); i >= 0 {
				whole = i + 1
			}
		}
		if whole > 0 {
			if yerr := yield(buf[:whole]); yerr != nil {
				return yerr
			}
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(buf, buf[whole:kept])
	}
}
