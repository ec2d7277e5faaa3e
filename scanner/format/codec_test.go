package format

import (
	"bytes"
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"vigie/scanner"
)

// A match is 65,538 bytes long here, and 57,607 bytes back.
func TestDeflate64Wide(t *testing.T) {
	register := string(fixture(t, "register/register.csv"))
	want := register + strings.Repeat("0", 50000) + register + strings.Repeat("1", 200000) + register
	b := fixture(t, "zip/wide.zip")
	got := openArchive(t, "wide.zip", b)
	if got.Members["far.csv"] != want || len(got.Problems) > 0 {
		t.Errorf("%d bytes, want %d; %v", len(got.Members["far.csv"]), len(want), got.Problems)
	}
	walked := openArchive(t, "wide.zip", b[:bytes.LastIndex(b, []byte(zipCentral))])
	if walked.Members["far.csv"] != want || len(walked.Problems) != 1 {
		t.Errorf("without a directory: %d bytes, %v", len(walked.Members["far.csv"]), walked.Problems)
	}
}

// A model of 1 MiB is full here, more than once. One that is not begun anew then
// is read until then.
func TestPPMdFull(t *testing.T) {
	b := fixture(t, "zip/ppmdfull.zip")
	got := openArchive(t, "x.zip", b)
	want := got.Members["words.txt"]
	if len(got.Problems) > 0 || len(want) < 90_000 {
		t.Fatalf("%d bytes, %v", len(want), got.Problems)
	}
	b = bytes.Clone(b)
	at := zipLocalLen + int(binary.LittleEndian.Uint16(b[26:])) + int(binary.LittleEndian.Uint16(b[28:]))
	b[at+1] |= 0x10
	got = openArchive(t, "x.zip", b)
	data := got.Members["words.txt"]
	if got.Problems["words.txt"] != "unsupported: PPMd that cuts its model" || len(data) < 30_000 || !strings.HasPrefix(want, data) {
		t.Errorf("%d bytes, %v", len(data), got.Problems)
	}
}

func reason(err error) scanner.Reason {
	var p *scanner.Problem
	if errors.As(err, &p) {
		return p.Reason
	}
	return ""
}
