package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"vigie/scanner/report"
)

func reportCommand() *cobra.Command {
	var format, output, aware, lang string
	var problems bool
	cmd := &cobra.Command{
		Use:   "report FINDINGS.jsonl…",
		Short: "Turn findings into another report",
		Long: `Report reads what scan --format jsonl wrote, - for standard input, and writes it in
another form. Of a finding that several files tell, the last file's words hold.

Exit status: 0 the report is written; 2 a file could not be read, or the command
line was wrong; 5 internal.`,
		Example: `  vigie report findings.jsonl
  vigie report monday.jsonl tuesday.jsonl --format csv -o findings.csv
  vigie scan ./export --format jsonl | vigie report - --format csv
  vigie report findings.jsonl --format html --lang fr -o findings.html
  vigie report findings.jsonl --format cnil --aware-at 2026-11-23T09:30:00+01:00 -o cnil.md`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := report.Options{Problems: problems}
			var err error
			if o.Lang, err = languageOf(lang); err != nil {
				return &exit{usage, err}
			}
			if aware != "" {
				if o.AwareAt, err = time.Parse(time.RFC3339, aware); err != nil {
					return &exit{usage, fmt.Errorf("read --aware-at %s: want a time such as 2026-11-23T09:30:00+01:00", aware)}
				}
			}
			return turn(cmd, args, format, output, o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&format, "format", "text", "report: "+reportNames())
	fl.StringVarP(&output, "output", "o", "", "write the report to a file")
	fl.StringVar(&aware, "aware-at", "", "when you learnt of the breach (RFC 3339): the notification is due 72 hours later")
	fl.StringVar(&lang, "lang", "", "language of text, html and notice: en or fr (default: that of your environment)")
	fl.BoolVar(&problems, "problems", false, "show every problem")
	return cmd
}

// turn reads all of the input before it opens the output: what cannot be read
// leaves an older report as it was.
func turn(cmd *cobra.Command, args []string, format, output string, o report.Options) error {
	r, err := reportNamed(format)
	if err != nil {
		return &exit{usage, err}
	}
	inputs, done, err := openInputs(cmd.InOrStdin(), args, output)
	defer done()
	if err != nil {
		return &exit{usage, err}
	}
	records, err := report.Read(inputs)
	if err != nil {
		return &exit{usage, err}
	}
	out, closed, err := openOutput(cmd.OutOrStdout(), output)
	if err != nil {
		return &exit{usage, err}
	}
	if err := fits(r, out); err != nil {
		return &exit{usage, err}
	}
	l := styled(out)
	o.Width, o.Color, o.Now, o.Version = l.Width, l.Color, l.Now, l.Version
	sink := r.Open(out, o)
	err = records.Send(cmd.Context(), sink)
	if err == nil {
		err = sink.Close()
	}
	err = errors.Join(err, closed())
	switch {
	case errors.Is(err, context.Canceled):
		return &exit{status: interrupted}
	case err != nil:
		return &exit{internal, err}
	}
	return nil
}

// openInputs opens the files of findings. done closes them, also after an
// error.
func openInputs(stdin io.Reader, names []string, output string) (inputs []report.Input, done func(), err error) {
	var closers []func()
	done = func() {
		for _, c := range closers {
			c()
		}
	}
	target, _ := os.Stat(output)
	for _, name := range names {
		in := stdin
		if name == "-" {
			name = "standard input"
		} else {
			f, err := os.Open(name)
			if err != nil {
				return nil, done, err
			}
			closers = append(closers, func() { f.Close() })
			info, err := f.Stat()
			switch {
			case err != nil:
				return nil, done, err
			case info.IsDir():
				return nil, done, fmt.Errorf("read %s: is a folder", name)
			case target != nil && os.SameFile(info, target):
				return nil, done, fmt.Errorf("write %s: is one of the files to be read", output)
			}
			in = f
		}
		again, ok := in.(io.ReadSeeker)
		if ok {
			_, err := again.Seek(0, io.SeekStart)
			ok = err == nil
		}
		if !ok {
			kept, drop, err := keep(in)
			if err != nil {
				return nil, done, fmt.Errorf("read %s: %w", name, err)
			}
			closers = append(closers, drop)
			again = kept
		}
		inputs = append(inputs, report.Input{Name: name, ReadSeeker: again})
	}
	return inputs, done, nil
}

// keep copies what can be read only once to a temporary file, which has no name
// any more where the system allows that.
func keep(in io.Reader) (f *os.File, drop func(), err error) {
	f, err = os.CreateTemp("", "vigie-*")
	if err != nil {
		return nil, nil, err
	}
	gone := os.Remove(f.Name()) == nil
	drop = func() {
		f.Close()
		if !gone { // where an open file keeps its name
			os.Remove(f.Name())
		}
	}
	if _, err := io.Copy(f, in); err != nil {
		drop()
		return nil, nil, err
	}
	return f, drop, nil
}

func reportNamed(name string) (report.Report, error) {
	all := report.All()
	i := slices.IndexFunc(all, func(r report.Report) bool { return r.Name == name })
	if i < 0 {
		return report.Report{}, fmt.Errorf("read --format %s: want %s", name, reportNames())
	}
	return all[i], nil
}

// fits says when a report is not for a terminal.
func fits(r report.Report, out io.Writer) error {
	if file, ok := out.(*os.File); ok && r.Packed && term.IsTerminal(int(file.Fd())) {
		return fmt.Errorf("write %s: is no text for a terminal; -o FILE writes it to a file", r.Name)
	}
	return nil
}

func reportNames() string {
	var names []string
	for _, r := range report.All() {
		names = append(names, r.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// styled says how a report looks on out: in colours and wide on a terminal.
func styled(out io.Writer) report.Options {
	o := report.Options{Now: time.Now(), Version: version()}
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return o
	}
	o.Color = os.Getenv("NO_COLOR") == ""
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		o.Width = min(width, 100)
	}
	return o
}
