package scanner

import (
	"context"
	"errors"
	"testing"
	"time"
)

// What lies in the holder gets the slot at once; others when it is given back.
func TestSlot(t *testing.T) {
	var s largeSlot
	ctx := context.Background()
	for _, path := range []string{"a.7z", "a.7z!/b.zip!/c.7z"} {
		if err := s.take(ctx, path); err != nil {
			t.Fatal(err)
		}
	}
	short, cancel := context.WithTimeout(ctx, time.Millisecond)
	defer cancel()
	for _, path := range []string{"other.7z", "a.7z", "a.7z!/d.7z"} {
		if err := s.take(short, path); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: %v", path, err)
		}
	}
	if s.takeFree("a.7z!/b.zip!/e.7z") {
		t.Error("free though it is held")
	}
	got := make(chan error)
	go func() { got <- s.take(ctx, "other.7z") }()
	s.give("a.7z!/b.zip!/c.7z")
	s.give("a.7z")
	if err := <-got; err != nil {
		t.Error(err)
	}
	s.give("other.7z")
	if !s.takeFree("third.7z") {
		t.Error("not free though nobody holds it")
	}
	s.give("third.7z")
	if len(s.holders) != 0 {
		t.Errorf("held by %q", s.holders)
	}
}
