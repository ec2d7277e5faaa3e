package format

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"vigie/scanner"
)

// Types of properties ([MS-OXCDATA] 2.11.1).
const (
	pstObject  = 0x000d
	pstNarrow  = 0x001e
	pstWide    = 0x001f
	pstTime    = 0x0040
	pstBinary  = 0x0102
	pstSeveral = 0x1000 // of them
)

// A pstItem is a message, a folder or an attachment by its properties (2.3.3).
type pstItem struct {
	l          *pstLook
	heap       *pstHeap
	parts      map[uint32]pstNode
	order      []pstNode
	properties []pstProperty
	page       *charmap.Charmap
	read       int // bytes of values
}

type pstProperty struct {
	id, kind uint16
	value    uint32 // or where it is
}

func (l *pstLook) item(n pstNode) *pstItem {
	i := l.itemParts(n)
	if i.heap.kind != 0xbc {
		return i
	}
	le := binary.LittleEndian
	i.heap.tree(i.heap.root, 2, 6, func(r []byte) {
		i.properties = append(i.properties, pstProperty{le.Uint16(r), le.Uint16(r[2:]), le.Uint32(r[4:])})
	})
	i.page = codePage(uint16(i.find(0x3ffd).value)) // that of the message
	return i
}

// itemParts opens the heap of a node and lists its parts.
func (l *pstLook) itemParts(n pstNode) *pstItem {
	i := &pstItem{l: l, heap: l.heap(n.data), parts: make(map[uint32]pstNode), page: charmap.Windows1252}
	if n.sub != 0 {
		l.parts(n.sub, func(part pstNode) {
			i.parts[part.id] = part
			i.order = append(i.order, part)
		})
	}
	return i
}

// find returns a property; its kind is 0 where there is none.
func (i *pstItem) find(id uint16) pstProperty {
	for _, p := range i.properties {
		if p.id == id {
			return p
		}
	}
	return pstProperty{}
}

// open reads a value that is not in the property: in the heap, or a part.
func (i *pstItem) open(value uint32) io.Reader {
	if value&pstKind == 0 {
		return bytes.NewReader(i.heap.get(value))
	}
	part, ok := i.parts[value]
	if !ok {
		i.heap.lost()
		return bytes.NewReader(nil)
	}
	return i.l.data(part.data)
}

func (i *pstItem) bytes(value uint32, most int64) []byte {
	b, _ := io.ReadAll(io.LimitReader(i.open(value), most))
	i.read += len(b)
	return b
}

// text returns a property that is text.
func (i *pstItem) text(id uint16) string { return i.textOf(i.find(id), msgName) }

func (i *pstItem) textOf(p pstProperty, most int64) string {
	if p.kind != pstWide && p.kind != pstNarrow {
		return ""
	}
	return i.decode(i.bytes(p.value, most), p.kind)
}

func (i *pstItem) decode(b []byte, kind uint16) string {
	if kind == pstWide {
		d := decoder{set: utf16LE, raw: b, begun: true, ended: true}
		room := make([]byte, 3*len(b)/2+8)
		b = room[:d.transcode(room)]
	} else if !utf8.Valid(b) {
		b, _ = i.page.NewDecoder().Bytes(b)
	}
	return strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\x00 \n")
}

// texts returns the texts of a property that has several (2.3.3.4.2).
func (i *pstItem) texts(p pstProperty) (all []string) {
	le := binary.LittleEndian
	b := i.bytes(p.value, 16*msgName)
	if len(b) < 4 {
		return nil
	}
	n := min(int64(le.Uint32(b)), int64(len(b)-4)/4, 1<<10)
	for k := range n {
		from, to := int64(le.Uint32(b[4+4*k:])), int64(len(b))
		if k+1 < n {
			to = int64(le.Uint32(b[8+4*k:]))
		}
		if from <= to && to <= int64(len(b)) {
			all = append(all, i.decode(b[from:min(to, from+msgName)], p.kind&^pstSeveral))
		}
	}
	return all
}

// time returns a property that is a time; the zero time where there is none.
func (i *pstItem) time(id uint16) time.Time {
	p := i.find(id)
	b := i.heap.get(p.value)
	if p.kind != pstTime || len(b) != 8 {
		return time.Time{}
	}
	t := time.Unix(int64(binary.LittleEndian.Uint64(b)/1e7)-11644473600, 0).UTC()
	if t.Year() < 1850 || t.Year() > 2200 {
		return time.Time{}
	}
	return t
}

// table hands over the rows of a table (2.3.4): what each column has, "" where it
// is no text. Rows that were deleted are among them. It ends where their texts are
// more than pstLines.
func (l *pstLook) table(n pstNode, columns []uint16, yield func([]string) bool) {
	i := l.itemParts(n)
	le := binary.LittleEndian
	b := i.heap.get(i.heap.root)
	if i.heap.kind != pstTable || len(b) < 22 || len(b) < 22+8*int(b[1]) {
		i.heap.lost()
		return
	}
	flags, width, rows := int(le.Uint16(b[6:])), int(le.Uint16(b[8:])), le.Uint32(b[14:])
	if width == 0 || rows == 0 {
		return
	}
	type column struct {
		id, kind uint16
		at, bit  int
	}
	var all []column
	for k := range int(b[1]) {
		c := b[22+8*k:]
		all = append(all, column{le.Uint16(c[2:]), le.Uint16(c), int(le.Uint16(c[4:])), int(c[7])})
	}
	each := func(b []byte) bool {
		for ; len(b) >= width; b = b[width:] {
			row := make([]string, len(columns))
			for _, c := range all {
				if flag := flags + c.bit/8; flag >= width || c.at+4 > width || b[flag]>>(7-c.bit%8)&1 == 0 {
					continue
				}
				for k, id := range columns {
					if c.id == id {
						row[k] = i.textOf(pstProperty{c.id, c.kind, le.Uint32(b[c.at:])}, msgName)
					}
				}
			}
			if i.read > pstLines {
				l.bad(&scanner.Problem{Reason: scanner.TooLarge, Detail: "the recipients of a message"})
				return false
			} else if !yield(row) {
				return false
			}
		}
		return true
	}
	if rows&pstKind == 0 {
		each(i.heap.get(rows))
		return
	}
	d := l.data(i.parts[rows].data)
	for b := d.next(); b != nil && each(b); b = d.next() {
	}
}
