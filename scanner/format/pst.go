package format

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"io"
	"strings"
	"sync"

	"vigie/scanner"
)

var pstFormat = scanner.Format{
	Name: "pst",
	Doc: `Mailboxes of Outlook (PST, OST)

Messages, contacts, appointments and tasks are members in their folders, each as a
mail message: sender, recipients, subject, date, text, HTML and RTF, the further
properties that are texts, and what is attached, messages too. Those that no folder
lists are read too. All forms ([MS-PST]: ANSI, Unicode, and OST of Outlook 2013 with
its compressed blocks) and encodings; a password is not needed, as Outlook encrypts
nothing with it. Settings that lie hidden in folders are not read. Where the indexes
are damaged or cut off, what is left of them is looked for in the whole file.`,
	Match:  func(_ string, head []byte) bool { return isPST(head) },
	Unpack: unpackPST,
}

// isPST looks for the magic number, and for that of the client: of a PST, an OST or
// an address book.
func isPST(head []byte) bool {
	return len(head) > 12 && bytes.HasPrefix(head, []byte("!BDN")) && strings.Contains(" SM SO AB ", " "+string(head[8:10])+" ")
}

const pstHeader = 564 // bytes, of which the older form has fewer

// A pst reads a mailbox by its two indexes: of nodes (messages, folders), and of the
// blocks that hold their data ([MS-PST] 2.2). Several goroutines may use it.
type pst struct {
	from  io.ReaderAt
	size  int64
	wide  bool  // 64 bits (Unicode), not 32
	large bool  // pages of 4 KiB, and blocks that may be compressed
	code  byte  // how data are encoded: not at all, 1 or 2
	nodes int64 // where the index of nodes has its root
	index int64 // and that of blocks

	mu    sync.Mutex
	pages map[int64]pstPage
	spare func() *pstSpare // what a look over the whole file found of the indexes
}

// openPST reads the header (2.2.2.6). The mailbox comes with a Problem where it is
// damaged.
func openPST(from io.ReaderAt, size int64) (*pst, error) {
	b := make([]byte, pstHeader)
	if n, err := from.ReadAt(b, 0); n < len(b) {
		return nil, readFault(err)
	}
	le := binary.LittleEndian
	p := &pst{from: from, size: size, pages: make(map[int64]pstPage)}
	p.spare = sync.OnceValue(p.search)
	var end int64
	switch version := le.Uint16(b[10:]); {
	case version == 14 || version == 15:
		p.code, end = b[461], int64(le.Uint32(b[168:]))
		p.nodes, p.index = int64(le.Uint32(b[188:])), int64(le.Uint32(b[196:]))
	case version >= 20 && version <= 23 || version == 36:
		p.wide, p.large = true, version == 36
		p.code, end = b[513], int64(le.Uint64(b[184:]))
		p.nodes, p.index = int64(le.Uint64(b[224:])), int64(le.Uint64(b[240:]))
	default:
		return nil, unsupported(fmt.Sprintf("mailbox of Outlook, version %d", version))
	}
	switch {
	case p.code == 0x10:
		return nil, &scanner.Problem{Reason: scanner.Encrypted, Detail: "mailbox of Outlook"}
	case end > size:
		return p, truncated("shorter than its header says")
	case pstSum(b[8:8+471]) != le.Uint32(b[4:]):
		return p, malformed("checksum of the header")
	}
	return p, nil
}

// pstSum is the checksum of pages and blocks (5.3): CRC-32 that begins and ends
// without being turned round.
func pstSum(b []byte) uint32 { return ^crc32.Update(^uint32(0), crc32.IEEETable, b) }

// A pstNode is what the indexes know of a message, a folder or a part of one.
type pstNode struct {
	id     uint32
	data   uint64 // block of the data
	sub    uint64 // block that lists parts; 0 without
	parent uint32 // folder
}

// The low bits of a node's id are its kind (2.2.2.1).
const (
	pstKind        = 0x1f
	pstFolder      = 0x02
	pstMessage     = 0x04
	pstAttachment  = 0x05
	pstRecipients  = 0x12
	pstRoot        = 0x122 // the folder above all
	pstFolders     = 64    // in one another
	pstName        = 255   // bytes of the name of a folder
	pstPath        = 1 << 10
	pstPaths       = 1 << 12 // that are remembered
	pstMostFolders = 1 << 16 // with a name
)

func unpackPST(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	at, size, broken, closing, err := salvage(ctx, c)
	if err != nil {
		return fault(err)
	}
	defer closing()
	p, err := openPST(at, size)
	if p == nil {
		return err
	}
	w := &pstWalk{pstLook: pstLook{p: p, ctx: ctx}, folders: make(map[uint32]pstNode), names: make(map[uint32]string), seen: make(map[uint32]*[512]uint64), whole: broken == nil, yield: yield}
	w.bad(err)
	w.bad(broken)
	if err := w.walk(); err != nil {
		return err
	}
	return w.spoilt
}

// A pstWhole tells in the end what was damaged.
type pstWhole struct {
	l *pstLook
	r io.Reader
}

func (w *pstWhole) Read(b []byte) (int, error) {
	n, err := w.r.Read(b)
	switch {
	case w.l.stop != nil:
		err = w.l.stop
	case err == io.EOF && w.l.spoilt != nil:
		err = w.l.spoilt
	}
	return n, err
}
