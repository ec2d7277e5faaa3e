package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"

	"aead.dev/minisign"
	"github.com/spf13/cobra"

	"vigie/scanner/report"
)

// compare says how the files at the paths differ from those of a statement.
func (f *handoverFlags) compare(cmd *cobra.Command, args []string) error {
	if f.statement+f.page+f.declare+f.key != "" {
		return errors.New("--verify scans nothing: no --statement, --html, --declare or --sign with it")
	}
	stated, err := f.readStatement()
	if err != nil {
		return err
	}
	places, err := localPlaces(args)
	if err != nil {
		return err
	}
	targets, wrong := openTargets(cmd.Context(), cmd.ErrOrStderr(), places)
	if wrong {
		return &exit{status: usage}
	}
	files, err := hashed(cmd.Context(), targets)
	if err != nil {
		return &exit{status: interrupted}
	}
	differ := stated.Compare(files)
	lang, err := languageOf(f.lang)
	if err != nil {
		return err
	}
	report.Differences(cmd.OutOrStdout(), stated, differ, f.signedBy != "", report.Options{Lang: lang})
	if len(differ) > 0 {
		return &exit{status: found}
	}
	return nil
}

// readStatement reads the statement of --verify. One that the key of --signed-by
// has not signed is worth nothing.
func (f *handoverFlags) readStatement() (*report.Statement, error) {
	text, err := os.ReadFile(f.verify)
	if err != nil {
		return nil, err
	}
	if f.signedBy != "" {
		key, err := minisign.PublicKeyFromFile(f.signedBy)
		if err != nil {
			return nil, fmt.Errorf("read %s: is no public key of minisign", f.signedBy)
		}
		signature, err := os.ReadFile(f.verify + ".minisig")
		if err != nil {
			return nil, err
		}
		if !minisign.Verify(key, text, signature) {
			return nil, &exit{found, fmt.Errorf("verify %s: the key of %s has not signed it, or it was changed since", f.verify, f.signedBy)}
		}
	}
	stated, err := report.DecodeStatement(bytes.NewReader(text))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", f.verify, err)
	}
	return stated, nil
}
