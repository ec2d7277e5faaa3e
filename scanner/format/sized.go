package format

import (
	"bufio"
	"errors"
	"io"

	"vigie/scanner"
)

// A sized reads the data of a member that lies as it is in a stream: as many
// bytes as its header says.
type sized struct {
	br   *bufio.Reader
	left int64
}

func newSized(br *bufio.Reader, n int64) *sized { return &sized{br, n} }

func (s *sized) Read(p []byte) (int, error) {
	if s.left <= 0 {
		return 0, io.EOF
	}
	n, err := s.br.Read(p[:min(int64(len(p)), s.left)])
	s.left -= int64(n)
	if err != nil {
		err = fault(err) // also io.EOF: there should be more
	}
	return n, err
}

// pass goes behind what was not read.
func (s *sized) pass() error {
	err := skip(s.br, s.left)
	s.left = 0
	return err
}

// skip reads n bytes that nobody asked for.
func skip(br *bufio.Reader, n int64) error {
	_, err := io.CopyN(io.Discard, br, n)
	if errors.Is(err, io.EOF) {
		return truncated("ends in the middle")
	}
	if err != nil {
		return fault(err)
	}
	return nil
}

// hollow counts members without data that come one after another. There are few
// in what people pack; a stream of headers alone can go on for long.
type hollow int

const maxHollow = 100_000

// member counts a member of size bytes.
func (h *hollow) member(size int64) error {
	if *h++; size > 0 {
		*h = 0
	}
	if *h > maxHollow {
		return &scanner.Problem{Reason: scanner.TooMany, Detail: "more than 100,000 empty members in a row; what follows them was not read"}
	}
	return nil
}

// padding is what is missing from n to a multiple of unit.
func padding(n int64, unit int) int64 {
	u := int64(unit)
	return (u - n%u) % u
}
