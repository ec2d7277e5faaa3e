package format

import (
	"bytes"
	"encoding/binary"
)

// strls notes where long texts are: "GSO", v, o, type, length, bytes. Those beyond
// what can be noted are running text.
func (d *dtaReader) strls() error {
	d.texts = make(map[dtaRef]int64)
	d.long = newCursor(d.from, d.cursor.size, 0, gridCell+32)
	for {
		b, err := d.peek(3)
		if err != nil || string(b) != "GSO" {
			return err
		}
		if b, err = d.take(3 + 4); err != nil {
			return err
		}
		ref := dtaRef{v: d.order.Uint32(b[3:])}
		if ref.o, err = d.uint(map[bool]int{true: 8, false: 4}[d.version >= 118]); err != nil {
			return err
		}
		if err = d.skip(1); err != nil {
			return err
		}
		at := d.pos()
		size, err := d.uint(4)
		if err == nil {
			err = d.skip(int64(size))
		}
		if err != nil {
			return err
		}
		if len(d.texts) < dtaTexts {
			d.texts[ref] = at
		} else {
			d.long.seek(at + 4)
			d.pour(int64(size))
		}
	}
}

// pour hands over the next size bytes of long texts as running text.
func (d *dtaReader) pour(size int64) {
	for size > 0 {
		b, err := d.long.peek(int(min(size, gridCell)))
		if err != nil {
			return // strls saw the end
		}
		if int64(len(b)) < size {
			b = b[:rawCut(b)]
		}
		d.long.skip(int64(len(b)))
		size -= int64(len(b))
		if d.version < 118 {
			b = legacy(b)
		}
		d.prose(b)
	}
}

// longText adds the text that a cell refers to. Where others did before, its
// beginning must do: one text may stand in every row.
func (d *dtaReader) longText(b []byte) {
	v := 16 // bits of the variable's number; the rest is that of the observation
	switch {
	case d.version == 117:
		v = 32
	case d.version == 119 || d.version == 121:
		v = 24
	}
	all := d.order.Uint64(b)
	ref := dtaRef{uint32(all & (1<<v - 1)), all >> v}
	if d.order == binary.ByteOrder(binary.BigEndian) {
		ref = dtaRef{uint32(all >> (64 - v)), all & (1<<(64-v) - 1)}
	}
	at, ok := d.texts[ref]
	if !ok {
		if ref.o != 0 && d.texts != nil && len(d.texts) < dtaTexts && d.flaw == nil {
			d.flaw = malformed("a long text is missing")
		}
		d.value(nil)
		return
	}
	d.texts[ref] = -max(at, -at)
	d.long.seek(max(at, -at))
	b, err := d.long.take(4)
	if err != nil {
		d.value(nil)
		return
	}
	size := int64(d.order.Uint32(b))
	n := min(size, gridCell)
	if at < 0 {
		n = min(n, rdsLevel)
	}
	text, err := d.long.take(int(n))
	if err != nil {
		text = nil
	}
	if n == gridCell {
		n = int64(rawCut(text))
		text = text[:n]
		d.long.seek(max(at, -at) + 4 + n)
	}
	text = bytes.TrimRight(text, "\x00")
	if d.version < 118 {
		text = legacy(text)
	}
	d.value(text)
	if at >= 0 {
		d.pour(size - n)
	}
}
