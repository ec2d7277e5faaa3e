package format

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"

	"vigie/scanner"
)

var mboxFormat = scanner.Format{
	Name: "mbox",
	Doc: `Mailboxes (MBOX, of Thunderbird, Apple Mail, Google Takeout)

Each message is a member. A message begins with a line "From " behind an empty one;
where programs put a ">" before such a line of text, it is taken away (mboxrd).`,
	Match:  func(_ string, head []byte) bool { return isMbox(head) },
	Unpack: unpackMbox,
}

// isMbox reports whether head begins with a line "From " and a header.
func isMbox(head []byte) bool {
	line, rest, ok := bytes.Cut(head, []byte("\n"))
	return ok && fromLine(line) && isMail(bytes.TrimLeft(rest, "\r\n"))
}

// fromLine reports whether a line is "From somebody Thu Jan  1 00:00:00 1970"; some
// programs write no more than "From - ".
func fromLine(line []byte) bool {
	return bytes.HasPrefix(line, []byte("From ")) && (len(line) < 12 || bytes.IndexByte(line, ':') > 0)
}

// A mbox reads the messages of a mailbox one after the other.
type mbox struct {
	br    *bufio.Reader
	fresh bool // the next byte begins a line
	empty bool // the line before was empty
	met   bool // the line of the next message was met
	end   error
	rest  []byte
}

func unpackMbox(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	m := &mbox{br: bufio.NewReaderSize(c.Stream(), 64<<10), fresh: true, empty: true}
	io.Copy(io.Discard, m) // what comes before the first message: nothing
	for n := 1; m.met; n++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		m.met = false
		err := yield(scanner.Object{Path: fmt.Sprintf("message_%04d.eml", n), Size: -1, Open: once(m)})
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.Discard, m); err != nil {
			return fault(err)
		}
	}
	if m.end != nil && m.end != io.EOF {
		return fault(m.end)
	}
	return nil
}

// Read reads up to the next message.
func (m *mbox) Read(p []byte) (int, error) {
	for len(m.rest) == 0 {
		switch {
		case m.met:
			return 0, io.EOF
		case m.end != nil:
			return 0, m.end
		}
		line, err := m.br.ReadSlice('\n')
		begins := m.fresh
		m.fresh = err == nil
		if err != nil && err != bufio.ErrBufferFull {
			m.end = err
		}
		if begins && m.empty && fromLine(line) {
			m.met, m.empty = true, false
			return 0, io.EOF
		}
		m.empty = begins && len(bytes.TrimRight(line, "\r\n")) == 0 && len(line) > 0
		if begins && len(line) > 1 && line[0] == '>' && bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From ")) {
			line = line[1:]
		}
		m.rest = line
	}
	n := copy(p, m.rest)
	m.rest = m.rest[n:]
	return n, nil
}
