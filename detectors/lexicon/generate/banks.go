package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// brands are what people call banks, and what names of regional ones begin with.
var brands = []string{
	"credit agricole", "credit agricole mutuel", "caisse d epargne", "caisse epargne", "banque populaire", "bp", "credit mutuel",
	"credit mutuel arkea", "cic", "la banque postale", "banque postale", "lbp", "bnp", "bnp paribas", "societe generale", "sg", "lcl",
	"le credit lyonnais", "credit lyonnais", "hsbc", "ccf", "credit du nord", "credit cooperatif", "bred", "caisse regionale de credit agricole",
	"caisse regionale credit agricole", "crcam", "ca", "caisse de credit mutuel", "bpce", "palatine", "banque palatine",
}

// others are names alone that the register spells in another way or lacks.
var others = []string{
	"boursorama", "boursorama banque", "boursobank", "hello bank", "fortuneo", "fortuneo banque", "monabanq", "orange bank", "n26", "revolut", "nickel",
	"compte nickel", "ing", "ing direct", "bforbank", "axa banque", "allianz banque", "ma french bank", "carrefour banque", "floa", "floa bank",
	"banque casino", "barclays", "la nef", "casden", "casden banque populaire", "bourse direct", "socram", "macif banque", "maif", "groupama banque",
	"banque de france", "tresor public", "cofidis", "cetelem", "sofinco", "younited", "milleis", "lydia", "sumeria", "qonto", "shine", "blank",
	"green got", "helios", "aumax", "anytime", "arkea", "banque chalus", "credit municipal", "banque edel", "deutsche bank", "bunq", "wise",
	"american express", "distingo", "psa banque", "rci banque", "zesto", "natixis", "banque tarneaud", "smc", "societe marseillaise de credit",
}

// banks makes the list of banks of the register and of what people call them.
func banks(w io.Writer, from string) error {
	all, err := rows(from, "banks.tsv")
	if err != nil {
		return err
	}
	brand := map[string]bool{}
	var codes []string
	for _, row := range all {
		codes = append(codes, row[0])
		name, _, _ := strings.Cut(row[2], "(")
		if name = fold(name); len(name) > 2 && name != "morning" && name != "nouvelle vague" {
			brand[name] = false
		}
	}
	for _, name := range others {
		brand[name] = false
	}
	for _, name := range brands {
		brand[name] = true
	}
	names := make([]string, 0, len(brand))
	for name := range brand {
		names = append(names, name)
	}
	slices.Sort(names)
	slices.Sort(codes)
	fmt.Fprintf(w, "// banks lists the names of banks, folded and sorted.\nvar banks = []bank{\n")
	for _, name := range names {
		fmt.Fprintf(w, "\t{%q, %t},\n", name, brand[name])
	}
	fmt.Fprintf(w, "}\n\n// bankCodes lists the codes of banks.\nvar bankCodes = []string{\n")
	for i, code := range slices.Compact(codes) {
		fmt.Fprintf(w, "%q,", code)
		if i%12 == 11 {
			fmt.Fprintln(w)
		}
	}
	fmt.Fprintf(w, "\n}\n")
	return nil
}
