package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/zlib"

	"vigie/scanner"
)

var p7mFormat = scanner.Format{
	Name: "p7m",
	Doc: `Signed and encrypted data (CMS: S/MIME, .p7m, .p7s)

What is signed or compressed is a member. Encrypted data are reported. Signatures
without what they sign, and certificates, hold no data.`,
	Match:  func(_ string, head []byte) bool { return cmsKind(cmsHead(head)) != 0 },
	Unpack: unpackP7M,
	Read: func(_ context.Context, c *scanner.Content, _ func(*scanner.Block) error) error {
		if k := cmsKind(cmsHead(c.Head())); k == cmsEnveloped || k == cmsEncrypted || k == cmsAuthEnveloped {
			return &scanner.Problem{Reason: scanner.Encrypted, Detail: "S/MIME or CMS data"}
		}
		return nil
	},
}

// Kinds of data of RFC 5652, by the last arcs of their object identifiers.
const (
	cmsSigned        = 2
	cmsEnveloped     = 3
	cmsEncrypted     = 6
	cmsCompressed    = 9  // RFC 3274
	cmsAuthEnveloped = 23 // RFC 5083
)

var (
	cmsPKCS7 = []byte("\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07")             // 1.2.840.113549.1.7.
	cmsSMIME = []byte("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01")     // 1.2.840.113549.1.9.16.1.
	cmsPEM   = []string{"-----BEGIN PKCS7-----", "-----BEGIN CMS-----", "MI"} // and base 64 without a frame
)

// cmsHead returns the first bytes of CMS data, which may be in base 64.
func cmsHead(head []byte) []byte {
	if len(head) > 0 && head[0] == 0x30 {
		return head
	}
	for _, mark := range cmsPEM {
		if bytes.HasPrefix(head, []byte(mark)) {
			b := make([]byte, 64)
			n, _ := io.ReadFull(cmsText(bytes.NewReader(head)), b)
			return b[:n]
		}
	}
	return nil
}

// cmsText decodes base 64 between the lines of PEM.
func cmsText(r io.Reader) io.Reader {
	br := bufio.NewReader(r)
	if line, _ := br.Peek(5); string(line) == "-----" {
		br.ReadString('\n')
	}
	return &lenient{base64.NewDecoder(base64.StdEncoding, &mailBase64{r: &untilDash{br}})}
}

// An untilDash ends where a line of PEM begins.
type untilDash struct{ br *bufio.Reader }

func (u *untilDash) Read(p []byte) (int, error) {
	n, err := u.br.Read(p[:min(len(p), 4096)])
	if i := bytes.IndexByte(p[:n], '-'); i >= 0 {
		return i, io.EOF
	}
	return n, err
}

// cmsKind returns the kind of data, 0 for what is none.
func cmsKind(head []byte) int {
	in := &berReader{br: bufio.NewReader(bytes.NewReader(head[:min(len(head), 64)]))}
	if tag, _, ok := in.next(); !ok || tag != 0x30 {
		return 0
	}
	b, _ := in.br.Peek(13)
	switch {
	case len(b) > 10 && bytes.HasPrefix(b, cmsPKCS7) && b[10] >= cmsSigned && b[10] <= cmsEncrypted:
		return int(b[10])
	case len(b) > 12 && bytes.HasPrefix(b, cmsSMIME) && (b[12] == cmsCompressed || b[12] == cmsAuthEnveloped):
		return int(b[12])
	}
	return 0
}

func unpackP7M(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	kind := cmsKind(cmsHead(c.Head()))
	if kind != cmsSigned && kind != cmsCompressed {
		return nil
	}
	r := c.Stream()
	if c.Head()[0] != 0x30 {
		r = cmsText(r)
	}
	in := &berReader{br: bufio.NewReaderSize(r, 32<<10)}
	if !in.content() {
		return nil // a signature or certificates
	}
	var data io.Reader = &octets{in: in}
	name := strings.TrimSuffix(path.Base(c.Path()), path.Ext(c.Path()))
	if path.Ext(name) == "" {
		name += ".eml"
	}
	if kind == cmsCompressed {
		z, err := zlib.NewReader(data)
		if err != nil {
			return malformed("compressed data")
		}
		data = zlibData{z}
	}
	return yield(scanner.Object{Path: memberPath(name), Size: -1, Open: once(data)})
}

// A berReader reads values of ASN.1 in the basic encoding rules (X.690): a head, and
// what follows it.
type berReader struct {
	br *bufio.Reader
}

// next reads the head of a value; size -1: up to its end mark.
func (b *berReader) next() (tag byte, size int64, ok bool) {
	tag, err := b.br.ReadByte()
	n, err2 := b.br.ReadByte()
	if err != nil || err2 != nil || tag&0x1f == 0x1f {
		return 0, 0, false
	}
	if n < 0x80 {
		return tag, int64(n), true
	}
	if n == 0x80 {
		return tag, -1, true
	}
	if n -= 0x80; n > 8 {
		return 0, 0, false
	}
	for range n {
		c, err := b.br.ReadByte()
		if err != nil || size >= 1<<55 {
			return 0, 0, false
		}
		size = size<<8 | int64(c)
	}
	return tag, size, true
}

// skip passes over a value.
func (b *berReader) skip(size int64) bool {
	_, err := io.CopyN(io.Discard, b.br, max(size, 0))
	return err == nil && size >= 0
}

// content goes to where what is signed stands (RFC 5652, 5.1): behind the version and
// the algorithms. It reports false where there is nothing.
func (b *berReader) content() bool {
	for _, want := range []byte{0x30, 0x06, 0xa0, 0x30, 0x02} { // ContentInfo, its type, [0], SignedData, version
		tag, size, ok := b.next()
		if !ok || tag != want || (want == 0x06 || want == 0x02) && !b.skip(size) {
			return false
		}
	}
	for {
		tag, size, ok := b.next()
		switch {
		case !ok:
			return false
		case tag == 0x31 && size >= 0: // algorithms; of no length they end by a mark
			if !b.skip(size) {
				return false
			}
		case tag == 0x31 || tag == 0 && size == 0:
		case tag == 0x30: // an algorithm, or what is signed: its type first
			head, _ := b.br.Peek(len(cmsPKCS7))
			if !bytes.Equal(head, cmsPKCS7) && !bytes.HasPrefix(head, []byte("\x06\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09")) {
				if size < 0 || !b.skip(size) {
					return false
				}
				continue
			}
			if _, n, ok := b.next(); !ok || !b.skip(n) {
				return false
			}
			tag, _, ok := b.next()
			return ok && tag == 0xa0
		default:
			return false
		}
	}
}

// octets reads a string of octets, which may be in parts.
type octets struct {
	in    *berReader
	begun bool
	parts bool // more of them may follow
	left  int64
	end   error
}

func (o *octets) Read(p []byte) (int, error) {
	for o.left == 0 && o.end == nil {
		if o.begun && !o.parts {
			o.end = io.EOF
			break
		}
		tag, size, ok := o.in.next()
		switch {
		case !ok:
			o.end = truncated("ends in the middle")
		case tag == 0x24 && !o.begun:
			o.parts = true
		case tag == 0x04 && size >= 0:
			o.left = size
		default:
			o.end = io.EOF
		}
		o.begun = true
	}
	if o.end != nil {
		return 0, o.end
	}
	n, err := o.in.br.Read(p[:min(int64(len(p)), o.left)])
	o.left -= int64(n)
	switch {
	case err == io.EOF:
		err = truncated("ends in the middle")
	case err != nil:
		err = fault(err)
	}
	return n, err
}
