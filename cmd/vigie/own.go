package main

import (
	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/assess"

	yaml "vigie/cmd/vigie/config"
)

// addOwn adds the rules of vigie.yaml to a scan.
func addOwn(cfg *scanner.Config, own yaml.Config) {
	cfg.Detectors = own.All()
	cfg.Assessor = classes{assess.New(own.Profiles...), own.Detectors}
}

// classes says in findings of which class the user's own kinds are.
type classes struct {
	scanner.Assessor
	own []detectors.Detector
}

func (c classes) Judge(ts []*scanner.Tally, e scanner.Exposure) []scanner.Finding {
	found := c.Assessor.Judge(ts, e)
	for _, f := range found {
		for i := range f.Fields {
			for _, d := range c.own {
				if d.Kind == f.Fields[i].Kind {
					f.Fields[i].Class = d.Class
				}
			}
		}
	}
	return found
}
