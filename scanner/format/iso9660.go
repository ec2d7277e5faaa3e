package format

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"time"
	"unicode/utf16"

	"vigie/scanner"
)

var isoFormat = scanner.Format{
	Name: "iso9660",
	Doc: `ISO 9660 disc images

With the names of Joliet, else those of Rock Ridge, else the short ones; files
of several extents too. A member of a remote image is read without the others.
Where an image comes as a stream that breaks off, what lies before that is read.
Discs that hold only UDF are reported.`,
	Match: func(_ string, head []byte) bool {
		return word(isoFirst*isoSector+1, "CD001\x01")(head)
	},
	Unpack: unpackISO,
}

const (
	isoSector = 2048
	isoFirst  = 16 // the sector of the first volume descriptor
	isoDepth  = 32 // folders within folders
	isoLast   = 64 // volume descriptors that are looked at

	isoFolder     = 0x02
	isoAssociated = 0x04
	isoGoesOn     = 0x80 // the next record is of the same file
)

func unpackISO(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, err := c.At(ctx)
	if err != nil {
		return isoBroken(ctx, c, yield, err)
	}
	w := &isoWalk{c: c, at: at, size: size, seen: map[int64]bool{}, left: size, yield: yield}
	root, err := w.volume()
	if err != nil {
		return err
	}
	if err := w.folder(ctx, root, "", 0); err != nil {
		return err
	}
	if w.size < w.declared {
		return truncated("the image is shorter than it says")
	}
	return w.odd
}

// An isoWalk goes through the folders of one volume.
type isoWalk struct {
	c        *scanner.Content
	at       io.ReaderAt
	size     int64 // of the image
	declared int64 // of the volume
	block    int64
	joliet   bool
	seen     map[int64]bool // folders, by where they begin
	left     int64          // bytes of folders that may still be read: there cannot be more than the image has
	odd      error          // the first thing that was wrong and could be passed by
	yield    func(scanner.Object) error
	queue    *isoQueue // where the image comes as a stream: what is yet to be read
}

// An isoRecord is an item of a folder (ECMA-119, 9.1).
type isoRecord struct {
	name     string
	at, size int64
	modified time.Time
	flags    byte
}

// volume finds the root of the volume with the best names.
func (w *isoWalk) volume() (root isoRecord, err error) {
	found := false
	for i := range int64(isoLast) {
		var b [isoSector]byte
		if _, err := w.at.ReadAt(b[:], (isoFirst+i)*isoSector); err != nil {
			if found && errors.Is(err, io.EOF) {
				break
			}
			return root, fault(err)
		}
		if string(b[1:6]) != "CD001" || b[0] == 255 {
			break
		}
		joliet := b[0] == 2 && b[88] == '%' && b[89] == '/' && (b[90] == '@' || b[90] == 'C' || b[90] == 'E')
		if b[0] != 1 && !joliet || found && !joliet {
			continue
		}
		block := int64(binary.LittleEndian.Uint16(b[128:]))
		if block != 512 && block != 1024 && block != isoSector {
			continue
		}
		found, w.joliet, w.block = true, joliet, block
		w.declared = int64(binary.LittleEndian.Uint32(b[80:])) * block
		root, _ = w.record(b[156:190])
	}
	if !found {
		return root, malformed("no volume in the disc image")
	}
	return root, nil
}

// folder hands over what is in a folder and those below it.
func (w *isoWalk) folder(ctx context.Context, f isoRecord, name string, depth int) error {
	if depth > isoDepth || w.seen[f.at] {
		w.note(malformed("folders of the disc image run in a circle"))
		return nil
	}
	w.seen[f.at] = true
	var part isoRecord // of a file that goes on
	for at := f.at; at < f.at+f.size; at += isoSector {
		if err := ctx.Err(); err != nil {
			return err
		}
		var b [isoSector]byte
		n, err := w.at.ReadAt(b[:], at)
		if w.left -= isoSector; w.left < 0 {
			w.note(malformed("folders of the disc image overlap"))
			return nil
		}
		if n < len(b) {
			w.note(fault(err))
			return nil
		}
		for rest := b[:]; len(rest) > 0 && rest[0] != 0; rest = rest[rest[0]:] {
			if int(rest[0]) > len(rest) || rest[0] < 34 {
				w.note(malformed("folder of the disc image"))
				break
			}
			r, own := w.record(rest[:rest[0]])
			if own || r.flags&isoAssociated != 0 {
				continue
			}
			if err := w.item(ctx, r, &part, name, depth); err != nil {
				return err
			}
		}
	}
	return nil
}

