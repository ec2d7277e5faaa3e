package detectors

import (
	"bytes"
	"fmt"
	"regexp/syntax"
	"strings"
	"unicode/utf8"
)

// A literal is text that a match of a pattern has in it.
type literal struct {
	text []byte
	fold bool // in either case; then text is ASCII, in lower case
}

const (
	literalLeast = 2 // bytes that make a literal worth looking for
	literalQuick = 3 // and quick enough for every byte of a scan
	literalMost  = 8 // different ones in a pattern
)

// literals returns literal texts of which every match of expr, which compiles,
// has at least one, and how far behind its start at most; nil where there are
// none.
func literals(expr string) (ls []literal, before int) {
	re, err := syntax.Parse(expr, syntax.Perl)
	if err != nil {
		return nil, 0
	}
	return required(re.Simplify())
}

func required(re *syntax.Regexp) (best []literal, before int) {
	switch re.Op {
	case syntax.OpLiteral:
		return literalOf(string(re.Rune), re.Flags&syntax.FoldCase != 0)
	case syntax.OpCapture:
		return required(re.Sub[0])
	case syntax.OpPlus:
		best, _ = required(re.Sub[0])
		return best, ruleReach
	case syntax.OpRepeat:
		if re.Min > 0 {
			best, _ = required(re.Sub[0])
			return best, ruleReach
		}
	case syntax.OpConcat:
		at := 0
		for _, sub := range re.Sub {
			if l, n := required(sub); shortest(l) > shortest(best) {
				best, before = l, min(at+n, ruleReach)
			}
			at = min(at+width(sub), ruleReach)
		}
		return best, before
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			l, n := required(sub)
			if l == nil || len(best)+len(l) > literalMost {
				return nil, 0
			}
			best, before = append(best, l...), max(before, n)
		}
		return best, before
	}
	return nil, 0
}

// width returns how many bytes re matches at most, ruleReach for more. What must
// stand at the start of a line needs the line.
func width(re *syntax.Regexp) (n int) {
	switch re.Op {
	case syntax.OpNoMatch, syntax.OpEmptyMatch, syntax.OpWordBoundary, syntax.OpNoWordBoundary, syntax.OpEndLine, syntax.OpEndText:
		return 0
	case syntax.OpLiteral:
		n = utf8.UTFMax * len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		n = utf8.UTFMax
	case syntax.OpCapture, syntax.OpQuest:
		n = width(re.Sub[0])
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			n = min(n+width(sub), ruleReach)
		}
	case syntax.OpAlternate:
		for _, sub := range re.Sub {
			n = max(n, width(sub))
		}
	default:
		n = ruleReach
	}
	return min(n, ruleReach)
}

// literalOf returns the literal in s: all of it, or the longest run of ASCII
// where case does not count.
func literalOf(s string, fold bool) (ls []literal, before int) {
	if fold {
		longest := ""
		for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r >= utf8.RuneSelf }) {
			if len(part) > len(longest) {
				longest = part
			}
		}
		before, s = min(utf8.UTFMax*strings.Index(s, longest), ruleReach), strings.ToLower(longest)
	}
	if len(s) < literalLeast || !strings.ContainsFunc(s, func(r rune) bool { return r >= utf8.RuneSelf || isAlnum(byte(r)) }) {
		return nil, 0
	}
	return []literal{{[]byte(s), fold}}, before
}

func shortest(ls []literal) int {
	if ls == nil {
		return 0
	}
	n := len(ls[0].text)
	for _, l := range ls {
		n = min(n, len(l.text))
	}
	return n
}

// quick reports whether literals may be looked for in every byte of a scan.
func quick(ls []literal) bool {
	for _, l := range ls {
		if l.fold {
			return false
		}
	}
	return shortest(ls) >= literalQuick && len(ls) <= literalMost/2
}

// index returns where l stands in b from i on, or len(b).
func (l *literal) index(b []byte, i int) int {
	if !l.fold {
		if k := bytes.Index(b[i:], l.text); k >= 0 {
			return i + k
		}
		return len(b)
	}
	either := string(l.text[:1]) + strings.ToUpper(string(l.text[:1]))
	for {
		k := bytes.IndexAny(b[i:], either)
		if k < 0 || i+k+len(l.text) > len(b) {
			return len(b)
		}
		if i += k; bytes.EqualFold(b[i:i+len(l.text)], l.text) {
			return i
		}
		i++
	}
}

// eachLiteral calls found for the literals in b, in order. It returns from where
// on to look for more.
func eachLiteral(b []byte, ls []literal, found func(start, end int) (next int)) {
	var next [literalMost]int
	for k := range ls {
		next[k] = ls[k].index(b, 0)
	}
	for {
		first := 0
		for k := range ls {
			if next[k] < next[first] {
				first = k
			}
		}
		if next[first] == len(b) {
			return
		}
		i := found(next[first], next[first]+len(ls[first].text))
		for k := range ls {
			if next[k] < i {
				next[k] = ls[k].index(b, i)
			}
		}
	}
}

// checksum returns the function that holds a value against its check digits;
// nil for none.
func checksum(name string) (func([]byte) bool, error) {
	switch name {
	case "", "none":
		return nil, nil
	case "luhn":
		return sumLuhn, nil
	case "mod97":
		return sum97, nil
	case "nir":
		return sumNIR, nil
	}
	return nil, fmt.Errorf("checksum %q: luhn, mod97, nir or none", name)
}

// sumLuhn holds the digits of v against the last of them (ISO/IEC 7812-1).
func sumLuhn(v []byte) bool {
	sum, n := 0, 0
	for i := len(v) - 1; i >= 0; i-- {
		if !isDigit(v[i]) {
			continue
		}
		d := int(v[i] - '0')
		if n&1 == 1 {
			if d *= 2; d > 9 {
				d -= 9
			}
		}
		sum += d
		n++
	}
	return n > 1 && sum > 0 && sum%10 == 0
}

// sum97 reports whether the remainder by 97 is 1, letters counted from 10 (ISO/IEC
// 7064, MOD 97-10). What begins like an IBAN or a creditor reference, with two
// letters and two check digits, is turned round first.
func sum97(v []byte) bool {
	var c []byte
	for _, x := range v {
		if isAlnum(x) {
			c = append(c, upper(x))
		}
	}
	if len(c) < 5 {
		return false
	}
	if isLetter(c[0]) && isLetter(c[1]) && isDigit(c[2]) && isDigit(c[3]) {
		c = append(c[4:], c[:4]...)
	}
	n := 0
	for _, x := range c {
		if isDigit(x) {
			n = (n*10 + int(x-'0')) % 97
		} else {
			n = (n*100 + int(x-'A') + 10) % 97
		}
	}
	return n == 1
}

// sumNIR reports whether v is a NIR with the key that it must have.
func sumNIR(v []byte) bool {
	s, ok := readNIR(v)
	return ok && s.shaped() && s.keyHolds()
}
