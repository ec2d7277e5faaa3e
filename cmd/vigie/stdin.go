package main

import (
	"context"
	"fmt"
	"io"
	"iter"
	"os"

	"vigie/scanner"
)

// standardInput makes a target of what can be read only once. drop gives back
// what it is kept in.
func standardInput(in io.Reader) (t scanner.Target, drop func(), err error) {
	f, drop, err := keep(in)
	if err != nil {
		return t, nil, fmt.Errorf("read standard input: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		drop()
		return t, nil, fmt.Errorf("read standard input: %w", err)
	}
	return scanner.Target{Name: "-", Source: kept{f, size}}, drop, nil
}

// kept is a source of one object without a name.
type kept struct {
	io.ReaderAt
	size int64
}

func (k kept) List(context.Context, string, string) iter.Seq2[scanner.Object, error] {
	return func(yield func(scanner.Object, error) bool) {
		yield(scanner.Object{Path: "-", Size: k.size,
			Open: func(_ context.Context, off, n int64) (io.ReadCloser, error) {
				if n < 0 {
					n = k.size - off
				}
				return io.NopCloser(io.NewSectionReader(k, off, n)), nil
			},
			Exposure: func(context.Context) scanner.Exposure {
				return scanner.Exposure{State: scanner.Local, How: "standard input", Vantage: "this machine"}
			}}, nil)
	}
}

// keep copies what can be read only once to a temporary file, which has no name
// any more where the system allows that.
func keep(in io.Reader) (f *os.File, drop func(), err error) {
	f, err = os.CreateTemp("", "vigie-*")
	if err != nil {
		return nil, nil, err
	}
	gone := os.Remove(f.Name()) == nil
	drop = func() {
		f.Close()
		if !gone { // where an open file keeps its name
			os.Remove(f.Name())
		}
	}
	if _, err := io.Copy(f, in); err != nil {
		drop()
		return nil, nil, err
	}
	return f, drop, nil
}
