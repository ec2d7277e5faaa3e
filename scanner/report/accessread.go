package report

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
)

// maxRequest is the longest line of a log that is read, and the longest event
// of CloudTrail; longer ones are counted as not understood.
const maxRequest = 1 << 20

// Read reads a log to its end. Apache's and nginx's common and combined
// formats, JSON lines with the names of nginx's variables, logs of S3 and
// CloudFront, the extended format of the W3C, and events of CloudTrail are
// known by their look, line by line. Lines that are not understood are counted.
// An error is one of reading: what came before it counts.
func (a *Access) Read(ctx context.Context, name string, in io.Reader) error {
	a.logs++
	l := &logReader{a: a, name: name}
	defer l.end()
	b := bufio.NewReaderSize(in, 256<<10)
	if bom, _ := b.Peek(3); string(bom) == "\xEF\xBB\xBF" {
		b.Discard(3)
	}
	head, _ := b.Peek(512)
	head = blank(head)
	next := l.nextLine
	if rest, ok := bytes.CutPrefix(head, []byte("{")); ok && bytes.HasPrefix(blank(rest), []byte(`"Records"`)) {
		next = l.nextEvent
		if _, err := b.ReadSlice('['); err != nil {
			l.strange()
			return ignoreEOF(name, err)
		}
	}
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		line, err := next(b)
		if len(line) > 0 {
			l.take(line)
		}
		if err != nil {
			return ignoreEOF(name, err)
		}
	}
}

func ignoreEOF(name string, err error) error {
	if errors.Is(err, io.EOF) {
		return nil
	}
	return fmt.Errorf("read %s: %w", name, err)
}

// A logReader reads one log.
type logReader struct {
	a     *Access
	name  string
	lines int64
	r     request
	w3c   w3c
	mine  *strangeLog
	any   bool   // a request was read
	when  []byte // of the last
	form  string
	long  []byte
}

// take reads a line.
func (l *logReader) take(line []byte) {
	l.lines++
	l.a.lines++
	line = bytes.TrimRight(line, "\r\n")
	if len(line) == 0 {
		l.a.passed++
		return
	}
	var ok bool
	switch {
	case line[0] == '#':
		l.w3c.directive(line)
		l.a.passed++
		return
	case line[0] == '{':
		ok = l.r.jsonLine(line)
	case l.w3c != nil:
		ok = l.r.w3cLine(l.w3c, line)
	default:
		ok = l.r.textLine(line)
	}
	if !ok {
		l.strange()
		return
	}
	if !l.any {
		l.any = true
		l.a.covers(&l.r)
	}
	l.when, l.form = append(l.when[:0], l.r.when...), l.r.layout
	l.a.count(&l.r)
}

// strange counts a line that is not understood.
func (l *logReader) strange() {
	a := l.a
	a.unread++
	if l.mine == nil {
		l.mine = &strangeLog{name: l.name, first: l.lines}
		if len(a.strange) < maxStrange {
			a.strange = append(a.strange, l.mine)
		}
	}
	l.mine.count++
}

// end notes until when the log goes.
func (l *logReader) end() {
	if l.any {
		l.a.covers(&request{when: l.when, layout: l.form})
	}
}

func (a *Access) covers(r *request) {
	t := r.time()
	a.from, a.to = earlier(a.from, t), later(a.to, t)
}

// nextLine returns the next line, valid until the next call. Of one that is too
// long its beginning is returned, which is not understood.
func (l *logReader) nextLine(b *bufio.Reader) ([]byte, error) {
	line, err := b.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return line, err
	}
	l.long = append(l.long[:0], line...)
	for err == bufio.ErrBufferFull {
		line, err = b.ReadSlice('\n')
		if len(l.long) < maxRequest {
			l.long = append(l.long, line...)
		}
	}
	if len(l.long) >= maxRequest {
		return []byte("longer than any request\n"), err
	}
	return l.long, err
}

// nextEvent returns the next object of an array, valid until the next call. Its
// end is io.EOF.
func (l *logReader) nextEvent(b *bufio.Reader) ([]byte, error) {
	l.long = l.long[:0]
	depth, inside, escaped := 0, false, false
	for {
		c, err := b.ReadByte()
		if err != nil {
			if depth > 0 && errors.Is(err, io.EOF) {
				return []byte("ends before its end"), io.ErrUnexpectedEOF
			}
			return nil, err
		}
		switch {
		case escaped:
			escaped = false
		case inside:
			escaped, inside = c == '\\', c != '"'
		case c == '"':
			inside = true
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ']' && depth == 0:
			return nil, io.EOF
		}
		switch {
		case depth == 0 && c != '}':
			continue
		case len(l.long) < maxRequest:
			l.long = append(l.long, c)
		}
		if depth == 0 {
			if len(l.long) >= maxRequest {
				l.long = append(l.long[:0], "longer than any event"...)
			}
			return l.long, nil
		}
	}
}
