// Package scanner holds the nouns of vigie and the engine that joins them. It
// knows no store, no format, no leak profile and no report: those are values
// and interfaces that Config brings.
//
// The way of the data:
//
//	Source → Object → Format.Unpack → Object … → Format.Read → Block
//	  → detectors → placed by the Ruler → Tally → Assessor → Finding → Sink
//
// A document is text with a ruler laid on it: a reader lays whole records end
// to end in one buffer and says which bytes separate cells and rows. Detectors
// only ever see bytes, so there is one engine for prose and for tables.
package scanner

import (
	"context"
	"io"
	"iter"
	"time"

	"vigie/detectors"
)

// A Source is a store: a folder, a bucket, a web directory.
type Source interface {
	// List yields the objects whose keys are in [from, to), in key order where
	// the store has one; "" leaves an end open. An error is yielded with the
	// Object whose Path says where it happened; the listing goes on where it
	// can. It stops when the caller does or ctx is done. An error that is a
	// *Problem keeps its reason.
	List(ctx context.Context, from, to string) iter.Seq2[Object, error]
}

// An Object is a stored file, or a member of a container. It is a value:
// copies are equal, and its functions may be called from any goroutine.
type Object struct {
	Path     string    // "s3://b/k.zip!/dir/a.csv"; one "!" a container
	Size     int64     // bytes; -1 when unknown
	Modified time.Time // zero when unknown
	Version  string    // ETag or version id, "" when unknown

	// Open reads n bytes from off; n < 0: to the end. Where the object cannot
	// be read from its middle (a deflated member, a server without ranges) it
	// returns ErrUnranged for off > 0 and may give more than n bytes. The
	// caller closes the reader. A *Problem says why an object cannot be read.
	Open func(ctx context.Context, off, n int64) (io.ReadCloser, error)

	// Exposure finds out who can read the stored object; nil for members, to
	// which the engine carries it, and it asks only after a finding.
	Exposure func(ctx context.Context) Exposure

	// Apart marks a member that another goroutine may open until its
	// container is closed. Others are valid only during the call that hands
	// them over, and are opened once at most.
	Apart bool
}

// A Format gets data out of an object. It is a container (Unpack), a document
// (Read), or both. Formats are tried in the order of Config.Formats.
type Format struct {
	Name string // its name in `vigie list formats`
	Doc  string // title, blank line, what is read and what is not

	// Match decides by content first, and by the name (in lower case) only where
	// content cannot tell. head: the first 64 KiB at most.
	Match func(name string, head []byte) bool

	// Unpack hands over the members, one at a time. Member paths are relative:
	// the engine joins them. An error from the callback is returned at once.
	// Trouble with one member is an Object whose Open says so.
	Unpack func(ctx context.Context, c *Content, yield func(Object) error) error

	// Read hands over the blocks, in order. A Block and its memory belong to
	// the reader again when the callback returns. What came before a fault is
	// handed over before the error is returned.
	Read func(ctx context.Context, c *Content, yield func(*Block) error) error

	// Beside marks a document that is one with what it holds, as a message is with
	// what is attached to it: its members count as lying where it lies.
	Beside bool

	// Foreign marks a third party's parser of hostile bytes, which may allocate
	// or loop without end: the engine runs it in a child process (Config.Child).
	Foreign bool
}

// OCR reads what a picture (JPEG, PNG, TIFF, PNM, JPEG 2000) shows, and returns
// that as lines of UTF-8. A *Problem says why it could not; text that was read
// before comes with it. It may be called from any goroutine, one picture a call.
type OCR func(ctx context.Context, picture []byte) (text []byte, err error)

// A Block is a run of whole records laid end to end, in UTF-8 (bytes that are
// no UTF-8 are harmless). It says all about itself, so it can be copied to an
// idle worker or come through a pipe from a child process.
type Block struct {
	Table  string   // name of the table in its object, "" where there is one
	Titles []string // column titles; nil where unknown. May only grow
	Text   []byte   // whole records; 64 KiB to 1 MiB, more for one long record
	At     int64    // number of the first row, or offset in running text
	Rows   int      // records in Text; 0 in running text
	Ruler  Ruler
}

// A Ruler says which bytes delimit cells and rows. Zero: running text. A
// delimiter between two Quote bytes is data; a doubled Quote is one quote.
// Readers other than CSV write 0x1F and 0x1E and need no quote.
type Ruler struct{ Cell, Row, Quote byte }

