package detectors

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// A Rule is a detector that a user writes down. It needs titles, words or a
// pattern.
type Rule struct {
	Kind   Kind   // a-z, 0-9 and _; none of this build's own
	Title  string // a line; the kind in words without
	Doc    string // what it is and where it is written; may be empty
	Class  Class
	Titles []string // column titles that announce the kind, as people write them

	// Words are what is looked for in text, whatever the case and the accents.
	// With a Pattern they announce it: it is looked for behind them, on the
	// same line and within 60 bytes, and they are titles of columns too.
	Words    []string
	Pattern  string   // RE2; a value lies on one line, and a cell must match as a whole
	Near     []string // words of which one must stand within 60 bytes of the pattern
	Checksum string   // luhn, mod97 or nir must hold for the value; none or ""

	// Examples are text in which the rule must find something, and
	// Counterexamples text in which it must not; cells for a rule that has only
	// its titles to go by.
	Examples, Counterexamples []string
}

// A pattern is a rule made ready. It is not changed afterwards.
type pattern struct {
	re       *regexp.Regexp // nil: words alone
	whole    *regexp.Regexp // the same for a whole cell
	literals []literal      // one of them is in every match; nil without
	before   int            // bytes of a match before its literal, at most
	words    []string       // folded and sorted
	spoken   *labelTree     // the words
	near     *labelTree
	sum      func([]byte) bool // nil: none
}

const (
	// ruleNear is how far from a value its words may stand.
	ruleNear = 60
	// ruleReach is how far a match may reach from its literal or its words.
	ruleReach = 128
	// ruleCell is the length of the longest cell that is asked.
	ruleCell = 256
)

// Pattern makes a detector of a user's rule. A regular expression runs some
// fifty times slower than the other detectors, so it is only asked where literal
// text of it, or a word of the rule, stands: a pattern without either is an
// error, as is a rule that its own examples contradict. A detector whose
// literals are long enough belongs to the sieve. Values are masked but for their
// first character.
func Pattern(r Rule) (Detector, error) {
	var d Detector
	p, titles, err := r.read()
	if err != nil {
		return d, err
	}
	d = Detector{
		Kind: r.Kind, Doc: r.doc(), Class: r.Class, Scope: Titled, Titles: titles,
		Fits: p.fits, Mask: maskRule, Yes: r.Examples, No: r.Counterexamples,
	}
	alone := len(p.words) == 0 && p.near == nil // the pattern stands by itself
	switch {
	case p.re == nil && len(p.words) > 0:
		d.Find, d.Scope = p.findWords, Anywhere
	case p.re == nil: // titles alone
	case p.literals == nil && alone:
		if len(r.Titles) == 0 {
			return d, fmt.Errorf("pattern %s has no two letters or digits that are always the same, so it would be asked everywhere and set the pace of the scan: give words, near or titles", r.Pattern)
		}
	default:
		d.Find = p.find
	}
	if p.re != nil {
		switch {
		case p.literals != nil && alone:
			d.Scope, d.Sieve = Anywhere, quick(p.literals)
		case p.literals != nil || p.sum != nil:
			d.Scope = Column
		}
	}
	return d, r.try(&d)
}

// read checks what can be checked without examples.
func (r *Rule) read() (p *pattern, titles []string, err error) {
	p = new(pattern)
	if err = r.named(); err != nil {
		return p, nil, err
	}
	if titles, err = folded("titles", r.Titles); err != nil {
		return p, nil, err
	}
	if p.words, err = folded("words", r.Words); err != nil {
		return p, nil, err
	}
	near, err := folded("near", r.Near)
	if err != nil {
		return p, nil, err
	}
	p.spoken, p.near = labelsOf(p.words), labelsOf(near)
	if p.sum, err = checksum(r.Checksum); err != nil {
		return p, nil, err
	}
	switch {
	case r.Pattern != "":
		titles = append(titles, p.words...)
		slices.Sort(titles)
		return p, slices.Compact(titles), p.compile(r.Pattern)
	case p.near != nil || p.sum != nil:
		return p, nil, errors.New("near and checksum are about a pattern, and there is none")
	case len(titles)+len(p.words) == 0:
		return p, nil, errors.New("nothing to look for: give titles, words or a pattern")
	}
	return p, titles, nil
}

