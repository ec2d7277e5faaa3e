package format

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/md5"
	"crypto/rc4"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/binary"
	"io"

	"vigie/scanner"
)

// A pdfCrypt decrypts strings and streams: the standard security handler of
// ISO 32000-2, 7.6, with RC4 and AES.
type pdfCrypt struct {
	key           []byte
	strings, data pdfMethod
}

type pdfMethod uint8

const (
	pdfIdentity pdfMethod = iota
	pdfRC4
	pdfAES128
	pdfAES256
)

const pdfPad = "\x28\xBF\x4E\x5E\x4E\x75\x8A\x41\x64\x00\x4E\x56\xFF\xFA\x01\x08\x2E\x2E\x00\xB6\xD0\x68\x3E\x80\x2F\x0C\xA9\xFE\x64\x53\x69\x7A"

// A pdfSeal is what an encryption dictionary says.
type pdfSeal struct {
	revision, length    int
	owner, user, oe, ue string
	rights              uint32
	id                  string
	metadata            bool
}

// unlock finds the key: the password is empty, or one of words.
func (f *pdfFile) unlock(words []string) error {
	d := f.dict(f.trailer["Encrypt"])
	if d == nil {
		if f.trailer["Encrypt"] != nil {
			return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PDF without its encryption dictionary"}
		}
		return nil
	}
	text := func(v any) string { s, _ := f.resolve(v).(pdfString); return string(s) }
	version := int(f.number(d["V"], 0))
	s := pdfSeal{revision: int(f.number(d["R"], 0)), length: int(f.number(d["Length"], 40)) / 8, owner: text(d["O"]), user: text(d["U"]),
		oe: text(d["OE"]), ue: text(d["UE"]), rights: uint32(int64(f.number(d["P"], 0))), metadata: f.resolve(d["EncryptMetadata"]) != false}
	if id := f.array(f.trailer["ID"]); len(id) > 0 {
		s.id = text(id[0])
	}
	c := &pdfCrypt{strings: pdfRC4, data: pdfRC4}
	filter := f.name(d["Filter"])
	switch {
	case filter != "Standard" && filter != "":
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PDF with a security handler of its own"}
	case version == 4 || version == 5:
		c.strings, c.data = f.method(d, "StrF"), f.method(d, "StmF")
		if version == 4 {
			s.length = 16
		}
	case version == 1:
		s.length = 5
	case version != 2 && version != 3:
		return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PDF with an encryption that is not known"}
	}
	s.length = min(max(s.length, 5), 16)
	for _, w := range append([]string{""}, words...) {
		if c.key = s.key(w); c.key != nil {
			f.crypt = c
			return nil
		}
	}
	return &scanner.Problem{Reason: scanner.Encrypted, Detail: "PDF document"}
}

func (f *pdfFile) method(d pdfDict, which pdfName) pdfMethod {
	switch f.name(f.dict(f.dict(d["CF"])[f.name(d[which])])["CFM"]) {
	case "V2":
		return pdfRC4
	case "AESV2":
		return pdfAES128
	case "AESV3":
		return pdfAES256
	}
	return pdfIdentity
}

// key returns the key of the file; nil where the word is neither password.
func (s *pdfSeal) key(word string) []byte {
	if s.revision >= 5 {
		return s.key256(word)
	}
	if len(s.user) < 16 || len(s.owner) < 32 {
		return nil
	}
	if k := s.userKey(word); k != nil {
		return k
	}
	// As the owner's, it decrypts the user's.
	sum := md5.Sum([]byte((word + pdfPad)[:32]))
	n := 5
	if s.revision >= 3 {
		n = s.length
		for range 50 {
			sum = md5.Sum(sum[:n])
		}
	}
	user := []byte(s.owner[:32])
	for i := 19; i >= 0; i-- {
		if s.revision < 3 {
			i = 0
		}
		rc4XOR(sum[:n], byte(i), user)
	}
	return s.userKey(string(user))
}

func rc4XOR(key []byte, x byte, b []byte) {
	k := bytes.Clone(key)
	for i := range k {
		k[i] ^= x
	}
	if c, err := rc4.NewCipher(k); err == nil {
		c.XORKeyStream(b, b)
	}
}

// userKey is algorithm 2, and 6 to see whether it is right.
func (s *pdfSeal) userKey(word string) []byte {
	b := append([]byte((word + pdfPad)[:32]), s.owner[:32]...)
	b = binary.LittleEndian.AppendUint32(b, s.rights)
	b = append(b, s.id...)
	if s.revision >= 4 && !s.metadata {
		b = append(b, 0xff, 0xff, 0xff, 0xff)
	}
	sum := md5.Sum(b)
	n := 5
	if s.revision >= 3 {
		n = s.length
		for range 50 {
			sum = md5.Sum(sum[:n])
		}
	}
	key := bytes.Clone(sum[:n])
	if s.revision < 3 {
		got := []byte(pdfPad)
		rc4XOR(key, 0, got)
		if string(got) == s.user[:min(32, len(s.user))] {
			return key
		}
		return nil
	}
	proof := md5.Sum(append([]byte(pdfPad), s.id...))
	for i := range 20 {
		rc4XOR(key, byte(i), proof[:])
	}
	if string(proof[:]) == s.user[:16] {
		return key
	}
	return nil
}

