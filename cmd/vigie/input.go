package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"vigie/scanner/report"
)

// openInputs opens the files of findings. done closes them, also after an
// error.
func openInputs(stdin io.Reader, names []string, output string) (inputs []report.Input, done func(), err error) {
	var closers []func()
	done = func() {
		for _, c := range closers {
			c()
		}
	}
	target, _ := os.Stat(output)
	for _, name := range names {
		in := stdin
		if name == "-" {
			name = "standard input"
		} else {
			f, err := os.Open(name)
			if err != nil {
				return nil, done, err
			}
			closers = append(closers, func() { f.Close() })
			info, err := f.Stat()
			switch {
			case err != nil:
				return nil, done, err
			case info.IsDir():
				return nil, done, fmt.Errorf("read %s: is a folder", name)
			case target != nil && os.SameFile(info, target):
				return nil, done, fmt.Errorf("write %s: is one of the files to be read", output)
			}
			in = f
		}
		again, ok := in.(io.ReadSeeker)
		if ok {
			_, err := again.Seek(0, io.SeekStart)
			ok = err == nil
		}
		if !ok {
			kept, drop, err := keep(in)
			if err != nil {
				return nil, done, fmt.Errorf("read %s: %w", name, err)
			}
			closers = append(closers, drop)
			again = kept
		}
		inputs = append(inputs, report.Input{Name: name, ReadSeeker: again})
	}
	return inputs, done, nil
}

// cannotRead says why a file cannot be read, with its name once: errors of the system
// bring it along.
func cannotRead(name string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("read %s: %w", name, err)
}
