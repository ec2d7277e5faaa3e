// Command generate makes the embedded tables of package lexicon out of the
// public tables that NOTICE names.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"go/format"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"vigie/detectors/lexicon"
)

func main() {
	from := flag.String("from", "", "`folder` of the public tables")
	flag.Parse()
	if err := run(*from); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// A set collects the keys of a table before it is packed.
type set struct {
	keys  []lexicon.Key
	notes []byte
	seen  map[lexicon.Key]bool
}

func (s *set) add(k lexicon.Key, note byte) {
	if s.seen == nil {
		s.seen = map[lexicon.Key]bool{}
	}
	if s.seen[k] {
		return
	}
	s.seen[k] = true
	s.keys = append(s.keys, k)
	s.notes = append(s.notes, note)
}

func (s *set) addText(text string) { s.add(lexicon.KeyOf([]byte(text)), 0) }

func (s *set) write(name string) error {
	fmt.Printf("%s: %d keys\n", name, len(s.keys))
	return os.WriteFile(name, lexicon.Pack(s.keys, s.notes), 0o644)
}

func run(from string) error {
	steps := []func(string) error{surnames, firstNames, communes, common, icd10, snds, lists}
	for _, step := range steps {
		if err := step(from); err != nil {
			return err
		}
	}
	return nil
}

// rows returns the tab-separated rows of a table, without its title row.
func rows(from, name string) ([][]string, error) {
	f, err := os.Open(filepath.Join(from, name))
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var r io.Reader = f
	if strings.HasSuffix(name, ".gz") {
		if r, err = gzip.NewReader(f); err != nil {
			return nil, fmt.Errorf("read %s: %w", name, err)
		}
	}
	var out [][]string
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		out = append(out, strings.Split(lines.Text(), "\t"))
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if strings.HasSuffix(strings.TrimSuffix(name, ".gz"), ".tsv") {
		out = out[1:]
	}
	return out, nil
}

func surnames(from string) error {
	all, err := rows(from, "surnames.txt.gz")
	if err != nil {
		return err
	}
	var s set
	for _, row := range all {
		if len(row[0]) > 1 {
			s.addText(row[0])
		}
	}
	return s.write("surnames.bin")
}

// firstNames notes the sexes of a name (those of one bearer in twenty and more)
// and the decade in which most were born, in the bits that Key.FirstName reads.
func firstNames(from string) error {
	all, err := rows(from, "firstnames.tsv.gz")
	if err != nil {
		return err
	}
	type name struct {
		men, women int
		decades    [13]int
	}
	byKey := map[lexicon.Key]*name{}
	var order []lexicon.Key
	for _, row := range all {
		if len(row[0]) < 2 {
			continue
		}
		k := lexicon.KeyOf([]byte(row[0]))
		n := byKey[k]
		if n == nil {
			n = &name{}
			byKey[k] = n
			order = append(order, k)
		}
		for i := range n.decades {
			born, err := strconv.Atoi(row[3+i])
			if err != nil {
				return fmt.Errorf("read first name %s: %w", row[0], err)
			}
			n.decades[i] += born
			if row[1] == "M" {
				n.men += born
			} else {
				n.women += born
			}
		}
	}
	var s, decades set
	for _, k := range order {
		n, peak := byKey[k], 0
		for i, born := range n.decades {
			if born > n.decades[peak] {
				peak = i
			}
		}
		note := byte(peak)
		if 20*n.men >= n.women {
			note |= 1 << 4
		}
		if 20*n.women >= n.men {
			note |= 1 << 5
		}
		s.add(k, note)
		addDecades(&decades, k, n.decades)
	}
	return firstError(s.write("firstnames.bin"), decades.write("decades.bin"))
}

// addDecades notes in which decades a name was usual: one bearer in twenty and
// more was born in it. Names of fewer than twenty people say nothing. The first
// eight decades stand under the key, the others under its complement.
func addDecades(s *set, k lexicon.Key, decades [13]int) {
	all := 0
	for _, born := range decades {
		all += born
	}
	if all < 20 {
		return
	}
	var usual uint16
	for i, born := range decades {
		if 20*born >= all {
			usual |= 1 << i
		}
	}
	if early := byte(usual); early != 0 {
		s.add(k, early)
	}
	if late := byte(usual >> 8); late != 0 {
		s.add(^k, late)
	}
}

// communes makes the names, the postcodes, the pairs of both, the Insee codes
// with those of countries, and the pairs of Insee codes and names. A commune
// that is now part of another has no postcode of its own in the table; its pairs
// are those of nobody. Codes are noted with the rank that births of one sex and
// month do not pass there (20, and ten times the births of a month at 1.2 % of
// the people a year; only where fewer than 2,000 live), and with whether they
// are the seat of a prefecture.
func communes(from string) error {
	all, err := rows(from, "communes.tsv.gz")
	if err != nil {
		return err
	}
	var names, codes, pairs, places, placeNames set
	for _, row := range all {
		note := byte(0)
		if people, err := strconv.Atoi(row[4]); err == nil && people < 2000 {
			note = byte(20 + people/100)
		}
		if slices.Contains(prefectures, row[0]) {
			note |= 1 << 7
		}
		places.add(lexicon.KeyOf([]byte(row[0])), note)
		placeNames.add(lexicon.PairKey([]byte(row[0]), []byte(row[1])), 0)
		for _, former := range strings.Split(row[6], ",") {
			if former != "" {
				places.addText(former)
				placeNames.add(lexicon.PairKey([]byte(former), []byte(row[1])), 0)
			}
		}
		names.add(lexicon.CommuneKey([]byte(row[1])), 0)
		for _, code := range strings.Split(row[5], ",") {
			if code != "" {
				codes.addText(code)
				pairs.add(lexicon.PairKey([]byte(code), []byte(row[1])), 0)
			}
		}
	}
	countries, err := rows(from, "countries.tsv")
	if err != nil {
		return err
	}
	for _, row := range countries {
		if row[0] == "99" {
			places.addText(row[0] + row[1])
		}
	}
	return firstError(names.write("communes.bin"), codes.write("postcodes.bin"),
		pairs.write("pairs.bin"), places.write("places.bin"), placeNames.write("placenames.bin"))
}

// common reads the project's own list of everyday words.
func common(string) error {
	b, err := os.ReadFile("common.txt")
	if err != nil {
		return err
	}
	var s set
	for line := range strings.Lines(string(b)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		for _, word := range strings.Fields(line) {
			s.addText(word)
		}
	}
	return s.write("common.bin")
}

// lists makes the small lists, which stay readable.
func lists(from string) error {
	for _, list := range []struct {
		name  string
		write func(io.Writer, string) error
	}{{"streettypes.go", streetTypes}, {"benefits.go", benefits}, {"variables.go", variables}, {"countries.go", countryList}, {"banks.go", banks}} {
		var b bytes.Buffer
		b.WriteString("// Code generated by generate; DO NOT EDIT.\n\npackage lexicon\n\n")
		if err := list.write(&b, from); err != nil {
			return err
		}
		out, err := format.Source(b.Bytes())
		if err != nil {
			return fmt.Errorf("format %s: %w", list.name, err)
		}
		if err := os.WriteFile(list.name, out, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func fold(s string) string { return string(lexicon.Fold(nil, []byte(s))) }

func streetTypes(w io.Writer, from string) error {
	all, err := rows(from, "street_types.tsv")
	if err != nil {
		return err
	}
	short := map[string]string{}
	for _, row := range all {
		code := fold(row[0])
		name := strings.TrimSuffix(fold(row[1]), " s")
		if len(row[0]) == 1 || row[0][0] < 'A' {
			continue // B, T, Q, C: bis, ter …, what follows a number; other lists of the file
		}
		short[code] = code
		short[name] = code
	}
	// Spellings that the nomenclature does not have.
	for also, code := range map[string]string{
		"bld": "bd", "blvd": "bd", "boul": "bd", "bvd": "bd", "ave": "av", "che": "chem", "chm": "chem", "ch": "chem",
		"r": "rue", "allees": "all", "rd pt": "rpt", "rond point": "rpt", "lieudit": "ld", "lieu dit": "ld",
		"zone artisanale": "za", "montee": "mte", "esplanade": "esp", "faubourg": "fg", "fbg": "fg", "pas": "pas",
		"quartier": "quar", "qua": "quar", "qrt": "quar", "coteau": "cote", "cote": "cote", "imm": "imm", "immeuble": "imm",
		"chateau": "cht", "domaine": "dom", "sente": "sen", "mas": "mas", "voie": "voie", "rte": "rte", "crs": "crs",
		"cour": "cour", "tra": "trav", "pass": "pas", "prom": "prom", "cite": "cite", "sq": "sq", "res": "res", "q": "quai",
	} {
		short[also] = code
	}
	names := make([]string, 0, len(short))
	for name := range short {
		names = append(names, name)
	}
	slices.Sort(names)
	fmt.Fprintf(w, "// streetTypes lists codes and names of street types, folded and sorted.\nvar streetTypes = []streetType{\n")
	for _, name := range names {
		fmt.Fprintf(w, "\t{%q, %q},\n", name, short[name])
	}
	fmt.Fprintf(w, "}\n\n")
	return nil
}

// left lists codes of the table that name bodies, orders of a judge or contracts
// rather than what a person receives, and words that no context makes safe.
var left = strings.Fields(`ci cp ces cdi adi ami mas fam crp ime itep savs samsah sessad eanm eeap ueros pps ppc orp
	crous cat tutelle curatelle cdes rg msa cnieg pass api css masp maj aesh avs cr prepare bcs fsl cej cotorep`)

// benefits takes the ambiguity of a code from the word the table begins its
// remark with, and adds the products of RSA, which are like nothing else.
func benefits(w io.Writer, from string) error {
	all, err := rows(from, "benefits.tsv")
	if err != nil {
		return err
	}
	type benefit struct{ code, name, ambiguity string }
	var list []benefit
	for _, row := range all {
		ambiguity := "MediumAmbiguity"
		for _, a := range [][2]string{{"very high", "VeryHighAmbiguity"}, {"high", "HighAmbiguity"}, {"low", "LowAmbiguity"}} {
			if strings.HasPrefix(row[3], a[0]) {
				ambiguity = a[1]
			}
		}
		for _, code := range strings.Split(strings.ReplaceAll(row[0], "AT/MP", "ATMP"), "/") {
			if code = fold(code); code != "" && !slices.Contains(left, strings.Fields(code)[0]) {
				name, _, _ := strings.Cut(row[1], " (")
				name, _, _ = strings.Cut(name, " / ")
				list = append(list, benefit{code, fold(name), ambiguity})
			}
		}
	}
	codes, err := rows(from, "cnaf_codes.tsv")
	if err != nil {
		return err
	}
	for _, row := range codes {
		if (row[0] == "NATPF" || row[0] == "SOUSNATPF") && !strings.ContainsAny(row[1], ",-") {
			list = append(list, benefit{fold(row[1]), fold(row[2]), "LowAmbiguity"})
		}
	}
	slices.SortStableFunc(list, func(a, b benefit) int { return strings.Compare(a.code, b.code) })
	list = slices.CompactFunc(list, func(a, b benefit) bool { return a.code == b.code })
	fmt.Fprintf(w, "// benefits lists social benefits by folded code, sorted.\nvar benefits = []Benefit{\n")
	for _, b := range list {
		fmt.Fprintf(w, "\t{%q, %q, %s},\n", b.code, b.name, b.ambiguity)
	}
	fmt.Fprintf(w, "}\n\n")
	var names []string
	for _, b := range list {
		if strings.Count(b.name, " ") >= 2 && !strings.HasPrefix(b.name, "rsa ") {
			names = append(names, b.name)
		}
	}
	slices.Sort(names)
	fmt.Fprintf(w, "// benefitNames lists the names of three words and more, folded and sorted.\nvar benefitNames = []string{\n")
	for _, name := range slices.Compact(names) {
		fmt.Fprintf(w, "\t%q,\n", name)
	}
	fmt.Fprintf(w, "}\n\n")
	return nil
}

// weak lists names of the table that are words, or titles of other files too:
// open data of the CAF by commune (DTREFFRE, NUMCOMDO), bank and address files.
var weak = strings.Fields(`ident qual jum orph dab dars dasf incap nenf rmi quot sexe prenom2 prenom3 matricule
	numcom numcoci numcomdo dtreffre codepos nbenf nomnai dtnai numtel adrelec numvoie nomvoie libtypevoie complideadr
	complideadr compladr lieudist etaban guiban numcomptban clerib titurib numorg act alloc
	typeper`)

func variables(w io.Writer, from string) error {
	all, err := rows(from, "cnaf_variables.tsv")
	if err != nil {
		return err
	}
	type variable struct {
		name, category string
		strong         bool
	}
	var list []variable
	for _, row := range all {
		name := fold(row[0])
		strong := row[3] == "strong" && row[2] != "training" && !slices.Contains(weak, name)
		list = append(list, variable{name, row[2], strong})
	}
	slices.SortStableFunc(list, func(a, b variable) int { return strings.Compare(a.name, b.name) })
	list = slices.CompactFunc(list, func(a, b variable) bool { return a.name == b.name })
	fmt.Fprintf(w, "// variables lists the names of CNAF variables, folded and sorted.\nvar variables = []Variable{\n")
	for _, v := range list {
		fmt.Fprintf(w, "\t{%q, %q, %t},\n", v.name, v.category, v.strong)
	}
	fmt.Fprintf(w, "}\n")
	return nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
