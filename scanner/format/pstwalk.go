package format

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"slices"
	"strings"

	"vigie/scanner"
)

// A pstWalk walks the index of nodes.
type pstWalk struct {
	pstLook
	folders map[uint32]pstNode
	names   map[uint32]string       // paths of some folders
	seen    map[uint32]*[512]uint64 // bits of the nodes of a kind that were met
	left    int64                   // pages that may be read: none is read twice
	whole   bool                    // the object does not break off
	yield   func(scanner.Object) error
}

// walk collects the folders, and then hands over the messages.
func (w *pstWalk) walk() error {
	for _, kind := range []uint32{pstFolder, pstMessage} {
		clear(w.seen)
		w.left = w.p.size/w.p.pageSize() + 1
		if err := w.level(w.p.nodes, pstLevels, kind); err != nil {
			return err
		}
		if w.spoilt != nil {
			w.left = pstSpares
			for _, at := range w.p.spare().nodes {
				if err := w.level(at, 1, kind); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// level walks a page and those below it, for nodes of a kind.
func (w *pstWalk) level(at int64, above int, kind uint32) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	if w.left--; w.left < 0 {
		w.bad(malformed("pages of an index in a circle"))
		return nil
	}
	pg, err := w.p.page(at, pstNodePage)
	if w.bad(err); w.stop != nil {
		return w.stop
	}
	if pg.level >= above {
		w.bad(malformed("levels of an index"))
		return nil
	}
	for row := range slices.Chunk(pg.rows, max(pg.step, 1)) {
		if pg.level > 0 {
			err = w.level(int64(w.p.number(row, 2)), pg.level, kind)
		} else {
			err = w.node(row, kind)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// node takes a row of a leaf (2.2.2.7.7.4).
func (w *pstWalk) node(row []byte, kind uint32) error {
	n := pstNode{id: uint32(w.p.number(row, 0)), data: w.p.number(row, 1), sub: w.p.number(row, 2), parent: binary.LittleEndian.Uint32(row[3*w.p.word():])}
	if n.id&pstKind != kind || n.data == 0 || !w.first(n.id) {
		return nil
	}
	if kind == pstFolder {
		if len(w.folders) < pstMostFolders {
			w.folders[n.id] = n
		}
		return nil
	}
	return w.member(n)
}

// first reports whether a node is met for the first time.
func (w *pstWalk) first(id uint32) bool {
	part, bit := id>>20, id>>5%(512*64)
	if w.seen[part] == nil {
		w.seen[part] = new([512]uint64)
	}
	was := w.seen[part][bit/64] >> (bit % 64) & 1
	w.seen[part][bit/64] |= 1 << (bit % 64)
	return was == 0
}

// member hands over a message.
func (w *pstWalk) member(n pstNode) error {
	name := fmt.Sprintf("message_%d.eml", n.id>>5) // a number that stays, whatever is deleted
	return w.yield(scanner.Object{
		Path: memberPath(w.folder(n.parent) + name), Size: -1, Apart: w.whole,
		Open: func(ctx context.Context, off, _ int64) (io.ReadCloser, error) {
			if off > 0 {
				return nil, scanner.ErrUnranged
			}
			l := &pstLook{p: w.p, ctx: ctx}
			return io.NopCloser(&pstWhole{l, l.mail(n, nil)}), nil
		},
	})
}

// folder returns the path of a folder, with a slash at its end; "" for that above
// all, and for one that is not there.
func (w *pstWalk) folder(id uint32) string {
	if path, ok := w.names[id]; ok {
		return path
	}
	path := ""
	for at, n := id, 0; at != pstRoot && n < pstFolders && len(path) < pstPath; n++ {
		f, ok := w.folders[at]
		if !ok {
			break
		}
		path = w.folderName(f) + "/" + path
		at = f.parent
	}
	if len(w.names) == pstPaths {
		clear(w.names)
	}
	w.names[id] = path
	return path
}

func (w *pstWalk) folderName(f pstNode) string {
	l := &pstLook{p: w.p, ctx: w.ctx}
	name := strings.Map(func(r rune) rune {
		if r == '/' || r == '\\' || r < ' ' {
			return '_'
		}
		return r
	}, l.item(f).text(0x3001))
	if len(name) > pstName {
		name = strings.ToValidUTF8(name[:pstName], "")
	}
	if strings.Trim(name, ". ") == "" {
		name = fmt.Sprintf("folder_%d", f.id>>5)
	}
	return name
}

// A pstLook is what one goroutine looks at. Damage is passed over and noted.
type pstLook struct {
	p      *pst
	ctx    context.Context
	spoilt error // the first damage
	stop   error // of the store, or of the context
}

// bad notes an error.
func (l *pstLook) bad(err error) {
	if !isProblem(err) {
		l.stop = err
	} else if l.spoilt == nil {
		l.spoilt = err
	}
}
