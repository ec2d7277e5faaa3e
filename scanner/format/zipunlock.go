package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"hash/crc32"
	"io"
	"sync/atomic"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

// zipKeys are the passwords to try on the members of one archive. Members of
// one archive mostly have one: what opened a member is tried first on the
// others. They never leave it but as keys.
type zipKeys struct {
	words []string
	given int                    // how many there were, before spellings were added
	known atomic.Pointer[string] // opened a member, without a doubt
	left  atomic.Int64           // how many keys may still be derived in vain
}

// zipDerivations is how many keys are derived in vain for one archive, a
// millisecond each, so that a list of passwords and a directory of members, multiplied, do
// not hold up a scan.
const zipDerivations = 20_000

// newZipKeys takes passwords as they are written in UTF-8, and those that are
// not plain ASCII also as old Windows and DOS wrote them.
func newZipKeys(words []string) *zipKeys {
	k := &zipKeys{given: len(words)}
	for _, w := range words {
		if w != "" {
			k.words = append(k.words, w)
		}
	}
	for _, w := range k.words {
		for _, page := range [...]*charmap.Charmap{charmap.CodePage850, charmap.Windows1252} {
			if s, err := page.NewEncoder().String(w); err == nil && s != w {
				k.words = append(k.words, s)
			}
		}
	}
	k.left.Store(zipDerivations)
	return k
}

// seal names how a member is encrypted.
func (h *zipHeader) seal() string {
	switch {
	case h.flags&0x40 != 0:
		return "PKWARE strong encryption"
	case h.aes > 0 || h.method == 99:
		return "WinZip AES"
	}
	return "ZipCrypto"
}

// sealed says that no password opens a member.
func (k *zipKeys) sealed(h *zipHeader) error {
	detail := h.seal()
	switch {
	case k.left.Load() <= 0:
		detail += "; too many passwords for as many members"
	case k.given > 0 && h.refuse() == nil:
		detail += "; " + plural(k.given, "password") + " tried"
	}
	return &scanner.Problem{Reason: scanner.Encrypted, Detail: detail}
}

// A guess is what the beginning of a member says of a password.
type guess int

const (
	wrong guess = iota
	likely
	certain
)

// find returns the cipher of the first password that opens the member whose
// packed bytes begin with head, and are head when whole is set. Where its check
// bytes alone speak for a password, again, which may be nil, opens the packed
// bytes once more to see all of them.
func (k *zipKeys) find(ctx context.Context, h *zipHeader, head []byte, whole bool, again func() (io.ReadCloser, error)) (*zipCipher, error) {
	words, known := k.words, k.known.Load()
	if known != nil {
		words = append([]string{*known}, words...)
	}
	for i, w := range words {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if i > 0 && known != nil && w == *known {
			continue
		}
		if k.left.Load() <= 0 {
			break
		}
		c := h.cipher(w, head)
		if c == nil {
			if h.aes > 0 {
				k.left.Add(-1)
			}
			continue
		}
		g := h.try(c, bytes.NewReader(head), whole)
		if g == likely && again != nil && h.method == 0 && (known == nil || w != *known) {
			rc, err := again()
			if err != nil {
				return nil, err
			}
			g = h.try(c, rc, true)
			rc.Close()
		}
		if g == wrong {
			continue
		}
		if g == certain {
			k.known.Store(&w)
		}
		return c, nil
	}
	return nil, k.sealed(h)
}

// tried is how much of a member is decompressed to see whether a password is
// right, unless it is stored.
const tried = 1 << 20

// try decrypts and decompresses packed, which is all of the packed bytes when
// whole is set, and otherwise their beginning.
func (h *zipHeader) try(c *zipCipher, packed io.Reader, whole bool) guess {
	c.restart()
	defer c.restart()
	part := *c
	if !whole {
		part.mac, part.tail = nil, 0
	}
	u, err := part.unseal(packed)
	if err != nil {
		return wrong
	}
	if part.mac != nil {
		if u.finish() == nil {
			return certain
		}
		return wrong
	}
	inf := newInflater()
	defer inf.free()
	plain, err := h.expand(inf, bufio.NewReaderSize(u, 16<<10))
	if err != nil {
		return wrong
	}
	limit := int64(tried)
	if h.method == 0 {
		limit = 1 << 62
	}
	sum := crc32.NewIEEE()
	n, err := io.Copy(sum, io.LimitReader(plain, limit))
	var p *scanner.Problem
	switch {
	case err != nil && !whole && errors.As(fault(err), &p) && p.Reason == scanner.Truncated:
		return likely
	case err != nil:
		return wrong
	case n == limit, !whole, h.flags&8 != 0 && h.crc == 0: // the checksum lies further on
		return likely
	case n == h.size && sum.Sum32() == h.crc:
		return certain
	}
	return wrong
}
