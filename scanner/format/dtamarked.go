package format

import (
	"bytes"
	"encoding/binary"
	"strconv"
)

// readMarked reads versions 117 to 119: the parts stand between marks, and a map
// says where.
func (d *dtaReader) readMarked() error {
	if err := d.skip(int64(len(dtaMark))); err != nil {
		return err
	}
	b, err := d.take(len("118</release><byteorder>LSF</byteorder><K>"))
	if err != nil {
		return err
	}
	d.version, _ = strconv.Atoi(string(b[:3]))
	d.order = binary.ByteOrder(binary.LittleEndian)
	if bytes.Contains(b, []byte("MSF")) {
		d.order = binary.BigEndian
	}
	if d.version < 117 || d.version > 121 {
		return unsupported("Stata data set of version " + strconv.Itoa(d.version))
	}
	columns, err := d.uint(map[bool]int{true: 4, false: 2}[d.version >= 119])
	if err != nil {
		return err
	}
	if err := d.skip(int64(len("</K><N>"))); err != nil {
		return err
	}
	count, err := d.uint(map[bool]int{true: 8, false: 4}[d.version >= 118])
	if err != nil {
		return err
	}
	if columns > dtaColumns || count > 1<<48 {
		return malformed("number of variables or observations")
	}
	d.count, d.columns = int64(count), make([]dtaColumn, columns)
	return d.parts()
}

// uint reads a number of n bytes.
func (d *dtaReader) uint(n int) (uint64, error) {
	b, err := d.take(n)
	if err != nil {
		return 0, err
	}
	switch n {
	case 1:
		return uint64(b[0]), nil
	case 2:
		return uint64(d.order.Uint16(b)), nil
	case 4:
		return uint64(d.order.Uint32(b)), nil
	}
	return d.order.Uint64(b), nil
}

// parts reads what the map points at.
func (d *dtaReader) parts() error {
	near, err := d.peek(int(min(2<<10, d.size-d.pos())))
	if err != nil {
		return err
	}
	i := bytes.Index(near, []byte("</header><map>"))
	if i < 0 {
		return malformed("no map of the parts")
	}
	d.skip(int64(i + len("</header><map>")))
	var where [14]int64
	for i := range where {
		v, err := d.uint(8)
		if err != nil {
			return err
		}
		where[i] = int64(v)
	}
	names, formats, labels := 129, 57, 129
	titles := 321
	if d.version == 117 {
		names, formats, labels, titles = 33, 49, 33, 81
	}
	for _, part := range []struct {
		at   int64
		mark string
		read func() error
	}{
		{where[2], "<variable_types>", d.types},
		{where[3], "<varnames>", func() error { return d.fields(names, func(c *dtaColumn, s string) { c.name, c.title = s, s }) }},
		{where[5], "<formats>", func() error { return d.fields(formats, func(c *dtaColumn, s string) { c.format = s }) }},
		{where[6], "<value_label_names>", func() error { return d.fields(labels, func(c *dtaColumn, s string) { c.label = s }) }},
		{where[7], "<variable_labels>", func() error {
			return d.fields(titles, func(c *dtaColumn, s string) { c.title = titled(c.name, s) })
		}},
	} {
		if err := d.part(part.at, part.mark); err != nil {
			return err
		}
		if err := part.read(); err != nil {
			return err
		}
	}
	width, err := d.widths()
	if err != nil {
		return err
	}
	// What data refer to comes behind them, and is missing where the file is cut.
	if d.part(where[11], "<value_labels>") == nil {
		d.markedLabels()
	}
	if d.part(where[10], "<strls>") == nil {
		d.strls()
	}
	if err := d.part(where[9], "<data>"); err != nil {
		return err
	}
	return d.rows(width)
}

// part goes behind the mark that stands at an offset.
func (d *dtaReader) part(at int64, mark string) error {
	if at < 0 || at > d.size {
		return malformed("map of the parts")
	}
	d.seek(at)
	b, err := d.take(len(mark))
	if err == nil && string(b) != mark {
		err = malformed("map of the parts")
	}
	return err
}

