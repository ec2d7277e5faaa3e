package format

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"strconv"
	"strings"

	"vigie/scanner"
)

var pgDumpFormat = scanner.Format{
	Name: "pgdump",
	Doc: `PostgreSQL dumps of the custom format (pg_dump -Fc)

The data of each table, whether COPY or INSERT, under the titles of its COPY
statement; versions 1.10 to 1.16 (PostgreSQL 8 to 18), stored or compressed with
zlib, LZ4 or Zstandard. Definitions, comments and the bodies of functions are
running text. Large objects are members where the first 64 KiB tell of them, and
reported otherwise. The table of contents of a dump as a folder is read too: its
data lie beside it, without titles.`,
	Match: func(_ string, head []byte) bool { return bytes.HasPrefix(head, []byte(pgMagic)) && binaryHead(head) },
	Unpack: func(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
		if !tellsOfObjects(c.Head()) {
			return nil
		}
		r, err := pgOpen(ctx, c)
		if err != nil {
			return nil // Read says so
		}
		defer r.Close()
		var stop error
		p := &pgText{ctx: ctx, in: bufio.NewReaderSize(r, 64<<10), object: func(o scanner.Object) error {
			stop = yield(o)
			return stop
		}}
		_, _ = io.Copy(io.Discard, p) // Read says what is wrong
		return stop
	},
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		var src io.Reader
		if tellsOfObjects(c.Head()) {
			if r, err := pgOpen(ctx, c); err == nil {
				defer r.Close()
				src = r
			}
		}
		told := src != nil
		if !told {
			src = c.Stream()
		}
		p := &pgText{ctx: ctx, in: bufio.NewReaderSize(src, 64<<10)}
		d := dump{ctx: ctx, yield: yield}
		err := d.read(decode(p), slabSize)
		if err == nil && p.objects > 0 && !told {
			return unsupported("large objects of a PostgreSQL dump: " + strconv.Itoa(p.objects))
		}
		return err
	},
}

const pgMagic = "PGDMP"

// tellsOfObjects reports whether a table of contents names large objects.
func tellsOfObjects(head []byte) bool { return bytes.Contains(head, []byte("BLOBS")) }

// pgOpen opens the dump for one of two passes.
func pgOpen(ctx context.Context, c *scanner.Content) (io.ReadCloser, error) {
	if _, _, err := c.At(ctx); err != nil {
		return nil, err
	}
	return c.Open(ctx, 0, -1)
}

var pgTarFormat = scanner.Format{
	Name: "pgdump-tar",
	Doc: `PostgreSQL dumps in a tar archive (pg_dump -Ft)

A member for each table, with its COPY statement in front, so that the data have
their titles; the definitions, and the large objects.`,
	Match: func(_ string, head []byte) bool {
		return isTar(head) && bytes.HasPrefix(head, []byte("toc.dat\x00")) && len(head) > tarBlock && bytes.HasPrefix(head[tarBlock:], []byte(pgMagic))
	},
	Unpack: unpackPGTar,
}

// unpackPGTar hands over the members. The table of contents comes first.
func unpackPGTar(ctx context.Context, c *scanner.Content, yield func(scanner.Object) error) error {
	var begins map[string]string
	return unpackTar(ctx, c, func(o scanner.Object) error {
		begin := begins[o.Path]
		if begin == "" && (begins != nil || o.Path != "toc.dat") {
			return yield(o)
		}
		r, err := o.Open(ctx, 0, -1)
		if err != nil {
			return err
		}
		if begin == "" { // read twice, here and as a member
			var kept bytes.Buffer
			p := &pgText{ctx: ctx, in: bufio.NewReader(io.TeeReader(io.LimitReader(r, pgKept), &kept))}
			_, _ = io.Copy(io.Discard, p)
			begins = p.files
			o.Open = once(io.MultiReader(&kept, r))
			return yield(o)
		}
		o.Size, o.Open = -1, once(io.MultiReader(strings.NewReader(begin), r))
		return yield(o)
	})
}
