package main

import (
	"os"
	"os/exec"

	"github.com/spf13/cobra"

	"vigie/scanner"
	"vigie/scanner/format"
)

// childCommand is this program as the child process in which third parties'
// parsers work. It is started by scans, and listed nowhere.
func childCommand() *cobra.Command {
	return &cobra.Command{
		Use:    "child",
		Hidden: true,
		Args:   cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := scanner.ServeChild(format.All(), cmd.InOrStdin(), cmd.OutOrStdout()); err != nil {
				return &exit{internal, err}
			}
			return nil
		},
	}
}

// child is the command of such a process. It gets no environment: it needs
// none, and credentials may lie there.
func child() *exec.Cmd {
	self, err := os.Executable()
	if err != nil {
		self = os.Args[0]
	}
	cmd := exec.Command(self, "child")
	cmd.Env = []string{}
	return cmd
}
