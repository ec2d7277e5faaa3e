package detectors

// A Text is a run of bytes with what several detectors look for in it, the
// anchors, found once whoever asks. It belongs to one goroutine and is meant to
// be used again: Reset keeps the memory.
type Text struct {
	// Bytes is the text; detectors only read it.
	Bytes []byte
	// Cell, Row and Quote delimit cells where a ruler lies on the text. All
	// zero: running text. No anchor crosses a delimiter.
	Cell, Row, Quote byte

	runs  []Run
	ats   []int
	words []Span
	read  bool // words were looked for
}

// A Span is the bytes [Start, End) of a text.
type Span struct{ Start, End int }

// A Run is a run of digits with gaps: see Text.Runs.
type Run struct {
	Start, End int // End: after the last digit
	Digits     int // number of digits (and of A or B after a 2)
}

// Reset lays t on b, delimited as given, and finds the anchors of the sieve.
func (t *Text) Reset(b []byte, cell, row, quote byte) {
	t.Bytes, t.Cell, t.Row, t.Quote = b, cell, row, quote
	t.runs, t.ats, t.words, t.read = t.runs[:0], t.ats[:0], t.words[:0], false
}

// Runs returns the runs of at least 9 digits with gaps of up to 3 bytes (space,
// tab, dot, dash, slash, underscore, NBSP and NNBSP in UTF-8), in order; A or B
// right after a 2 counts as a digit (Corsica). A run does not cross a delimiter.
func (t *Text) Runs() []Run { return t.runs }

// Ats returns the positions of '@', in order.
func (t *Text) Ats() []int { return t.ats }

// Words returns the words: letters (UTF-8) and digits with inner hyphens and
// apostrophes, found on the first call after Reset. Only a study asks.
func (t *Text) Words() []Span { return t.words }
