package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"io"
	"os"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"vigie/cmd/vigie/config"
	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/format"
)

func detectCommand() *cobra.Command {
	var rules string
	cmd := &cobra.Command{
		Use:   "detect FILE|-",
		Short: "Print every match in a text, masked, one JSON line each",
		Long: `Detect prints what each detector finds in a text by itself, as one JSON object a
line. Start and end are bytes from the beginning of the line, in UTF-8. Columns
are not judged here: a birth date needs a word near by that says so.`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			own, err := config.Read(rules)
			if err != nil {
				return err
			}
			o := scanner.Object{Path: args[0], Size: -1, Modified: time.Time{}}
			o.Open = func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
				if off > 0 {
					return nil, scanner.ErrUnranged
				}
				if args[0] == "-" {
					return io.NopCloser(cmd.InOrStdin()), nil
				}
				return os.Open(args[0])
			}
			if err := detect(cmd.Context(), cmd.OutOrStdout(), o, own.All()); err != nil {
				return &exit{incomplete, cannotRead(args[0], err)}
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&rules, "config", "c", "", "`FILE` with detectors of your own")
	return cmd
}

// A match is a line of detect.
type match struct {
	Type  string         `json:"type"`
	Kind  detectors.Kind `json:"kind"`
	Line  int            `json:"line"`
	Start int            `json:"start"`
	End   int            `json:"end"`
	Valid bool           `json:"valid"`
	Text  string         `json:"text"`
}

// detect reads o as running text, in its character set, and writes the matches.
func detect(ctx context.Context, w io.Writer, o scanner.Object, all []detectors.Detector) error {
	c, err := scanner.NewContent(ctx, o, scanner.Limits{})
	if err != nil {
		return err
	}
	defer c.Close()
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	text, line := new(detectors.Text), 1
	return format.Lines(c.Stream(), func(block []byte) error {
		for _, m := range findAll(all, text, block) {
			if err := enc.Encode(m.in(block, line)); err != nil {
				return err
			}
		}
		line += bytes.Count(block, []byte{'\n'})
		return nil
	})
}

// placed is a match with its detector.
type placed struct {
	detectors.Match
	by *detectors.Detector
}

// findAll returns what all detectors find in text, in order.
func findAll(all []detectors.Detector, t *detectors.Text, text []byte) (found []placed) {
	t.Reset(text, 0, 0, 0)
	for i := range all {
		if all[i].Find == nil {
			continue
		}
		for _, m := range all[i].Find(nil, t) {
			found = append(found, placed{m, &all[i]})
		}
	}
	slices.SortStableFunc(found, func(a, b placed) int { return cmp.Compare(a.Start, b.Start) })
	return found
}

// in says where p stands in a block that begins at the given line.
func (p placed) in(block []byte, line int) match {
	begin := bytes.LastIndexByte(block[:p.Start], '\n') + 1
	return match{
		Type: "match", Kind: p.by.Kind, Valid: p.Valid,
		Line:  line + bytes.Count(block[:p.Start], []byte{'\n'}),
		Start: p.Start - begin, End: p.End - begin,
		Text: scanner.Masked(p.by, block[p.Start:p.End]),
	}
}