// item hands over a file, once it is whole, or goes down into a folder.
func (w *isoWalk) item(ctx context.Context, r isoRecord, part *isoRecord, folder string, depth int) error {
	name := folder + r.name
	if r.flags&isoFolder != 0 && w.queue != nil {
		w.queue.add(isoItem{r, name + "/", depth + 1})
		return nil
	}
	if r.flags&isoFolder != 0 {
		return w.folder(ctx, r, name+"/", depth+1)
	}
	if part.name == name && part.at+part.size == r.at {
		r.at, r.size = part.at, part.size+r.size
	}
	*part = isoRecord{}
	if r.flags&isoGoesOn != 0 && r.size%w.block == 0 {
		*part = r
		part.name = name
		return nil
	}
	if w.queue != nil {
		w.queue.add(isoItem{r, folder, depth})
		return nil
	}
	m := &isoMember{w: w, at: r.at, size: r.size}
	return w.yield(scanner.Object{Path: memberPath(name), Size: r.size, Modified: r.modified, Open: m.open, Apart: true})
}

func (w *isoWalk) note(err error) {
	if w.odd == nil {
		w.odd = err
	}
}

// An isoMember is a file, which lies in one piece.
type isoMember struct {
	w        *isoWalk
	at, size int64
}

func (m *isoMember) open(ctx context.Context, off, n int64) (io.ReadCloser, error) {
	want := max(m.size-off, 0)
	if n >= 0 {
		want = min(want, n)
	}
	there := min(want, max(m.w.size-m.at-off, 0))
	r := &isoData{missing: there < want}
	if there <= zipSmall {
		r.ReadCloser = io.NopCloser(io.NewSectionReader(m.w.at, m.at+off, there))
		return r, nil
	}
	var err error
	r.ReadCloser, err = m.w.c.Open(ctx, m.at+off, there)
	return r, err
}

// An isoData ends with a problem when the image ends before the file.
type isoData struct {
	io.ReadCloser
	missing bool
}

func (d *isoData) Read(p []byte) (int, error) {
	n, err := d.ReadCloser.Read(p)
	if errors.Is(err, io.EOF) && d.missing {
		return n, truncated("the image ends in the middle of it")
	}
	if err != nil && !errors.Is(err, io.EOF) {
		err = fault(err)
	}
	return n, err
}

// record reads a record of at least 34 bytes; own is that of the folder itself
// or of the one above.
func (w *isoWalk) record(b []byte) (r isoRecord, own bool) {
	le := binary.LittleEndian
	r.at = (int64(le.Uint32(b[2:])) + int64(b[1])) * w.block
	r.size = int64(le.Uint32(b[10:]))
	r.flags = b[25]
	if b[18] > 0 && b[19] > 0 {
		zone := time.Duration(int8(b[24])) * 15 * time.Minute
		r.modified = time.Date(1900+int(b[18]), time.Month(b[19]), int(b[20]), int(b[21]), int(b[22]), int(b[23]), 0, time.UTC).Add(-zone)
	}
	n := min(int(b[32]), len(b)-33)
	id := b[33 : 33+n]
	own = n == 1 && id[0] < 2
	if w.joliet {
		units := make([]uint16, n/2)
		for i := range units {
			units[i] = binary.BigEndian.Uint16(id[2*i:])
		}
		r.name = string(utf16.Decode(units))
	} else {
		r.name = string(id)
		if long := w.rockRidge(b[33+n:], n); long != "" {
			r.name = long
			return r, own
		}
	}
	r.name, _, _ = strings.Cut(r.name, ";") // the version
	r.name = strings.TrimSuffix(r.name, ".")
	return r, own
}

// rockRidge returns the name in the area for the system behind a short name of
// n bytes (IEEE P1282, NM), and in areas further on (IEEE P1281, CE).
func (w *isoWalk) rockRidge(area []byte, n int) string {
	if n%2 == 0 && len(area) > 0 {
		area = area[1:]
	}
	var name []byte
	for range 8 {
		var next []byte
		for len(area) >= 4 && int(area[2]) >= 4 && int(area[2]) <= len(area) {
			f := area[:area[2]]
			area = area[area[2]:]
			switch {
			case string(f[:2]) == "NM" && len(f) > 5 && f[4]&6 == 0:
				name = append(name, f[5:]...)
			case string(f[:2]) == "CE" && len(f) >= 28:
				le := binary.LittleEndian
				next = make([]byte, min(le.Uint32(f[20:]), isoSector))
				k, _ := w.at.ReadAt(next, int64(le.Uint32(f[4:]))*w.block+int64(le.Uint32(f[12:])))
				next = next[:k]
			}
		}
		if area = next; next == nil {
			break
		}
	}
	return string(name)
}
