package main

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"vigie/cmd/vigie/config"
)

// settle sets the flags that the command line leaves open: by the environment
// (VIGIE_FAIL_ON for --fail-on; what may be repeated stands there with commas),
// or else by the file of --config, of which it returns the rest.
func settle(cmd *cobra.Command) (own config.Config, err error) {
	cmd.Flags().VisitAll(func(fl *pflag.Flag) {
		if value := os.Getenv(variable(fl.Name)); err == nil && value != "" && !fl.Changed && fl.Name != "help" {
			err = setFlag(fl, split(fl, value))
			if err != nil {
				err = fmt.Errorf("read %s: %w", variable(fl.Name), err)
			}
		}
	})
	if err != nil {
		return own, err
	}
	name, err := cmd.Flags().GetString("config")
	if err != nil {
		return own, nil // the command has none
	}
	if own, err = config.Read(name); err != nil {
		return own, err
	}
	for _, s := range own.Settings {
		fl := cmd.Flags().Lookup(s.Flag)
		if fl == nil || fl.Changed {
			continue
		}
		if err := setFlag(fl, s.Values); err != nil {
			return own, fmt.Errorf("read %s: line %d: %w", name, s.Line, err)
		}
	}
	return own, nil
}

// variable is the name of a flag in the environment.
func variable(flag string) string {
	return "VIGIE_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

func split(fl *pflag.Flag, value string) []string {
	if fl.Value.Type() != "stringArray" {
		return []string{value}
	}
	return slices.DeleteFunc(strings.Split(value, ","), func(s string) bool { return s == "" })
}

// setFlag sets a flag; after that it counts as given.
func setFlag(fl *pflag.Flag, values []string) error {
	for _, v := range values {
		if err := fl.Value.Set(v); err != nil {
			return fmt.Errorf("%s is not what --%s takes", v, fl.Name)
		}
	}
	fl.Changed = true
	return nil
}
