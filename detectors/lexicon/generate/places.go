package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// prefectures lists the Insee codes of the seats of prefectures (Insee, Code
// officiel géographique). Pontoise and Cergy both stand for Val-d'Oise, Dzaoudzi
// and Mamoudzou for Mayotte.
var prefectures = strings.Fields(`
01053 02408 03190 04070 05061 06088 07186 08105 09122 10387 11069 12202 13055 14118 15014 16015 17300 18033 19272 2A004 2B033
21231 22278 23096 24322 25056 26362 27229 28085 29232 30189 31555 32013 33063 34172 35238 36044 37261 38185 39300 40192 41018
42218 43157 44109 45234 46042 47001 48095 49007 50502 51108 52121 53130 54395 55029 56260 57463 58194 59350 60057 61001 62041
63113 64445 65440 66136 67482 68066 69123 70550 71270 72181 73065 74010 75056 76540 77288 78646 79191 80021 81004 82121 83137
84007 85191 86194 87085 88160 89024 90010 91228 92050 93008 94028 95500 95127 97105 97209 97302 97411 97608 97611
`)

// alsoCountries lists names that the table does not have.
var alsoCountries = map[string]string{
	"usa": "404", "etats unis d amerique": "404", "angleterre": "132", "grande bretagne": "132", "ecosse": "132", "allemagne federale": "109",
	"rfa": "142", "rda": "141", "irak": "203", "coree du sud": "239", "coree du nord": "238", "vietnam": "243", "russie federation": "123",
	"urss": "123", "yougoslavie": "121", "republique dominicaine": "408", "centrafrique": "323", "rdc": "312", "zaire": "312",
	"republique democratique du congo": "312", "republique du congo": "324", "burkina faso": "331", "haute volta": "331", "palestine": "261",
	"republique tcheque": "116", "tchequie": "116", "macedoine": "156", "macedoine du nord": "156", "eswatini": "391", "myanmar": "224",
	"cap vert": "396", "ile maurice": "390", "kosovo": "157", "hollande": "135", "vatican": "129", "irlande": "136", "koweit": "240",
}

// countryList writes the countries by folded name: the names as they stand, with
// what is in brackets before the rest too, and the other names of some.
func countryList(w io.Writer, from string) error {
	all, err := rows(from, "countries.tsv")
	if err != nil {
		return err
	}
	codes := map[string]string{}
	for _, row := range all {
		if row[0] != "99" {
			continue
		}
		name, note, _ := strings.Cut(strings.TrimSuffix(row[2], ")"), " (")
		name, _, _ = strings.Cut(name, ",")
		name = fold(name)
		if note == "" {
			codes[name] = row[1]
			continue
		}
		if codes[name] == "" && note != "ILES" {
			codes[name] = row[1]
		}
		codes[fold(note)+" "+name] = row[1]
	}
	for name, code := range alsoCountries {
		codes[name] = code
	}
	names := make([]string, 0, len(codes))
	for name := range codes {
		if len(name) > 2 {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	fmt.Fprintf(w, "// countries lists the names of countries, folded and sorted, with the code\n// that follows 99 in a NIR.\nvar countries = []country{\n")
	for _, name := range names {
		fmt.Fprintf(w, "\t{%q, %q},\n", name, codes[name])
	}
	fmt.Fprintf(w, "}\n")
	return nil
}
