package main

import (
	"slices"
	"strings"
)

// icd10 makes the codes of ICD-10 as they stand in the table, without a point.
func icd10(from string) error {
	all, err := rows(from, "icd10.txt.gz")
	if err != nil {
		return err
	}
	var s set
	for _, row := range all {
		s.addText(row[0])
	}
	return s.write("icd10.bin")
}

// telling lists names of two parts that hardly any other file has.
var telling = strings.Fields("dgn_pal dgn_ass dgn_rel dgn_cod ghm_num ghs_num nir_ret rha_num rhs_num grc_ghm grg_ghm nabm_cod ben_cmu ben_qlt")

// snds makes the names of SNDS variables that are made of three parts or more
// (BEN_NIR_PSA): shorter ones are titles of other files too.
func snds(from string) error {
	all, err := rows(from, "snds_variables.tsv")
	if err != nil {
		return err
	}
	var s set
	for _, row := range all {
		if strings.Count(row[0], "_") >= 2 || slices.Contains(telling, strings.ToLower(row[0])) {
			s.addText(row[0])
		}
	}
	return s.write("snds.bin")
}
