package format

import (
	"io"
	"strings"

	"github.com/andybalholm/brotli"

	"vigie/scanner"
)

var brotliCoding = coding{
	name:    "Brotli",
	endings: ".br .",
	decode:  func(r io.Reader) (io.Reader, error) { return brotli.NewReader(thin{r, 64}), nil },
}

var brotliFormat = scanner.Format{
	Name: "brotli",
	Doc: `Brotli

It has no magic number: what ends in .br and is no text is taken for it.`,
	Match:  func(name string, head []byte) bool { return strings.HasSuffix(name, ".br") && binaryTail(head) },
	Unpack: brotliCoding.unpack,
}
