package format

import (
	"bytes"
	"context"
	"strconv"

	"vigie/scanner"
)

var hl7Format = scanner.Format{
	Name: "hl7",
	Doc: `messages between health systems (HL7 v2, HPRIM)

A row a patient: what follows a PID segment, or a P segment of HPRIM, up to the
next one. Well-known fields are titled by what they hold (last name, birth date);
all others by segment and number (PV1-3), as are those of segments that come
before a patient.`,
	Match: func(_ string, head []byte) bool { return isHL7(headText(head)) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		return readHL7(ctx, decode(c.Stream()), slabSize, yield)
	},
}

// isHL7 reports whether text begins with a header: MSH|^~\& or, of HPRIM, H|~^\&
// (batches: FHS and BHS).
func isHL7(head []byte) bool {
	head = bytes.TrimLeft(head, "\v\r\n ")
	sep, marks, ok := hl7Header(head)
	return ok && sep != 0 && len(marks) >= 2 && bytes.IndexByte(marks, '^') >= 0 && bytes.IndexByte(marks, '~') >= 0
}

// hl7Header returns what separates fields, and what separates within them.
func hl7Header(line []byte) (sep byte, marks []byte, ok bool) {
	n := 1
	switch {
	case bytes.HasPrefix(line, []byte("MSH")), bytes.HasPrefix(line, []byte("FHS")), bytes.HasPrefix(line, []byte("BHS")):
		n = 3
	case !bytes.HasPrefix(line, []byte("H")):
		return 0, nil, false
	}
	if len(line) < n+4 {
		return 0, nil, false
	}
	sep = line[n]
	if isLower(sep) || isUpper(sep) || isDigit(sep) || sep <= ' ' {
		return 0, nil, false
	}
	marks = line[n+1:]
	if end := bytes.IndexByte(marks, sep); end >= 2 && end <= 5 {
		return sep, marks[:end], true
	}
	return 0, nil, false
}

// hl7Titles say what fields hold: by segment and number, or also the number of
// the component. Numbers are those of the standard (HL7 v2.5, chapter 3; HPRIM
// counts the name of the segment as the first field, here it is none).
var hl7Titles = map[string]string{
	"PID-2": "patient id", "PID-3.1": "patient id", "PID-5.1": "last name", "PID-5.2": "first name", "PID-5.3": "prenoms",
	"PID-6": "nom de jeune fille", "PID-7": "birth date", "PID-8": "sex",
	"PID-11.1": "street address", "PID-11.3": "city", "PID-11.5": "postcode", "PID-11.6": "country",
	"PID-13": "telephone", "PID-14": "telephone professionnel", "PID-16": "situation familiale", "PID-19": "NIR",
	"PID-23": "lieu de naissance", "PID-29": "date de deces",
	"NK1-2.1": "nom contact", "NK1-2.2": "prenom contact", "NK1-5": "telephone contact",
	"DG1-3": "diagnostic", "IN1-49": "numero assure", "IN1-16": "nom assure", "IN1-18": "naissance assure",
	"PV1-7": "medecin", "PV1-8": "medecin adresseur",

	"P-2": "patient id", "P-3": "patient id", "P-5.1": "last name", "P-5.2": "first name", "P-6": "nom de jeune fille",
	"P-7": "birth date", "P-8": "sex", "P-10.1": "street address", "P-10.2": "complement", "P-10.3": "city",
	"P-10.5": "postcode", "P-12": "telephone", "P-13": "medecin", "AP-2": "NIR",
}

// hl7Split has the fields that are cut into components: those with titles of
// their own.
func hl7Split() map[string]bool {
	split := make(map[string]bool)
	for key := range hl7Titles {
		if field, _, ok := bytes.Cut([]byte(key), []byte{'.'}); ok {
			split[string(field)] = true
		}
	}
	return split
}

// An hl7Reader reads segments.
type hl7Reader struct {
	lined
	table   recordTable
	sep     byte
	part    byte // between components
	again   byte // between repetitions
	escape  byte
	split   map[string]bool
	patient bool              // a patient is in the row at hand
	names   map[string][]byte // titles by segment and numbers
}

func readHL7(ctx context.Context, src *decoder, size int, yield func(*scanner.Block) error) error {
	h := hl7Reader{lined: lined{ctx: ctx, yield: yield}, table: recordTable{yield: yield}, split: hl7Split(), names: make(map[string][]byte)}
	return h.lined.read(src, size, h.segment, func() error {
		if err := h.table.end(); err != nil {
			return err
		}
		return h.table.flush()
	})
}

