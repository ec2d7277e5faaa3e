package report

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

var table = Report{
	Name: "csv",
	Doc: `one row a finding, for spreadsheets

RFC 4180 in UTF-8, with a row of titles. A cell that a spreadsheet would take
for a formula begins with an apostrophe. Kinds and columns are lists with a
semicolon between. Problems are in the other reports.`,
	Open: openCSV,
}

var csvTitles = []string{
	"id", "severity", "profile", "confidence", "target", "path", "table", "rows", "documents",
	"size", "modified", "leak", "exposure", "how", "file_dated", "seen_open_since",
	"people", "unit", "low", "high", "persons", "minors", "basis",
	"kinds", "columns", "unique_share", "verdict", "probability_real", "why", "first_seen",
	"baseline", "accepted", "accepted_until",
}

func openCSV(w io.Writer, _ Options) scanner.Sink {
	s := &sheet{w: w}
	s.csv = csv.NewWriter(&s.buf)
	s.csv.UseCRLF = true
	return s
}

// A sheet writes a row with one Write, the titles before the first.
type sheet struct {
	w      io.Writer
	buf    bytes.Buffer
	csv    *csv.Writer
	titled bool
}

func (s *sheet) Write(_ context.Context, r scanner.Record) error {
	f, ok := r.(*scanner.Finding)
	if !ok {
		return nil
	}
	return s.row(csvRow(f))
}

// Close writes the titles of a table without rows.
func (s *sheet) Close() error {
	if s.titled {
		return nil
	}
	return s.row(nil)
}

func (s *sheet) row(cells []string) error {
	if !s.titled {
		s.csv.Write(csvTitles) // to memory: fails never
		s.titled = true
	}
	if cells != nil {
		for i := range cells {
			cells[i] = disarm(cells[i])
		}
		s.csv.Write(cells)
	}
	s.csv.Flush()
	if _, err := s.buf.WriteTo(s.w); err != nil {
		return fmt.Errorf("write csv: %w", err)
	}
	return nil
}

func csvRow(f *scanner.Finding) []string {
	var kinds, columns, why []string
	for _, field := range f.Fields {
		if k := string(field.Kind); !slices.Contains(kinds, k) {
			kinds = append(kinds, k)
		}
		if field.Column != "" {
			columns = append(columns, field.Column)
		}
	}
	for _, w := range f.Why {
		why = append(why, w.Text)
	}
	alone := ""
	if f.Reidentification != nil {
		alone = share64(f.Reidentification.UniqueShare)
	}
	size := ""
	if f.Object.Size >= 0 {
		size = strconv.FormatInt(f.Object.Size, 10)
	}
	accepted, until := "", ""
	if a := f.Suppressed; a != nil {
		accepted, until = a.Reason, a.Until
	}
	p, x := f.People, f.Exposure
	return []string{
		f.ID, f.Severity.String(), f.Profile, share64(f.Confidence), f.Target, f.Path, f.Table, whole(f.Rows), whole(f.Documents),
		size, stamp(f.Object.Modified), f.Leak, string(x.State), x.How, stamp(x.FileDated), stamp(x.SeenOpenSince),
		whole(p.Estimate), p.Unit, whole(p.Low), whole(p.High), whole(p.Persons), whole(p.Minors), p.Basis,
		strings.Join(kinds, ";"), strings.Join(columns, ";"), alone, f.Authenticity.Verdict, share64(f.Authenticity.ProbabilityReal),
		strings.Join(why, "; "), stamp(f.FirstSeen),
		f.Baseline, accepted, until,
	}
}

func whole(n int64) string         { return strconv.FormatInt(n, 10) }
func share64(share float64) string { return strconv.FormatFloat(share, 'f', -1, 64) }

// stamp writes a time, nothing where it is not known.
func stamp(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// maxCell is less than the 32,767 characters that a cell of Excel holds.
const maxCell = 30_000

// disarm makes a cell plain, and puts an apostrophe before what a spreadsheet
// would take for a formula: at its beginning and, since a French spreadsheet
// takes semicolons for delimiters whatever the quotes say, behind one.
func disarm(cell string) string {
	cell = clip(Plain(cell), maxCell)
	var b strings.Builder
	fresh := true // nothing but spaces since the cell began
	for _, r := range cell {
		if fresh && strings.ContainsRune("=+-@\t\r＝＋－＠", r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		fresh = r == ';' || fresh && (r == ' ' || r == '"' || r == '\u00A0' || r == '\u202F')
	}
	return b.String()
}
