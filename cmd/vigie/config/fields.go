package config

import (
	"errors"
	"fmt"
	"os"

	"vigie/scanner"
)

// ReadFields reads what the sender of data declares to be in them: a YAML file
// with fields (kinds, or titles of columns) and people.
func ReadFields(name string) (scanner.Declaration, error) {
	var f struct {
		Fields []word `yaml:"fields"`
		People int64  `yaml:"people"`
	}
	d := scanner.Declaration{Claim: scanner.Fields}
	b, err := os.ReadFile(name)
	if err != nil {
		return d, err
	}
	if err = decode(b, &f); err == nil && len(f.Fields) == 0 {
		err = errors.New("fields is missing: kinds (vigie list detectors), or titles of columns")
	}
	if err == nil && f.People < 0 {
		err = errors.New("people is a number of people")
	}
	if err != nil {
		return d, fmt.Errorf("read %s: %w", name, err)
	}
	d.Fields, d.People = texts(f.Fields), f.People
	return d, nil
}
