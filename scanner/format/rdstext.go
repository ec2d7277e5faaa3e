package format

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strconv"

	"vigie/scanner"
)

// rdsTasks is how deep things in the text form may lie in one another.
const rdsTasks = 1 << 16

// An rdsText makes the binary form of R objects out of the text form: each number
// and each text stands on a line of its own.
type rdsText struct {
	in    *bufio.Reader
	tasks []rdsTask // the last is next
	begun bool
	out   []byte
	lo    int
	fault error // what ended it, nil where the object did
}

// An rdsTask is what is to be read next, n times.
type rdsTask struct {
	what rdsWhat
	n    int64
}

type rdsWhat byte

const (
	rdsItem   rdsWhat = iota
	rdsInts           // whole numbers
	rdsReals          // others
	rdsBytes          // of a raw vector
	rdsString         // of n bytes
	rdsCode           // compiled code, its constants behind the first integer
	rdsConst          // constants
	rdsCall           // a call among constants, whose type is n
	rdsNext           // the type of one, and the call
)

// rdsBinary keeps what a text makes, up to where it breaks off. The caller calls
// done after the last read.
func rdsBinary(ctx context.Context, in *rdsText) (at io.ReaderAt, size int64, done func(), err error) {
	o := scanner.Object{Path: "text", Size: -1, Open: once(in)}
	c, err := scanner.NewContent(ctx, o, scanner.Limits{})
	if err != nil {
		return nil, 0, nil, err
	}
	if at, size, err = c.At(ctx); err != nil {
		c.Close()
		return nil, 0, nil, err
	}
	return at, size, func() { c.Close() }, nil
}

// Read ends where the object does, or the text breaks off.
func (t *rdsText) Read(p []byte) (int, error) {
	if !t.begun {
		t.begun = true
		t.begin()
	}
	for t.lo == len(t.out) {
		if t.fault != nil || len(t.tasks) == 0 {
			return 0, io.EOF
		}
		t.out, t.lo = t.out[:0], 0
		for len(t.out) < 32<<10 && len(t.tasks) > 0 && t.fault == nil {
			t.step()
		}
	}
	n := copy(p, t.out[t.lo:])
	t.lo += n
	return n, nil
}

// begin reads the versions, and the name of the character set.
func (t *rdsText) begin() {
	version := t.int()
	t.int()
	t.int()
	if version == 3 {
		t.text(t.int())
	}
	t.push(rdsItem, 1)
}

func (t *rdsText) push(what rdsWhat, n int64) {
	switch {
	case n <= 0:
	case len(t.tasks) == rdsTasks:
		t.fault = &scanner.Problem{Reason: scanner.TooDeep, Detail: "lists within lists"}
	default:
		t.tasks = append(t.tasks, rdsTask{what, n})
	}
}

// word returns the next line, which is short.
func (t *rdsText) word() []byte {
	for t.fault == nil {
		line, err := t.in.ReadSlice('\n')
		line = bytes.TrimSpace(line)
		switch {
		case err != nil && !(errors.Is(err, io.EOF) && len(line) > 0):
			if t.fault = err; errors.Is(err, io.EOF) {
				t.fault = io.ErrUnexpectedEOF
			} else if errors.Is(err, bufio.ErrBufferFull) {
				t.fault = malformed("number of R")
			}
		case len(line) > 0:
			return line
		}
	}
	return nil
}

// int copies a whole number.
func (t *rdsText) int() int64 {
	w := t.word()
	n, err := strconv.ParseInt(string(w), 10, 32)
	if string(w) == "NA" {
		n, err = math.MinInt32, nil
	}
	if err != nil && t.fault == nil {
		t.fault = malformed("number of R")
	}
	if t.fault == nil {
		t.out = binary.BigEndian.AppendUint32(t.out, uint32(n))
	}
	return n
}

// length copies the length of a vector.
func (t *rdsText) length() int64 {
	n := t.int()
	if n == -1 {
		high := t.int()
		n = high<<32 | t.int()&math.MaxUint32
	}
	return n
}

// real copies a number.
func (t *rdsText) real() {
	w := string(t.word())
	v, err := strconv.ParseFloat(w, 64)
	bits := math.Float64bits(v)
	if w == "NA" {
		bits, err = 0x7FF00000000007A2, nil
	}
	if err != nil && !errors.Is(err, strconv.ErrRange) && t.fault == nil {
		t.fault = malformed("number of R")
	}
	if t.fault == nil {
		t.out = binary.BigEndian.AppendUint64(t.out, bits)
	}
}

// text copies a text of n bytes from the next line on.
func (t *rdsText) text(n int64) {
	for t.fault == nil {
		c, err := t.in.ReadByte()
		if err != nil {
			t.fault = io.ErrUnexpectedEOF
			return
		}
		if c != '\n' && c != '\r' {
			t.in.UnreadByte()
			break
		}
	}
	t.more(n)
}

// more copies n bytes of a text, of which those that are no letters are escaped.
func (t *rdsText) more(n int64) {
	for ; n > 0 && t.fault == nil; n-- {
		if len(t.out) >= 64<<10 { // the rest later
			t.push(rdsString, n)
			return
		}
		c, err := t.in.ReadByte()
		if err == nil && c == '\\' {
			c, err = t.escaped()
		}
		if err != nil {
			t.fault = io.ErrUnexpectedEOF
			return
		}
		t.out = append(t.out, c)
	}
}

// escaped reads what follows a backslash.
func (t *rdsText) escaped() (byte, error) {
	c, err := t.in.ReadByte()
	switch {
	case err != nil:
	case c >= '0' && c <= '7':
		v := c - '0'
		for range 2 {
			d, err := t.in.ReadByte()
			if err != nil || d < '0' || d > '7' {
				t.in.UnreadByte()
				break
			}
			v = v<<3 | (d - '0')
		}
		return v, nil
	default:
		for i, letter := range []byte("ntvbrfa") {
			if c == letter {
				return "\n\t\v\b\r\f\a"[i], nil
			}
		}
	}
	return c, err
}
