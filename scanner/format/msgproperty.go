package format

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"vigie/scanner"
)

// Properties of [MS-OXPROPS] by their streams of [MS-OXMSG]; the type follows.
const (
	msgStream     = "__substg1.0_"
	msgProperties = "__properties_version1.0"
	msgWide       = "001F" // text in UTF-16
	msgNarrow     = "001E" // text in the code page of the sender
	msgBinary     = "0102"
	msgBody       = "1000"
	msgMost       = 16 << 20 // bytes of a text
	msgName       = 4 << 10
	msgInner      = msgStream + "3701000D/"
)

// msgIdle are texts that are about the message and not in it: classes, kinds of
// addresses, topics, identifiers, the header as it was sent, lists of who else got it.
var msgIdle = []string{"001A", "0037", "003D", "0064", "0070", "0075", "0077", "007D", "0C1A", "0C1E", "0C1F", "0E02", "0E03", "0E04", "0E1D", "1000", "1013", "1035", "1039",
	"1042", "10F3", "3002", "300B", "340E", "3FF8", "3FFA", "5D01", "5D02"}

// A msg is a message in a compound file: at the top, or within an attachment.
type msg struct {
	o      *ole
	prefix string
}

func openMSG(ctx context.Context, c *scanner.Content) ([]msg, error) {
	at, size, err := c.At(ctx)
	if err != nil {
		return nil, err
	}
	o, err := openOLE(at, size)
	if err != nil {
		return nil, err
	}
	all := []msg{{o: o}}
	seen := map[string]bool{"": true}
	for _, s := range o.streams {
		if i := strings.LastIndex(s.path, msgInner); i >= 0 && strings.HasPrefix(s.path[i+len(msgInner):], "__") {
			if prefix := s.path[:i+len(msgInner)]; !seen[prefix] {
				seen[prefix] = true
				all = append(all, msg{o, prefix})
			}
		}
	}
	return all, nil
}

// text reads a property that is text, below a folder.
func (m msg) text(folder, property string, most int64) string {
	for _, kind := range []string{msgWide, msgNarrow} {
		s := m.o.find(m.prefix + folder + msgStream + property + kind)
		if s == nil {
			continue
		}
		b, _ := io.ReadAll(io.LimitReader(m.o.open(s), most))
		if kind == msgWide {
			d := decoder{set: utf16LE, raw: b, begun: true, ended: true}
			room := make([]byte, 3*len(b)/2+8)
			b = room[:d.transcode(room)]
		} else if property != msgBody {
			b = decodeHead(b)
		}
		return strings.TrimRight(strings.ReplaceAll(string(b), "\r\n", "\n"), "\x00 \n")
	}
	return ""
}

// texts returns the properties that are texts, but those that are known to be about
// the message only.
func (m msg) texts() (all []string) {
	for _, s := range m.o.streams {
		name, ok := strings.CutPrefix(s.path, m.prefix+msgStream)
		if !ok || len(name) != 8 || name[4:] != msgWide && name[4:] != msgNarrow {
			continue
		}
		if p := name[:4]; !slices.Contains(msgIdle, p) && len(all) < 1000 {
			all = append(all, p)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// folders returns the storages below that begin with a name, in order.
func (m msg) folders(name string) (all []string) {
	seen := make(map[string]bool)
	for _, s := range m.o.streams {
		rest, ok := strings.CutPrefix(s.path, m.prefix)
		if !ok || !strings.HasPrefix(rest, name) {
			continue
		}
		folder, _, ok := strings.Cut(rest, "/")
		if ok && !seen[folder] {
			seen[folder] = true
			all = append(all, folder+"/")
		}
	}
	return all
}

// sent returns when the message was sent.
func (m msg) sent() string {
	s := m.o.find(m.prefix + msgProperties)
	if s == nil {
		return ""
	}
	b, _ := io.ReadAll(io.LimitReader(m.o.open(s), 64<<10))
	head := 32
	if m.prefix != "" {
		head = 24
	}
	for at := head; at+16 <= len(b); at += 16 {
		if tag := binary.LittleEndian.Uint32(b[at:]); tag == 0x00390040 || tag == 0x0E060040 {
			ticks := binary.LittleEndian.Uint64(b[at+8:])
			t := time.Unix(int64(ticks/1e7)-11644473600, 0).UTC()
			if t.Year() > 1970 && t.Year() < 2200 {
				return t.Format(time.RFC1123)
			}
		}
	}
	return ""
}

// msgIsIdle reports whether a property is about the message and not in it.
func msgIsIdle(id uint16) bool { return slices.Contains(msgIdle, fmt.Sprintf("%04X", id)) }
