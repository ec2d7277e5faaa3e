package detectors

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// nirForm compiles a written form of a NIR: S the sex, D the department, g a
// gap, G a gap that may be missing, the rest as in a regexp.
func nirForm(form string) *regexp.Regexp {
	for _, r := range [][2]string{
		{" ", ""},
		{"S", "[123478]"},
		{"D", `(?:\d\d|2G[ABab])`},
		{"G", "(?:g)?"},
		{"g", `[\x20\t./_\xC2\xA0\xE2\x80\xAF\x87\x89-]{1,3}`},
	} {
		form = strings.ReplaceAll(form, r[0], r[1])
	}
	return regexp.MustCompile("^(?:" + form + ")")
}

var (
	nirWritten = nirForm(`S g \d\d g \d\d g D g \d{3} g \d{3} g \d\d`)
	nirShort   = nirForm(`(?:S g \d\d G \d\d G D G \d{3} G \d{3}|S\d{4}D\d{6})`)
	nirForms   = []*regexp.Regexp{
		nirForm(`S g \d\d G \d\d G D G \d{3} G \d{3} G \d\d`),
		nirForm(`S G \d\d G \d\d G D G \d{3} G \d{3} g \d\d`),
		nirForm(`S\d{4}D\d{8}`),
		nirForm(`S\d\d g \d{3} g \d{3} g \d{3} g \d{3}`),
		nirForm(`S\d{3} g \d D \d g \d{4} g \d{3}`),
		nirForm(`S(?:g\d){5} g [\dABab] (?:g\d){8}`),
	}
	nirGoesOn   = nirForm(`G\d`)
	nirCorsica  = nirForm(`G[ABab]G\d`)
	nirGoesOnTo = nirForm(`(?s:.*)(?:\dG|2G[ABab]G)$`)
	nirTail     = nirForm(`((?:[\x20:/.(\xC2\xA0-]|[cC][lL](?:[eE]|\xC3[\xA9\x89])[fF]?)*)\d\d`)
	nirShape    = regexp.MustCompile(`^[123478]\d\d(0[1-9]|1[0-2]|20|3\d|4[0-2]|[5-9]\d)(` +
		`(0[1-9]|[1-8]\d|9[0-6]|2[AB])(00[1-9]|0[1-9]\d|[1-8]\d\d|9[0-8]\d|990)|` +
		`9[78][1-9](0[1-9]|[1-8]\d|90)|99[1-5]\d\d)\d{5}$`)
	cellBefore = regexp.MustCompile(`(^|\n)[ \t'=\r]*$`)
	cellAfter  = regexp.MustCompile(`^([.,]0+)?[ \t'\r]*(\n|$)`)
	nirPower   = nirForm(`([1-9])[.,](\d{12,14})[eE]\+?14`)
)

// slowNIRs finds NIRs as findNIR does, by trying every form at every byte.
func slowNIRs(b []byte, cell, row byte) []Match {
	// One character a byte, as Latin-1; delimiters are line ends.
	text := make([]rune, len(b))
	for i, c := range b {
		if text[i] = rune(c); cell != 0 && c == cell || row != 0 && c == row {
			text[i] = '\n'
		}
	}
	var found []Match
	for i := 0; i < len(text); {
		n, valid := 0, false
		if i == 0 || !slowAlnum(text[i-1]) {
			n, valid = slowNIR(text, i, cell != 0 || row != 0)
		}
		if n > 0 {
			found = append(found, Match{Start: i, End: i + n, Valid: valid})
		}
		i += max(n, 1)
	}
	return found
}

// slowNIR returns the length of the NIR at i, 0 where none is to be reported.
func slowNIR(text []rune, i int, ruled bool) (n int, valid bool) {
	if text[i] < '1' || text[i] > '9' {
		return 0, false
	}
	rest := string(text[i:])
	length := func(s string) int { return len([]rune(s)) }
	var v string
	for k, form := range nirForms {
		m := form.FindString(rest)
		if k < 3 || !slowGoesOn(m, rest[len(m):]) && !nirGoesOnTo.MatchString(string(text[:i])) {
			v = max(v, m)
		}
	}
	written := v != "" && nirWritten.MatchString(rest)
	nir := slowSymbols(v)
	if m := nirShort.FindString(rest); v == "" && m != "" && !slowGoesOn(m, rest[len(m):]) {
		if tail := nirTail.FindStringSubmatch(rest[len(m):]); tail != nil && length(tail[1]) < 12 {
			v, nir = m+tail[0], slowSymbols(m)+tail[0][len(tail[1]):]
			written = nirWritten.MatchString(m + " 11")
			if strings.Contains(tail[1], "(") && strings.HasPrefix(rest[len(v):], ")") {
				v += ")"
			}
		}
	}
	if end := i + length(v); v != "" && (end == len(text) || !slowAlnum(text[end])) {
		decimals := len(v) == 15 && i > 1 && text[i-1] == '.' && text[i-2] >= '0' && text[i-2] <= '9'
		decimals = decimals || len(v) == 16 && v[1] == '.' && !strings.ContainsAny(v[2:], " \t./_-")
		shaped, valid := slowCheck(nir)
		if shaped && !decimals && (valid || written || ruled && slowFills(text, i, end)) {
			return length(v), valid
		}
	}
	if m := nirPower.FindStringSubmatch(rest); m != nil {
		end := i + length(m[0])
		_, valid := slowCheck(m[1] + m[2] + "00"[:14-len(m[2])])
		if valid && (end == len(text) || !slowAlnum(text[end])) {
			return length(m[0]), true
		}
	}
	return 0, false
}

