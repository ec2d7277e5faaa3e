package main

import (
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"vigie/cmd/vigie/config"
	"vigie/scanner/source"
)

func configCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "config",
		Short: "Begin, check or describe a vigie.yaml",
		Args:  cobra.NoArgs,
		RunE:  func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(configInit(), configCheck(), &cobra.Command{
		Use:     "schema",
		Short:   "Print the JSON Schema of vigie.yaml, for editors",
		Example: "  vigie config schema >vigie.schema.json",
		Args:    cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := cmd.OutOrStdout().Write(config.Schema())
			return err
		},
	})
	return cmd
}

func configInit() *cobra.Command {
	return &cobra.Command{
		Use:   "init [FILE]",
		Short: "Write a vigie.yaml to begin with",
		Long: `Init writes a vigie.yaml with everything that can stand there, most of it as
comments. A file that is there already is left as it is.

Exit status: 0 written; 2 not.`,
		Example: "  vigie config init\n  vigie config init -",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "vigie.yaml"
			if len(args) > 0 {
				name = args[0]
			}
			if name == "-" {
				_, err := cmd.OutOrStdout().Write(config.Example)
				return err
			}
			f, err := os.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
			if err != nil {
				return err
			}
			if _, err = f.Write(config.Example); err == nil {
				err = f.Close()
			}
			if err == nil {
				fmt.Fprintf(cmd.OutOrStdout(), "%s is written. Name your targets there, then: vigie scan -c %s\n", name, name)
			}
			return err
		},
	}
}

func configCheck() *cobra.Command {
	return &cobra.Command{
		Use:   "check [FILE]",
		Short: "Say what is wrong with a vigie.yaml",
		Long: `Check reads the file as scan does, without looking at any target.

Exit status: 0 scan would take it; 2 it would not.`,
		Example: "  vigie config check vigie.yaml",
		Args:    cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "vigie.yaml"
			if len(args) > 0 {
				name = args[0]
			}
			return check(cmd.OutOrStdout(), name)
		},
	}
}

// check makes ready a scan by the file and does not run it.
func check(w io.Writer, name string) error {
	var f scanFlags
	cmd := f.command()
	if err := cmd.ParseFlags([]string{"--config", name}); err != nil {
		return err
	}
	if _, err := f.ready(cmd); err != nil {
		return err
	}
	own := f.own
	for _, t := range own.Targets {
		if !source.Known(t.Name) {
			return fmt.Errorf("read %s: target %s: no store has such a form; vigie list sources", name, source.Shown(t.Name))
		}
	}
	fmt.Fprintf(w, "%s is good: %s, %s, %s, %s.\n", name, some(len(own.Targets), "target"), some(len(own.Suppressions), "suppression"),
		some(len(own.Detectors), "detector"), some(len(own.Profiles), "profile"))
	return nil
}

func some(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
