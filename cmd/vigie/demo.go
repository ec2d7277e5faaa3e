package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"vigie/fixtures"
	"vigie/scanner/source"
)

// demoHouseholds is how many the file of 2021 had.
const demoHouseholds = 10204

func demoCommand() *cobra.Command {
	f := lookFlags{failOn: "medium"}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Find a fictitious CAF.zip on a web site and in a bucket of this machine",
		Long: `Demo makes a fictitious file of family benefits like the one that lay on a
training company's web site for 18 months: 10,204 households, 181 columns, no
name, no postcode, no NIR. It puts it as CAF.zip behind a course page on a
loopback web server and in a bucket of a loopback S3 server, scans both over
HTTP, and shows what is found.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return demo(cmd, &f) },
	}
	fl := cmd.Flags()
	fl.StringVar(&f.format, "format", "text", "write `REPORT`: "+reportNames())
	fl.StringVarP(&f.output, "output", "o", "", "write the report to `FILE`")
	fl.StringVar(&f.lang, "lang", "", "`LANGUAGE` of text and html: en or fr (default: that of your environment)")
	fl.BoolVarP(&f.quiet, "quiet", "q", false, "no progress line")
	return cmd
}

// demo succeeds when the leak is found at both places.
func demo(cmd *cobra.Command, f *lookFlags) error {
	l, err := f.ready(cmd)
	if err != nil {
		return err
	}
	archive, _, err := fixtures.CAFZip(fixtures.CAF{Seed: 33, Households: demoHouseholds})
	if err != nil {
		return &exit{internal, err}
	}
	site, bucket, stop, err := stray(fixtures.Bytes(archive))
	if err != nil {
		return &exit{internal, err}
	}
	defer stop()

	say := cmd.ErrOrStderr()
	fmt.Fprintf(say, "A fictitious CAF.zip (10,204 households, made from a seed) now lies on this machine\n")
	fmt.Fprintf(say, "behind a course page and in a bucket. The same as\n\n")
	fmt.Fprintf(say, "  vigie scan %s/\n  vigie scan s3://formation --s3-endpoint %s --anonymous\n\n", site, bucket)

	o := source.Options{S3Endpoint: bucket, S3Region: "us-east-1", Anonymous: true}
	if err := f.open(cmd, l); err != nil {
		return err
	}
	targets, wrong := openTargets(cmd.Context(), say, []place{{site + "/", o}, {"s3://formation", o}})
	sum, err := l.run(cmd.Context(), say, targets, wrong)
	var status *exit
	switch {
	case !errors.As(err, &status) || status.status == found && (sum.Findings < 2 || !sum.Complete):
		return &exit{internal, fmt.Errorf("scan the demo: %d findings instead of one in each place", sum.Findings)}
	case status.status != found:
		return err
	}
	return nil // the leak was to be found
}

// stray puts an archive on a web site and in a bucket, and returns where.
func stray(archive fixtures.Body) (site, bucket string, stop func(), err error) {
	site, stopSite, err := fixtures.Serve(fixtures.Course(archive))
	if err != nil {
		return "", "", nil, err
	}
	s3 := new(fixtures.S3)
	s3.Put("formation", "2021/sas/CAF.zip", archive)
	s3.Put("formation", "2021/sas/communes_rsa.csv", fixtures.Bytes([]byte(fixtures.Aggregates(1))))
	bucket, stopBucket, err := fixtures.Serve(s3)
	if err != nil {
		stopSite()
		return "", "", nil, err
	}
	return site, bucket, func() { stopSite(); stopBucket() }, nil
}
