package main

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"vigie/scanner"
)

// wraps are the endings of names of archives, mailboxes and messages: with
// --include they are opened for what is in them or attached, and nothing else is.
var wraps = []string{
	".zip", ".jar", ".war", ".ear", ".7z", ".rar", ".cab", ".iso", ".exe",
	".tar", ".tgz", ".tbz", ".tbz2", ".tb2", ".txz", ".tzst", ".tlz", ".tlz4", ".taz", ".tz",
	".gz", ".bz2", ".bz", ".xz", ".lzma", ".zst", ".zstd", ".lz4", ".z", ".br", ".sz", ".snappy", ".s2", ".snz",
	".cpio", ".ar", ".a", ".deb", ".rpm",
	".mbox", ".pst", ".ost", ".eml", ".msg",
}

// A choice is what the flags say of the objects to look at.
type choice struct {
	include, exclude      []string // globs
	largest, newer, older string
}

// chooser makes the choice. A glob without a slash matches the last element of
// a path, any other one a run of whole elements at its end; case does not count.
// What matches a container covers its members. Size and age are those of the
// stored object; where the store does not tell, it is looked at.
func chooser(c choice, now time.Time) (func(scanner.Object) scanner.Choice, error) {
	for _, g := range slices.Concat(c.include, c.exclude) {
		if _, err := path.Match(g, ""); err != nil {
			return nil, fmt.Errorf("read glob %s: %w", g, err)
		}
	}
	largest, err := bytesOf(c.largest)
	if err != nil {
		return nil, fmt.Errorf("read --max-size %s: %w", c.largest, err)
	}
	after, err := dayOf(c.newer, now)
	if err != nil {
		return nil, fmt.Errorf("read --newer-than %s: %w", c.newer, err)
	}
	before, err := dayOf(c.older, now)
	if err != nil {
		return nil, fmt.Errorf("read --older-than %s: %w", c.older, err)
	}
	if len(c.include)+len(c.exclude)+len(c.largest+c.newer+c.older) == 0 {
		return nil, nil
	}
	return func(o scanner.Object) scanner.Choice {
		p := strings.ToLower(o.Path)
		stored := !strings.Contains(p, "!/")
		known := stored && !o.Modified.IsZero()
		switch {
		case stored && c.largest != "" && o.Size > largest,
			known && c.newer != "" && o.Modified.Before(after),
			known && c.older != "" && !o.Modified.Before(before),
			matches(c.exclude, p):
			return scanner.Leave
		case len(c.include) == 0 || matches(c.include, p):
			return scanner.Take
		case slices.ContainsFunc(wraps, func(end string) bool { return strings.HasSuffix(p, end) }):
			return scanner.Wraps
		}
		return scanner.Leave
	}, nil
}

// bytesOf reads a size, in decimal units: 500MB, 2GB. "" is none.
func bytesOf(s string) (int64, error) {
	if s == "" {
		return 0, nil
	}
	number := strings.TrimRight(strings.ToUpper(s), "KMGTB")
	unit := map[string]float64{"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}[strings.ToUpper(s)[len(number):]]
	n, err := strconv.ParseFloat(number, 64)
	if err != nil || unit == 0 || !(n >= 0) || n*unit > 1e18 {
		return 0, errors.New("want a size such as 500MB or 2GB")
	}
	return int64(n * unit), nil
}

// dayOf reads a day, or how many days ago it was: 2026-01-31, 90d.
func dayOf(s string, now time.Time) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	if days, err := strconv.ParseUint(strings.TrimSuffix(s, "d"), 10, 16); err == nil && strings.HasSuffix(s, "d") {
		return now.AddDate(0, 0, -int(days)), nil
	}
	day, err := time.ParseInLocation(time.DateOnly, s, now.Location())
	if err != nil {
		return day, errors.New("want days such as 90d, or a day such as 2026-01-31")
	}
	return day, nil
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
