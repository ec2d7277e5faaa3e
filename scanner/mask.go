package scanner

import (
	"strings"
	"sync"

	"vigie/detectors"
)

// A mask decides what may be shown of paths, titles and errors. Somebody must
// find the file, so paths are shown; but identifiers with a checksum in them,
// credentials and query tokens are not.
type mask struct {
	book  *book
	names bool // mask names in paths too
	mu    sync.Mutex
	text  detectors.Text
}

// Shown returns a function that masks what the sieve of ds finds in a line, and
// the secrets of URLs in it: for errors of a command line. It is safe for
// concurrent use.
func Shown(ds []detectors.Detector) func(string) string {
	m := &mask{book: newBook(ds)}
	return m.path
}

// line masks what the sieve finds in s, and the secrets of URLs in it.
func (m *mask) line(s string) string { return m.sieve(maskURL(s)) }

func (m *mask) sieve(s string) string {
	m.mu.Lock()
	defer m.mu.Unlock()
	b := []byte(s)
	for _, d := range m.book.sieve {
		det := &m.book.detectors[d]
		m.text.Reset(b, 0, 0, 0)
		found := det.Find(nil, &m.text)
		for i := len(found) - 1; i >= 0; i-- {
			v := found[i]
			b = append(b[:v.Start:v.Start], append([]byte(Masked(det, b[v.Start:v.End])), b[v.End:]...)...)
		}
	}
	return string(b)
}

// maskURL hides user information and the values of a query.
func maskURL(s string) string {
	if i := strings.Index(s, "://"); i >= 0 {
		rest := s[i+3:]
		host := rest
		if j := strings.IndexAny(rest, "/?# "); j >= 0 {
			host = rest[:j]
		}
		if j := strings.LastIndexByte(host, '@'); j >= 0 {
			s = s[:i+3] + "•••" + rest[j:]
		}
		if q := strings.IndexByte(s, '?'); q >= 0 {
			query, tail := s[q+1:], ""
			if j := strings.IndexAny(query, "!\" "); j >= 0 {
				query, tail = query[:j], query[j:]
			}
			parts := strings.Split(query, "&")
			for k, p := range parts {
				if e := strings.IndexByte(p, '='); e >= 0 {
					parts[k] = p[:e+1] + "•••"
				} else if len(p) > 0 {
					parts[k] = "•••"
				}
			}
			s = s[:q+1] + strings.Join(parts, "&") + tail
		}
	}
	return s
}

// path masks a path, each element also by itself and without its ending: an
// identifier is one in "jean@example.org.csv" too.
func (m *mask) path(p string) string {
	p = m.line(p)
	elements := strings.Split(p, "/")
	for i, e := range elements {
		dot := strings.LastIndexByte(e, '.')
		if dot > 0 && len(e)-dot <= 6 {
			elements[i] = m.sieve(e[:dot]) + e[dot:]
		}
	}
	p = strings.Join(elements, "/")
	if !m.names {
		return p
	}
	start := 0
	if i := strings.Index(p, "://"); i >= 0 {
		start = i + 3
		if j := strings.IndexByte(p[start:], '/'); j >= 0 {
			start += j
		}
	}
	parts := strings.Split(p[start:], "/")
	for i, part := range parts {
		if part == "" {
			continue
		}
		first := []rune(part)[0]
		tail := ""
		if strings.HasSuffix(part, "!") {
			tail = "!"
		}
		if dot := strings.LastIndexByte(part, '.'); dot > 0 && len(part)-dot <= 6 {
			tail = part[dot:]
		}
		parts[i] = string(first) + "•••" + tail
	}
	return p[:start] + strings.Join(parts, "/")
}

// title masks a column title or table name. One that the book knows is shown;
// what reads like a person's value is not: titles are data too.
func (m *mask) title(s string) string {
	if s == "" || m.book.announced(s) {
		return s
	}
	t := m.line(s)
	if t != s {
		return t
	}
	cell := []byte(s)
	for d := range m.book.detectors {
		det := &m.book.detectors[d]
		switch det.Kind {
		case "full_name", "last_name", "first_name", "street_address", "birth_date":
			if ok, _ := det.Fits(cell); ok {
				return Masked(det, cell)
			}
		}
	}
	if r := []rune(s); len(r) > 80 {
		return string(r[:79]) + "…"
	}
	return s
}
