package format

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha256"
	"encoding/binary"
	"hash/crc32"
	"io"
	"slices"
	"sync"
	"unicode/utf16"

	"vigie/scanner"
)

// sevenKeys are the passwords to try on an archive, and what became of them.
type sevenKeys struct {
	words   []string
	last    string // the password that worked last
	certain bool   // it did: a checksum says so
}

// order returns the passwords, the one that worked last first.
func (k *sevenKeys) order() []string {
	i := slices.Index(k.words, k.last)
	if !k.certain || i < 1 {
		return k.words
	}
	return slices.Concat([]string{k.last}, k.words[:i], k.words[i+1:])
}

func (k *sevenKeys) works(word string) { k.last, k.certain = word, true }

// sealed is the problem of what no password opens.
func (k *sevenKeys) sealed(more string) error {
	detail := "7z AES-256"
	if len(k.words) > 0 {
		detail += ": no password fits"
	}
	return &scanner.Problem{Reason: scanner.Encrypted, Detail: detail + more}
}

const (
	sevenRoundsMax = 24      // the SDK's own limit, as a power of two
	sevenProbe     = 1 << 20 // bytes that must decode before a password is believed
)

// unlock returns the password of a fold: the first with which its first member
// has the right checksum, or where that member is long and its method fails on
// nonsense, with which its beginning decodes.
func (z *sevenZip) unlock(fold int) (string, error) {
	if word, ok := z.word[fold]; ok {
		return word, nil
	}
	f := &z.folds[fold]
	for _, word := range z.keys.order() {
		fits, certain, err := z.fits(f, word)
		if err != nil {
			return "", err
		}
		if fits {
			if certain {
				z.keys.works(word)
			}
			z.word[fold] = word
			return word, nil
		}
	}
	return "", z.keys.sealed("")
}

// fits tries a password.
func (z *sevenZip) fits(f *sevenFold, word string) (fits, certain bool, err error) {
	r, err := z.unfold(f, word)
	if err != nil {
		return false, false, z.ours(err)
	}
	first := f.parts[0]
	n := first.size
	if n > sevenProbe && (f.fails() || z.keys.certain && word == z.keys.last) {
		n = sevenProbe
	}
	sum := crc32.NewIEEE()
	if _, err := io.CopyN(sum, r, n); err != nil {
		return false, false, z.ours(err)
	}
	if n == first.size && first.sum.have {
		return sum.Sum32() == first.sum.sum, true, nil
	}
	return true, false, nil
}

// ours returns err where it does not come from a wrong password.
func (z *sevenZip) ours(err error) error {
	if z.source.err != nil {
		return z.why(z.source.err)
	}
	if p, ok := err.(*scanner.Problem); ok && (p.Reason == scanner.Unsupported || p.Reason == scanner.TooLarge) {
		return err
	}
	return nil
}

// fails reports whether a coder of the fold soon finds nonsense to be nonsense.
func (f *sevenFold) fails() bool {
	for _, c := range f.coders {
		switch c.method {
		case sevenLZMA, sevenLZMA2, sevenBzip2, sevenDeflate, sevenWide, sevenZstd, sevenBrotli, sevenLZ4:
			return true
		}
	}
	return false
}

// decrypt is AES-256 in CBC mode.
func (k *sevenKeys) decrypt(c *sevenCoder, r *bufio.Reader, word string) (io.Reader, error) {
	p := c.props
	if len(p) < 2 {
		return nil, malformed("7z properties of AES")
	}
	rounds := p[0] & 0x3f
	salt, iv := int(p[0]>>7+p[1]>>4), int(p[0]>>6&1+p[1]&15)
	if len(p) < 2+salt+iv {
		return nil, malformed("7z properties of AES")
	}
	if rounds > sevenRoundsMax && rounds != 0x3f {
		return nil, unsupported("7z AES with more than 2^24 rounds")
	}
	key := sevenKey(word, p[2:2+salt], rounds)
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	var first [aes.BlockSize]byte
	copy(first[:], p[2+salt:2+salt+iv])
	return &cbcReader{br: r, mode: cipher.NewCBCDecrypter(block, first[:])}, nil
}

// key makes the key: SHA-256 over salt, password in UTF-16 and a counter of
// eight bytes, 2^rounds times one after another.
func sevenKey(word string, salt []byte, rounds byte) []byte {
	id := string([]byte{rounds}) + string(salt) + "\x00" + word
	if key := sevenMade.find(id); key != nil {
		return key
	}
	seed := slices.Clone(salt)
	for _, u := range utf16.Encode([]rune(word)) {
		seed = binary.LittleEndian.AppendUint16(seed, u)
	}
	key := make([]byte, sha256.Size)
	if rounds == 0x3f {
		copy(key, seed)
	} else {
		h := sha256.New()
		buf := make([]byte, 0, 64*(len(seed)+8))
		for i := uint64(0); i < 1<<rounds; i++ {
			buf = append(buf, seed...)
			buf = binary.LittleEndian.AppendUint64(buf, i)
			if len(buf) == cap(buf) {
				h.Write(buf)
				buf = buf[:0]
			}
		}
		h.Write(buf)
		h.Sum(key[:0])
	}
	sevenMade.keep(id, key)
	return key
}

// sevenMade are keys that were made before: one takes half a million rounds of
// SHA-256, and 7-Zip uses no salt, so that a password has the same one in every
// archive.
var sevenMade madeKeys

type madeKeys struct {
	mu   sync.Mutex
	keys map[string][]byte // by parameters and password
}

func (m *madeKeys) find(id string) []byte {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys[id]
}

func (m *madeKeys) keep(id string, key []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.keys == nil || len(m.keys) >= 4096 {
		m.keys = map[string][]byte{}
	}
	m.keys[id] = key
}

// A cbcReader decrypts whole blocks of what it reads.
type cbcReader struct {
	br   *bufio.Reader
	mode cipher.BlockMode
	room [8 << 10]byte
	have []byte // decrypted
}

func (r *cbcReader) Read(p []byte) (int, error) {
	if len(r.have) == 0 {
		n, err := io.ReadFull(r.br, r.room[:])
		if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
			return 0, err
		}
		n -= n % aes.BlockSize
		if n == 0 {
			return 0, io.EOF
		}
		r.mode.CryptBlocks(r.room[:n], r.room[:n])
		r.have = r.room[:n]
	}
	n := copy(p, r.have)
	r.have = r.have[n:]
	return n, nil
}
