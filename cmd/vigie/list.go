package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"vigie/detectors"
	"vigie/scanner/assess"
	"vigie/scanner/format"
	"vigie/scanner/source"
)

func listCommand() *cobra.Command {
	return &cobra.Command{
		Use:       "list detectors|profiles|formats|sources",
		Short:     "List what this build knows",
		Args:      cobra.MatchAll(cobra.ExactArgs(1), cobra.OnlyValidArgs),
		ValidArgs: []string{"detectors", "profiles", "formats", "sources"},
		RunE: func(cmd *cobra.Command, args []string) error {
			for _, e := range listed(args[0]) {
				printDoc(cmd.OutOrStdout(), e[0], e[1])
			}
			return nil
		},
	}
}

// listed returns name and doc of what this build knows, from the lists that
// the code uses.
func listed(what string) (all [][2]string) {
	switch what {
	case "detectors":
		for _, d := range detectors.All() {
			all = append(all, [2]string{string(d.Kind), d.Doc})
		}
	case "profiles":
		for _, p := range assess.All() {
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
