package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

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
				return err
			}
			if aware != "" {
				if o.AwareAt, err = time.Parse(time.RFC3339, aware); err != nil {
					return fmt.Errorf("read --aware-at %s: want a time such as 2026-11-23T09:30:00+01:00", aware)
				}
			}
			return turn(cmd, args, format, output, o)
		},
	}
	fl := cmd.Flags()
	fl.StringVar(&format, "format", "text", "write `REPORT`: "+reportNames())
	fl.StringVarP(&output, "output", "o", "", "write the report to `FILE`")
	fl.StringVar(&aware, "aware-at", "", "`TIME` when you learnt of the breach (RFC 3339): the notification is due 72 hours later")
	fl.StringVar(&lang, "lang", "", "`LANGUAGE` of text, html and notice: en or fr (default: that of your environment)")
	fl.BoolVar(&problems, "problems", false, "show every problem")
	return cmd
}

// turn reads all of the input before it opens the output: what cannot be read
// leaves an older report as it was.
func turn(cmd *cobra.Command, args []string, format, output string, o report.Options) error {
	r, err := reportNamed(format)
	if err != nil {
		return err
	}
	inputs, done, err := openInputs(cmd.InOrStdin(), args, output)
	defer done()
	if err != nil {
		return err
	}
	records, err := report.Read(inputs)
	if err != nil {
		return err
	}
	out, closed, err := openOutput(cmd.OutOrStdout(), output)
	if err != nil {
		return err
	}
	if err := fits(r, out); err != nil {
		return err
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