// key256 is algorithm 2.A of revisions 5 and 6.
func (s *pdfSeal) key256(word string) []byte {
	if len(s.user) < 48 || len(s.owner) < 48 || len(s.oe) < 32 || len(s.ue) < 32 {
		return nil
	}
	word = word[:min(len(word), 127)]
	open := func(with, sealed, u string) []byte {
		if string(s.hash(word, with[32:40], u)) != with[:32] {
			return nil
		}
		c, err := aes.NewCipher(s.hash(word, with[40:48], u))
		if err != nil {
			return nil
		}
		key := make([]byte, 32)
		cipher.NewCBCDecrypter(c, make([]byte, 16)).CryptBlocks(key, []byte(sealed[:32]))
		return key
	}
	if k := open(s.user, s.ue, ""); k != nil {
		return k
	}
	return open(s.owner, s.oe, s.user[:48])
}

// hash is algorithm 2.B; for revision 5 only its beginning.
func (s *pdfSeal) hash(word, salt, user string) []byte {
	sum := sha256.Sum256([]byte(word + salt + user))
	k := sum[:]
	if s.revision == 5 {
		return k
	}
	for i := 0; ; i++ {
		one := append(append([]byte(word), k...), user...)
		e := bytes.Repeat(one, 64)
		c, err := aes.NewCipher(k[:16])
		if err != nil {
			return nil
		}
		cipher.NewCBCEncrypter(c, k[16:32]).CryptBlocks(e, e)
		mod := 0
		for _, b := range e[:16] {
			mod += int(b)
		}
		switch mod % 3 {
		case 0:
			h := sha256.Sum256(e)
			k = h[:]
		case 1:
			h := sha512.Sum384(e)
			k = h[:]
		default:
			h := sha512.Sum512(e)
			k = h[:]
		}
		if i >= 63 && int(e[len(e)-1]) <= i-31 {
			return k[:32]
		}
	}
}

// keyOf is algorithm 1: the key of an object.
func (c *pdfCrypt) keyOf(ref pdfRef, m pdfMethod) []byte {
	if m == pdfAES256 {
		return c.key
	}
	b := append(bytes.Clone(c.key), byte(ref.num), byte(ref.num>>8), byte(ref.num>>16), byte(ref.gen), byte(ref.gen>>8))
	if m == pdfAES128 {
		b = append(b, "sAlT"...)
	}
	sum := md5.Sum(b)
	return bytes.Clone(sum[:min(len(c.key)+5, 16)])
}

// text decrypts a string.
func (c *pdfCrypt) text(ref pdfRef, s string) string {
	switch key := c.keyOf(ref, c.strings); c.strings {
	case pdfRC4:
		b := []byte(s)
		rc4XOR(key, 0, b)
		return string(b)
	case pdfAES128, pdfAES256:
		b, _ := io.ReadAll(newPDFAES(key, bytes.NewReader([]byte(s))))
		return string(b)
	}
	return s
}

// stream decrypts a stream.
func (c *pdfCrypt) stream(ref pdfRef, r io.Reader) io.Reader {
	switch key := c.keyOf(ref, c.data); c.data {
	case pdfRC4:
		if k, err := rc4.NewCipher(key); err == nil {
			return cipher.StreamReader{S: k, R: r}
		}
	case pdfAES128, pdfAES256:
		return newPDFAES(key, r)
	}
	return r
}

// A pdfAES decrypts AES in CBC, of which the first block is the initial vector and
// the last one is padded.
type pdfAES struct {
	r    io.Reader
	key  cipher.Block
	mode cipher.BlockMode
	room [4096]byte
	n    int // bytes of room that are not decrypted yet
	out  []byte
	buf  [4096]byte
	end  bool
}

func newPDFAES(key []byte, r io.Reader) io.Reader {
	k, err := aes.NewCipher(key)
	if err != nil {
		return eofReader{}
	}
	return &pdfAES{r: r, key: k}
}

func (a *pdfAES) Read(p []byte) (int, error) {
	for len(a.out) == 0 {
		if a.end {
			return 0, io.EOF
		}
		if err := a.more(); err != nil {
			return 0, err
		}
	}
	n := copy(p, a.out)
	a.out = a.out[n:]
	return n, nil
}

// more decrypts what there is, and keeps a block back until it is known whether it
// is the last.
func (a *pdfAES) more() error {
	n, err := io.ReadFull(a.r, a.room[a.n:])
	a.n += n
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		a.end = true
	} else if err != nil {
		return err
	}
	b := a.room[:a.n]
	if a.mode == nil {
		if len(b) < 16 {
			a.n = 0
			return nil
		}
		a.mode = cipher.NewCBCDecrypter(a.key, b[:16])
		b = b[16:]
	}
	whole := len(b) &^ 15
	if !a.end {
		whole -= 16
	}
	a.mode.CryptBlocks(a.buf[:whole], b[:whole])
	a.out = a.buf[:whole]
	a.n = copy(a.room[:], b[whole:])
	if pad := 0; a.end && whole > 0 {
		if pad = int(a.out[whole-1]); pad >= 1 && pad <= 16 {
			a.out = a.out[:whole-pad]
		}
	}
	return nil
}
