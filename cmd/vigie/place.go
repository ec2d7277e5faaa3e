package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"path/filepath"

	"vigie/scanner"
	"vigie/scanner/source"
)

// A place is a target and how to get in.
type place struct {
	target string
	source.Options
}

// openTargets opens what can be opened; the others are told at once, and the
// exit status says so in the end. They stay among the targets, so that the
// report says so too.
func openTargets(ctx context.Context, w io.Writer, places []place) (targets []scanner.Target, wrong bool) {
	for _, p := range places {
		name := source.Shown(p.target)
		src, err := source.Open(ctx, p.target, p.Options)
		if err != nil {
			complain(w, err)
			src, wrong = shut{name, err}, true
		}
		targets = append(targets, scanner.Target{Name: name, Source: src})
	}
	return targets, wrong
}

// A shut source is one that could not be opened.
type shut struct {
	name string
	why  error
}

func (s shut) List(context.Context, string, string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		yield(scanner.Object{Path: s.name}, cmp.Or(errors.Unwrap(s.why), s.why))
	}
}

// localPlaces takes what lies on this machine: the bytes that are handed over
// are those that are hashed. What is written about them must lie elsewhere, or it
// would be among them.
func localPlaces(args []string, outputs ...string) (places []place, err error) {
	for _, a := range args {
		if !source.Local(a) {
			return nil, fmt.Errorf("hand over %s: only files and folders of this machine can be", source.Shown(a))
		}
		for _, out := range outputs {
			if out != "" && out != "-" && within(a, out) {
				return nil, fmt.Errorf("write %s: lies in what is handed over", out)
			}
		}
		places = append(places, place{target: a})
	}
	return places, nil
}

// within reports whether a file lies at or below a path.
func within(root, name string) bool {
	root, err := filepath.Abs(root)
	if err != nil {
		return false
	}
	if name, err = filepath.Abs(name); err != nil {
		return false
	}
	rel, err := filepath.Rel(root, name)
	return err == nil && filepath.IsLocal(rel)
}