func (d *dtaReader) types() error {
	for i := range d.columns {
		v, err := d.uint(2)
		if err != nil {
			return err
		}
		d.columns[i].kind = uint16(v)
	}
	return nil
}

// markedLabels reads the value labels.
func (d *dtaReader) markedLabels() {
	name := 129
	if d.version == 117 {
		name = 33
	}
	for {
		b, err := d.take(len("<lbl>") + 4 + name + 3)
		if err != nil || !bytes.HasPrefix(b, []byte("<lbl>")) {
			return
		}
		size := int64(d.order.Uint32(b[5:]))
		title := d.text(b[9 : 9+name])
		if !d.table(d.cursor, title, size) || d.skip(int64(len("</lbl>"))) != nil {
			return
		}
	}
}

// oldLabels reads the value labels of the versions without marks.
func (d *dtaReader) oldLabels(at *cursor) {
	for {
		b, err := at.take(4 + 33 + 3)
		if err != nil {
			return
		}
		if !d.table(at, d.text(b[4:37]), int64(d.order.Uint32(b))) {
			return
		}
	}
}

// table reads one table of value labels: n, bytes of text, offsets, values, text.
func (d *dtaReader) table(at *cursor, title string, size int64) bool {
	if size < 8 || size > dtaLabels {
		return false
	}
	begin := at.pos()
	t := make([]byte, 0, min(size, slabSize))
	for left := size; left > 0; {
		b, err := at.take(int(min(left, slabSize)))
		if err != nil {
			return false
		}
		t = append(t, b...)
		left -= int64(len(b))
	}
	n, text := int64(d.order.Uint32(t)), int64(d.order.Uint32(t[4:]))
	if n > size/8 || 8+8*n+text > size {
		return false
	}
	values := make(map[int64]string, n)
	for i := range n {
		off := int64(d.order.Uint32(t[8+4*i:]))
		value := int64(int32(d.order.Uint32(t[8+4*(n+i):])))
		if off < text {
			from := 8 + 8*n + off
			values[value] = d.text(t[from:min(from+rdsLevel, size)])
		}
	}
	if d.labels == nil {
		d.labels = make(map[string]map[int64]string)
	}
	if len(d.labels) < 1024 {
		d.labels[title] = values
	}
	return at.pos()-begin == size
}

// strls notes where long texts are: "GSO", v, o, type, length, bytes.
func (d *dtaReader) strls() {
	d.texts = make(map[dtaRef]int64)
	for len(d.texts) < 1<<20 {
		at := d.pos()
		b, err := d.take(3 + 4)
		if err != nil || string(b[:3]) != "GSO" {
			break
		}
		ref := dtaRef{v: d.order.Uint32(b[3:])}
		if ref.o, err = d.uint(map[bool]int{true: 8, false: 4}[d.version >= 118]); err != nil {
			break
		}
		if b, err = d.take(5); err != nil || d.skip(int64(d.order.Uint32(b[1:]))) != nil {
			break
		}
		d.texts[ref] = at
	}
	d.long = newCursor(d.from, d.cursor.size, 0, gridCell+32)
}

// longText returns the text that a cell refers to.
func (d *dtaReader) longText(b []byte) []byte {
	if d.long == nil {
		return nil
	}
	v := 16 // bits of the variable's number; the rest is that of the observation
	switch {
	case d.version == 117:
		v = 32
	case d.version >= 119:
		v = 24
	}
	all := d.order.Uint64(b)
	ref := dtaRef{uint32(all & (1<<v - 1)), all >> v}
	if d.order == binary.ByteOrder(binary.BigEndian) {
		ref = dtaRef{uint32(all >> (64 - v)), all & (1<<(64-v) - 1)}
	}
	at, ok := d.texts[ref]
	if !ok {
		return nil
	}
	head := int64(3 + 4 + 4 + 1)
	if d.version >= 118 {
		head += 4
	}
	d.long.seek(at + head)
	b, err := d.long.take(4)
	if err != nil {
		return nil
	}
	text, err := d.long.take(int(min(int64(d.order.Uint32(b)), gridCell)))
	if err != nil {
		return nil
	}
	text = bytes.TrimRight(text, "\x00")
	if d.version < 118 {
		text = appendLatin(nil, text)
	}
	return text
}
