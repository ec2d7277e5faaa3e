package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/width"
)

// Plain returns s in a form that a terminal shows and does not obey: control
// characters and broken UTF-8 as \x1b, everything else that is invisible or
// turns the direction of writing as <U+202E>. Letters of every script, spaces
// and no-break spaces stay as they are; so do accents written as marks of their
// own, two of them in a row.
func Plain(s string) string {
	marks, clean := 0, true
	for _, r := range s {
		if marks = follow(marks, r); !shown(r, marks) || r == utf8.RuneError {
			clean = false
			break
		}
	}
	if clean {
		return s
	}
	var b strings.Builder
	marks = 0
	for i, r := range s {
		marks = follow(marks, r)
		switch {
		case r == utf8.RuneError && !strings.HasPrefix(s[i:], "\uFFFD"):
			fmt.Fprintf(&b, `\x%02x`, s[i])
		case shown(r, marks):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r < utf8.RuneSelf:
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			fmt.Fprintf(&b, "<U+%04X>", r)
		}
	}
	return b.String()
}

// follow counts the combining marks in a row, which take no cell each.
func follow(marks int, r rune) int {
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return marks + 1
	}
	return 0
}

func shown(r rune, marks int) bool {
	return marks <= 2 && unicode.IsPrint(r) || r == '\u00A0' || r == '\u202F'
}

// cells returns how many cells of a terminal s takes, s being plain.
func cells(s string) int {
	n := 0
	for _, r := range s {
		n += cell(r)
	}
	return n
}

func cell(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// cut returns the longest beginning of s that takes at most n cells, and the
// rest. A mark stays with its letter.
func cut(s string, n int) (head, rest string) {
	used := 0
	for i, r := range s {
		if used += cell(r); used > n {
			return s[:i], s[i:]
		}
	}
	return s, ""
}

// shorten makes s fit in n cells by leaving out its middle: the end of a path
// tells more than what stands before it.
func shorten(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	head, _ := cut(s, (n-1)/3)
	left := n - 1 - cells(head)
	tail := len(s)
	for tail > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:tail])
		if left -= cell(r); left < 0 {
			break
		}
		tail -= size
	}
	return head + "…" + strings.TrimLeftFunc(s[tail:], func(r rune) bool { return cell(r) == 0 })
}

// clip makes s fit in n cells by leaving out its end.
func clip(s string, n int) string {
	if cells(s) <= n {
		return s
	}
	if n < 1 {
		return ""
	}
	head, _ := cut(s, n-1)
	return strings.TrimRight(head, " ") + "…"
}

// pad adds spaces to s up to n cells.
func pad(s string, n int) string { return s + strings.Repeat(" ", max(0, n-cells(s))) }
