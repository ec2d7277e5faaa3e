// Package format gets data out of objects: members out of containers, blocks
// out of documents. A Format is a value in the ordered list that All returns;
// to add one: a file with the value, a line in All, a fixture.
//
// Everything reads what strangers stored: lengths lie, archives are cut short,
// and nothing here may panic, allocate what a length field asks for, or stay
// silent about what it did not read. Decompressors of which there is no maintained
// package, or none that survives damage, are below, in codec.
package format

import (
	"compress/bzip2"
	"context"
	"errors"
	"io"
	"path"
	"strings"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"vigie/scanner"
	"vigie/scanner/format/codec"
)

// All returns the formats in the order in which they are tried: containers,
// what is known to hold no text, what is known but not read yet, documents,
// and last what takes every byte.
func All() []scanner.Format {
	return []scanner.Format{
		xlsxFormat,
		odsFormat,
		docxFormat,
		odtFormat,
		pptxFormat,
		msgFormat,
		docFormat,
		pptFormat,
		oleObjectFormat,
		xlsFormat,
		p7mFormat,
		tnefFormat,
		extractorFormat,
		zipFormat,
		sevenZipFormat,
		rarFormat,
		gzipFormat,
		bzip2Format,
		xzFormat,
		lzmaFormat,
		zstdFormat,
		lz4Format,
		snappyFormat,
		compressFormat,
		pgTarFormat,
		tarFormat,
		cpioFormat,
		arFormat,
		rpmFormat,
		isoFormat,
		rdsFormat,
		dtaFormat,
		savFormat,
		porFormat,
		dbfFormat,
		memoFormat,
		sasFormat,
		catalogFormat,
		xptFormat,
		pgDumpFormat,
		accessFormat,
		avroFormat,
		bsonFormat,
		arrowFormat,
		parquetFormat,
		sqliteFormat,
		cabFormat,
		pdfFormat,
		mediaFormat,
		pstFormat,
		brotliFormat,
		unsupportedFormat,
		mboxFormat,
		emlFormat,
		sqlFormat,
		dsnFormat,
		jsonFormat,
		rtfFormat,
		htmlFormat,
		xmlFormat,
		hl7Format,
		ldifFormat,
		vcardFormat,
		yamlFormat,
		drawnFormat,
		keyValueFormat,
		fixedFormat,
		csvFormat,
		textFormat,
		binaryFormat,
	}
}

// memberPath makes a path out of the name a container gives: relative, with
// slashes, and without a way out of the container. Other bytes stay as they
// are; reports escape them.
func memberPath(name string) string {
	name = path.Clean("/" + strings.ReplaceAll(name, `\`, "/"))
	if name == "/" {
		return "unnamed"
	}
	return name[1:]
}

// once opens a member that is valid only during the call that hands it over:
// from its beginning, one time.
func once(r io.Reader) func(context.Context, int64, int64) (io.ReadCloser, error) {
	opened := false
	return func(_ context.Context, off, _ int64) (io.ReadCloser, error) {
		if off > 0 || opened {
			return nil, scanner.ErrUnranged
		}
		opened = true
		return io.NopCloser(r), nil
	}
}

// fault gives an error met in a stream its reason. Errors of the store and of
// the context keep the one they have.
func fault(err error) error {
	var p *scanner.Problem
	var flateErr flate.CorruptInputError
	var flateBug flate.InternalError // what klauspost says to some damaged data
	var bzipErr bzip2.StructuralError
	var dataErr codec.DataError
	var otherErr codec.UnsupportedError
	switch {
	case errors.As(err, &p), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return truncated("ends in the middle")
	case errors.As(err, &flateErr), errors.As(err, &flateBug), errors.As(err, &bzipErr):
		return malformed("compressed data do not decode")
	case errors.As(err, &dataErr):
		return malformed(string(dataErr))
	case errors.As(err, &otherErr):
		return unsupported(string(otherErr))
	case errors.Is(err, codec.ErrCrashed):
		return &scanner.Problem{Reason: scanner.Crashed, Detail: err.Error()}
	case errors.Is(err, gzip.ErrChecksum):
		return malformed("checksum")
	case errors.Is(err, gzip.ErrHeader):
		return malformed("gzip header")
	}
	return err
}

func malformed(detail string) error {
	return &scanner.Problem{Reason: scanner.Malformed, Detail: detail}
}

func truncated(detail string) error {
	return &scanner.Problem{Reason: scanner.Truncated, Detail: detail}
}

func unsupported(detail string) error {
	return &scanner.Problem{Reason: scanner.Unsupported, Detail: detail}
}
