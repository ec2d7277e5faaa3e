package format

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha1"
	"crypto/subtle"
	"encoding/binary"
	"errors"
	"hash"
	"hash/crc32"
	"io"
)

// A zipCipher decrypts the data of one member in place, from their beginning.
// What stands before them, lead bytes, and behind them, tail bytes, is not
// compressed data.
type zipCipher struct {
	decrypt    func(b []byte)
	restart    func() // at the beginning of the data
	lead, tail int
	mac        hash.Hash // of the encrypted data; nil without
}

// cipher returns how the member whose packed bytes begin with head is
// decrypted by a password; nil when its check bytes say that it is another
// one, or when head is too short.
func (h *zipHeader) cipher(word string, head []byte) *zipCipher {
	if h.aes > 0 {
		return aesCipher(word, h.aes, head)
	}
	if len(head) < zipCryptoLead {
		return nil
	}
	k := newZipCrypto(word)
	lead := [zipCryptoLead]byte(head)
	k.decrypt(lead[:])
	check := lead[zipCryptoLead-1]
	if check != byte(h.crc>>24) && (h.flags&8 == 0 || check != byte(h.clock>>8)) {
		return nil
	}
	begin := *k
	return &zipCipher{decrypt: k.decrypt, restart: func() { *k = begin }, lead: zipCryptoLead}
}

// A zipCrypto is the state of the traditional encryption of PKZIP (APPNOTE 6.1).
type zipCrypto [3]uint32

const zipCryptoLead = 12

func newZipCrypto(word string) *zipCrypto {
	k := &zipCrypto{0x12345678, 0x23456789, 0x34567890}
	for _, c := range []byte(word) {
		k.update(c)
	}
	return k
}

func (k *zipCrypto) update(c byte) {
	k[0] = crc32.IEEETable[byte(k[0])^c] ^ k[0]>>8
	k[1] = (k[1]+k[0]&0xff)*134775813 + 1
	k[2] = crc32.IEEETable[byte(k[2])^byte(k[1]>>24)] ^ k[2]>>8
}

func (k *zipCrypto) decrypt(b []byte) {
	table := crc32.IEEETable
	k0, k1, k2 := k[0], k[1], k[2]
	for i, c := range b {
		t := k2 | 2
		c ^= byte(t * (t ^ 1) >> 8)
		b[i] = c
		k0 = table[byte(k0)^c] ^ k0>>8
		k1 = (k1+k0&0xff)*134775813 + 1
		k2 = table[byte(k2)^byte(k1>>24)] ^ k2>>8
	}
	*k = zipCrypto{k0, k1, k2}
}

// aesCipher is the encryption that WinZip added (AE-1 and AE-2; "AES
// Encryption Information", WinZip): strength 1 to 3 for 128 to 256 bits. The
// keys are derived by PBKDF2 with 1,000 rounds of HMAC-SHA-1; the first 80 bits
// of an HMAC-SHA-1 of the encrypted data follow these.
func aesCipher(word string, strength byte, head []byte) *zipCipher {
	size := 8 + 8*int(strength)
	salt := size / 2
	if len(head) < salt+2 {
		return nil
	}
	key, err := pbkdf2.Key(sha1.New, word, head[:salt], 1000, 2*size+2)
	if err != nil || subtle.ConstantTimeCompare(key[2*size:], head[salt:salt+2]) == 0 {
		return nil
	}
	block, err := aes.NewCipher(key[:size])
	if err != nil {
		return nil
	}
	counted, mac := &counterMode{block: block}, hmac.New(sha1.New, key[size:2*size])
	restart := func() {
		counted.count, counted.left = 0, 0
		mac.Reset()
	}
	return &zipCipher{decrypt: counted.xor, restart: restart, lead: salt + 2, tail: 10, mac: mac}
}

// A counterMode is CTR with the counter of WinZip, whose lowest byte comes
// first, and which begins at 1. The one of crypto/cipher counts the other way.
type counterMode struct {
	block cipher.Block
	count uint64
	pad   [512]byte
	left  int // bytes at the end of pad that were not used
}

func (c *counterMode) xor(b []byte) {
	for len(b) > 0 {
		if c.left == 0 {
			for i := 0; i < len(c.pad); i += aes.BlockSize {
				c.count++
				var in [aes.BlockSize]byte
				binary.LittleEndian.PutUint64(in[:], c.count)
				c.block.Encrypt(c.pad[i:], in[:])
			}
			c.left = len(c.pad)
		}
		n := subtle.XORBytes(b, b, c.pad[len(c.pad)-c.left:])
		c.left -= n
		b = b[n:]
	}
}

// An unsealed reads the compressed data of an encrypted member. It ends with
// io.EOF only when the authentication code behind them, where there is one,
// fits.
type unsealed struct {
	*zipCipher
	br  *bufio.Reader // packed bytes, to their end
	err error
}

// unseal returns a reader of what the packed bytes r are encrypted from.
func (c *zipCipher) unseal(r io.Reader) (*unsealed, error) {
	u := &unsealed{zipCipher: c, br: bufio.NewReaderSize(r, 16<<10)}
	_, err := u.br.Discard(c.lead)
	return u, err
}

func (u *unsealed) Read(p []byte) (int, error) {
	if u.err != nil || len(p) == 0 {
		return 0, u.err
	}
	if _, err := u.br.Peek(u.tail + 1); err != nil {
		u.err = u.end(err)
		return 0, u.err
	}
	n := copy(p, u.ahead())
	if u.mac != nil {
		u.mac.Write(p[:n])
	}
	u.decrypt(p[:n])
	u.br.Discard(n)
	return n, nil
}

// ahead is what lies ready, without what may be the code at the end.
func (u *unsealed) ahead() []byte {
	b, _ := u.br.Peek(u.br.Buffered() - u.tail)
	return b
}

func (u *unsealed) end(err error) error {
	if !errors.Is(err, io.EOF) || u.mac == nil {
		return err
	}
	code, _ := u.br.Peek(u.tail)
	switch {
	case len(code) < u.tail:
		return io.ErrUnexpectedEOF
	case !hmac.Equal(code, u.mac.Sum(nil)[:u.tail]):
		return malformed("authentication code")
	}
	return io.EOF
}

// finish reads what the decompressor left, up to the code.
func (u *unsealed) finish() error {
	_, err := io.Copy(io.Discard, u)
	return err
}
