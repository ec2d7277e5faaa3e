package detectors

import "bytes"

var emailDetector = Detector{
	Kind: "email",
	Doc: `E-mail address

A local part of letters, digits and the signs in use, "@", and a domain with a
dot whose last label is of letters: what RFC 5321 allows and people have. Names
of packages with a version, of pictures (icon@2x.png), git@ and the user in a
URL are not addresses. The form proves an address, not that it is a person's.`,
	Class: Direct,
	Scope: Anywhere,
	Sieve: true,
	Titles: []string{
		"email", "e mail", "mail", "mails", "emails", "courriel", "courriels", "mel", "adresse mail", "adresses mails",
		"adresse email", "adresse e mail", "adresse courriel", "adresse electronique", "adresse mel",
		"adresse electronique dossier", "adrelec", "c email", "email address", "mail address",
		"adresse de messagerie", "messagerie",
	},
	Find: findEmail,
	Norm: func(dst, v []byte) []byte {
		for _, c := range bytes.TrimSpace(v) {
			if isLetter(c) {
				c |= 0x20
			}
			dst = append(dst, c)
		}
		return dst
	},
	Mask: maskEmail,
	Yes: []string{
		"jean.dupont@free.fr", "mailto:j_d+caf@mail.example.org?subject=x", "<Jean-Paul@Orange.FR>",
		"écrire à m.martin@laposte.net.", "a@b.fr,c@d.fr", "o'neill@wanadoo.fr", "x@xn--bcher-kva.example",
	},
	No: []string{
		"foo@1.2", "lodash@4.17.21", "git@github.com:a/b", "user@localhost", "icon@2x.png", "@babel/core", "a@.fr", "a@b..fr",
		"https://user:pass@example.org/", "sftp://jean@example.org/", "this@MainActivity.getString", "a@b.c", "a @ b.fr", "main@-x.fr",
	},
}

const (
	emailLocal  = 64  // bytes of a local part at most
	emailDomain = 253 // bytes of a domain at most
)

// A byteSet says of each byte whether it is in it.
type byteSet [256]bool

// localBytes are those of a local part, domainBytes those of a domain.
var (
	localBytes  = setOf(".-+%'_")
	domainBytes = setOf(".-")
)

// setOf returns the letters and digits of ASCII and the marks.
func setOf(marks string) (s byteSet) {
	for c := range len(s) {
		s[c] = isAlnum(byte(c))
	}
	for _, c := range []byte(marks) {
		s[c] = true
	}
	return s
}

func findEmail(dst []Match, t *Text) []Match {
	if len(t.ats) == 0 {
		return dst
	}
	local, domain := localBytes, domainBytes
	for _, c := range [...]byte{t.Cell, t.Row, t.Quote} {
		local[c], domain[c] = false, false
	}
	b, free := t.Bytes, 0
	for _, at := range t.ats {
		start := localStart(b, free, at, &local)
		if start == at {
			continue
		}
		end := domainEnd(b, at+1, &domain)
		if end < 0 || inURL(b, start) {
			continue
		}
		dst, free = append(dst, Match{Start: start, End: end, Valid: true}), end
	}
	return dst
}

// localStart returns the start of the local part that ends at at, not before
// free; at itself where there is none.
func localStart(b []byte, free, at int, local *byteSet) int {
	i := at
	for i > free && local[b[i-1]] {
		if b[i-1] == '.' && (i == at || b[i] == '.') || b[i-1] == '\'' && (i == at || !isAlnum(b[i])) {
			break
		}
		i--
	}
	for i < at && !isAlnum(b[i]) && b[i] != '_' {
		i++
	}
	if i == at || at-i > emailLocal {
		return at
	}
	switch string(b[i:at]) {
	case "git", "this":
		return at
	}
	return i
}

// domainEnd returns the end of the domain that begins at i, -1 where there is
// none: labels of letters, digits and inner hyphens, the last of letters only.
func domainEnd(b []byte, i int, domain *byteSet) int {
	start, label := i, i // label: start of the last one
	for ; i < len(b) && domain[b[i]]; i++ {
		if b[i] != '.' {
			continue
		}
		if i+1 == len(b) || !isAlnum(b[i+1]) {
			break // the end of a sentence
		}
		if i == label || b[i-1] == '-' {
			return -1
		}
		label = i + 1
	}
	for i > label && b[i-1] == '-' {
		i--
	}
	if label == start || b[start] == '-' || i-start > emailDomain || !isTopDomain(b[label:i]) {
		return -1
	}
	return i
}

// isTopDomain reports whether s can be the last label of a domain: letters, not
// in the mixed case of programs, not the suffix of a file.
func isTopDomain(s []byte) bool {
	if len(s) < 2 || len(s) > 24 {
		return false
	}
	for i, c := range s {
		if !isLetter(c) {
			return len(s) > 4 && (string(s[:4]) == "xn--" || string(s[:4]) == "XN--")
		}
		if i > 0 && c < 'a' && s[i-1] >= 'a' {
			return false
		}
	}
	switch string(s) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "bmp", "css", "js", "mjs", "jsx", "ts", "tsx", "json",
		"html", "htm", "xml", "php", "pdf", "tgz", "gz", "txt", "csv", "log":
		return false
	}
	return true
}

// inURL reports whether the text before i makes what follows the user, or the
// password, in a URL.
func inURL(b []byte, i int) bool {
	if i < 2 || b[i-1] != ':' && b[i-1] != '/' {
		return false
	}
	const most = 64
	for first := max(i-most, 1); i > first; i-- {
		switch c := b[i-1]; {
		case c == '/':
			return b[i-2] == '/'
		case c <= ' ' || c == '"' || c == ',' || c == ';':
			return false
		}
	}
	return false
}

// maskEmail shows the first letter and the top domain.
func maskEmail(dst, v []byte) []byte {
	v = bytes.TrimSpace(v)
	at, dot := bytes.IndexByte(v, '@'), bytes.LastIndexByte(v, '.')
	if at < 1 || dot < at || !isAlnum(v[0]) {
		return maskAll(dst, v)
	}
	dst = append(dst, v[0])
	dst = append(dst, "••••@•••"...)
	return append(dst, v[dot:]...)
}
