package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"vigie/cmd/vigie/config"
	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/assess"
)

// A trial is a scan that keeps what was counted and found.
type trial struct {
	scanner.Assessor
	mu       sync.Mutex
	tallies  []*scanner.Tally
	findings []scanner.Finding
	problems []scanner.Problem
}

// Judge notes the tallies; the engine may ask twice about the same ones.
func (t *trial) Judge(ts []*scanner.Tally, e scanner.Exposure) []scanner.Finding {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, x := range ts {
		if !slices.Contains(t.tallies, x) {
			t.tallies = append(t.tallies, x)
		}
	}
	return t.Assessor.Judge(ts, e)
}

func (t *trial) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		t.findings = append(t.findings, *r)
	case *scanner.Problem:
		t.problems = append(t.problems, *r)
	}
	return nil
}

func (t *trial) Close() error { return nil }

// tryOut scans a file and prints what became of it.
func tryOut(cmd *cobra.Command, what string, own config.Config, name string) error {
	if what != "detectors" && what != "profiles" {
		return fmt.Errorf("try %s: only detectors and profiles can be tried", what)
	}
	targets, wrong := openTargets(cmd.Context(), cmd.ErrOrStderr(), []place{{target: name}})
	if wrong {
		return &exit{status: usage}
	}
	cfg := ours(own, 0)
	t := &trial{Assessor: cfg.Assessor}
	cfg.Assessor, cfg.Sink = t, t
	if _, err := scanner.Run(cmd.Context(), cfg, targets); err != nil {
		return &exit{internal, err}
	}
	var err error
	if what == "detectors" {
		err = t.printKinds(cmd.OutOrStdout(), cfg.Detectors)
	} else {
		err = t.printProfiles(cmd.OutOrStdout(), append(own.Profiles, assess.All()...))
	}
	if err != nil {
		return &exit{internal, err}
	}
	for _, p := range t.problems {
		complain(cmd.ErrOrStderr(), fmt.Errorf("%s: %s: %s", p.Path, p.Reason, p.Detail))
	}
	if len(t.problems) > 0 {
		return &exit{status: incomplete}
	}
	return nil
}

// printKinds prints how often each kind was found, where, and three samples.
func (t *trial) printKinds(out io.Writer, all []detectors.Detector) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "KIND\tMATCHES\tWHERE\tSAMPLES")
	for _, d := range all {
		var n int64
		var where, samples []string
		for _, x := range t.tallies {
			for i := range x.Columns {
				m, s := matchesIn(x, i, d.Kind)
				if m > 0 && !slices.Contains(where, column(x, i)) {
					where = append(where, column(x, i))
				}
				n, samples = n+m, append(samples, s...)
			}
		}
		slices.Sort(samples)
		samples = slices.Compact(samples)
		fmt.Fprintf(w, "%s\t%d\t%s\t%s\n", d.Kind, n, few(where), strings.Join(samples[:min(len(samples), 3)], ", "))
	}
	return w.Flush()
}

// matchesIn returns how often a kind was found in column i: in a column that
// only its title explains, how many cells are filled.
func matchesIn(t *scanner.Tally, i int, k detectors.Kind) (n int64, samples []string) {
	c := &t.Columns[i]
	for _, count := range c.Counts {
		if count.Kind == k {
			return count.Matches, count.Samples
		}
	}
	if t.Study != nil && i < len(t.Study.Kinds) && t.Study.Kinds[i] == k {
		return c.Filled, nil
	}
	return 0, nil
}

// column names column i.
func column(t *scanner.Tally, i int) string {
	switch {
	case t.Study == nil:
		return "text"
	case t.Columns[i].Title == "":
		return fmt.Sprintf("column %d", i+1)
	}
	return t.Columns[i].Title
}

// few joins at most four names.
func few(names []string) string {
	if more := len(names) - 4; more > 1 {
		return fmt.Sprintf("%s + %d more", strings.Join(names[:4], ", "), more)
	}
	return strings.Join(names, ", ")
}

// printProfiles prints what each profile made of the file.
func (t *trial) printProfiles(out io.Writer, all []assess.Profile) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "PROFILE\tFIRES\tCONFIDENCE\tPEOPLE\tWHERE")
	for _, p := range all {
		fires := false
		for _, f := range t.findings {
			if f.Profile == p.Name {
				fires = true
				where := strings.TrimSpace(f.Path + " " + f.Table)
				fmt.Fprintf(w, "%s\t%s\t%.0f%%\t%d\t%s\n", p.Name, f.Severity, 100*f.Confidence, f.People.Estimate, where)
			}
		}
		if !fires {
			fmt.Fprintf(w, "%s\tno\t\t\t\n", p.Name)
		}
	}
	return w.Flush()
}