// slowGoesOn reports whether the run that v ends in goes on with rest.
func slowGoesOn(v, rest string) bool {
	return nirGoesOn.MatchString(rest) || strings.HasSuffix(v, "2") && nirCorsica.MatchString(rest)
}

func slowAlnum(r rune) bool { return r < 0x80 && isAlnum(byte(r)) }

func slowSymbols(s string) string {
	return strings.ToUpper(strings.Map(func(r rune) rune {
		if slowAlnum(r) {
			return r
		}
		return -1
	}, s))
}

// slowCheck says whether 15 characters can be those of a NIR, and whether their
// key holds.
func slowCheck(nir string) (shaped, valid bool) {
	if !nirShape.MatchString(nir) || nir[10:13] == "000" || nir[5:7] == "96" && nir[1:3] > "64" || nir[7:10] == "100" && nir[5:7] == "99" {
		return false, false
	}
	number := strings.NewReplacer("A", "0", "B", "0").Replace(nir[:13])
	n, _ := strconv.ParseInt(number, 10, 64)
	switch nir[6] {
	case 'A':
		n -= 1_000_000
	case 'B':
		n -= 2_000_000
	}
	return true, nir[13:] == fmt.Sprintf("%02d", 97-n%97)
}

func slowFills(text []rune, start, end int) bool {
	before, after := string(text[:start]), string(text[end:])
	return cellBefore.MatchString(before) && cellAfter.MatchString(after)
}

// Texts put together from what stands around NIRs.
func TestFindNIRAgainstReference(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	around := []string{" ", " ", ";", "\n", "-", ".", " - ", "\u00a0", "0", "12", "06 12 34 56 78", "x", "é", "(", ")", "clé ", "E14", "E+14", ".0", "2", "A", "B ", "0.", "1,", "    ", "'", "="}
	gaps := []string{"", "", " ", " ", ".", "-", "\u00a0", "\u202f", " - ", "    "}
	found := 0
	for range 20_000 {
		var text strings.Builder
		for range random.IntN(8) {
			if random.IntN(3) > 0 {
				text.WriteString(around[random.IntN(len(around))])
				continue
			}
			nir := nirVectors[random.IntN(len(nirVectors))].nir
			if random.IntN(4) == 0 {
				nir = strings.ToLower(nir)
			}
			if random.IntN(4) == 0 && len(nir) == 15 {
				nir = nir[:13] + []string{" (", " clé ", " : clef ", "; ", "        "}[random.IntN(5)] + nir[13:]
			}
			cuts := [][]int{{1, 3, 5, 7, 10, 13}, {1, 3, 5, 7, 10, 13}, {3, 6, 9, 12}, {4, 8, 12}, {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}, {random.IntN(15)}, {1, 3, 5, 6, 7, 10, 13}}[random.IntN(7)]
			gap, same := gaps[random.IntN(len(gaps))], random.IntN(3) > 0
			for i, c := range nir {
				if slices.Contains(cuts, i) {
					if !same {
						gap = gaps[random.IntN(len(gaps))]
					}
					text.WriteString(gap)
				}
				text.WriteRune(c)
			}
		}
		for _, ruler := range [][2]byte{{0, 0}, {';', '\n'}, {' ', '\n'}} {
			var x Text
			x.Reset([]byte(text.String()), ruler[0], ruler[1], 0)
			got, want := findNIR(nil, &x), slowNIRs(x.Bytes, ruler[0], ruler[1])
			if found += len(got); !slices.Equal(got, want) {
				t.Fatalf("%q with ruler %q: found %v, want %v", text.String(), ruler, got, want)
			}
		}
	}
	if found < 4_500 {
		t.Errorf("only %d NIRs to compare", found)
	}
}

// A run of thousands of digits is read in parts.
func TestFindNIRInLongRun(t *testing.T) {
	const n = 200
	for _, gap := range []string{" ", " - ", " 12 ", " 06 12 34 56 78 "} {
		for shift := range 40 {
			text := strings.Repeat("7 ", shift) + strings.Repeat("185057800608491"+gap+"2 53 07 2A 073 004 43"+gap, n)
			var x Text
			x.Reset([]byte(text), 0, 0, 0)
			if len(x.Runs()) != 1 {
				t.Fatalf("%d runs, want one", len(x.Runs()))
			}
			found := findNIR(nil, &x)
			if want := slowNIRs(x.Bytes[:400], 0, 0); len(found) != 2*n || !slices.Equal(found[:len(want)-1], want[:len(want)-1]) {
				t.Fatalf("%d NIRs after %d digits, want %d", len(found), shift, 2*n)
			}
		}
	}
}

func FuzzNIR(f *testing.F) {
	for i, s := range append(nirDetector.Yes, nirDetector.No...) {
		f.Add([]byte(s), byte(i))
	}
	f.Fuzz(func(t *testing.T, b []byte, cell byte) {
		var row byte
		if cell = cells[int(cell)%len(cells)]; cell != 0 {
			row = '\n'
		}
		var x Text
		x.Reset(b, cell, row, 0)
		if got, want := findNIR(nil, &x), slowNIRs(b, cell, row); !slices.Equal(got, want) {
			t.Errorf("found %v, want %v", got, want)
		}
		ParseNIR(b)
	})
}
