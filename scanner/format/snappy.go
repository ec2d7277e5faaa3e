package format

import (
	"bytes"
	"io"

	"github.com/klauspost/compress/s2"

	"vigie/scanner"
)

var snappyCoding = coding{
	name:    "Snappy",
	endings: ".sz . .snappy . .s2 . .snz .",
	decode: func(r io.Reader) (io.Reader, error) {
		return &endless{r: s2.NewReader(r), name: "Snappy"}, nil
	},
}

var snappyFormat = scanner.Format{
	Name: "snappy",
	Doc: `Snappy

The framing format, and its successor S2. The format has no end mark: one that
is cut between two frames looks whole, and is reported only where it holds lines
of text and ends inside one. Blocks without frames have no mark at
all and are not recognised.`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte("\xff\x06\x00\x00sNaPpY")) || bytes.HasPrefix(head, []byte("\xff\x06\x00\x00S2sTwO"))
	},
	Unpack: snappyCoding.unpack,
}
