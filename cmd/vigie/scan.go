package main

import (
	"errors"
	"time"

	"github.com/spf13/cobra"

	"vigie/scanner/source"
)

// scanFlags are the flags of scan.
type scanFlags struct {
	lookFlags
	source  source.Options
	include []string
	exclude []string
	largest string
	newer   string
	older   string
}

func scanCommand() *cobra.Command { return new(scanFlags).command() }

func (f *scanFlags) command() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "scan [TARGET…]",
		Short: "Scan folders, archives, web directories and buckets",
		Long: `Scan looks at everything in the targets, opens whatever is inside, and reports
the data sets that are about people.

A target is a path, an archive, https://host/dir/, s3://bucket/prefix, s3:// for
every bucket of the account, or - for standard input. Without one, those of
vigie.yaml (-c) are scanned. A flag can also be set in vigie.yaml or, as
VIGIE_FAIL_ON for --fail-on, in the environment; the command line goes first.

Exit status: 0 all was looked at and nothing reached --fail-on; 1 a finding did;
2 usage; 3 nothing reached it, but something could not be looked at;
4 interrupted; 5 internal.`,
		Example: `  vigie scan ./export
  vigie scan https://www.example.org/files/
  vigie scan s3://my-bucket --s3-endpoint https://s3.gra.io.cloud.ovh.net
  vigie scan backup.tar.gz --format jsonl -o findings.jsonl
  vigie scan -c vigie.yaml --baseline yesterday.jsonl
  pg_dump base | vigie scan -`,
		RunE: func(cmd *cobra.Command, args []string) error { return f.scan(cmd, args) },
	}
	fl := cmd.Flags()
	f.add(fl)
	fl.StringArrayVar(&f.include, "include", nil, "look only at paths that match `GLOB`; archives and mailboxes are opened for it")
	fl.StringArrayVar(&f.exclude, "exclude", nil, "leave out paths that match `GLOB`")
	fl.StringVar(&f.largest, "max-size", "", "leave out stored objects that are larger than `SIZE`, such as 2GB")
	fl.StringVar(&f.newer, "newer-than", "", "leave out stored objects that were modified before `DAY`, such as 90d or 2026-01-31")
	fl.StringVar(&f.older, "older-than", "", "leave out stored objects that were modified on `DAY` or after")
	fl.StringVar(&f.source.S3Endpoint, "s3-endpoint", "", "`URL` of an S3-compatible server")
	fl.StringVar(&f.source.S3Region, "s3-region", "", "region `NAME` of the buckets")
	fl.BoolVar(&f.source.Anonymous, "anonymous", false, "use no credentials, even where there are some")
	fl.BoolVar(&f.source.IgnoreRobots, "ignore-robots", false, "fetch also what robots.txt disallows")
	fl.Float64Var(&f.source.Rate, "rate", 0, "`N` requests a second to each target; 0: no limit")
	return cmd
}

func (f *scanFlags) scan(cmd *cobra.Command, args []string) error {
	l, err := f.ready(cmd)
	if err != nil {
		return err
	}
	places, standard, err := f.places(args)
	if err != nil {
		return err
	}
	if err := f.open(cmd, l); err != nil {
		return err
	}
	targets, wrong := openTargets(cmd.Context(), cmd.ErrOrStderr(), places)
	if standard {
		in, drop, err := standardInput(cmd.InOrStdin())
		if err != nil {
			return err
		}
		defer drop()
		targets = append(targets, in)
	}
	_, err = l.run(cmd.Context(), cmd.ErrOrStderr(), targets, wrong)
	return err
}

// ready makes ready what all flags and vigie.yaml say.
func (f *scanFlags) ready(cmd *cobra.Command) (*look, error) {
	l, err := f.lookFlags.ready(cmd)
	if err != nil {
		return nil, err
	}
	l.Choose, err = chooser(choice{f.include, f.exclude, f.largest, f.newer, f.older}, time.Now())
	return l, err
}

// places returns what is to be scanned, and whether standard input is: what the
// command line names, or else vigie.yaml.
func (f *scanFlags) places(args []string) (all []place, standard bool, err error) {
	for _, a := range args {
		if a == "-" {
			standard = true
			continue
		}
		all = append(all, place{a, f.source})
	}
	if len(args) > 0 {
		return all, standard, nil
	}
	for _, t := range f.own.Targets {
		o := f.source
		o.Credentials, o.Anonymous, o.IgnoreRobots = t.Credentials, o.Anonymous || t.Anonymous, o.IgnoreRobots || t.IgnoreRobots
		if t.S3Endpoint != "" {
			o.S3Endpoint = t.S3Endpoint
		}
		if t.S3Region != "" {
			o.S3Region = t.S3Region
		}
		if t.Rate > 0 {
			o.Rate = t.Rate
		}
		all = append(all, place{t.Name, o})
	}
	if len(all) == 0 {
		return nil, false, errors.New("scan what? Name a folder, an archive, https://host/dir/ or s3://bucket; vigie scan --help has examples")
	}
	return all, false, nil
}
