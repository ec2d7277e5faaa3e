package format

import (
	"context"

	"vigie/scanner"
)

var unsupportedFormat = scanner.Format{
	Name: "unsupported",
	Doc: `Known, and not read yet

Containers and documents that may hold tables and that this build cannot read:
each is reported by its name. The sieve looks over those that keep their text
uncompressed (databases, statistics files, disc images).`,
	Match: func(name string, head []byte) bool { return find(knownSignatures, name, head) != nil },
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		s := find(knownSignatures, c.Name(), c.Head())
		if s == nil {
			return unsupported("unknown")
		}
		if s.locked {
			return &scanner.Problem{Reason: scanner.Encrypted, Detail: s.name}
		}
		if !s.plain {
			return unsupported(s.name)
		}
		if err := readRaw(ctx, c, yield); err != nil {
			return err
		}
		return unsupported(s.name + "; only the sieve looked at it")
	},
}

// binaryTail reports whether head holds bytes that no text does.
func binaryTail(head []byte) bool {
	for _, b := range head {
		if b < 9 || b > 13 && b < 32 && b != 0x1b {
			return true
		}
	}
	return false
}

// The magic numbers are those of the formats' own specifications, and for those
// without one, of the Library of Congress's Sustainability of Digital Formats.
var knownSignatures = []signature{
	{name: "RAR archive of before 1995", magic: "RE\x7e\x5e", also: binaryHead},
	{name: "compress (.z)", magic: "\x1f\xa0"},
	{name: "lzip", magic: "LZIP\x01"},
	{name: "LZO", magic: "\x89LZO\x00\r\n\x1a\n"},
	{name: "Cabinet archive", magic: "MSCF\x00\x00\x00\x00"},
	{name: "ARJ archive", magic: "\x60\xea", exts: " .arj "},
	{name: "LHA archive", at: 2, magic: "-lh", also: binaryHead},
	{name: "ACE archive", at: 7, magic: "**ACE**"},
	{name: "StuffIt archive", magic: "StuffIt (c)"},
	{name: "xar archive", magic: "xar!\x00"},
	{name: "Windows image", magic: "MSWIM\x00\x00\x00"},
	{name: "compiled help", magic: "ITSF\x03\x00"},
	{name: "cpio archive of a large RPM package", magic: "07070X", also: binaryHead, plain: true},
	{name: "thin ar archive", magic: "!<thin>\n", also: binaryHead},
	{name: "UDF disc image", at: 32769, magic: "BEA01", also: binaryHead, plain: true},
	{name: "disc image", at: 510, magic: "\x55\xaa", exts: " .img .vhd .dd .raw ", plain: true},
	{name: "VMware disk", magic: "KDMV", also: binaryHead, plain: true},
	{name: "QEMU disk", magic: "QFI\xfb", plain: true},
	{name: "VirtualBox disk", at: 64, magic: "\x7f\x10\xda\xbe", plain: true},
	{name: "Hyper-V disk", magic: "vhdxfile", also: binaryHead, plain: true},
	{name: "Hyper-V disk", magic: "conectix", also: binaryHead, plain: true},
	{name: "SquashFS image", magic: "hsqs", also: binaryHead},

	{name: "PostScript document", magic: "%!PS-Adobe", also: binaryTail, plain: true},
	{name: "Excel 2 to 4 sheet", magic: "\x09\x04\x06\x00", plain: true},
	{name: "Excel 2 to 4 sheet", magic: "\x09\x00\x04\x00", plain: true},
	{name: "Lotus 1-2-3 sheet", magic: "\x00\x00\x02\x00\x06\x04", plain: true},
	{name: "OneNote section", magic: "\xe4\x52\x5c\x7b\x8c\xd8\xa7\x4d", plain: true},
	{name: "binary property list", magic: "bplist0", also: binaryTail, plain: true},

	{name: "SQL Server backup", magic: "TAPE\x00", plain: true},
	{name: "Oracle dump", magic: "\x03\x03iEXPORT:", plain: true},
	{name: "Oracle dump", at: 3, magic: "EXPORT:V", plain: true},
	{name: "Firebird database", magic: "\x01\x00\x39\x30", plain: true},
	{name: "FileMaker database", at: 14, magic: "\xc0HBAM", plain: true},
	{name: "dBase table", exts: " .dbf ", also: binaryHead, plain: true},
	{name: "Paradox table", exts: " .db .px ", magic: "\x00", plain: true},

	{name: "encrypted Parquet table", magic: "PARE", also: binaryTail, locked: true},
	{name: "Feather table", magic: "FEA1", also: binaryHead, plain: true},
	{name: "ORC table", magic: "ORC", also: binaryTail, plain: true},
	{name: "Hadoop sequence file", magic: "SEQ\x06", plain: true},
	{name: "HDF5 file", magic: "\x89HDF\r\n\x1a\n", plain: true},
	{name: "NetCDF file", magic: "CDF\x01", plain: true},
	{name: "MATLAB file", magic: "MATLAB 5.0 MAT-file", also: binaryHead},
	{name: "NumPy array", magic: "\x93NUMPY", plain: true},
	{name: "Python pickle", magic: "\x80", also: func(head []byte) bool { return len(head) > 2 && head[1] >= 2 && head[1] <= 5 }, exts: " .pkl .pickle .joblib ", plain: true},

	{name: "SAS CPORT file", magic: "**COMPRESSED** **COMPRESSED**"},
	{name: "SPSS table", magic: "$FL2@(#)", plain: true},
	{name: "SPSS table (compressed)", magic: "$FL3@(#)"},
	{name: "SPSS portable file", at: 40, magic: "ASCII SPSS PORT FILE", plain: true},
	{name: "Stata table", magic: "<stata_dta>", plain: true},
	{name: "Stata table", exts: " .dta ", also: binaryHead, plain: true},
	{name: "R data", magic: "RDX2\n", also: binaryHead, plain: true},
	{name: "R data", magic: "RDX3\n", also: binaryHead, plain: true},
	{name: "R data", magic: "X\n\x00\x00\x00", plain: true},

	{name: "DICOM picture, which names its patient", at: 128, magic: "DICM", also: binaryHead, plain: true},
	{name: "packet capture", magic: "\xd4\xc3\xb2\xa1", plain: true},
	{name: "packet capture", magic: "\xa1\xb2\xc3\xd4", plain: true},
	{name: "packet capture", magic: "\x0a\x0d\x0d\x0a", also: binaryHead, plain: true},
	{name: "Windows registry", magic: "regf", also: binaryHead, plain: true},
	{name: "Windows event log", magic: "ElfFile\x00", plain: true},
	{name: "vim swap file", magic: "b0VIM ", also: binaryHead, plain: true},
	{name: "git pack", magic: "PACK\x00\x00\x00"},
	{name: "git object or other zlib data", magic: "x\x01", also: binaryTail},
	{name: "KeePass database", magic: "\x03\xd9\xa2\x9a", locked: true},
	{name: "GPG data", magic: "\x85\x01", exts: " .gpg .pgp ", locked: true},
	{name: "GPG data", magic: "\x8c\x0d", exts: " .gpg .pgp ", locked: true},
	{name: "age data", magic: "age-encryption.org/v1\n", locked: true},
	{name: "OpenSSL data", magic: "Salted__", locked: true},
	{name: "LUKS disk", magic: "LUKS\xba\xbe", locked: true},
}
