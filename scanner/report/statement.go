package report

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"vigie/scanner"
)

// statementType is the type of a statement: its number changes when a field
// gets another meaning.
const statementType = "vigie-handover/1"

// statementNote is what every statement ends with.
const statementNote = "vigie says what it saw. That it found nothing does not prove that data are anonymous: people may be told by what no program knows."

// The verdicts of a Statement.
const (
	StatesPeople     = "personal_data" // there are people's data in it
	StatesNone       = "none_found"    // all was read, and none were found
	StatesIncomplete = "incomplete"    // none were found, but not all could be read
)

// A Statement says which files were looked at before they were handed over,
// what was found in them and what could not be read. It is a sink; the scan's
// records go into it. It never says that data are anonymous: no look can prove
// that.
type Statement struct {
	Type           string                  `json:"type"`
	Made           time.Time               `json:"made"`
	Version        string                  `json:"version"`   // of vigie
	Detectors      []string                `json:"detectors"` // kinds that were looked for
	Verdict        string                  `json:"verdict"`
	Declared       *scanner.Declaration    `json:"declared,omitempty"`
	Contradictions []scanner.Contradiction `json:"contradictions,omitempty"`
	Files          []Handed                `json:"files"` // in the order of Root and Path
	Findings       []*scanner.Finding      `json:"findings"`
	Problems       []*scanner.Problem      `json:"problems"`
	Summary        *scanner.Summary        `json:"summary"`
	Note           string                  `json:"note"`
}

// Handed is a file of a Statement.
type Handed struct {
	Root     int       `json:"root,omitempty"` // number of the path on the command line, from 0
	Path     string    `json:"path"`           // below it, as it may be shown
	Size     int64     `json:"size"`           // bytes
	Modified time.Time `json:"modified"`
	SHA256   string    `json:"sha256"` // "": it could not be read
}

// NewStatement returns an empty statement.
func NewStatement(made time.Time, version string, kinds []string) *Statement {
	return &Statement{Type: statementType, Made: made.UTC().Truncate(time.Second), Version: version, Detectors: kinds,
		Files: []Handed{}, Findings: []*scanner.Finding{}, Problems: []*scanner.Problem{},
		Note: statementNote}
}

// Write takes a record; it belongs to the statement from then on.
func (s *Statement) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		s.Findings = append(s.Findings, r)
	case *scanner.Problem:
		s.Problems = append(s.Problems, r)
	case *scanner.Summary:
		s.Summary = r
	}
	return nil
}

// Close gives the verdict, with the worst findings first.
func (s *Statement) Close() error {
	slices.SortStableFunc(s.Findings, func(a, b *scanner.Finding) int {
		return cmp.Or(cmp.Compare(b.Severity, a.Severity), cmp.Compare(b.People.Estimate, a.People.Estimate))
	})
	switch {
	case len(s.Findings) > 0:
		s.Verdict = StatesPeople
	case s.Summary == nil || !s.Summary.Complete:
		s.Verdict = StatesIncomplete
	default:
		s.Verdict = StatesNone
	}
	return nil
}

// Encode writes the statement as one JSON document.
func (s *Statement) Encode(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	return e.Encode(s)
}

// DecodeStatement reads what Encode wrote. No error holds anything of its text.
func DecodeStatement(r io.Reader) (*Statement, error) {
	s := new(Statement)
	if err := json.NewDecoder(r).Decode(s); err != nil {
		var syntax *json.SyntaxError
		if errors.As(err, &syntax) {
			return nil, fmt.Errorf("is not JSON at byte %d", syntax.Offset)
		}
		return nil, errors.New("is no statement of a handover")
	}
	switch {
	case s.Type != statementType:
		return nil, fmt.Errorf("is no statement of the type %s", statementType)
	case len(s.Files) == 0:
		return nil, errors.New("names no files")
	}
	return s, nil
}

// A Difference is a file that is not what a statement says.
type Difference struct {
	What string // changed, missing, added or unreadable
	Handed
}

// Compare says how files differ from those of the statement, in their order.
// Equal names (masked ones may be) are compared as a whole.
func (s *Statement) Compare(files []Handed) []Difference {
	var all []Difference
	old, now := ordered(s.Files), ordered(files)
	for len(old) > 0 || len(now) > 0 {
		switch c := compareLast(old, now); {
		case c < 0:
			all = append(all, Difference{"missing", old[0]})
			old = old[1:]
		case c > 0:
			all = append(all, Difference{"added", now[0]})
			now = now[1:]
		default:
			switch {
			case now[0].SHA256 == "":
				all = append(all, Difference{"unreadable", now[0]})
			case now[0].SHA256 != old[0].SHA256:
				all = append(all, Difference{"changed", now[0]})
			}
			old, now = old[1:], now[1:]
		}
	}
	return all
}

// compareLast compares the names of the first files of two lists; an empty list
// comes last.
func compareLast(a, b []Handed) int {
	switch {
	case len(a) == 0:
		return 1
	case len(b) == 0:
		return -1
	}
	return cmp.Or(cmp.Compare(a[0].Root, b[0].Root), cmp.Compare(a[0].Path, b[0].Path))
}

// ordered returns the files in the order of a statement.
func ordered(files []Handed) []Handed {
	files = slices.Clone(files)
	slices.SortFunc(files, func(a, b Handed) int {
		return cmp.Or(cmp.Compare(a.Root, b.Root), cmp.Compare(a.Path, b.Path), cmp.Compare(a.SHA256, b.SHA256))
	})
	return files
}
