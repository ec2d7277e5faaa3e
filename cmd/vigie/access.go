package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/format"
	"vigie/scanner/report"
)

func accessCommand() *cobra.Command {
	var form, output, lang string
	var mask bool
	cmd := &cobra.Command{
		Use:   "access FINDINGS.jsonl LOG…",
		Short: "Tell from access logs who fetched what was found",
		Long: `Access reads the findings that scan --format jsonl wrote, and logs: it tells who
fetched the objects of the findings, when and how often. A log is a file, a
folder of them or - for standard input, compressed or not. Apache and nginx
(common, combined, JSON with the names of nginx's variables), the access logs of
S3 and CloudFront, the extended format of the W3C and CloudTrail are known by
their look.

Requests that were answered with 200, 206 or 304 count as fetched; HEAD, refusals
and what vigie fetched itself are told apart. A file of this machine is known by
the end of its path. Lines that are not understood are counted.

Exit status: 0 nobody fetched it; 1 somebody did; 2 usage; 3 nobody did, but not
every line was understood, or a log could not be read to its end; 4 interrupted;
5 internal.`,
		Example: `  vigie access findings.jsonl /var/log/nginx/access.log*
  vigie access findings.jsonl logs/ --mask-addresses --format csv -o who.csv
  zcat access.log.*.gz | vigie access findings.jsonl - --lang fr`,
		Args: cobra.MinimumNArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := report.AccessOptions{Mask: mask, Hide: scanner.Shown(detectors.All())}
			var err error
			if o.Lang, err = languageOf(lang); err != nil {
				return err
			}
			return access(cmd, args, form, output, o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&form, "format", "text", "write `FORM`: text, jsonl or csv")
	fl.StringVarP(&output, "output", "o", "", "write the answer to `FILE`")
	fl.StringVar(&lang, "lang", "", "`LANGUAGE` of the text: en or fr (default: that of your environment)")
	fl.BoolVar(&mask, "mask-addresses", false, "of addresses show the network alone (/24, /48)")
	return cmd
}

func access(cmd *cobra.Command, args []string, form, output string, o report.AccessOptions) error {
	ctx := cmd.Context()
	switch {
	case !slices.Contains([]string{"text", "jsonl", "csv"}, form):
		return fmt.Errorf("read --format %s: want text, jsonl or csv", form)
	case slices.Contains(args[1:], "-") && args[0] == "-":
		return errors.New("read standard input: is either the findings or a log")
	}
	logs, err := listLogs(args[1:])
	if err != nil {
		return err
	}
	inputs, done, err := openInputs(cmd.InOrStdin(), args[:1], output)
	defer done()
	if err != nil {
		return err
	}
	records, err := report.Read(inputs)
	if err != nil {
		return err
	}
	a := report.OpenAccess(o)
	if err := records.Send(ctx, a); err != nil {
		return stopped(err)
	}
	for _, name := range logs {
		if err := readLog(ctx, name, cmd.InOrStdin(), a); errors.Is(err, context.Canceled) {
			return stopped(err)
		} else if err != nil {
			complain(cmd.ErrOrStderr(), err)
			a.Broke(name)
		}
	}
	if err := tell(cmd, a, form, output); err != nil {
		return &exit{internal, err}
	}
	switch {
	case a.Fetched():
		return &exit{status: found}
	case !a.Understood():
		return &exit{status: incomplete}
	}
	return nil
}

func stopped(err error) error {
	if errors.Is(err, context.Canceled) {
		return &exit{status: interrupted}
	}
	return &exit{internal, err}
}

func tell(cmd *cobra.Command, a *report.Access, form, output string) error {
	out, closed, err := openOutput(cmd.OutOrStdout(), output)
	if err != nil {
		return err
	}
	switch form {
	case "jsonl":
		err = a.JSON(out)
	case "csv":
		err = a.CSV(out)
	default:
		err = a.Text(out, styled(out).Width)
	}
	return errors.Join(err, closed())
}

// listLogs returns the files that are named, and those in the folders, in the
// order of their names.
func listLogs(names []string) (logs []string, err error) {
	for _, name := range names {
		if name == "-" {
			logs = append(logs, name)
			continue
		}
		err := filepath.WalkDir(name, func(p string, d fs.DirEntry, err error) error {
			if err == nil && (d.Type().IsRegular() || p == name && !d.IsDir()) {
				logs = append(logs, p)
			}
			return err
		})
		if err != nil {
			return nil, err
		}
	}
	if len(logs) == 0 {
		return nil, errors.New("read logs: there is none in the folders")
	}
	return logs, nil
}

// packed are the formats that a log may be compressed with.
var packed = []string{"gzip", "bzip2", "xz", "zstd", "lz4"}

// readLog reads a log, and what is in it where it is compressed.
func readLog(ctx context.Context, name string, stdin io.Reader, a *report.Access) error {
	open := func(context.Context, int64, int64) (io.ReadCloser, error) { return io.NopCloser(stdin), nil }
	if name == "-" {
		name = "standard input"
	} else {
		open = func(context.Context, int64, int64) (io.ReadCloser, error) { return os.Open(name) }
	}
	// A log is as long as it is: nothing of it is kept.
	limits := scanner.Limits{Bytes: math.MaxInt64, Ratio: math.MaxInt64}
	c, err := scanner.NewContent(ctx, scanner.Object{Path: name, Size: -1, Open: open}, limits)
	if err != nil {
		return cannotRead(name, err)
	}
	defer c.Close()
	for _, f := range format.All() {
		if !slices.Contains(packed, f.Name) || !f.Match(c.Name(), c.Head()) {
			continue
		}
		var told error
		err := f.Unpack(ctx, c, func(o scanner.Object) error {
			in, err := o.Open(ctx, 0, -1)
			if err != nil {
				return err
			}
			defer in.Close()
			told = a.Read(ctx, name, in)
			return nil
		})
		if told == nil && err != nil {
			return cannotRead(name, err)
		}
		return told
	}
	return a.Read(ctx, name, c.Stream())
}
