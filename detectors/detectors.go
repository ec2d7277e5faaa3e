// Package detectors knows what a personal value looks like. Bytes go in,
// matches come out; there is no I/O here and nothing outside the standard
// library.
//
// A Detector is a value in the ordered list that All returns. Its examples
// (Yes and No) are its first test. To add a kind: one file with the value, one
// line in all.go.
//
// Everything in this package is safe for concurrent use, except a Text, which
// belongs to one goroutine.
package detectors

import "fmt"

// A Kind names what a value is: "nir", "birth_date". It is the name in flags
// and reports, and a contract: kinds are added, never renamed.
type Kind string

// Class says what a kind means for the person it belongs to.
type Class uint8

const (
	// Direct kinds identify a person by themselves: NIR, name, e-mail, IBAN.
	Direct Class = iota + 1
	// Quasi kinds identify in combination: birth date, street, postcode.
	Quasi
	// Sensitive kinds say something about a person that harms when known:
	// benefits, income, disability.
	Sensitive
)

// String returns the name of the class in reports.
func (c Class) String() string {
	switch c {
	case Direct:
		return "direct"
	case Quasi:
		return "quasi"
	case Sensitive:
		return "sensitive"
	}
	return ""
}

// MarshalText writes the name of the class.
func (c Class) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads what MarshalText wrote.
func (c *Class) UnmarshalText(b []byte) error {
	for k := Direct; k <= Sensitive; k++ {
		if k.String() == string(b) {
			*c = k
			return nil
		}
	}
	return fmt.Errorf("read class %q: want direct, quasi or sensitive", b)
}

// Scope says how much the form of a value proves.
type Scope uint8

const (
	// Anywhere: the value proves itself, in running text as in a cell (a NIR
	// with its key, an e-mail address).
	Anywhere Scope = iota
	// Column: one value proves nothing, a column mostly made of them does
	// (street addresses, first names).
	Column
	// Titled: only a title or a word near by makes the value what it is (an
	// income, a seven-digit number).
	Titled
)

// A Detector recognises one kind.
type Detector struct {
	Kind   Kind
	Doc    string   // title, blank line, explanation with references
	Class  Class    // what the assessment needs to know
	Scope  Scope    // how much the form alone proves
	Sieve  bool     // fast and telling enough to run over every byte
	Titles []string // folded column titles (Fold) that announce the kind

	// Find appends the matches in t to dst, in order of Start and without
	// overlap, and returns dst. What it finds proves itself where it stands: a
	// detector of scope Column or Titled asks for its context here ("né le",
	// "Nom :"). It must not retain t and must be safe for concurrent use. Nil:
	// the kind is seen in cells only.
	Find func(dst []Match, t *Text) []Match

	// Fits reports whether a whole cell, trimmed and without its quotes, reads
	// as this kind, and whether its key or checksum holds (true for kinds
	// without one). Nil: a match of Find must fill the cell.
	Fits func(cell []byte) (fits, valid bool)

	// Norm appends to dst the form of v in which equal values are equal: for
	// hashing and joining. Nil: lower case, without spaces.
	Norm func(dst, v []byte) []byte

	// Mask appends to dst what may be shown of v: never enough to find the
	// person. Nil: every letter and digit a bullet.
	Mask func(dst, v []byte) []byte

	Yes, No []string // running text it must, and must not, find something in
}

// A Match is a value found: the bytes [Start, End) of the text.
type Match struct {
	Start, End int
	Valid      bool // key or checksum holds; true for kinds without one
}

// A Relation is what two columns about one person must agree on: the birth
// year in a NIR and a birth date, a postcode and a commune. It tells real
// people from invented ones. With B empty it is about one column alone: the
// birth place in a NIR exists, an amount is one of the scale.
type Relation struct {
	Name string // "nir_birth_date": its name in evidence
	A, B Kind
	// Agree compares two cells of one row, trimmed; b is nil where B is empty.
	// known is false where one of them says nothing (empty, a sentinel,
	// unreadable).
	Agree func(a, b []byte) (agree, known bool)
}
