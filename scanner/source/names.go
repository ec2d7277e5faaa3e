package source

import (
	"bytes"
	"slices"
)

// names is a list of strings without NUL in one piece of memory: a folder of a
// million files takes the length of their names and 9 bytes each.
type names struct {
	text   []byte // each followed by a NUL
	starts []int
}

func (l *names) add(name string) {
	l.starts = append(l.starts, len(l.text))
	l.text = append(append(l.text, name...), 0)
}

func (l *names) len() int { return len(l.starts) }

// size is the memory taken, in bytes.
func (l *names) size() int { return len(l.text) + 8*len(l.starts) }

func (l *names) at(i int) string { return string(l.from(l.starts[i])) }

func (l *names) from(start int) []byte {
	rest := l.text[start:]
	return rest[:bytes.IndexByte(rest, 0)]
}

// sort puts the names in the order of their bytes.
func (l *names) sort() {
	slices.SortFunc(l.starts, func(a, b int) int { return bytes.Compare(l.from(a), l.from(b)) })
}
