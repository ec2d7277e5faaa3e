package format

import (
	"io"
	"strings"

	"github.com/pierrec/lz4/v4"

	"vigie/scanner"
)

var lz4Coding = coding{
	name:    "LZ4",
	endings: ".lz4 . .tlz4 .tar",
	decode:  func(r io.Reader) (io.Reader, error) { return lz4.NewReader(&lz4Source{r: r}), nil },
}

var lz4Format = scanner.Format{
	Name: "lz4",
	Doc: `LZ4

One member, which may be several frames one after another. The frames of before
2012 have no end mark: one that is cut between two blocks looks whole.`,
	Match: func(_ string, head []byte) bool {
		h := behindSkipped(head)
		return strings.HasPrefix(h, "\x04\x22\x4d\x18") || strings.HasPrefix(h, lz4Legacy)
	},
	Unpack: lz4Coding.unpack,
}

const lz4Legacy = "\x02\x21\x4c\x18"

// An lz4Source refuses what no encoder writes: old frames that are empty, in
// their thousands, for each of which the decoder calls itself once more.
type lz4Source struct {
	r   io.Reader
	run int // headers of old frames that came one after another
}

func (s *lz4Source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if string(p[:n]) != lz4Legacy {
		s.run = 0
	} else if s.run++; s.run > 1000 {
		return 0, malformed("frames without content")
	}
	return n, err
}
