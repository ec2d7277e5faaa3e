package main

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"golang.org/x/term"

	"vigie/scanner/report"
)

func reportNamed(name string) (report.Report, error) {
	all := report.All()
	i := slices.IndexFunc(all, func(r report.Report) bool { return r.Name == name })
	if i < 0 {
		return report.Report{}, fmt.Errorf("read --format %s: want %s", name, reportNames())
	}
	return all[i], nil
}

// fits says when a report is not for a terminal.
func fits(r report.Report, out io.Writer) error {
	if file, ok := out.(*os.File); ok && r.Packed && term.IsTerminal(int(file.Fd())) {
		return fmt.Errorf("write %s: is no text for a terminal; -o FILE writes it to a file", r.Name)
	}
	return nil
}

func reportNames() string {
	var names []string
	for _, r := range report.All() {
		names = append(names, r.Name)
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// styled says how a report looks on out: in colours and wide on a terminal.
func styled(out io.Writer) report.Options {
	o := report.Options{Now: time.Now(), Version: version()}
	file, ok := out.(*os.File)
	if !ok || !term.IsTerminal(int(file.Fd())) {
		return o
	}
	o.Color = os.Getenv("NO_COLOR") == ""
	if width, _, err := term.GetSize(int(file.Fd())); err == nil {
		o.Width = min(width, 100)
	}
	return o
}

// openOutput opens the file of -o, readable by its owner only.
func openOutput(stdout io.Writer, name string) (io.Writer, func() error, error) {
	if name == "" || name == "-" {
		return stdout, func() error { return nil }, nil
	}
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, nil, err
	}
	return f, f.Close, nil
}

// writeFile writes a file as a whole, readable by its owner only.
func writeFile(name string, write func(io.Writer) error) error {
	f, err := os.OpenFile(name, os.O_CREATE|os.O_WRONLY|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	if err := write(f); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}
