package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"iter"
	"strings"

	"vigie/detectors"
	"vigie/scanner"
	"vigie/scanner/report"
)

// fingerprints yields every file of the targets with its sum, in the order of
// the listing. A file that cannot be read has none; the scan says why.
func fingerprints(ctx context.Context, targets []scanner.Target) iter.Seq[report.Handed] {
	shown := scanner.Shown(detectors.All())
	return func(yield func(report.Handed) bool) {
		for i, t := range targets {
			root := strings.TrimRight(t.Name, "/") + "/"
			for o, err := range t.Source.List(ctx, "", "") {
				path, below := strings.CutPrefix(o.Path, root)
				if !below { // a file that was named itself
					path = o.Path[strings.LastIndexByte(o.Path, '/')+1:]
				}
				h := report.Handed{Root: i, Path: shown(path), Size: o.Size}
				if !o.Modified.IsZero() {
					h.Modified = o.Modified.UTC()
				}
				if err == nil {
					h.SHA256, h.Size = sum(ctx, o)
				}
				if ctx.Err() != nil || !yield(h) {
					return
				}
			}
		}
	}
}

// hashed returns all files. The error is that of ctx.
func hashed(ctx context.Context, targets []scanner.Target) ([]report.Handed, error) {
	all := []report.Handed{}
	for h := range fingerprints(ctx, targets) {
		all = append(all, h)
	}
	return all, ctx.Err()
}

// unchanged reports whether the files still are what they were.
func unchanged(ctx context.Context, targets []scanner.Target, were []report.Handed) bool {
	i := 0
	for h := range fingerprints(ctx, targets) {
		if i == len(were) || h != were[i] {
			return false
		}
		i++
	}
	return i == len(were)
}

// sum returns the SHA-256 of an object and how many bytes it has; "" where it
// cannot be read to its end.
func sum(ctx context.Context, o scanner.Object) (string, int64) {
	r, err := o.Open(ctx, 0, -1)
	if err != nil {
		return "", o.Size
	}
	defer r.Close()
	h := sha256.New()
	n, err := io.Copy(h, r)
	if err != nil || ctx.Err() != nil {
		return "", o.Size
	}
	return hex.EncodeToString(h.Sum(nil)), n
}
