// Package codec decompresses what no maintained Go package does, or not without
// crashing on damaged data: LZMA and LZMA2, the filters before them, PPMd,
// Deflate64 and the LZX of cabinets. It knows no archive.
//
// Everything reads what strangers stored: nothing panics, loops without end, or
// holds more than its documentation says, whatever the data are. What came before
// a fault is handed over. Data that end early are io.ErrUnexpectedEOF, other faults
// a DataError or UnsupportedError; the errors of the source are returned as they are.
package codec

import (
	"errors"
	"io"
)

// A DataError says what is wrong with compressed data.
type DataError string

func (e DataError) Error() string { return string(e) }

// An UnsupportedError names what data have that is not decoded.
type UnsupportedError string

func (e UnsupportedError) Error() string { return string(e) }

// ErrCrashed is a fault of the decoder itself.
var ErrCrashed = errors.New("LZMA decoder")

const errData = DataError("compressed data do not decode")

// early returns err; the end of the source comes too early.
func early(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
