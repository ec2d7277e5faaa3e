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

// parts reads what stands between marks. Parts follow one another; the map is not
// to be trusted, Stata 13 itself wrote wrong ones.
func (d *dtaReader) parts() error {
	label, err := d.labelled("</N><label>", map[bool]int{true: 2, false: 1}[d.version >= 118])
	if err != nil {
		return err
	}
	d.aside("", []byte(label))
	if _, err = d.labelled("</label><timestamp>", 1); err != nil {
		return err
	}
	if err = d.mark("</timestamp></header><map>"); err != nil {
		return err
	}
	if err = d.skip(14 * 8); err != nil {
		return err
	}
	name, format, title, sort := 129, 57, 321, int64(2)
	switch {
	case d.version == 117:
		name, format, title = 33, 49, 81
	case d.version == 119 || d.version == 121:
		sort = 4
	}
	for _, part := range []struct {
		mark string
		read func() error
	}{
		{"</map><variable_types>", d.types},
		{"</variable_types><varnames>", func() error { return d.fields(name, func(c *dtaColumn, s string) { c.name = s }) }},
		{"</varnames><sortlist>", func() error { return d.skip(sort * int64(len(d.columns)+1)) }},
		{"</sortlist><formats>", func() error { return d.fields(format, func(c *dtaColumn, s string) { c.format = s }) }},
		{"</formats><value_label_names>", func() error { return d.fields(name, func(c *dtaColumn, s string) { c.label = s }) }},
		{"</value_label_names><variable_labels>", func() error {
			return d.fields(title, func(c *dtaColumn, s string) { c.title = titled(c.name, s) })
		}},
		{"</variable_labels><characteristics>", func() error { return d.notes(name) }},
		{"</characteristics><data>", d.data},
	} {
		if err := d.mark(part.mark); err != nil {
			return err
		}
		if err := part.read(); err != nil {
			return err
		}
	}
	return nil
}

// mark takes what must stand here.
func (d *dtaReader) mark(want string) error {
	b, err := d.take(len(want))
	if err == nil && string(b) != want {
		err = malformed("a part is missing")
	}
	return err
}

// labelled reads a text behind a mark and its length, of n bytes.
func (d *dtaReader) labelled(mark string, n int) (string, error) {
	if err := d.mark(mark); err != nil {
		return "", err
	}
	size, err := d.uint(n)
	if err != nil {
		return "", err
	}
	b, err := d.take(int(size))
	return d.text(b), err
}

// notes reads characteristics.
func (d *dtaReader) notes(name int) error {
	for {
		b, err := d.peek(len("<ch>"))
		if err != nil || string(b) != "<ch>" {
			return err
		}
		d.skip(int64(len(b)))
		size, err := d.uint(4)
		if err == nil {
			err = d.note(int64(size), name)
		}
		if err == nil {
			err = d.mark("</ch>")
		}
		if err != nil {
			return err
		}
	}
}

// note reads a characteristic: what it is about, its name, and text of which the
// last byte is a zero.
func (d *dtaReader) note(size int64, name int) error {
	if size < int64(2*name) {
		return d.skip(size)
	}
	b, err := d.take(2 * name)
	if err != nil {
		return err
	}
	title := d.text(b[:name]) + " " + d.text(b[name:])
	for left := size - int64(2*name); left > 0; {
		n := int(min(left, slabSize/2))
		if b, err = d.take(n); err != nil {
			return err
		}
		d.aside(title, []byte(d.text(b)))
		left -= int64(n)
	}
	return nil
}

// data reads the rows. What they refer to comes behind them, and is missing where
// the file is cut.
func (d *dtaReader) data() error {
	width, err := d.widths()
	if err != nil {
		return err
	}
	begin := d.pos()
	if d.count <= (d.cursor.size-begin)/width {
		d.seek(begin + d.count*width)
		if d.flaw = d.mark("</data><strls>"); d.flaw == nil {
			d.flaw = d.strls()
		}
		if d.flaw == nil {
			d.flaw = d.mark("</strls><value_labels>")
		}
		if d.flaw == nil {
			d.markedLabels()
		}
		d.seek(begin)
	}
	return d.rows(width)
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
	for d.flaw == nil {
		b, err := d.peek(len("<lbl>"))
		if err == nil && string(b) == "</val" {
			return
		}
		if d.flaw = d.mark("<lbl>"); d.flaw != nil {
			return
		}
		if b, err = d.take(4 + name + 3); err != nil {
			d.flaw = err
			return
		}
		d.table(d.cursor, d.text(b[4:4+name]), int64(d.order.Uint32(b)))
		if d.flaw == nil {
			d.flaw = d.mark("</lbl>")
		}
	}
}

// table reads one table of value labels: n, bytes of text, offsets, values, text.
// Where there are too many its text is running text.
func (d *dtaReader) table(at *cursor, title string, size int64) {
	many := d.room+int(min(size, dtaLabels)) > dtaLabels
	t := make([]byte, 0, min(size, slabSize))
	for left := size; left > 0; {
		b, err := at.take(int(min(left, slabSize)))
		if err != nil {
			d.flaw = err
			return
		}
		if left -= int64(len(b)); many {
			d.prose(b)
			continue
		}
		t = append(t, b...)
	}
	if many {
		return
	}
	d.room += len(t)
	n, text := int64(0), int64(0)
	if size >= 8 {
		n, text = int64(d.order.Uint32(t)), int64(d.order.Uint32(t[4:]))
	}
	if size < 8 || n > size/8 || 8+8*n+text > size {
		d.flaw = malformed("value labels")
		return
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
	d.labels[title] = values
}
