package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"vigie/cmd/vigie/config"
	"vigie/scanner/assess"
	"vigie/scanner/format"
	"vigie/scanner/source"
)

func listCommand() *cobra.Command {
	var rules, try string
	cmd := &cobra.Command{
		Use:   "list detectors|profiles|formats|sources",
		Short: "List what this build knows, and try it",
		Long: `List prints what this build knows, and the rules of your own with -c.

With --try it says instead what becomes of a file: how often each detector
matches there, or which profiles fire.`,
		Example: `  vigie list detectors
  vigie list detectors -c vigie.yaml --try export.csv`,
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"detectors", "profiles", "formats", "sources"},
		RunE: func(cmd *cobra.Command, args []string) error {
			own, err := config.Read(rules)
			if err != nil {
				return err
			}
			if try != "" {
				return tryOut(cmd, args[0], own, try)
			}
			for _, e := range listed(args[0], own) {
				printDoc(cmd.OutOrStdout(), e[0], e[1])
			}
			return nil
		},
	}
	cmd.Flags().StringVarP(&rules, "config", "c", "", "`FILE` with rules of your own")
	cmd.Flags().StringVar(&try, "try", "", "`FILE` to try detectors or profiles on")
	return cmd
}

// listed returns name and doc of what this build and the user know, from the
// lists that the code uses.
func listed(what string, own config.Config) (all [][2]string) {
	switch what {
	case "detectors":
		for _, d := range own.All() {
			all = append(all, [2]string{string(d.Kind), d.Doc})
		}
	case "profiles":
		for _, p := range append(own.Profiles, assess.All()...) {
			all = append(all, [2]string{p.Name, p.Doc})
		}
	case "formats":
		for _, f := range format.All() {
			all = append(all, [2]string{f.Name, f.Doc})
		}
	case "sources":
		for _, s := range source.All() {
			all = append(all, [2]string{s.Name, s.Doc})
		}
	}
	return all
}

// printDoc prints a name, its title, and the explanation set in.
func printDoc(w io.Writer, name, doc string) {
	title, rest, _ := strings.Cut(strings.TrimSpace(doc), "\n")
	fmt.Fprintf(w, "%s: %s\n", name, title)
	for line := range strings.Lines(strings.TrimSpace(rest)) {
		fmt.Fprintf(w, "    %s\n", strings.TrimSpace(line))
	}
}
