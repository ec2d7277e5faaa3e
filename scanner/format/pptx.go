package format

import (
	"context"
	"path"
	"slices"
	"strings"

	"vigie/scanner"
)

var pptxFormat = scanner.Format{
	Name: "pptx",
	Doc: `PowerPoint presentations (PPTX, PPTM, PPSX, and their templates)

Paragraphs of the slides are lines of running text, in the order of the slides;
behind them those of notes and comments. What was written in several runs comes
together. Tables are read as those of DOCX are. Hidden slides, alternative texts,
links and properties (title, author) are read too. Pictures, charts and embedded
documents are members. Masters, layouts and macros are not read.`,
	Match: func(name string, head []byte) bool {
		first, in, other := headParts(head, "ppt/")
		return first && (in || !other && slices.Contains([]string{".pptx", ".pptm", ".ppsx", ".ppsm", ".potx", ".potm"}, path.Ext(name)))
	},
	Unpack: unpackOffice(pptxPart),
	Read: func(ctx context.Context, c *scanner.Content, yield func(*scanner.Block) error) error {
		d := openOfficeDocument(ctx, c, pptxPart, yield)
		d.read = d.openXML
		return d.readAll()
	},
}

// pptxPart tells a part by its name.
func pptxPart(name string) int {
	name = strings.ToLower(name)
	dir, base := path.Split(name)
	switch ext := path.Ext(base); {
	case officeIdlePart(name), strings.HasPrefix(dir, "ppt/slidelayouts/"), strings.HasPrefix(dir, "ppt/slidemasters/"),
		strings.HasPrefix(dir, "ppt/notesmasters/"), strings.HasPrefix(dir, "ppt/handoutmasters/"):
		return officeIdle
	case ext == ".rels":
		return officeLinks
	case ext != ".xml":
		return officeMember
	case dir == "docprops/":
		return officeProperties
	case dir == "ppt/slides/", dir == "ppt/diagrams/" && strings.HasPrefix(base, "data"):
		return officeText
	case dir == "ppt/notesslides/", dir == "ppt/comments/", base == "commentauthors.xml":
		return officeNote
	case dir == "ppt/", dir == "ppt/diagrams/":
		return officeIdle
	}
	return officeMember
}
