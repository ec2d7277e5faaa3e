package config

import (
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// A Target is a place to scan, and how to get in.
type Target struct {
	Name         string
	S3Endpoint   string
	S3Region     string
	Credentials  string // "" for those of the environment
	Anonymous    bool
	IgnoreRobots bool
	Rate         float64 // requests a second; 0: what --rate says
}

type target struct {
	Line         int  `yaml:"-"`
	Target       word `yaml:"target" doc:"A path, https://host/dir/, s3://bucket/prefix or s3://."`
	S3Endpoint   word `yaml:"s3_endpoint" doc:"Address of an S3-compatible server."`
	S3Region     word `yaml:"s3_region" doc:"Region of the buckets."`
	Credentials  word `yaml:"credentials" doc:"Where they stand, never themselves: env:NAME or file:PATH. NAME:PASSWORD for a web server, KEY:SECRET for S3."`
	Anonymous    word `yaml:"anonymous" doc:"true: use no credentials."`
	IgnoreRobots word `yaml:"ignore_robots" doc:"true: on a site of yours, fetch also what robots.txt disallows."`
	Rate         word `yaml:"rate" doc:"Requests a second."`
}

// scalar makes a target of nothing but its name.
func (t *target) scalar(w word) { t.Target, t.Line = w, w.line }

func targets(c *Config, f *file) error {
	for _, t := range f.Targets {
		made, err := t.made()
		if err != nil {
			return err
		}
		c.Targets = append(c.Targets, made)
	}
	return nil
}

func (t target) made() (Target, error) {
	made := Target{Name: t.Target.text, S3Endpoint: t.S3Endpoint.text, S3Region: t.S3Region.text}
	if made.Name == "" {
		return made, fmt.Errorf("line %d: target is missing", t.Line)
	}
	var err error
	if made.Anonymous, err = yes(t.Anonymous); err != nil {
		return made, err
	}
	if made.IgnoreRobots, err = yes(t.IgnoreRobots); err != nil {
		return made, err
	}
	if t.Rate != (word{}) {
		if made.Rate, err = strconv.ParseFloat(t.Rate.text, 64); err != nil || !(made.Rate > 0) {
			return made, fmt.Errorf("line %d: rate is a number of requests a second", t.Rate.line)
		}
	}
	if t.Credentials != (word{}) {
		if made.Anonymous {
			return made, fmt.Errorf("line %d: credentials for a target that is anonymous", t.Credentials.line)
		}
		if made.Credentials, err = credentials(t.Credentials.text); err != nil {
			return made, fmt.Errorf("line %d: credentials: %w", t.Credentials.line, err)
		}
	}
	return made, nil
}

// credentials reads what a reference names. No error holds anything that may be
// the secret itself, written where the reference should stand.
func credentials(ref string) (string, error) {
	how, name, _ := strings.Cut(ref, ":")
	var value string
	switch {
	case how == "env" && name != "":
		value = os.Getenv(name)
		if value == "" {
			return "", fmt.Errorf("the environment has no %s", name)
		}
	case how == "file" && name != "":
		b, err := os.ReadFile(name)
		if err != nil {
			return "", err
		}
		value = strings.TrimSpace(string(b))
	default:
		return "", errors.New("not written here, but where they stand: env:NAME or file:PATH")
	}
	if name, secret, ok := strings.Cut(value, ":"); !ok || name == "" || secret == "" || strings.ContainsAny(value, "\r\n") {
		return "", errors.New("what is there is not NAME:SECRET")
	}
	return value, nil
}

// yes reads true or false; nothing is false.
func yes(w word) (bool, error) {
	switch w.text {
	case "true":
		return true, nil
	case "", "false":
		return false, nil
	}
	return false, fmt.Errorf("line %d: %q: true or false", w.line, w.text)
}
