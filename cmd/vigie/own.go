package main

import (
	"vigie/scanner"
	"vigie/scanner/assess"

	yaml "vigie/cmd/vigie/config"
)

// addOwn adds the rules of vigie.yaml to a scan.
func addOwn(cfg *scanner.Config, own yaml.Config) {
	cfg.Detectors = own.All()
	cfg.Assessor = assess.With(own.Detectors, own.Profiles...)
}
