package format

import (
	"bytes"
	"compress/bzip2"
	"io"

	"vigie/scanner"
)

var bzip2Coding = coding{
	name:    "bzip2",
	endings: ".bz2 . .bz . .tbz2 .tar .tbz .tar .tb2 .tar",
	decode:  func(r io.Reader) (io.Reader, error) { return bzip2.NewReader(r), nil },
}

var bzip2Format = scanner.Format{
	Name: "bzip2",
	Doc: `bzip2

One member, which may be several streams one after another (pbzip2).`,
	Match: func(_ string, head []byte) bool {
		return bytes.HasPrefix(head, []byte("BZh")) &&
			(word(4, "1AY&SY")(head) || word(4, "\x17\x72\x45\x38\x50\x90")(head))
	},
	Unpack: bzip2Coding.unpack,
}
