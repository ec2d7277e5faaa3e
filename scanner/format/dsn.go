package format

import (
	"bytes"
	"context"

	"vigie/scanner"
)

var dsnFormat = scanner.Format{
	Name: "dsn",
	Doc: `nominative social declaration (DSN)

The monthly declaration of an employer about each employee (norme NEODeS): lines
S21.G00.30.001,'value'. Each individual is a row, the rubrics are the columns;
what comes before the first individual is read as text.`,
	Match: func(_ string, head []byte) bool { return isDSN(head) },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := dsn{grid: grid{ctx: ctx, yield: yield}, columns: make(map[string]int)}
		err := Lines(c.Stream(), func(lines []byte) error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return d.lines(lines)
		})
		if ferr := d.end(); ferr != nil {
			return ferr
		}
		if ferr := d.flush(); ferr != nil {
			return ferr
		}
		return fault(err)
	},
}

const (
	// dsnColumns bounds the rubrics of a declaration; the norm has about 1,000.
	dsnColumns = 2048
	// dsnCell bounds what repeated rubrics may heap up.
	dsnCell = 64 << 10
	// dsnIndividual begins the rubrics of who somebody is.
	dsnIndividual = "S21.G00.30"
)

// isDSN reports whether the first lines are rubrics.
func isDSN(head []byte) bool {
	n := 0
	for line := range bytes.Lines(headText(head)) {
		rubric, _ := dsnLine(line)
		if rubric == nil || n == 8 {
			break
		}
		n++
	}
	return n >= 3
}

// dsnLine splits a line into its rubric, S21.G00.30.001, and its value; nil
// where it is none.
func dsnLine(line []byte) (rubric, value []byte) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) < 17 || line[0] != 'S' || line[3] != '.' || line[4] != 'G' || line[7] != '.' || line[10] != '.' ||
		line[14] != ',' || line[15] != '\'' || line[len(line)-1] != '\'' {
		return nil, nil
	}
	return line[:14], line[16 : len(line)-1]
}

// A dsn lays the individuals of a declaration end to end.
type dsn struct {
	grid
	columns map[string]int // by rubric
	begun   bool           // an individual is in hand
	row     [][]byte       // its values
	last    string         // the rubric of who it is that was read last
}

// lines reads whole lines. A rubric of who somebody is that does not come after
// the last one begins the next individual.
func (d *dsn) lines(lines []byte) error {
	start, at := 0, 0 // start: of lines about nobody
	for line := range bytes.Lines(lines) {
		begin := at
		at += len(line)
		rubric, value := dsnLine(line)
		who := bytes.HasPrefix(rubric, []byte(dsnIndividual))
		if !who && (!d.begun || !bytes.HasPrefix(rubric, []byte("S21"))) {
			continue
		}
		if err := d.running(lines[start:begin]); err != nil {
			return err
		}
		start = at
		if who {
			if string(rubric) <= d.last {
				if err := d.end(); err != nil {
					return err
				}
			}
			d.begun, d.last = true, string(rubric)
		}
		d.cell(rubric, value)
	}
	return d.running(lines[start:])
}

// cell adds a value to the individual in hand. A rubric that comes again, as
// those of contracts do, goes on in the same cell.
func (d *dsn) cell(rubric, value []byte) {
	i, ok := d.columns[string(rubric)]
	if !ok {
		if len(d.titles) == dsnColumns {
			return
		}
		i = len(d.titles)
		d.columns[string(rubric)] = i
		d.titles = append(d.titles, string(rubric))
	}
	for len(d.row) <= i {
		d.row = append(d.row, nil)
	}
	if len(d.row[i])+len(value) < dsnCell {
		if len(d.row[i]) > 0 {
			d.row[i] = append(d.row[i], ' ')
		}
		d.row[i] = append(d.row[i], value...)
	}
}

// end lays down the individual in hand.
func (d *dsn) end() error {
	if !d.begun {
		return nil
	}
	for i, cell := range d.row {
		d.value(cell)
		d.row[i] = cell[:0]
	}
	d.begun, d.last = false, ""
	return d.endRow()
}

// running hands over lines that are about nobody.
func (d *dsn) running(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	return d.yield(&scanner.Block{Text: text})
}
