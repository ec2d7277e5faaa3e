package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"io"
	"strings"
	"unicode/utf16"

	"vigie/scanner"
)

// storage returns a storage as a member: a compound file of its own, which has its
// streams behind one another in whole sectors.
func (o *ole) storage(prefix, name string) scanner.Object {
	var in []*oleStream
	for i := range o.streams {
		if strings.HasPrefix(o.streams[i].path, prefix) {
			in = append(in, &o.streams[i])
		}
	}
	return scanner.Object{Path: memberPath(name), Size: -1, Apart: true, Open: func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
		if off > 0 {
			return nil, scanner.ErrUnranged
		}
		return io.NopCloser(o.compound(prefix, in)), nil
	}}
}

const (
	oleFree = 0xffffffff
	oleEnd  = 0xfffffffe
)

// compound writes streams below prefix as a compound file of sectors of 4 KiB.
func (o *ole) compound(prefix string, in []*oleStream) io.Reader {
	const sector = 4096
	le := binary.LittleEndian
	var d oleDirectory
	d.add("Root Entry", 5)
	var next []uint32
	chain := func(size int64) uint32 {
		n := (size + sector - 1) / sector
		if n == 0 {
			return oleEnd
		}
		at := uint32(len(next))
		for range n - 1 {
			next = append(next, uint32(len(next))+1)
		}
		next = append(next, oleEnd)
		return at
	}
	records := make([]int, len(in))
	for i, s := range in {
		records[i] = d.stream(strings.TrimPrefix(s.path, prefix))
	}
	first := chain(int64(len(d.records) * oleRecord)) // where the head of an object shows it
	var data []io.Reader
	for i, s := range in {
		size := min(s.size, o.size)
		le.PutUint32(d.records[records[i]][116:], chain(size))
		le.PutUint64(d.records[records[i]][120:], uint64(size))
		data = append(data, io.LimitReader(o.open(s), size), bytes.NewReader(make([]byte, (sector-size%sector)%sector)))
	}
	directory := bytes.Join(d.records, nil)
	directory = append(directory, make([]byte, (sector-len(directory)%sector)%sector)...)

	// The table of sectors comes last; the header lists 109 of its sectors, and more are
	// left out with what they would chain: 400 MB.
	tables := min(len(next)/(sector/4-1)+1, 109)
	head := make([]byte, sector)
	copy(head, oleMagic)
	le.PutUint16(head[26:], 4)
	le.PutUint16(head[28:], 0xfffe)
	le.PutUint16(head[30:], 12)
	le.PutUint16(head[32:], 6)
	le.PutUint32(head[44:], uint32(tables))
	le.PutUint32(head[48:], first)
	le.PutUint32(head[60:], oleEnd) // no small sectors
	le.PutUint32(head[68:], oleEnd)
	for i := range 109 {
		v := uint32(oleFree)
		if i < tables {
			v = uint32(len(next) + i)
		}
		le.PutUint32(head[76+4*i:], v)
	}
	table := make([]byte, tables*sector)
	for i := range table {
		table[i] = 0xff
	}
	for i, v := range next[:min(len(next), tables*sector/4)] {
		le.PutUint32(table[4*i:], v)
	}
	return io.MultiReader(append(append([]io.Reader{bytes.NewReader(head), bytes.NewReader(directory)}, data...), bytes.NewReader(table))...)
}

// An oleDirectory is the directory of a compound file: what lies in one storage is
// linked one behind the other.
type oleDirectory struct {
	records [][]byte
	last    []int          // of each storage: the record that was added last
	folders map[string]int // by path
}

// add adds a record.
func (d *oleDirectory) add(name string, kind byte) int {
	b := make([]byte, oleRecord)
	units := utf16.Encode([]rune(name))
	units = units[:min(len(units), 31)]
	for i, u := range units {
		binary.LittleEndian.PutUint16(b[2*i:], u)
	}
	binary.LittleEndian.PutUint16(b[64:], uint16(2*len(units)+2))
	b[66] = kind
	for _, at := range []int{68, 72, 76} {
		binary.LittleEndian.PutUint32(b[at:], oleFree)
	}
	d.records, d.last = append(d.records, b), append(d.last, 0)
	return len(d.records) - 1
}

// stream adds a stream, with the storages on its path.
func (d *oleDirectory) stream(path string) int {
	folder := 0
	for {
		name, rest, more := strings.Cut(path, "/")
		if !more {
			return d.link(folder, d.add(name, 2))
		}
		key := string(rune(folder)) + "/" + name
		k, ok := d.folders[key]
		if !ok {
			k = d.link(folder, d.add(name, 1))
			if d.folders == nil {
				d.folders = make(map[string]int)
			}
			d.folders[key] = k
		}
		folder, path = k, rest
	}
}

// link puts a record into a storage.
func (d *oleDirectory) link(folder, k int) int {
	at, from := 76, folder
	if last := d.last[folder]; last > 0 {
		at, from = 72, last
	}
	binary.LittleEndian.PutUint32(d.records[from][at:], uint32(k))
	d.last[folder] = k
	return k
}
