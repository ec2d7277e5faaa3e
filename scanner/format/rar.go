package format

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"

	"github.com/nwaples/rardecode/v2"

	"vigie/scanner"
)

const (
	rarMagic  = "Rar!\x1a\x07"
	rarWindow = 128 << 20 // the largest dictionary
	rarProbe  = 1 << 20   // bytes that must decode before a password is believed
)

var rarFormat = scanner.Format{
	Name: "rar",
	Doc: `RAR archives

Versions 2 to 4 and 5 to 7, stored and compressed, solid or not. Members are read
in one pass, in their order. Encrypted members are read where a password fits;
otherwise they are reported under their names, or the archive is where the names
are encrypted too. Of an archive in several parts each part gives the members
that begin and end in it; of one that goes on in another part, what is there is
read and the rest reported. Dictionaries of more than 128 MiB are refused, and
BLAKE2 checksums are not checked.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte(rarMagic+"\x00")) || bytes.HasPrefix(head, []byte(rarMagic+"\x01\x00"))
	},
	Unpack: func(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
		return walkRar(ctx, c, c.Passwords(), yield)
	},
	Foreign: true,
}

// walkRar reads an archive as a stream, from its beginning. Where there are
// passwords, it is first looked at to find the one that fits.
func walkRar(ctx context.Context, c *scanner.Content, words []string, yield func(scanner.Object) error) error {
	z := &rarWalk{tried: len(words) > 0}
	src := c.Stream()
	if len(words) > 0 {
		at, size, err := c.At(ctx)
		if err != nil {
			return err
		}
		z.word, z.known = rarPassword(at, size, words)
		src = io.NewSectionReader(at, 0, size)
	}
	z.source.r = src
	err := z.guard(func() (err error) {
		z.r, err = z.reader(&z.source)
		return err
	})
	if err != nil {
		return z.why(err)
	}
	for strange := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		h, err := z.next()
		switch {
		case err == io.EOF:
			return z.end()
		case errors.Is(err, rardecode.ErrInvalidFileBlock) && strange < 1000:
			strange++ // a member that began in the part before this one
			z.part = true
			continue
		case err != nil && z.part:
			return rarElsewhere()
		case err != nil:
			return z.why(err)
		}
		if h.IsDir || h.LinkType != rardecode.LinkTypeNone || h.Mode()&fs.ModeSymlink != 0 {
			continue
		}
		if err := yield(z.object(h)); err != nil {
			return err
		}
	}
}

// A rarWalk is an archive that is being read.
type rarWalk struct {
	source rarSource
	r      *rardecode.Reader
	word   string
	known  bool // word opens the archive
	tried  bool // there were passwords
	part   bool // something of the archive is in another part
}

// A rarSource keeps the trouble of the object apart from what the decoder makes
// of it.
type rarSource struct {
	r   io.Reader
	err error
}

func (s *rarSource) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// Seek passes over data that nobody asked for. The decoder takes an archive that
// ends meanwhile for one that is whole.
func (s *rarSource) Seek(n int64, whence int) (int64, error) {
	if whence != io.SeekCurrent || n < 0 {
		return 0, fs.ErrInvalid
	}
	if at, ok := s.r.(*io.SectionReader); ok {
		to, err := at.Seek(n, io.SeekCurrent)
		if err == nil && (to < n || to > at.Size()) {
			err = io.ErrUnexpectedEOF
		}
		return to, err
	}
	k, err := io.CopyN(io.Discard, s, n)
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return k, err
}

func (z *rarWalk) reader(r io.Reader) (*rardecode.Reader, error) {
	options := []rardecode.Option{rardecode.MaxDictionarySize(rarWindow), rardecode.BufferSize(64 << 10)}
	if z.known {
		options = append(options, rardecode.Password(z.word))
	}
	return rardecode.NewReader(r, options...)
}

func (z *rarWalk) next() (h *rardecode.FileHeader, err error) {
	err = z.guard(func() (err error) {
		h, err = z.r.Next()
		return err
	})
	return h, err
}

func (z *rarWalk) object(h *rardecode.FileHeader) scanner.Object {
	o := scanner.Object{Path: memberPath(zipName([]byte(h.Name), false)), Size: h.UnPackedSize, Modified: h.ModificationTime}
	if h.UnKnownSize || h.UnPackedSize < 0 {
		o.Size = -1
	}
	read := once(&rarMember{z: z, h: h, size: o.Size})
	o.Open = func(ctx context.Context, off, n int64) (io.ReadCloser, error) {
		if h.Encrypted && !z.known {
			return nil, z.sealed("")
		}
		return read(ctx, off, n)
	}
	return o
}

// A rarMember reads the member at which the walk stands.
type rarMember struct {
	z    *rarWalk
	h    *rardecode.FileHeader
	size int64
	read int64
	err  error
	idle int // reads in a row that gave nothing
}

func (m *rarMember) Read(p []byte) (n int, err error) {
	if m.err != nil {
		return 0, m.err
	}
	if m.size >= 0 {
		p = p[:min(int64(len(p)), m.size-m.read+1)] // one more than there should be
	}
	err = m.z.guard(func() (err error) {
		n, err = m.z.r.Read(p)
		return err
	})
	m.read += int64(n)
	if m.idle++; n > 0 || len(p) == 0 {
		m.idle = 0
	}
	switch {
	case m.size >= 0 && m.read > m.size:
		n -= int(m.read - m.size)
		err = malformed("longer than declared")
	case err == io.EOF && m.read < m.size:
		err = truncated("shorter than declared")
	case err == nil && m.idle > 100:
		err = malformed("compressed data do not decode")
	case err != nil && err != io.EOF:
		err = m.z.why(err)
	}
	if m.h.Encrypted && err != nil && err != io.EOF && m.z.source.err == nil && !m.z.part {
		// Version 4 does not tell a wrong password from damage.
		err = m.z.sealed(", or the data are damaged")
	}
	m.err = err
	return n, err
}

// guard turns a panic of the decoder into a problem.
func (z *rarWalk) guard(work func() error) (err error) {
	defer func() {
		if recover() != nil {
			err = &scanner.Problem{Reason: scanner.Crashed, Detail: "RAR decoder"}
		}
	}()
	return work()
}

// end is what is to be said at the end of the archive.
func (z *rarWalk) end() error {
	if z.part {
		return rarElsewhere()
	}
	return nil
}

func rarElsewhere() error {
	return &scanner.Problem{Reason: scanner.Partial, Detail: "RAR archive in several parts: a member begins or ends in another part"}
}

// sealed is the problem of what no password opens.
func (z *rarWalk) sealed(more string) error {
	detail := "RAR AES"
	if z.tried {
		detail += ": no password fits"
	}
	return &scanner.Problem{Reason: scanner.Encrypted, Detail: detail + more}
}

// why gives what the decoder says its reason. The trouble of the object goes
// before all else.
func (z *rarWalk) why(err error) error {
	switch {
	case z.source.err != nil:
		return fault(z.source.err)
	case isProblem(err):
		return err
	case errors.Is(err, rardecode.ErrMultiVolume):
		z.part = true
		return rarElsewhere()
	case errors.Is(err, rardecode.ErrBadVolumeNumber):
		return &scanner.Problem{Reason: scanner.Partial, Detail: "RAR archive in several parts: not the first of them"}
	case errors.Is(err, rardecode.ErrArchiveEncrypted):
		return z.sealed("; the names of the members are encrypted too")
	case errors.Is(err, rardecode.ErrArchivedFileEncrypted), errors.Is(err, rardecode.ErrBadPassword):
		return z.sealed("")
	case errors.Is(err, rardecode.ErrDictionaryTooLarge), errors.Is(err, rardecode.ErrPlatformIntSize):
		return &scanner.Problem{Reason: scanner.TooLarge, Detail: "RAR dictionary larger than 128 MiB; what follows in the archive was not read"}
	case errors.Is(err, rardecode.ErrUnknownVersion), errors.Is(err, rardecode.ErrUnsupportedDecoder),
		errors.Is(err, rardecode.ErrUnknownDecoder), errors.Is(err, rardecode.ErrUnknownEncryptMethod),
		errors.Is(err, rardecode.ErrMultipleDecoders):
		return unsupported("RAR method")
	case errors.Is(err, rardecode.ErrBadFileChecksum):
		return malformed("checksum")
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, rardecode.ErrUnexpectedArcEnd),
		errors.Is(err, rardecode.ErrShortFile), errors.Is(err, rardecode.ErrDecoderOutOfData), errors.Is(err, rardecode.ErrNoSig):
		return truncated("ends in the middle")
	}
	if err = fault(err); !isProblem(err) {
		err = malformed("RAR header or compressed data")
	}
	return err
}

// rarPassword returns the first of the passwords with which the archive opens,
// and its first encrypted member that is short or compressed begins to decode.
func rarPassword(at io.ReaderAt, size int64, words []string) (string, bool) {
	for _, word := range words {
		if rarFits(io.NewSectionReader(at, 0, size), word) {
			return word, true
		}
	}
	return "", false
}

// rarFits tries a password: on the names, if these are encrypted, and on the
// first encrypted member that has data. Version 5 says itself whether it fits.
func rarFits(r io.Reader, word string) bool {
	z := &rarWalk{word: word, known: true}
	z.source.r = r
	err := z.guard(func() (err error) {
		z.r, err = z.reader(&z.source)
		return err
	})
	for range 1000 {
		if err != nil {
			return false
		}
		var h *rardecode.FileHeader
		h, err = z.next()
		if errors.Is(err, rardecode.ErrInvalidFileBlock) {
			err = nil
			continue
		}
		if err != nil || !h.Encrypted || h.UnPackedSize == 0 || h.IsDir {
			continue
		}
		n := int64(rarProbe)
		if h.PackedSize >= h.UnPackedSize {
			n = 1 << 40 // stored: nonsense does not show before the checksum
		}
		_, err = io.CopyN(io.Discard, &rarMember{z: z, h: h, size: h.UnPackedSize}, n)
		return err == nil || err == io.EOF
	}
	return false
}
