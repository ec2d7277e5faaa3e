package format

import "testing"

var hl7Cases = []recordCase{
	{"hl7", "MSH|^~\\&|LAB|CHU|||20210201||ORU^R01|1|P|2.5\nPID|1||123^^^CHU^PI~2530772073004^^^ASIP||DUPONT^LUC^JEAN||19530714|M|||12 RUE DE LA PAIX^^LYON^^69001^FRA||0612345678\nPV1|1|I|CARDIO^12\n" +
		"MSH|^~\\&|LAB|CHU\nPID|1||124||BA\\T\\CO^ZOE||19800102|F\n",
		[]string{"MSH-3", "MSH-4", "MSH-7", "MSH-9", "MSH-10", "MSH-11", "MSH-12", "PID-1", "patient id", "PID-3.4", "PID-3.5", "last name", "first name", "prenoms", "birth date", "sex", "street address", "city", "postcode", "country", "telephone", "PV1-1", "PV1-2", "PV1-3"},
		[][]string{
			{"LAB", "CHU", "20210201", "ORU R01", "1", "P", "2.5", "1", "123, 2530772073004", "CHU ASIP", "PI", "DUPONT", "LUC", "JEAN", "19530714", "M", "12 RUE DE LA PAIX", "LYON", "69001", "FRA", "0612345678", "1", "I", "CARDIO 12"},
			{"LAB", "CHU", "", "", "", "", "", "1", "124", "", "", "BA&CO", "ZOE", "", "19800102", "F"},
		}, ""},
	{"the national number among others", "MSH|^~\\&|LAB|CHU\nPID|||7^^^CH DE LYON^PI~272029935052470^^^ASIP-SANTE-INS-NIR&1.2.250.1.213.1.4.8&ISO^INS||RICOLFI\n",
		[]string{"MSH-3", "MSH-4", "NIR", "patient id", "PID-3.4", "PID-3.5", "last name"},
		[][]string{{"LAB", "CHU", "272029935052470", "7", "CH DE LYON", "PI", "RICOLFI"}}, ""},
	{"hprim", "H|~^\\&|x\nP|1|A12|||DUPONT~LUC||14/07/1953|M||12 RUE DE LA PAIX~~LYON~~69001\nP|2|A13|||BA~ZOE\nces lignes n'en sont pas\n",
		[]string{"H-2", "P-1", "patient id", "last name", "first name", "birth date", "sex", "street address", "city", "postcode"},
		[][]string{
			{"x", "1", "A12", "DUPONT", "LUC", "14/07/1953", "M", "12 RUE DE LA PAIX", "LYON", "69001"},
			{"", "2", "A13", "BA", "ZOE"},
		}, "ces lignes n'en sont pas"},
}

func TestHL7(t *testing.T) { checkRecords(t, hl7Format, readHL7, hl7Cases) }

func TestNotHL7(t *testing.T) {
	for _, doc := range []string{"", "MSH", "MSH|^~\\&", "H|a|b|c|\n", "HELLO|~^x|\n", "PID|1||1\n"} {
		if hl7Format.Match("x", []byte(doc)) {
			t.Errorf("%q is taken for HL7", doc)
		}
	}
}

func TestHL7Damaged(t *testing.T) { damageRecords(t, readHL7, hl7Cases) }

func FuzzHL7(f *testing.F) {
	for _, test := range hl7Cases {
		f.Add([]byte(test.doc), uint16(600))
	}
	f.Fuzz(func(t *testing.T, doc []byte, size uint16) {
		isHL7(doc)
		fuzzRecords(t, readHL7, doc, 64+int(size))
	})
}

func BenchmarkHL7(b *testing.B) { benchmarkRecords(b, readHL7, hl7Cases[0].doc) }
