package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

var zipFormat = scanner.Format{
	Name: "zip",
	Doc: `ZIP archives

Members stored, deflated (also Deflate64) or compressed with bzip2, LZMA, xz,
Zstandard or PPMd, zip64, self-extractors, and what is built on zip (XLSX, DOCX,
JAR). The directory at the end is read first, so that a member of a remote
archive is read without the others; an archive whose directory is gone is read
from its beginning, and so is the last part of one that was split. Encrypted
members (ZipCrypto, WinZip AES) are read with the passwords given; others, and
other methods, are reported.`,
	Match:  matchZip,
	Unpack: unpackZip,
}

// matchZip looks for a name only where something may stand before the archive:
// in a self-extractor, or where its first bytes are damaged.
func matchZip(name string, head []byte) bool {
	for _, sig := range [...]string{zipLocal, zipEnd, zipDescribed + zipLocal, "PK00" + zipLocal} {
		if bytes.HasPrefix(head, []byte(sig)) {
			return true
		}
	}
	switch {
	case strings.HasSuffix(name, ".exe"):
		return bytes.HasPrefix(head, []byte("MZ"))
	case strings.HasSuffix(name, ".zip"):
		return bytes.HasPrefix(head, []byte("MZ")) || bytes.Contains(head, []byte(zipLocal))
	}
	return false
}

func unpackZip(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	return unlockZip(ctx, c, newZipKeys(c.Passwords()), yield)
}

// unlockZip is unpackZip with keys.
func unlockZip(ctx context.Context, c *scanner.Content, keys *zipKeys, yield func(scanner.Object) error) error {
	at, size, err := c.At(ctx)
	if err != nil {
		var p *scanner.Problem
		if errors.As(err, &p) && (p.Reason == scanner.Truncated || p.Reason == scanner.Malformed) {
			if werr := walkZip(ctx, c.Stream(), keys, yield); !isProblem(werr) {
				return werr
			}
		}
		return err
	}
	d, err := openDirectory(at, size)
	split := errors.Is(err, errSplit)
	if split || errors.Is(err, errDirectory) {
		if head := c.Head(); bytes.HasPrefix(head, []byte("MZ")) && !hasLocal(head) {
			return nil // a program that carries no archive
		}
		rc, err := c.Open(ctx, 0, size)
		if err != nil {
			return err
		}
		defer rc.Close()
		if werr := walkZip(ctx, rc, keys, yield); !split || !isProblem(werr) {
			return werr
		}
	}
	if err != nil {
		return err
	}
	return d.members(func(h zipHeader) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		m := &zipMember{c: c, keys: keys, random: at, zipHeader: h, end: d.start}
		return yield(scanner.Object{Path: memberPath(h.name), Size: h.size, Modified: h.modified, Open: m.open, Apart: true})
	})
}

// isProblem reports whether err is no more than trouble with the object.
func isProblem(err error) bool {
	var p *scanner.Problem
	return err == nil || errors.As(err, &p)
}

// extras decodes the name and the extra fields (APPNOTE 4.5, Info-ZIP).
func (h *zipHeader) extras(name, extra []byte, central bool) {
	le := binary.LittleEndian
	h.name = ""
	for len(extra) >= 4 {
		tag, n := le.Uint16(extra), int(le.Uint16(extra[2:]))
		extra = extra[4:]
		if n > len(extra) {
			break
		}
		f := extra[:n]
		extra = extra[n:]
		switch tag {
		case 0x0001: // zip64: those of the fields that are all ones, in this order
			fields := []*int64{&h.size, &h.packed, &h.at}
			if !central {
				fields = fields[:2]
			}
			for _, v := range fields {
				if *v == 0xffffffff && len(f) >= 8 {
					*v = int64(le.Uint64(f))
					f = f[8:]
				}
			}
		case 0x5455: // extended timestamp
			if n >= 5 && f[0]&1 != 0 {
				h.modified = time.Unix(int64(int32(le.Uint32(f[1:]))), 0).UTC()
			}
		case 0x9901: // WinZip AES: version, "AE", strength, the method proper
			if n >= 7 && h.method == 99 && f[4] >= 1 && f[4] <= 3 {
				h.aes, h.unsummed, h.method = f[4], le.Uint16(f) == 2, le.Uint16(f[5:])
			}
		case 0x7075: // Info-ZIP Unicode path, of the name with this checksum
			if n > 5 && f[0] == 1 && le.Uint32(f[1:]) == crc32.ChecksumIEEE(name) && utf8.Valid(f[5:]) {
				h.name = string(f[5:])
			}
		}
	}
	if h.name == "" {
		h.name = zipName(name, h.flags&0x800 != 0)
	}
}

// zipName decodes a name. Without the flag for UTF-8 it is in the code page of
// the machine that wrote it: macOS and Linux write UTF-8 all the same, DOS and
// French Windows code page 850, which has the letters of 437 at their places,
// and some programs of Windows 1252. What looks more like French wins.
func zipName(b []byte, flagged bool) string {
	if utf8.Valid(b) {
		return string(b)
	}
	dos, err := charmap.CodePage850.NewDecoder().Bytes(b)
	win, werr := charmap.Windows1252.NewDecoder().Bytes(b)
	switch {
	case flagged || err != nil || werr != nil:
		return string(b)
	case french(string(win)) > french(string(dos)):
		return string(win)
	}
	return string(dos)
}

// french counts letters with accents where French has them, less other signs.
func french(name string) (n int) {
	before := ' '
	for _, r := range name {
		switch {
		case r < utf8.RuneSelf:
		case strings.ContainsRune("àâäçéèêëîïôöùûüÿœæ°«»’", r),
			strings.ContainsRune("ÀÂÇÉÈÊËÎÏÔÙÛÜŒ", r) && !unicode.IsLower(before):
			n++
		default:
			n--
		}
		before = r
	}
	return n
}

// dosTime reads a time without a zone; zero when there is none.
func dosTime(date, clock uint16) time.Time {
	if date == 0 {
		return time.Time{}
	}
	return time.Date(int(date>>9)+1980, time.Month(date>>5&15), int(date&31),
		int(clock>>11), int(clock>>5&63), int(clock&31)*2, 0, time.UTC)
}

// plural counts in words.
func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
