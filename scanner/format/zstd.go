package format

import (
	"io"
	"strings"

	"github.com/klauspost/compress/zstd"

	"vigie/scanner"
)

// One decoder is one goroutine: a scan has as many workers as there is room for.
var zstdCoding = coding{
	name:    "Zstandard",
	endings: ".zst . .zstd . .tzst .tar",
	decode: func(r io.Reader) (io.Reader, error) {
		return zstd.NewReader(r, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxZstdWindow))
	},
	window: func(head []byte) int64 {
		var h zstd.Header
		if h.Decode([]byte(behindSkipped(head))) != nil {
			return 0
		}
		if h.SingleSegment {
			return int64(min(h.FrameContentSize, maxZstdWindow))
		}
		return int64(min(h.WindowSize, maxZstdWindow))
	},
}

var zstdFormat = scanner.Format{
	Name: "zstd",
	Doc: `Zstandard

One member, which may be several frames one after another, with windows of
128 MiB at most; larger ones, and frames that need a dictionary, are reported.`,
	Match:  func(_ string, head []byte) bool { return strings.HasPrefix(behindSkipped(head), "\x28\xb5\x2f\xfd") },
	Unpack: zstdCoding.unpack,
}
