package format

import (
	"io"

	"golang.org/x/text/encoding/charmap"
)

// word takes a control word.
func (r *rtfReader) word(word string, n int, given bool) error {
	if r.skip > 0 && word != "u" && word != "bin" { // a control word counts as one character
		r.skip--
		if word != "par" && word != "cell" && word != "row" {
			return nil
		}
	}
	switch word {
	case "bin":
		k, err := io.CopyN(io.Discard, r.in, int64(max(n, 0)))
		r.n += k
		return err
	case "u":
		r.unit(n)
	case "uc":
		r.group.skips = max(0, min(n, 100))
	case "par", "sect", "page", "column":
		r.par()
	case "line", "softline":
		r.put('\n')
	case "tab":
		r.put('\t')
	case "emdash", "endash":
		r.put('-')
	case "emspace", "enspace", "qmspace":
		r.put(' ')
	case "lquote", "rquote":
		r.put('’')
	case "ldblquote":
		r.put('“')
	case "rdblquote":
		r.put('”')
	case "bullet":
		r.put('•')
	case "trowd", "intbl", "itap", "cell", "row", "nestcell", "nestrow":
		r.tables(word, n, given)
	case "ansi", "ansicpg", "mac", "pc", "pca", "f", "fcharset", "cpg", "plain", "deff":
		r.charset(word, n)
	default:
		r.destination(word)
	}
	return nil
}

// destination takes the word that says what a group is for.
func (r *rtfReader) destination(word string) {
	star := r.group.star
	r.group.star = false
	if r.group.dest == rtfSkip {
		return
	}
	switch word {
	case "fonttbl":
		r.group.dest = rtfFont
	case "fldinst":
		r.group.dest = rtfField
	case "colortbl", "objdata", "stylesheet", "pict", "themedata", "colorschememapping", "latentstyles", "datastore", "listtable", "listoverridetable",
		"rsidtbl", "generator", "xmlnstbl", "filetbl", "pntext", "listtext", "nonshppict", "shprslt", "sn", "sv", "sp", "objclass", "objname",
		"bkmkstart", "bkmkend", "revtbl", "ftnsep", "ftnsepc", "aftnsep", "aftnsepc", "formfield", "private", "mmathPr", "wgrffmtfilter",
		"pnseclvl", "nesttableprops", "htmltag", "tc", "xe", "atnid", "atnref", "atndate", "atntime", "atnparent":
		r.group.dest = rtfSkip
	case "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf", "footnote", "annotation", "atnauthor", "shptxt",
		"title", "author", "subject", "operator", "manager", "company", "category", "keywords", "comment", "doccomm", "hlinkbase", "staticval":
		if !r.group.aside && r.group.dest == rtfText {
			r.group.aside = true
			r.f.aside++
		}
	case "shpinst", "shp", "shpgrp", "info", "userprops", "upr", "pn", "pnlvlblt", "do", "dptxbxtext", "background", "object", "result", "field", "fldrslt", "shppict",
		"cs", "ds", "ts": // styles, before which a star says nothing
	default:
		if star {
			r.group.dest = rtfSkip
		}
	}
}

// tables takes the words of tables. Those in notes are lines.
func (r *rtfReader) tables(word string, n int, given bool) {
	f := r.f
	if r.group.dest != rtfText {
		return
	}
	if f.aside > 0 {
		switch word {
		case "cell", "nestcell":
			r.put('\t')
		case "row", "nestrow":
			f.endLine()
		}
		return
	}
	switch word {
	case "nestcell", "nestrow":
		f.endLine()
	case "row":
		if r.row {
			f.endRow()
			r.row = false
		}
	default:
		if word == "intbl" && given && n == 0 || word == "itap" && n == 0 {
			return
		}
		if !r.table {
			f.beginTable()
			r.table = true
		}
		if !r.row {
			f.beginRow()
			f.beginCell(1)
			r.row = true
		}
		if word == "cell" {
			f.endCell()
			f.beginCell(1)
		}
	}
}

// charset takes the words that say which code page text is in.
func (r *rtfReader) charset(word string, n int) {
	switch word {
	case "ansicpg":
		if n > 0 && n < 1<<16 {
			r.page = codePage(uint16(n))
		}
	case "mac":
		r.page = charmap.Macintosh
	case "pc":
		r.page = charmap.CodePage437
	case "pca":
		r.page = charmap.CodePage850
	case "f":
		if r.group.dest == rtfFont {
			r.font = n
		} else if page, ok := r.fonts[n]; ok {
			r.group.page = page
		} else {
			r.group.page = r.page
		}
		return
	case "fcharset":
		if page := fontPage(n); r.group.dest == rtfFont && page != nil && len(r.fonts) < rtfFonts {
			r.fonts[r.font] = page
		}
		return
	case "cpg":
		if r.group.dest == rtfFont && n > 0 && n < 1<<16 && len(r.fonts) < rtfFonts {
			r.fonts[r.font] = codePage(uint16(n))
		}
		return
	case "deff":
		return
	}
	r.group.page = r.page
}

// fontPage returns the code page of a font's character set; nil where it is the
// document's.
func fontPage(n int) *charmap.Charmap {
	switch n {
	case 77:
		return charmap.Macintosh
	case 161:
		return charmap.Windows1253
	case 162:
		return charmap.Windows1254
	case 163:
		return charmap.Windows1258
	case 177:
		return charmap.Windows1255
	case 178:
		return charmap.Windows1256
	case 186:
		return charmap.Windows1257
	case 204:
		return charmap.Windows1251
	case 238:
		return charmap.Windows1250
	case 255:
		return charmap.CodePage850
	}
	return nil
}
