package format

import "encoding/binary"

// readOld reads versions 108 to 115, where the parts follow one another.
func (d *dtaReader) readOld() error {
	head, err := d.take(109)
	if err != nil {
		return err
	}
	d.version = int(head[0])
	d.order = binary.ByteOrder(binary.LittleEndian)
	if head[1] == 1 {
		d.order = binary.BigEndian
	}
	n := int(d.order.Uint16(head[4:]))
	d.count = int64(d.order.Uint32(head[6:]))
	d.aside("", []byte(d.text(head[10:91])))
	names, formats := 33, 49
	if d.version < 110 {
		names = 9
	}
	if d.version < 114 {
		formats = 12
	}
	types, err := d.take(n)
	if err != nil {
		return err
	}
	d.columns = make([]dtaColumn, n)
	for i, t := range types {
		d.columns[i].kind = d.oldType(t)
	}
	if err = d.fields(names, func(c *dtaColumn, s string) { c.name = s }); err != nil {
		return err
	}
	if err = d.skip(int64(2 * (n + 1))); err != nil {
		return err
	}
	if err = d.fields(formats, func(c *dtaColumn, s string) { c.format = s }); err != nil {
		return err
	}
	if err = d.fields(names, func(c *dtaColumn, s string) { c.label = s }); err != nil {
		return err
	}
	if err = d.fields(81, func(c *dtaColumn, s string) { c.title = titled(c.name, s) }); err != nil {
		return err
	}
	if err = d.oldNotes(names); err != nil {
		return err
	}
	width, err := d.widths()
	if err != nil {
		return err
	}
	if d.count*width <= d.cursor.size-d.pos() {
		d.oldLabels(newCursor(d.from, d.cursor.size, d.pos()+d.count*width, slabSize), names)
	}
	return d.rows(width)
}

// oldType numbers a type as version 117 does.
func (d *dtaReader) oldType(t byte) uint16 {
	if d.version >= 111 {
		switch {
		case t > 250:
			return dtaInt8 - uint16(t-251)
		}
		return uint16(t)
	}
	switch t {
	case 'd':
		return dtaDbl
	case 'f':
		return dtaFloat
	case 'l':
		return dtaInt32
	case 'i':
		return dtaInt16
	case 'b':
		return dtaInt8
	}
	return uint16(max(t, 0x7F) - 0x7F)
}

// oldNotes reads characteristics up to an empty one.
func (d *dtaReader) oldNotes(name int) error {
	for {
		kind, err := d.uint(1)
		if err != nil {
			return err
		}
		size, err := d.uint(map[bool]int{true: 4, false: 2}[d.version >= 110])
		if err != nil || kind == 0 && size == 0 {
			return err
		}
		if err := d.note(int64(size), name); err != nil {
			return err
		}
	}
}

// oldLabels reads the value labels.
func (d *dtaReader) oldLabels(at *cursor, name int) {
	for at.pos() < at.size && d.flaw == nil {
		b, err := at.take(4 + name + 3)
		if err != nil {
			d.flaw = malformed("value labels")
			return
		}
		d.table(at, d.text(b[4:4+name]), int64(d.order.Uint32(b)))
	}
}
