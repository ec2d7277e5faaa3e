package format

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"math"
	"strings"

	"vigie/scanner"
)

var porFormat = scanner.Format{
	Name: "por",
	Doc: `SPSS portable file (.por)

In whatever character set it was written, which its header spells out (PSPP Developers
Guide, "Portable File Format"). Dates and times are what their print formats say,
labelled values their labels; documents are read as running text.`,
	Match: func(_ string, head []byte) bool {
		p := porReader{in: bufio.NewReader(bytes.NewReader(head))}
		return p.begin() == nil
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		p := &porReader{in: bufio.NewReaderSize(c.Stream(), 64<<10), savReader: savReader{grid: grid{ctx: ctx, yield: yield}}}
		err := p.read()
		if ferr := p.flush(); err == nil {
			err = ferr
		}
		if errors.Is(err, io.EOF) {
			err = io.ErrUnexpectedEOF
		}
		return fault(err)
	},
}

const (
	porLine = 80
	porText = 32767 // bytes of a string

	porFormats = 82 // what SPSS 25 adds to the numbers of its formats of dates
)

// porLetters are the characters whose codes in the file the header gives, from its
// 64th on.
const porLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz .<(+|&[]!$*);^-/|,%_>?`:#@'=\""

// A porReader reads a portable file, in which all is text.
type porReader struct {
	in     *bufio.Reader
	column int
	letter [256]byte // by their codes in the file
	last   byte      // read again, where there is one
	again  bool
	text   []byte
	savReader
}

// next returns the next character: lines that are too short end in blanks.
func (p *porReader) next() (byte, error) {
	for !p.again {
		b, err := p.in.ReadByte()
		switch {
		case err != nil:
			return 0, err
		case b == '\r':
			continue
		case b == '\n' && p.column < porLine:
			p.in.UnreadByte()
			b = ' '
		case b == '\n':
			p.column = 0
			continue
		}
		p.column++
		if p.column > porLine {
			p.column = 1
		}
		p.last = p.letter[b]
		return p.last, nil
	}
	p.again = false
	return p.last, nil
}

// begin reads the header: what it is in five character sets, the codes of the
// letters, and the mark.
func (p *porReader) begin() error {
	for i := range p.letter {
		p.letter[i] = byte(i)
	}
	var head [464]byte
	for i := range head {
		b, err := p.next()
		if err != nil {
			return err
		}
		head[i] = b
	}
	for i, c := range []byte(porLetters) {
		if code := head[200+64+i]; code != 0 && (code != head[200+64] || i == 0) {
			p.letter[code] = c
		}
	}
	for i, c := range []byte("SPSSPORT") {
		if p.letter[head[456+i]] != c {
			return malformed("mark of a portable file")
		}
	}
	return nil
}

func (p *porReader) read() error {
	err := p.begin()
	if err == nil {
		_, err = p.next() // the version
	}
	for i := 0; err == nil && i < 2; i++ { // day and time
		_, err = p.string()
	}
	for err == nil {
		var kind byte
		if kind, err = p.next(); err != nil {
			break
		}
		switch kind {
		case 'F':
			return p.cases()
		default:
			err = p.record(kind)
		}
		if p.room > savRoom || len(p.variables) > savVariables {
			err = malformed("size of the dictionary")
		}
	}
	return err
}

// record reads a record of the dictionary.
func (p *porReader) record(kind byte) (err error) {
	var v *savVariable
	if len(p.variables) > 0 {
		v = &p.variables[len(p.variables)-1]
	}
	switch kind {
	case '1', '2', '3', '6':
		_, err = p.string()
	case '4', '5':
		_, err = p.number()
	case '7':
		return p.variable()
	case '8', '9', 'A', 'B': // values that are missing
		n := 1
		if kind == 'B' {
			n = 2
		}
		for range n {
			if v != nil && v.width > 0 {
				_, err = p.string()
			} else if err == nil {
				_, err = p.number()
			}
		}
	case 'C':
		var s string
		if s, err = p.string(); v != nil {
			v.label = s
		}
	case 'D':
		return p.labels()
	case 'E':
		var n float64
		n, err = p.number()
		for ; err == nil && n >= 1; n-- {
			var s string
			s, err = p.string()
			p.aside("", []byte(s))
			p.room = 0
		}
	default:
		return malformed("record of the dictionary")
	}
	return err
}

func (p *porReader) variable() error {
	width, err := p.number()
	if err != nil {
		return err
	}
	name, err := p.string()
	var form [6]float64
	for i := range form {
		if err == nil {
			form[i], err = p.number()
		}
	}
	if form[0] > porFormats {
		form[0] -= porFormats
	}
	if err == nil && !(width >= 0 && width <= porText) {
		err = malformed("variable")
	}
	if err == nil {
		p.variables = append(p.variables, savVariable{width: int(width), name: name, format: byte(max(0, min(form[0], 255)))})
	}
	return err
}

// labels reads what values are called, and the variables that have them.
func (p *porReader) labels() error {
	n, err := p.number()
	var of []*savVariable
	for ; err == nil && n >= 1; n-- {
		var name string
		name, err = p.string()
		for i := range p.variables {
			if p.variables[i].name == name && len(of) < savVariables {
				of = append(of, &p.variables[i])
			}
		}
	}
	if err == nil {
		n, err = p.number()
	}
	text := len(of) > 0 && of[0].width > 0
	named := make(map[float64]string)
	for ; err == nil && n >= 1; n-- {
		v := math.NaN()
		if text {
			_, err = p.string()
		} else {
			v, err = p.number()
		}
		var label string
		if err == nil {
			label, err = p.string()
		}
		named[v] = label[:min(len(label), rdsLevel)]
	}
	for _, v := range of {
		if !text {
			v.labels = named
		}
	}
	return err
}

// cases reads the rows, up to a Z.
func (p *porReader) cases() error {
	if len(p.variables) == 0 {
		return malformed("no variables")
	}
	for i := range p.variables {
		p.title(p.variables[i].name, p.variables[i].label)
	}
	for {
		c, err := p.next()
		if err != nil {
			return err
		}
		if c == 'Z' {
			return nil
		}
		p.again = true
		for i := range p.variables {
			p.room = 0
			if v := &p.variables[i]; v.width > 0 {
				s, err := p.string()
				if err != nil {
					return err
				}
				p.value([]byte(s))
			} else {
				n, err := p.number()
				if err != nil {
					return err
				}
				p.numeric(v, n)
			}
		}
		if err := p.endRow(); err != nil {
			return err
		}
	}
}

// string reads a text behind its length, in UTF-8.
func (p *porReader) string() (string, error) {
	n, err := p.number()
	if err != nil {
		return "", err
	}
	if !(n >= 0 && n <= porText) {
		return "", malformed("length of a string")
	}
	p.text = p.text[:0]
	for range int(n) {
		c, err := p.next()
		if err != nil {
			return "", err
		}
		p.text = append(p.text, c)
	}
	p.room += len(p.text) + 64
	return strings.TrimRight(string(legacy(p.text)), " "), nil
}

// number reads a number of base 30 that ends in a slash; NaN is missing.
func (p *porReader) number() (float64, error) {
	c, err := p.next()
	for err == nil && c == ' ' {
		c, err = p.next()
	}
	if err == nil && c == '*' {
		_, err = p.next()
		return math.NaN(), err
	}
	minus := err == nil && c == '-'
	if minus {
		c, err = p.next()
	}
	v, exponent, digits, point := 0.0, 0, 0, false
	for ; err == nil && digits < porText; c, err = p.next() {
		d := strings.IndexByte("0123456789ABCDEFGHIJKLMNOPQRST", c)
		switch {
		case d >= 0:
			v = v*30 + float64(d)
			if point {
				exponent--
			}
			digits++
			continue
		case c == '.' && !point:
			point = true
			continue
		case c == '+' || c == '-':
			var e int
			if e, err = p.power(); c == '-' {
				e = -e
			}
			exponent += e
			c = '/'
		}
		if err != nil {
			break
		}
		if c != '/' || digits == 0 {
			return 0, malformed("number")
		}
		if v *= math.Pow(30, float64(exponent)); minus {
			v = -v
		}
		return v, nil
	}
	if err == nil {
		err = malformed("number")
	}
	return 0, err
}

// power reads an exponent up to the slash.
func (p *porReader) power() (e int, err error) {
	for {
		c, err := p.next()
		d := strings.IndexByte("0123456789ABCDEFGHIJKLMNOPQRST", c)
		if err != nil || c == '/' {
			return e, err
		}
		if d < 0 {
			return 0, malformed("number")
		}
		e = min(e*30+d, 10_000)
	}
}
