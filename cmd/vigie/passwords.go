package main

import (
	"fmt"
	"os"
	"strings"
)

// maxPasswords bounds what is tried on each encrypted container: the key of a
// 7z takes a tenth of a second.
const maxPasswords = 1000

// readPasswords reads the passwords of a file, one a line. No password is ever
// part of an error.
func readPasswords(name string) ([]string, error) {
	if name == "" {
		return nil, nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	var words []string
	for line := range strings.Lines(strings.TrimPrefix(string(b), "\ufeff")) {
		if line = strings.TrimRight(line, "\r\n"); line != "" {
			words = append(words, line)
		}
	}
	if len(words) > maxPasswords {
		return nil, fmt.Errorf("read %s: %d passwords, %d at most", name, len(words), maxPasswords)
	}
	return words, nil
}
