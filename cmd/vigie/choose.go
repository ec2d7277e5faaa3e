package main

import (
	"fmt"
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

// wraps are the endings of names of archives: with --include they are opened
// for what is in them, and nothing else is.
var wraps = []string{
	".zip", ".jar", ".war", ".gz", ".tgz", ".tar", ".7z", ".rar", ".bz2", ".tbz", ".xz", ".txz",
	".zst", ".tzst", ".lz4", ".z", ".lzma", ".cpio", ".deb", ".rpm", ".iso", ".cab", ".exe",
}

// chooser makes the choice of --include and --exclude. A glob without a slash
// matches the last element of a path, any other one a run of whole elements at
// its end; case does not count. What matches a container covers its members.
func chooser(include, exclude []string) (func(string) scanner.Choice, error) {
	for _, g := range slices.Concat(include, exclude) {
		if _, err := path.Match(g, ""); err != nil {
			return nil, fmt.Errorf("read glob %s: %w", g, err)
		}
	}
	if len(include)+len(exclude) == 0 {
		return nil, nil
	}
	return func(p string) scanner.Choice {
		p = strings.ToLower(p)
		switch {
		case matches(exclude, p):
			return scanner.Leave
		case len(include) == 0 || matches(include, p):
			return scanner.Take
		case slices.ContainsFunc(wraps, func(end string) bool { return strings.HasSuffix(p, end) }):
			return scanner.Wraps
		}
		return scanner.Leave
	}, nil
}

func matches(globs []string, p string) bool {
	for end := len(p); end >= 0; end = strings.LastIndex(p[:end], "!/") {
		elements := strings.Split(p[:end], "/")
		if slices.ContainsFunc(globs, func(g string) bool {
			n := min(strings.Count(g, "/")+1, len(elements))
			ok, _ := path.Match(strings.ToLower(g), strings.Join(elements[len(elements)-n:], "/"))
			return ok
		}) {
			return true
		}
	}
	return false
}

// reasons are those that --accept knows.
var reasons = []scanner.Reason{
	scanner.Encrypted, scanner.Truncated, scanner.Malformed, scanner.Unsupported, scanner.ImageOnly,
	scanner.TooLarge, scanner.TooDeep, scanner.TooMany, scanner.Ratio, scanner.Timeout, scanner.Denied,
	scanner.Unreachable, scanner.Robots, scanner.Skipped, scanner.Partial, scanner.Crashed,
}

// accepter makes the choice of --accept.
func accepter(rules []string) (func(*scanner.Problem) bool, error) {
	type rule struct {
		reason scanner.Reason
		globs  []string
	}
	var all []rule
	for _, r := range rules {
		reason, glob, _ := strings.Cut(r, ":")
		if !slices.Contains(reasons, scanner.Reason(reason)) {
			return nil, fmt.Errorf("read --accept %s: no such reason; one of %v", r, reasons)
		}
		if _, err := path.Match(glob, ""); err != nil {
			return nil, fmt.Errorf("read --accept %s: %w", r, err)
		}
		one := rule{reason: scanner.Reason(reason)}
		if glob != "" {
			one.globs = []string{glob}
		}
		all = append(all, one)
	}
	return func(p *scanner.Problem) bool {
		return slices.ContainsFunc(all, func(r rule) bool {
			return r.reason == p.Reason && (r.globs == nil || matches(r.globs, strings.ToLower(p.Path)))
		})
	}, nil
}