// segment reads a line. It reports false where that is no segment.
func (h *hl7Reader) segment(line []byte) bool {
	line = bytes.TrimLeft(line, "\v\x1c\r\n")
	if len(line) == 0 {
		return true
	}
	if sep, marks, ok := hl7Header(line); ok {
		h.sep, h.part, h.again, h.escape = sep, marks[0], marks[1], '\\'
		if len(marks) > 2 {
			h.escape = marks[2]
		}
		h.stop = h.table.end()
		h.patient = false
	}
	name, rest, ok := bytes.Cut(line, []byte{h.sep})
	if !ok || h.sep == 0 || len(name) == 0 || len(name) > 3 || !isUpper(name[0]) {
		return false
	}
	if string(name) == "PID" || string(name) == "P" {
		if h.patient {
			h.stop = h.table.end()
		}
		h.patient = true
	}
	number := 1
	if _, _, ok := hl7Header(line); ok {
		_, rest, _ = bytes.Cut(rest, []byte{h.sep}) // the separators
		if number = 2; string(name) == "MSH" {
			number = 3
		}
	}
	for ; ; number++ {
		field, more, found := bytes.Cut(rest, []byte{h.sep})
		if len(field) > 0 {
			h.field(name, number, field)
		}
		if !found {
			return true
		}
		rest = more
	}
}

// field puts a field into the row: its components each by their own where they
// have titles, otherwise all in one cell. Of repetitions, the first has the
// title and the others follow in the same cells.
func (h *hl7Reader) field(segment []byte, number int, field []byte) {
	var buf [32]byte
	key := append(append(buf[:0], segment...), '-')
	key = strconv.AppendInt(key, int64(number), 10)
	if string(key) == "PID-3" {
		field = h.identity(field)
	}
	if len(field) == 0 {
		return
	}
	if !h.split[string(key)] {
		h.put(key, field)
		return
	}
	whole := len(key)
	for {
		one, others, more := bytes.Cut(field, []byte{h.again})
		for k := 1; len(one) > 0; k++ {
			component, next, _ := bytes.Cut(one, []byte{h.part})
			if len(component) > 0 {
				h.put(strconv.AppendInt(append(key[:whole], '.'), int64(k), 10), component)
			}
			one = next
		}
		if !more {
			return
		}
		field = others
	}
}

// identity puts the national number (INS: the NIR) among the identifiers of a
// patient, repetitions of PID-3, into a cell of its own, and returns the others.
func (h *hl7Reader) identity(field []byte) []byte {
	var others []byte
	for one := range bytes.SplitSeq(field, []byte{h.again}) {
		number, of, _ := bytes.Cut(one, []byte{h.part})
		if bytes.Contains(of, []byte("INS-NIR")) || bytes.Contains(of, []byte("INS-NIA")) || bytes.Contains(of, []byte("1.2.250.1.213.1.4.")) {
			h.put([]byte("PID-19"), number)
			continue
		}
		if others != nil {
			others = append(others, h.again)
		}
		others = append(others, one...)
	}
	return others
}

// put adds a value to the row, with blanks for what separates within it and
// without escapes.
func (h *hl7Reader) put(key, value []byte) {
	title, ok := h.names[string(key)]
	if !ok {
		title = bytes.Clone(key)
		if t, ok := hl7Titles[string(key)]; ok {
			title = []byte(t)
		}
		if len(h.names) < 4*labelled {
			h.names[string(key)] = title
		}
	}
	clean := make([]byte, 0, len(value))
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == h.part, c == h.again, c == '&':
			c = ' '
		case c == h.escape && h.escape != 0:
			if end := bytes.IndexByte(value[i+1:], h.escape); end >= 0 && end <= 4 {
				code := value[i+1 : i+1+end]
				i += end + 1
				c = ' '
				switch string(code) {
				case "F":
					c = h.sep
				case "S":
					c = h.part
				case "R":
					c = h.again
				case "T":
					c = '&'
				}
			}
		}
		clean = append(clean, c)
	}
	if clean = bytes.TrimSpace(clean); len(clean) > 0 && !h.table.put(title, clean) {
		h.aside(title, []byte(": "), clean)
	}
}
