package format

import "bytes"

// maybeXML reports whether a stored head may begin a document in XML, in whatever
// character set: behind a mark and white space, with their zeros, is a "<". To decode what
// is something else takes longer than to look.
func maybeXML(head []byte) bool {
	head = bytes.TrimLeft(head, "\x00 \t\r\n\xef\xbb\xbf\xff\xfe")
	return len(head) > 0 && head[0] == '<'
}

// isXML reports whether a decoded head is XML, and neither HTML nor a picture.
func isXML(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) < 4 || head[0] != '<' {
		return false
	}
	declared := bytes.HasPrefix(head, []byte("<?xml")) && len(head) > 5 && !isNameStart(head[5]) && head[5] != '-'
	if head[1] == '?' && !declared {
		return false
	}
	var open [][]byte
	matched := 0
	for first := true; ; {
		i := bytes.IndexByte(head, '<')
		if i < 0 {
			break
		}
		if len(open) == 0 && len(bytes.TrimSpace(head[:i])) > 0 {
			return false
		}
		head = head[i:]
		tag := xmlMark(head)
		if tag.n == 0 {
			break
		}
		switch tag.kind {
		case xmlCDATA:
			tag.n = max(tag.n, xmlEnd(head, tag.n, "]]>"))
		case xmlOther:
			if hasFold(head, "<!doctype html") {
				return false
			}
		case xmlOpen:
			switch name := string(bytes.ToLower(tag.name)); {
			case first && (name == "html" || name == "svg"):
				return false
			case first && declared:
				return true
			case first && isMarkup(name):
				return false
			}
			first = false
			if tag.empty {
				matched++
			} else {
				open = append(open, tag.name)
			}
		case xmlClose:
			if len(open) == 0 || !bytes.Equal(open[len(open)-1], tag.name) {
				return false
			}
			open = open[:len(open)-1]
			matched++
		case xmlBad:
			return declared
		}
		head = head[tag.n:]
	}
	return declared || matched > 0
}

func hasFold(b []byte, prefix string) bool {
	return len(b) >= len(prefix) && bytes.EqualFold(b[:len(prefix)], []byte(prefix))
}

// isMarkup reports whether an element begins a part of a page.
func isMarkup(name string) bool {
	switch name {
	case "head", "body", "div", "p", "span", "script", "style", "a", "br", "meta", "link", "ul", "table":
		return true
	}
	return false
}

// look chooses the path whose elements are rows: of those that repeat the one
// that holds most scalars right below it, or what it is the only such part of.
func (x *xmlReader) look(head []byte) {
	type frame struct {
		at   *xmlNode
		leaf bool
	}
	stack := []frame{{at: x.top}}
	leave := func() {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		if f.leaf && f.at != nil {
			f.at.parent.held++
		}
	}
	for len(head) > 0 && len(stack) <= xmlDepth {
		i := bytes.IndexByte(head, '<')
		if i < 0 {
			break
		}
		head = head[i:]
		tag := xmlMark(head)
		if tag.n == 0 {
			break
		}
		switch tag.kind {
		case xmlCDATA:
			tag.n = max(tag.n, xmlEnd(head, tag.n, "]]>"))
		case xmlOpen:
			f := &stack[len(stack)-1]
			f.leaf = false
			n := x.child(f.at, tag.name, xmlOfElement)
			for attrs := tag.attrs; n != nil && len(attrs) > 0; {
				var name, value []byte
				if name, value, attrs = xmlAttr(attrs); len(name) > 0 && !isXMLNS(name) {
					n.held++
				}
				if isKeyAttr(xmlLocal(name)) {
					n.noteKey(value)
				}
			}
			if n != nil {
				n.count++
			}
			if stack = append(stack, frame{n, true}); tag.empty {
				leave()
			}
		case xmlClose:
			for i := len(stack) - 1; i > 0; i-- {
				if n := stack[i].at; n == nil || n.name == string(tag.name) {
					for len(stack) > i {
						leave()
					}
					break
				}
			}
		}
		head = head[tag.n:]
	}
	x.rowAt = x.top.richest()
	if x.rowAt == nil {
		return
	}
	for n, count := x.rowAt.parent, x.rowAt.count; n != nil && n.count > 1; n = n.parent {
		if 5*n.count >= 4*count {
			x.rowAt = n
		}
	}
}

// richest returns the path below n that repeats and holds most scalars. On the
// way it decides whose columns an attribute names: where the values return, and
// return in their parents.
func (n *xmlNode) richest() (best *xmlNode) {
	queue := []*xmlNode{n}
	for len(queue) > 0 {
		n, queue = queue[0], queue[1:]
		if k := len(n.keys); k > 1 && k < xmlKeys && n.count >= 2*k && n.count >= 2*n.parent.count {
			n.keyed, n.held = true, 0
		}
		if n.count > 1 && n.held > 0 && (best == nil || n.held > best.held) {
			best = n
		}
		queue = append(queue, n.below...)
	}
	return best
}

const (
	xmlKeys = 1000 // columns that an attribute names
	xmlKey  = 200  // bytes of their names
)

// isKeyAttr reports whether an attribute may name columns.
func isKeyAttr(name []byte) bool {
	switch string(name) {
	case "name", "nom", "key", "cle", "champ", "field", "column", "colonne":
		return true
	}
	return false
}

func (n *xmlNode) noteKey(value []byte) {
	if n.keys == nil {
		n.keys = make(map[string]bool)
	}
	if len(n.keys) < xmlKeys && len(value) <= xmlKey {
		n.keys[string(value)] = true
	}
}

// keyed returns the path of the column that an attribute names, or n.
func (x *xmlReader) keyed(n *xmlNode, attrs []byte) *xmlNode {
	for len(attrs) > 0 {
		var name, value []byte
		if name, value, attrs = xmlAttr(attrs); isKeyAttr(xmlLocal(name)) && len(value) > 0 && len(value) <= xmlKey {
			if k := x.child(n, value, xmlOfKey); k != nil {
				return k
			}
		}
	}
	return n
}
