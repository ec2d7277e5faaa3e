package format

import "encoding/binary"

// A flat is a table of FlatBuffers (google.github.io/flatbuffers). What points
// outside of the buffer is zero, empty or not there.
type flat struct {
	b  []byte
	at int
}

func flatRoot(b []byte) flat { return flat{b, flatOffset(b, 0)} }

// flatOffset follows the offset at a place.
func flatOffset(b []byte, at int) int {
	if at < 0 || at+4 > len(b) {
		return len(b)
	}
	return min(at+int(binary.LittleEndian.Uint32(b[at:])), len(b))
}

// field returns where the value of a field of so many bytes is.
func (f flat) field(n, width int) ([]byte, bool) {
	if f.at < 0 || f.at+4 > len(f.b) {
		return nil, false
	}
	v := f.at - int(int32(binary.LittleEndian.Uint32(f.b[f.at:])))
	if v < 0 || v+4 > len(f.b) {
		return nil, false
	}
	slot := 4 + 2*n
	if slot+2 > int(binary.LittleEndian.Uint16(f.b[v:])) || v+slot+2 > len(f.b) {
		return nil, false
	}
	off := int(binary.LittleEndian.Uint16(f.b[v+slot:]))
	if off == 0 || f.at+off+width > len(f.b) {
		return nil, false
	}
	return f.b[f.at+off:], true
}

func (f flat) byte(n int) byte {
	if b, ok := f.field(n, 1); ok {
		return b[0]
	}
	return 0
}

func (f flat) short(n int) int {
	if b, ok := f.field(n, 2); ok {
		return int(int16(binary.LittleEndian.Uint16(b)))
	}
	return 0
}

func (f flat) int(n, otherwise int) int {
	if b, ok := f.field(n, 4); ok {
		return int(int32(binary.LittleEndian.Uint32(b)))
	}
	return otherwise
}

func (f flat) long(n int) int64 {
	if b, ok := f.field(n, 8); ok {
		return int64(binary.LittleEndian.Uint64(b))
	}
	return 0
}

func (f flat) table(n int) (flat, bool) {
	b, ok := f.field(n, 4)
	if !ok {
		return flat{}, false
	}
	at := flatOffset(f.b, len(f.b)-len(b))
	return flat{f.b, at}, at+4 <= len(f.b)
}

// vector returns a list of values of so many bytes.
func (f flat) vector(n, width int) (b []byte, count int) {
	t, ok := f.table(n)
	if !ok {
		return nil, 0
	}
	count = int(binary.LittleEndian.Uint32(t.b[t.at:]))
	b = t.b[t.at+4:]
	count = min(count, len(b)/width)
	return b[:count*width], count
}

func (f flat) text(n int) string {
	b, _ := f.vector(n, 1)
	return string(b)
}

// tables returns a list of tables.
func (f flat) tables(n int) []flat {
	b, count := f.vector(n, 4)
	all := make([]flat, 0, count)
	t, _ := f.table(n)
	for i := range len(b) / 4 {
		all = append(all, flat{f.b, flatOffset(f.b, t.at+4+4*i)})
	}
	return all
}
