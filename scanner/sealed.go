package scanner

import (
	"errors"
	"strings"
)

const (
	maxSealed  = 4096 // names kept of one container
	maxSealers = 256  // containers of one stored object whose names are kept
)

// seal notes an object that is encrypted: its name is all there is to judge,
// together with the names beside it.
func (t *tree) seal(path string, err error) {
	var p *Problem
	if !errors.As(err, &p) || p.Reason != Encrypted {
		return
	}
	container, name := path, path[strings.LastIndexByte(path, '/')+1:]
	if i := strings.LastIndex(path, "!/"); i >= 0 {
		container, name = path[:i], path[i+2:]
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	tally := t.sealed[container]
	if tally == nil {
		if len(t.sealed) == maxSealers {
			return
		}
		if t.sealed == nil {
			t.sealed = make(map[string]*Tally)
		}
		tally = &Tally{Object: container}
		t.sealed[container] = tally
	}
	if len(tally.Sealed) < maxSealed {
		tally.Sealed = append(tally.Sealed, name)
	}
}

// judgeSealed judges the names, container by container.
func (t *tree) judgeSealed() {
	for _, container := range sorted(t.sealed) {
		t.run.judge(t, []*Tally{t.sealed[container]})
	}
}
