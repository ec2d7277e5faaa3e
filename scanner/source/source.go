// Package source reads the stores: folders, web directories, buckets. Each is
// a scanner.Source; All is the ordered list that Open decides by.
//
// To add a store: one file with its Store value, one line in All. The
// conformance suite then runs over it.
//
// What is yielded never holds a credential: paths are without user names,
// passwords and the values of queries, errors without addresses.
package source

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"vigie/scanner"
)

// Options says how stores are read. The zero value is of use.
type Options struct {
	S3Endpoint   string  // address of an S3-compatible server; "" for AWS
	S3Region     string  // "" asks the environment, then the server
	Credentials  string  // NAME:SECRET, of a web server or an S3 account; "": those of the environment
	Anonymous    bool    // read without credentials, even where there are some
	IgnoreRobots bool    // fetch also what robots.txt disallows
	Rate         float64 // requests a second, to each target; 0: no limit
	UserAgent    string  // "" says vigie

	// HTTP replaces the transport, for tests.
	HTTP *http.Transport

	patience patience // the zero value is the real one
}

// A Store is a way to keep objects.
type Store struct {
	Name string // its name in `vigie list sources`
	Doc  string // title, blank line, the form of the target and what is read

	// Match decides by the form of the target alone.
	Match func(target string) bool
	// Open prepares to read; it does not list yet.
	Open func(ctx context.Context, target string, o Options) (scanner.Source, error)
}

// All returns the stores this build knows, in the order in which they are
// asked.
func All() []Store { return []Store{web, s3Store, dir} }

// Open returns the source of a target. The first store that matches its form
// takes it.
func Open(ctx context.Context, target string, o Options) (scanner.Source, error) {
	for _, s := range All() {
		if s.Match(target) {
			src, err := s.Open(ctx, target, o)
			if err != nil {
				return nil, fmt.Errorf("open %s: %w", Shown(target), err)
			}
			return src, nil
		}
	}
	return nil, fmt.Errorf("open %s: a target is a path, http://, https:// or s3://", Shown(target))
}

// Known reports whether a target has a form that a store takes.
func Known(target string) bool {
	return slices.ContainsFunc(All(), func(s Store) bool { return s.Match(target) })
}

// Local reports whether a target is a path of this machine.
func Local(target string) bool { return dir.Match(target) }

// Shown returns a target as it may be shown: without user name, password and
// the values of its query.
func Shown(target string) string {
	switch scheme(target) {
	case "", "s3":
		return target
	}
	name, rest, _ := strings.Cut(target, "://")
	end := strings.IndexAny(rest, "/?#")
	if end < 0 {
		end = len(rest)
	}
	host := rest[strings.LastIndexByte(rest[:end], '@')+1 : end]
	path, query, asked := strings.Cut(rest[end:], "?")
	if asked {
		path += "?" + maskQuery(query)
	}
	return name + "://" + host + path
}

// maskQuery masks the values of a query, and names that stand without one.
func maskQuery(query string) string {
	query, _, _ = strings.Cut(query, "#")
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	for i, part := range parts {
		name, _, valued := strings.Cut(part, "=")
		if parts[i] = "•••"; valued {
			parts[i] = name + "=•••"
		}
	}
	return strings.Join(parts, "&")
}

// scheme returns what stands before "://", in lower case, and "" for a path.
func scheme(target string) string {
	name, _, found := strings.Cut(target, "://")
	if !found || name == "" {
		return ""
	}
	for i, c := range []byte(name) {
		letter := 'a' <= c|0x20 && c|0x20 <= 'z'
		if !letter && (i == 0 || !strings.ContainsRune("0123456789+-.", rune(c))) {
			return ""
		}
	}
	return strings.ToLower(name)
}

// An opener is the Open of a scanner.Object.
type opener func(ctx context.Context, off, n int64) (io.ReadCloser, error)

// within reports whether a key is in [from, to).
func within(key, from, to string) bool {
	return key >= from && (to == "" || key < to)
}

// overlaps reports whether keys that begin with prefix can be in [from, to).
func overlaps(prefix, from, to string) bool {
	return (prefix >= from || strings.HasPrefix(from, prefix)) && (to == "" || prefix < to)
}

// trouble is a problem at a place, as List yields it.
func trouble(path string, reason scanner.Reason, detail string) (scanner.Object, error) {
	return scanner.Object{Path: path, Size: -1}, &scanner.Problem{Path: path, Reason: reason, Detail: detail}
}
