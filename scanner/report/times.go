package report

import (
	"time"

	"vigie/scanner"
)

// fileDate returns how old a file is, as it says itself or else as its store
// does; zero where neither tells.
func fileDate(f *scanner.Finding) time.Time {
	if at := f.Exposure.FileDated; !at.IsZero() {
		return at
	}
	return f.Object.Modified
}

// earlier returns the earlier time of those that are known.
func earlier(a, b time.Time) time.Time {
	if a.IsZero() || !b.IsZero() && b.Before(a) {
		return b
	}
	return a
}

// later returns the later time of those that are known.
func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
