package codec

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"
)

// fixture returns what another program packed.
func fixture(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile(filepath.Join("../../../fixtures/formats", name))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// rows returns a table of about size bytes.
func rows(size int) []byte {
	r := rand.New(rand.NewPCG(9, 9))
	b := []byte("number;name;born;street\n")
	for len(b) < size {
		b = fmt.Appendf(b, "%07d;%s;%02d/%02d/19%02d;%d RUE DES %s\n", r.IntN(1e7), [...]string{"DURAND", "MARTIN", "PETIT", "LEFEBVRE"}[r.IntN(4)],
			1+r.IntN(28), 1+r.IntN(12), r.IntN(100), 1+r.IntN(200), [...]string{"LILAS", "ACACIAS", "VIGNES"}[r.IntN(3)])
	}
	return b
}

// surprise returns err unless it is one that the package may return for damaged
// data.
func surprise(err error) error {
	var data DataError
	var other UnsupportedError
	if err == nil || err == io.ErrUnexpectedEOF || errors.As(err, &data) || errors.As(err, &other) {
		return nil
	}
	return fmt.Errorf("an error of another kind: %w", err)
}