// A Study is what the first rows of a data set decided, before the work fans
// out. It is not changed afterwards, and travels with range tasks; what comes up
// later makes a new one, which only adds to it.
type Study struct {
	Kinds  []detectors.Kind // by column; "" where nothing is known
	Sets   [][]int          // columns of each quasi-identifier set
	Pairs  []Pair           // columns that must agree
	People []int            // columns that tell persons apart; nil without
}

// A Pair is two columns that a relation compares, in the studied rows and some
// behind them; or one column, with B -1.
type Pair struct {
	Relation string // name of a detectors.Relation
	A, B     int    // columns
}

// A Tally is what was counted in one table or text. Tallies of parts of a data
// set add up to the tally of the whole, in any order (Add).
type Tally struct {
	Object    string      // path of the object the data are in
	Table     string      // Block.Table
	Documents int64       // texts that were added up; 0 for a table
	Rows      int64       // 0 for running text
	Bytes     int64       // of text
	Studied   int64       // rows (in running text bytes) that every detector saw
	Study     *Study      // nil for running text
	Columns   []Column    // by position; one without title for running text
	Births    []uint32    // births in columns of birth dates by month: index 0 is January 1900; nil without
	Unique    []BottomK   // one a set of Study.Sets: every row is seen, a sample would bias uniqueness
	Agree     []Agreement // one a pair of Study.Pairs
	People    BottomK     // distinct persons by their strongest identifier; empty without
	Sketch    BottomK     // recognises the same data set elsewhere
	Sealed    []string    // names of encrypted members of a container (Object): all there is to judge
}

// MaxColumns is how many columns a tally keeps; what lies further right is
// counted in the last one.
const MaxColumns = 4096

// A Column is what was counted in one column.
type Column struct {
	Title   string  // as it may be shown; "" where unknown
	Nth     int     // occurrence of the title in its row, from 0
	Filled  int64   // rows with something in the cell, of Seen rows
	Seen    int64   // all rows for columns of the study's sets, pairs and births, and those that changed behind the studied rows; otherwise these
	Studied int64   // filled cells that every detector saw
	Named   bool    // the title announces the study's kind
	First   int64   // of the rows studied first that were watched, those with something in the cell
	Proven  int64   // cells of the rows studied first that are valid as their kind; 0 for kinds of the sieve
	Values  BottomK // values of the studied cells, where the study knows the kind: how many are distinct
	Counts  []Count
}

// A Count is how often a kind was found in a column. For kinds of the sieve it
// covers every row, for others the studied cells.
type Count struct {
	Kind    detectors.Kind
	Matches int64    // values
	Valid   int64    // of these, key or checksum holds
	Whole   int64    // of these, fill their cell
	Samples []string // at most three, masked
}

// An Agreement counts the rows in which a relation could be tested, and held.
type Agreement struct {
	Relation   string
	Rows, Held int64
}

// Exposure says who can read a stored object.
type Exposure struct {
	State         State     `json:"state"`
	How           string    `json:"how,omitempty"`     // "anonymous GET answered 200"
	Vantage       string    `json:"vantage,omitempty"` // from where it was tried
	FileDated     time.Time `json:"file_dated,omitzero"`
	SeenOpenSince time.Time `json:"seen_open_since,omitzero"`
}

// State is one of the states of exposure.
type State string

// Public answered without credentials at a public address, Network at a
// private or loopback address, Private did not answer without; Local is a file
// of this machine.
const (
	Public  State = "public"
	Network State = "network"
	Private State = "private"
	Local   State = "local"
	Unknown State = "unknown"
)

// An Assessor judges what was counted. It is pure: no I/O, no clock.
type Assessor interface {
	// Group names the group of like documents a tally belongs to; "" stands
	// alone. Documents of one folder and group become one finding.
	Group(*Tally) string
	// Judge returns the findings in the tallies of one group.
	Judge([]*Tally, Exposure) []Finding
}

// A Sink takes the records of a scan: a report, a queue. The engine calls it
// from one goroutine. An error stops the scan.
type Sink interface {
	Write(context.Context, Record) error
	Close() error
}

// A Record is a *Finding, a *Problem or a *Summary.
type Record interface{ record() }

func (*Finding) record() {}
func (*Problem) record() {}
func (*Summary) record() {}
