package main

import (
	"context"
	"errors"
	"io"
	"os"
	"time"

	"github.com/spf13/cobra"

	"vigie/scanner"
	"vigie/scanner/report"
)

// handoverFlags are the flags of handover.
type handoverFlags struct {
	lookFlags
	statement string
	page      string
	declare   string
	key       string
	verify    string
	signedBy  string
}

func handoverCommand() *cobra.Command {
	var f handoverFlags
	cmd := &cobra.Command{
		Use:   "handover PATH…",
		Short: "Scan data before they go to a vendor, and write a statement about them",
		Long: `Handover looks at every row and all text of the paths, without a sample, and
writes a statement: every file with its SHA-256, what was found, what could not
be read, and what vigie looked for. It belongs before the upload: the exit
status is 1 when people's data are in it.

With --declare you state what you believe of the data, and the exit status is 1
when they contradict it: fictitious (nobody in them exists), pseudonymised
(nobody can be told from them alone), or a YAML file with the fields that are in
them. What to leave out or make coarser is named.

With --verify a statement is compared with the files that arrived.

A statement never says that data are anonymous: no look can prove that.

Exit status: 0 all was looked at, and no people's data or nothing against what
was declared; 1 people's data, a contradiction, or files that differ; 2 usage;
3 something could not be looked at; 4 interrupted; 5 internal.`,
		Example: `  vigie handover ./export --statement export.json --html export.html
  vigie handover ./export --statement export.json --sign minisign.key
  vigie handover ./export --declare pseudonymised
  vigie handover ./export --declare fields.yaml --statement export.json
  vigie handover --verify export.json ./received
  vigie handover --verify export.json --signed-by minisign.pub ./received`,
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.verify != "" {
				return f.compare(cmd, args)
			}
			return f.hand(cmd, args)
		},
	}
	fl := cmd.Flags()
	f.add(fl)
	fl.StringVar(&f.statement, "statement", "", "write the statement to `FILE`, as JSON")
	fl.StringVar(&f.page, "html", "", "write the statement to `FILE`, as a page")
	fl.StringVar(&f.declare, "declare", "", "`CLAIM` that you make of the data: fictitious, pseudonymised, or a YAML file of fields")
	fl.StringVar(&f.key, "sign", "", "sign the statement (FILE.minisig) with `KEY`, a secret one of minisign; VIGIE_SIGN_PASSWORD opens it")
	fl.StringVar(&f.verify, "verify", "", "compare the paths with the statement in `FILE`, and scan nothing")
	fl.StringVar(&f.signedBy, "signed-by", "", "with --verify: `KEY`, a public one of minisign, must have signed the statement")
	return cmd
}

// hand scans the paths and writes the statement.
func (f *handoverFlags) hand(cmd *cobra.Command, args []string) error {
	l, err := f.ready(cmd)
	if err != nil {
		return err
	}
	declared, err := declaration(f.declare)
	if err != nil {
		return err
	}
	key, err := f.secretKey(cmd)
	if err != nil {
		return err
	}
	places, err := localPlaces(args, f.statement, f.page, f.output)
	if err != nil {
		return err
	}
	if err := f.open(cmd, l); err != nil {
		return err
	}
	targets, wrong := openTargets(cmd.Context(), cmd.ErrOrStderr(), places)
	files, err := hashed(cmd.Context(), targets)
	if err != nil {
		return &exit{status: interrupted}
	}
	var kinds []string
	for _, d := range l.Detectors {
		kinds = append(kinds, string(d.Kind))
	}
	stated := report.NewStatement(time.Now(), version(), kinds)
	stated.Files, stated.Declared = files, declared
	l.Whole = true
	l.Sink = &told{l.Sink, stated}
	_, status := l.run(cmd.Context(), cmd.ErrOrStderr(), targets, wrong)
	if cmd.Context().Err() == nil && stated.Summary != nil && !unchanged(cmd.Context(), targets, files) {
		complain(cmd.ErrOrStderr(), errors.New("the files changed while they were looked at: hand them over when they rest"))
		stated.Write(cmd.Context(), &scanner.Problem{Reason: scanner.Partial, Detail: "the files changed while they were looked at"})
		stated.Summary.Complete = false
		if status == nil {
			status = &exit{status: incomplete}
		}
	}
	return f.state(cmd, stated, status, key)
}

// state puts what was declared against what was found, and writes the statement.
func (f *handoverFlags) state(cmd *cobra.Command, stated *report.Statement, status error, key signer) error {
	if stated.Declared != nil {
		status = contradict(stated, status)
	}
	stated.Close()
	o := report.Options{Lang: f.lang}
	report.Objections(cmd.ErrOrStderr(), stated, o)
	if err := f.write(stated, o, key); err != nil {
		return &exit{internal, err}
	}
	return status
}

// write writes the statement where the flags say.
func (f *handoverFlags) write(stated *report.Statement, o report.Options, key signer) error {
	if f.page != "" {
		if err := writeFile(f.page, func(w io.Writer) error { return stated.Page(w, o) }); err != nil {
			return err
		}
	}
	if f.statement == "" {
		return nil
	}
	if err := writeFile(f.statement, stated.Encode); err != nil || key == nil {
		return err
	}
	text, err := os.ReadFile(f.statement)
	if err != nil {
		return err
	}
	return os.WriteFile(f.statement+".minisig", key(text), 0o644)
}

// told passes records to a report and to the statement.
type told struct {
	scanner.Sink
	stated *report.Statement
}

func (t *told) Write(ctx context.Context, r scanner.Record) error {
	if err := t.stated.Write(ctx, r); err != nil {
		return err
	}
	return t.Sink.Write(ctx, r)
}