func (r *Rule) named() error {
	other := func(c rune) bool {
		return c != '_' && (c > unicode.MaxASCII || !isAlnum(byte(c)) || unicode.IsUpper(c))
	}
	switch {
	case r.Kind == "":
		return errors.New("kind is missing")
	case strings.ContainsFunc(string(r.Kind), other):
		return fmt.Errorf("kind %q: only a-z, 0-9 and _", r.Kind)
	case slices.ContainsFunc(All(), func(d Detector) bool { return d.Kind == r.Kind }):
		return fmt.Errorf("kind %s is one of vigie's own: take another name", r.Kind)
	case r.Class < Direct || r.Class > Sensitive:
		return errors.New("class is missing: direct, quasi or sensitive")
	}
	return nil
}

// folded returns the folded forms of words, sorted, each once.
func folded(key string, words []string) ([]string, error) {
	var all []string
	for _, w := range words {
		text := []byte(w)
		if key != "titles" { // as in the text: see bare
			text = text[(*Text).bare(&Text{Bytes: text}, Span{0, len(text)}).Start:]
		}
		f := string(Fold(nil, text))
		if f == "" {
			return nil, fmt.Errorf("%s: %q has no letter or digit", key, w)
		}
		if key != "titles" && slices.ContainsFunc(strings.Fields(f), func(w string) bool { return len(w) > 24 }) {
			return nil, fmt.Errorf("%s: %q has a word of more than 24 letters", key, w)
		}
		all = append(all, f)
	}
	slices.Sort(all)
	return slices.Compact(all), nil
}

func (p *pattern) compile(expr string) (err error) {
	if p.re, err = regexp.Compile(expr); err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	if p.re.MatchString("") {
		return fmt.Errorf("pattern %s matches nothing at all, that is, everywhere", expr)
	}
	if p.whole, err = regexp.Compile(`\A(?:` + expr + `)\z`); err != nil {
		return fmt.Errorf("pattern: %w", err)
	}
	p.literals, p.before = literals(expr)
	return nil
}

// doc returns title and explanation.
func (r *Rule) doc() string {
	title, doc := strings.TrimSpace(r.Title), strings.TrimSpace(r.Doc)
	if title == "" {
		title = strings.ReplaceAll(string(r.Kind), "_", " ")
	}
	if doc == "" {
		doc = "A rule of your own."
	}
	return strings.Join(strings.Fields(title), " ") + "\n\n" + doc
}

// try holds a detector against the rule's examples. The error does not repeat
// them: they may be somebody's.
func (r *Rule) try(d *Detector) error {
	for i, s := range r.Examples {
		if !d.findsIn(s) {
			return fmt.Errorf("nothing is found in example %d", i+1)
		}
	}
	for i, s := range r.Counterexamples {
		if d.findsIn(s) {
			return fmt.Errorf("something is found in counterexample %d", i+1)
		}
	}
	return nil
}

func (d *Detector) findsIn(s string) bool {
	if d.Find == nil {
		ok, _ := d.Fits([]byte(strings.TrimSpace(s)))
		return ok
	}
	var t Text
	t.Reset([]byte(s), 0, 0, 0)
	return len(d.Find(nil, &t)) > 0
}

// maskRule shows the first character of a value that has three.
func maskRule(dst, v []byte) []byte {
	const most = 24
	n := 0
	short := utf8.RuneCount(v) < 3
	for _, r := range string(bytes.TrimSpace(v)) {
		switch {
		case n == most:
			return append(dst, "…"...)
		case n == 0 && !short:
			dst = utf8.AppendRune(dst, r)
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			dst = append(dst, "•"...)
		case r < ' ':
			dst = append(dst, ' ')
		default:
			dst = utf8.AppendRune(dst, r)
		}
		n++
	}
	return dst
}
