package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vigie/cmd/vigie/config"
	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/assess"
	"vigie/scanner/format"
	"vigie/scanner/report"
)

// lookFlags are the flags of every command that looks at data.
type lookFlags struct {
	format   string
	output   string
	lang     string
	rules    string
	words    string
	ocr      bool
	failOn   string
	accept   []string
	baseline []string
	workers  int
	mask     bool
	problems bool
	quiet    bool
	verbose  bool

	own config.Config
}

func (f *lookFlags) add(fl *pflag.FlagSet) {
	fl.StringVar(&f.format, "format", "text", "write `REPORT`: "+reportNames())
	fl.StringVarP(&f.output, "output", "o", "", "write the report to `FILE`")
	fl.StringVar(&f.lang, "lang", "", "`LANGUAGE` of text, html and notice: en or fr (default: that of your environment)")
	fl.StringVarP(&f.rules, "config", "c", "", "`FILE` that says what to scan and how, with detectors and profiles of your own")
	fl.StringVar(&f.failOn, "fail-on", "medium", "least `SEVERITY` that makes the exit status 1: low, medium, high or critical")
	fl.StringArrayVar(&f.accept, "accept", nil, "`REASON[:GLOB]` of problems that you know: they leave the scan complete")
	fl.StringArrayVar(&f.baseline, "baseline", nil, "`FILE` with findings of an earlier scan (jsonl): report only what is new")
	fl.StringVar(&f.words, "passwords", "", "`FILE` with passwords to try on encrypted archives, one a line")
	fl.BoolVar(&f.ocr, "ocr", false, "read scanned pages and pictures with tesseract, which must be installed; slow")
	fl.IntVar(&f.workers, "workers", 0, "look at `N` objects side by side; 0: one a CPU")
	fl.BoolVar(&f.mask, "mask-paths", false, "mask names in paths")
	fl.BoolVar(&f.problems, "problems", false, "show every problem")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress line")
	fl.BoolVarP(&f.verbose, "verbose", "v", false, "say on standard error what becomes of each object")
}

// A look is a scan made ready.
type look struct {
	scanner.Config
	report report.Report
	judge  *threshold
	known  map[string]scanner.Severity // findings of the baseline
	notes  []*acceptance
	done   func() error // closes the report
}

// ready reads what the flags of a command line, the environment and vigie.yaml
// name. Nothing is written.
func (f *lookFlags) ready(cmd *cobra.Command) (*look, error) {
	var err error
	if f.own, err = settle(cmd); err != nil {
		return nil, err
	}
	l := &look{Config: ours(f.own, f.workers), judge: new(threshold)}
	l.MaskPaths = f.mask
	l.notes = acceptances(f.own.Suppressions, time.Now())
	if err := l.judge.least.UnmarshalText([]byte(f.failOn)); err != nil {
		return nil, fmt.Errorf("read --fail-on %s: want low, medium, high or critical", f.failOn)
	}
	if l.Accept, err = accepter(f.accept); err != nil {
		return nil, err
	}
	if f.lang, err = languageOf(f.lang); err != nil {
		return nil, err
	}
	if l.Passwords, err = readPasswords(f.words); err != nil {
		return nil, err
	}
	if l.OCR, err = openOCR(cmd.Context(), f.ocr); err != nil {
		return nil, err
	}
	if l.known, err = readBaseline(f.baseline); err != nil {
		return nil, err
	}
	l.report, err = reportNamed(f.format)
	return l, err
}

// open opens the report, with a progress line where somebody looks.
func (f *lookFlags) open(cmd *cobra.Command, l *look) error {
	out, done, err := openOutput(cmd.OutOrStdout(), f.output)
	if err != nil {
		return err
	}
	l.done = done
	if err := fits(l.report, out); err != nil {
		return err
	}
	if f.verbose {
		l.Done = narrate(cmd.ErrOrStderr())
	}
	o := styled(out)
	o.Problems, o.Lang = f.problems, f.lang
	l.judge.Sink = withProgress(f, out, cmd.ErrOrStderr(), l.Progress, func(w io.Writer) scanner.Sink { return l.report.Open(w, o) })
	l.Sink = accepted(compared(l.judge, l.known), l.notes)
	return nil
}

// run scans the targets and returns the exit status; wrong: some could not be
// opened.
func (l *look) run(ctx context.Context, w io.Writer, targets []scanner.Target, wrong bool) (*scanner.Summary, error) {
	sum, err := scanner.Run(ctx, l.Config, targets)
	if cerr := l.done(); err == nil {
		err = cerr
	}
	for _, n := range l.notes {
		n.remark(w)
	}
	return sum, l.judge.status(sum, err, wrong)
}

// ours is what every scan of this build is made of, with the rules of
// vigie.yaml.
func ours(own config.Config, workers int) scanner.Config {
	return scanner.Config{
		Detectors: own.All(),
		Formats:   format.All(),
		Assessor:  assess.With(own.Detectors, own.Profiles...),
		Workers:   workers,
		Child:     child,
		Progress:  new(scanner.Progress),
	}
}

// narrate says what became of each stored object, a line each.
func narrate(w io.Writer) func(scanner.Object, scanner.Outcome) {
	shown := scanner.Shown(detectors.All())
	lines := make(chan struct{}, 1)
	return func(o scanner.Object, was scanner.Outcome) {
		lines <- struct{}{}
		defer func() { <-lines }()
		fmt.Fprintf(w, "%s: %s, %s\n", report.Plain(shown(o.Path)), some(was.Findings, "finding"), some(was.Problems, "problem"))
	}
}
