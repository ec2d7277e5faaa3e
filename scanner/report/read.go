package report

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"vigie/scanner"
)

// maxLine is the longest line that is read: a finding of 4,096 columns with
// samples takes some 2 MB.
const maxLine = 16 << 20

// An Input is a file that the jsonl report wrote. It is read twice, from its
// beginning.
type Input struct {
	Name string // for errors
	io.ReadSeeker
}

// Records are what several inputs say together. Of a finding seen in several
// of them only ids and times are kept, so that any number of findings can be
// sent on.
type Records struct {
	inputs  []Input
	last    map[string]*sighting // by id
	told    map[scanner.Problem]bool
	total   *scanner.Summary
	summed  int // inputs with a summary
	current int // input that is being read
}

// A sighting is where a finding is said last, and how early it was seen.
type sighting struct {
	input, line  int
	first, since time.Time
}

// Read reads all inputs to their end and returns what they hold. An error
// names the input and the line, never what stands there.
func Read(inputs []Input) (*Records, error) {
	r := &Records{inputs: inputs, last: map[string]*sighting{}}
	err := r.each(func(line int, rec scanner.Record) error {
		switch rec := rec.(type) {
		case *scanner.Finding:
			r.note(line, rec)
		case *scanner.Summary:
			r.add(rec)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if r.total != nil && r.summed < len(inputs) {
		r.total.Complete, r.total.Interrupted = false, true
	}
	return r, nil
}

// note remembers that a finding was said here. The latest words hold; it was
// first seen when it was seen first, and is open since then unless it was
// closed in between.
func (r *Records) note(line int, f *scanner.Finding) {
	if f.ID == "" {
		return
	}
	s := r.last[f.ID]
	since := f.Exposure.SeenOpenSince
	if s == nil {
		r.last[f.ID] = &sighting{r.current, line, f.FirstSeen, since}
		return
	}
	s.input, s.line = r.current, line
	if !f.FirstSeen.IsZero() && (s.first.IsZero() || f.FirstSeen.Before(s.first)) {
		s.first = f.FirstSeen
	}
	if since.IsZero() || s.since.IsZero() || since.Before(s.since) {
		s.since = since
	}
}

// add adds a summary to the total: what was looked at in all scans together.
func (r *Records) add(s *scanner.Summary) {
	r.summed++
	if r.total == nil {
		r.total = &scanner.Summary{Complete: true}
	}
	t := r.total
	t.Objects += s.Objects
	t.Members += s.Members
	t.LeftOut += s.LeftOut
	t.Media += s.Media
	t.Known += s.Known
	t.BytesRead += s.BytesRead
	t.Scanned += s.Scanned
	t.Studied += s.Studied
	t.DurationMS += s.DurationMS
	t.Complete = t.Complete && s.Complete
	t.Interrupted = t.Interrupted || s.Interrupted
}

// Send writes every finding once, as it was said last, every problem once, and
// one summary, last; none where no input has one. It does not close the sink.
func (r *Records) Send(ctx context.Context, to scanner.Sink) error {
	r.told = map[scanner.Problem]bool{}
	var findings int64
	err := r.each(func(line int, rec scanner.Record) error {
		switch rec := rec.(type) {
		case *scanner.Finding:
			if s := r.last[rec.ID]; rec.ID != "" {
				if s == nil || s.input != r.current || s.line != line {
					return nil
				}
				rec.FirstSeen, rec.Exposure.SeenOpenSince = s.first, s.since
			}
			findings++
		case *scanner.Problem:
			if r.told[*rec] {
				return nil
			}
			r.told[*rec] = true
		default:
			return nil
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		return to.Write(ctx, rec)
	})
	if err != nil || r.total == nil {
		return err
	}
	sum := *r.total
	sum.Findings, sum.Problems = findings, int64(len(r.told))
	return to.Write(ctx, &sum)
}

// each reads the records of all inputs, in their order.
func (r *Records) each(yield func(line int, rec scanner.Record) error) error {
	for i, in := range r.inputs {
		r.current = i
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			return fmt.Errorf("read %s: %w", in.Name, err)
		}
		if err := records(in, yield); err != nil {
			var u *unreadable
			if errors.As(err, &u) {
				return fmt.Errorf("read %s: %w", in.Name, err)
			}
			return err
		}
	}
	return nil
}

// An unreadable line. What stands there is not told: it may be anything.
type unreadable struct {
	line int
	why  string
}

func (u *unreadable) Error() string { return fmt.Sprintf("line %d: %s", u.line, u.why) }

// records reads JSON lines. Lines without anything are passed over; fields that
// are not known are left out.
func records(in io.Reader, yield func(line int, rec scanner.Record) error) error {
	b := bufio.NewReaderSize(in, 64<<10)
	var long []byte
	for n := 1; ; n++ {
		line, err := readLine(b, &long)
		if err != nil && err != io.EOF {
			return &unreadable{n, err.Error()}
		}
		if n == 1 {
			line = bytes.TrimPrefix(line, []byte("\xEF\xBB\xBF"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			rec, derr := decode(line)
			if derr != nil {
				return &unreadable{n, derr.Error()}
			}
			if yerr := yield(n, rec); yerr != nil {
				return yerr
			}
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readLine returns a line, valid until the next call; long is the memory for
// those that do not fit in the reader's.
func readLine(b *bufio.Reader, long *[]byte) ([]byte, error) {
	line, err := b.ReadSlice('\n')
	if err != bufio.ErrBufferFull {
		return line, err
	}
	*long = append((*long)[:0], line...)
	for err == bufio.ErrBufferFull {
		line, err = b.ReadSlice('\n')
		if len(*long)+len(line) > maxLine {
			return nil, fmt.Errorf("is longer than %s", en.size(maxLine))
		}
		*long = append(*long, line...)
	}
	return *long, err
}

// decode reads a record. Its errors hold names of fields of the contract and
// places, nothing of the line.
func decode(line []byte) (scanner.Record, error) {
	var head struct {
		Type string `json:"type"`
	}
	if err := parse(line, &head); err != nil {
		return nil, err
	}
	switch head.Type {
	case "finding":
		f := new(scanner.Finding)
		if err := parse(line, f); err != nil {
			return nil, err
		}
		if f.Severity == 0 || f.Path == "" {
			return nil, errors.New("a finding without severity or path")
		}
		return f, nil
	case "problem":
		p := new(scanner.Problem)
		if err := parse(line, p); err != nil {
			return nil, err
		}
		if p.Reason == "" {
			return nil, errors.New("a problem without reason")
		}
		return p, nil
	case "summary":
		s := new(scanner.Summary)
		return s, parse(line, s)
	}
	return nil, errors.New(`"type" is not finding, problem or summary`)
}

func parse(line []byte, v any) error {
	err := json.Unmarshal(line, v)
	var syntax *json.SyntaxError
	var wrong *json.UnmarshalTypeError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &syntax):
		return fmt.Errorf("is not JSON at byte %d", syntax.Offset)
	case errors.As(err, &wrong) && wrong.Field != "":
		return fmt.Errorf("field %s is of another type", wrong.Field)
	case errors.As(err, &wrong):
		return errors.New("is not a JSON object")
	}
	return errors.New("holds a value that no scan writes")
}
