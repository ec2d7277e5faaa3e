// Command vigie finds files with French social personal data that lie open in
// public storage. See the README.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vigie/cmd/vigie/config"
	"vigie/detectors"
	"vigie/scanner"
)

// memoryLimit is where the collector starts to work harder: the promise of
// 256 MiB, less what is not on its heap.
const memoryLimit = 200 << 20

func main() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

// run runs the command line and returns the exit status.
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	cmd := root()
	cmd.SetArgs(args)
	cmd.SetIn(stdin)
	cmd.SetOut(stdout)
	cmd.SetErr(stderr)
	err := cmd.ExecuteContext(ctx)
	if err == nil {
		return clean
	}
	e := &exit{usage, err}
	errors.As(err, &e)
	if e.err != nil {
		complain(stderr, e.err)
	}
	return e.status
}

func root() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "vigie",
		Short: "Find French social personal data that lie open in public storage",
		Example: `  vigie demo
  vigie scan ./export
  vigie scan https://www.example.org/files/ --format html -o findings.html
  vigie handover ./export --declare pseudonymised --statement export.json`,
		SilenceErrors: true,
		SilenceUsage:  true,
		Version:       version(),
	}
	cmd.SetUsageTemplate(strings.ReplaceAll(cmd.UsageTemplate(), ".FlagUsages", ".FlagUsagesWrapped 80"))
	cmd.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return fmt.Errorf("%w%s", err, meantFlag(cmd, err)) })
	cmd.AddCommand(scanCommand(), handoverCommand(), reportCommand(), accessCommand(), detectCommand(), listCommand(), configCommand(), manCommand(), demoCommand(), childCommand())
	return cmd
}

// meantFlag asks for the flag that is nearest to an unknown one, and says where
// all of them stand.
func meantFlag(cmd *cobra.Command, err error) string {
	_, name, _ := strings.Cut(err.Error(), "unknown flag: --")
	var known []string
	cmd.Flags().VisitAll(func(fl *pflag.Flag) { known = append(known, fl.Name) })
	if meant := config.Meant(name, known); name != "" && meant != "" {
		return meant
	}
	return "; " + cmd.CommandPath() + " --help lists the flags"
}

// complain writes an error, without the personal values that a path may hold.
func complain(w io.Writer, err error) {
	fmt.Fprintf(w, "vigie: %s\n", scanner.Shown(detectors.All())(err.Error()))
}

// version returns the version the build was stamped with.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
