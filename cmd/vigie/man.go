package main

import (
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
)

func manCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "man FOLDER",
		Short:   "Write the manual pages",
		Long:    "Man writes a manual page for each command, in section 1, to a folder that is\nmade where there is none.",
		Example: "  vigie man /usr/local/share/man/man1\n  man vigie-scan",
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := os.MkdirAll(args[0], 0o755); err != nil {
				return err
			}
			cmd.Root().DisableAutoGenTag = true // pages of one build are the same
			header := &doc.GenManHeader{Title: "VIGIE", Section: "1", Source: "vigie " + version(), Manual: "vigie"}
			if err := doc.GenManTree(cmd.Root(), header, args[0]); err != nil {
				return &exit{internal, fmt.Errorf("write the pages: %w", err)}
			}
			return nil
		},
	}
}
