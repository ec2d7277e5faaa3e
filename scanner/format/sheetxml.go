package format

import (
	"bytes"
	"context"
	"io"
)

// A markup reads XML tag by tag, in whatever character set it is. Entities that
// a document declares are not expanded; comments and instructions are passed
// over. Memory: a slab, which a tag of 1 MiB at most may make grow.
type markup struct {
	ctx   context.Context
	in    slab
	fault error // why next has reported false; nil at a clean end

	name   []byte // of the tag at hand, without prefix; valid until next
	prefix []byte // of it, with its colon
	attrs  []byte // of it
	end    bool   // it ends an element
	empty  bool   // it begins one and ends it
}

func openMarkup(ctx context.Context, r io.Reader) *markup {
	m := &markup{ctx: ctx}
	m.in.open(decode(r), slabSize)
	return m
}

func (m *markup) close() { m.in.close() }

// next goes on to the next tag that begins or ends an element, and appends the
// text before it to dst, unless that is nil. Of a text it appends xmlCell bytes
// at most. It reports false where there are no more tags.
func (m *markup) next(dst *[]byte) bool {
	limit := 0
	if dst != nil {
		limit = len(*dst) + xmlCell
	}
	for {
		b := m.in.buf[m.in.lo:m.in.hi]
		i := bytes.IndexByte(b, '<')
		if i < 0 {
			if !m.text(b, dst, limit) {
				return false
			}
			continue
		}
		if i > 0 && dst != nil && len(*dst) < limit {
			*dst = appendXML(*dst, b[:min(i, limit)])
		}
		b = b[i:]
		j := bytes.IndexByte(b, '>')
		if j < 2 || b[1] == '!' || b[1] == '?' {
			m.in.drop(i)
			if !m.special(b, dst, limit) {
				return false
			}
			continue
		}
		m.split(b[1:j])
		if len(m.attrs) > 0 && (bytes.Count(m.attrs, quotes)&1 != 0 || bytes.IndexByte(m.attrs, '\'') >= 0) {
			full := xmlMark(b)
			if full.n == 0 {
				m.in.drop(i)
				if !m.wait() {
					return false
				}
				continue
			}
			if full.kind == xmlBad {
				m.in.drop(i + 1)
				continue
			}
			j = full.n - 1
			m.split(b[1:j])
		}
		m.in.drop(i + j + 1)
		return true
	}
}

var quotes = []byte{'"'}

// split takes a tag apart.
func (m *markup) split(tag []byte) {
	m.end, m.empty = false, false
	if tag[0] == '/' {
		m.end, tag = true, tag[1:]
	} else if tag[len(tag)-1] == '/' {
		m.empty, tag = true, tag[:len(tag)-1]
	}
	n, whole := 0, tag
	for n < len(tag) && tag[n] > ' ' {
		if tag[n] == ':' {
			tag, n = tag[n+1:], 0
			continue
		}
		n++
	}
	m.name, m.attrs, m.prefix = tag[:n], tag[n:], whole[:len(whole)-len(tag)]
}

// text takes text whose end is not in memory, and reads on.
func (m *markup) text(b []byte, dst *[]byte, limit int) bool {
	n := len(b)
	if k := bytes.LastIndexByte(b, '&'); k >= 0 && n-k < xmlEntity && !m.in.done {
		n = k // an entity whose end is to come
	}
	if dst != nil && len(*dst) < limit {
		*dst = appendXML(*dst, b[:min(n, limit)])
	}
	m.in.drop(n)
	return m.wait()
}

// wait reads on. It reports false where there is nothing to come.
func (m *markup) wait() bool {
	if m.fault = m.ctx.Err(); m.fault != nil {
		return false
	}
	if m.in.more(xmlMarkup) && (!m.in.done || m.in.lo < m.in.hi) {
		return true
	}
	switch {
	case m.in.err != nil:
		m.fault = fault(m.in.err)
	case !m.in.done:
		m.fault = malformed("a tag without end")
	case m.in.lo < m.in.hi && m.in.text()[0] == '<':
		m.fault = truncated("ends in a tag")
	}
	return false
}

// special passes over what is no tag of an element.
func (m *markup) special(b []byte, dst *[]byte, limit int) bool {
	if len(b) < 12 && !m.in.done {
		return m.wait()
	}
	tag := xmlMark(b)
	switch {
	case tag.kind == xmlBad:
		if dst != nil && len(*dst) < limit {
			*dst = append(*dst, '<')
		}
		m.in.drop(max(1, min(tag.n, 1)))
		return true
	case tag.kind == xmlCDATA && tag.n > 0:
		k := bytes.Index(b[tag.n:], []byte("]]>"))
		if k < 0 {
			return m.wait()
		}
		if dst != nil && len(*dst) < limit {
			*dst = append(*dst, b[tag.n:tag.n+min(k, limit)]...)
		}
		m.in.drop(tag.n + k + 3)
		return true
	case tag.n == 0:
		return m.wait()
	}
	m.in.drop(tag.n)
	return true
}

// pass passes over what is in the element at hand, where its end is near: it is
// for elements that hold no text and are many.
func (m *markup) pass() {
	const near = 1 << 10
	var buf [64]byte
	end := append(append(append(append(buf[:0], "</"...), m.prefix...), m.name...), '>')
	b := m.in.text()
	if i := bytes.Index(b[:min(near, len(b))], end); i >= 0 && !m.empty {
		m.in.drop(i + len(end))
	}
}

// attr returns an attribute of the tag at hand as it is written, by its name
// without prefix; nil where it has none.
func (m *markup) attr(name string) []byte {
	for rest := m.attrs; len(rest) > 0; {
		var key, value []byte
		if key, value, rest = xmlAttr(rest); string(xmlLocal(key)) == name {
			return value
		}
	}
	return nil
}

// attrText returns an attribute as a text, "" where there is none.
func (m *markup) attrText(name string) string {
	v := m.attr(name)
	return string(appendXML(nil, v[:min(len(v), xmlCell)]))
}
