package main

import (
	"context"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	yaml "vigie/cmd/vigie/config"
	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/assess"
	"vigie/scanner/format"
	"vigie/scanner/source"
)

// scanFlags are the flags of scan.
type scanFlags struct {
	source   source.Options
	format   string
	output   string
	rules    string
	words    string
	failOn   string
	include  []string
	exclude  []string
	accept   []string
	workers  int
	mask     bool
	problems bool
	quiet    bool
}

func scanCommand() *cobra.Command {
	var f scanFlags
	cmd := &cobra.Command{
		Use:   "scan TARGET…",
		Short: "Scan folders, archives, web directories and buckets",
		Long: `Scan looks at everything in the targets, opens whatever is inside, and reports
the data sets that are about people.

A target is a path, an archive, https://host/dir/, s3://bucket/prefix, or s3://
for every bucket of the account.

Exit status: 0 all was looked at and nothing reached --fail-on; 1 a finding did;
2 usage; 3 nothing reached it, but something could not be looked at;
4 interrupted; 5 internal.`,
		Example: `  vigie scan ./export
  vigie scan https://www.example.org/files/
  vigie scan s3://my-bucket --s3-endpoint https://s3.gra.io.cloud.ovh.net
  vigie scan backup.tar.gz --format jsonl -o findings.jsonl
  vigie scan -c vigie.yaml ./export`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return scan(cmd, args, &f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "report: "+reportNames())
	fl.StringVarP(&f.output, "output", "o", "", "write the report to a file")
	fl.StringVarP(&f.rules, "config", "c", "", "file with detectors and profiles of your own")
	fl.StringVar(&f.failOn, "fail-on", "medium", "least severity that makes the exit status 1: low, medium, high or critical")
	fl.StringArrayVar(&f.include, "include", nil, "look only at paths that match the glob; archives are opened for it")
	fl.StringArrayVar(&f.exclude, "exclude", nil, "leave out paths that match the glob")
	fl.StringArrayVar(&f.accept, "accept", nil, "REASON or REASON:GLOB of problems that you know: they leave the scan complete")
	fl.StringVar(&f.source.S3Endpoint, "s3-endpoint", "", "address of an S3-compatible server")
	fl.StringVar(&f.source.S3Region, "s3-region", "", "region of the buckets")
	fl.BoolVar(&f.source.Anonymous, "anonymous", false, "use no credentials, even where there are some")
	fl.BoolVar(&f.source.IgnoreRobots, "ignore-robots", false, "fetch also what robots.txt disallows")
	fl.Float64Var(&f.source.Rate, "rate", 0, "requests a second to each target; 0: no limit")
	fl.StringVar(&f.words, "passwords", "", "file with passwords to try on encrypted archives, one a line")
	fl.IntVar(&f.workers, "workers", 0, "objects looked at side by side; 0: one a CPU")
	fl.BoolVar(&f.mask, "mask-paths", false, "mask names in paths")
	fl.BoolVar(&f.problems, "problems", false, "show every problem")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress line")
	return cmd
}

func scan(cmd *cobra.Command, args []string, f *scanFlags) error {
	ctx := cmd.Context()
	var failOn scanner.Severity
	if err := failOn.UnmarshalText([]byte(f.failOn)); err != nil {
		return &exit{usage, fmt.Errorf("read --fail-on %s: %w", f.failOn, err)}
	}
	choose, err := chooser(f.include, f.exclude)
	if err != nil {
		return &exit{usage, err}
	}
	accept, err := accepter(f.accept)
	if err != nil {
		return &exit{usage, err}
	}
	own, err := yaml.Read(f.rules)
	if err != nil {
		return &exit{usage, err}
	}
	words, err := readPasswords(f.words)
	if err != nil {
		return &exit{usage, err}
	}
	out, done, err := openOutput(cmd.OutOrStdout(), f.output)
	if err != nil {
		return &exit{usage, err}
	}
	targets, wrong := openTargets(ctx, cmd.ErrOrStderr(), args, f.source)
	cfg := config(f.workers)
	addOwn(&cfg, own)
	cfg.MaskPaths, cfg.Choose, cfg.Accept, cfg.Passwords = f.mask, choose, accept, words
	cfg.Sink, err = openReport(f, out, cmd.ErrOrStderr(), cfg.Progress)
	if err != nil {
		return &exit{usage, err}
	}
	judge := &threshold{Sink: cfg.Sink, least: failOn}
	cfg.Sink = judge
	sum, err := scanner.Run(ctx, cfg, targets)
	if cerr := done(); err == nil {
		err = cerr
	}
	return judge.status(sum, err, wrong)
}

// config is what every scan of this build is made of.
func config(workers int) scanner.Config {
	return scanner.Config{
		Detectors: detectors.All(),
		Formats:   format.All(),
		Assessor:  assess.New(),
		Workers:   workers,
		Child:     child,
		Progress:  new(scanner.Progress),
	}
}

// openTargets opens what can be opened; the others are told at once, and the
// exit status says so in the end.
func openTargets(ctx context.Context, w io.Writer, args []string, o source.Options) (targets []scanner.Target, wrong bool) {
	for _, a := range args {
		src, err := source.Open(ctx, a, o)
		if err != nil {
			complain(w, err)
			wrong = true
			continue
		}
		targets = append(targets, scanner.Target{Name: source.Shown(a), Source: src})
	}
	return targets, wrong
}

// openOutput opens the file of -o, readable by its owner only.
func openOutput(stdout io.Writer, name string) (io.Writer, func() error, error) {
	if name == "" || name == "-" {
		return stdout, func() error { return nil }, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

// openReport opens the report, with a progress line where somebody looks.
func openReport(f *scanFlags, out, errors io.Writer, p *scanner.Progress) (scanner.Sink, error) {
	r, err := reportNamed(f.format)
	if err != nil {
		return nil, err
	}
	o := look(out)
	o.Problems = f.problems
	return withProgress(f, out, errors, p, func(w io.Writer) scanner.Sink { return r.Open(w, o) }), nil
}
