package detectors

import "bytes"

// DSNRubric reads a line of a DSN, the monthly declaration of employers about
// each of their employees: S21.G00.30.001,'1850578006084'. It returns the value
// between the quotes and the kind that its rubric announces, "" for rubrics that
// say nothing of a person; ok is false where the line is none of a DSN. Cahier
// technique de la DSN, bloc S21.G00.30 (individu) and S10.
func DSNRubric(line []byte) (kind Kind, value []byte, ok bool) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) < 17 || line[0] != 'S' || line[3] != '.' || line[4] != 'G' || line[7] != '.' || line[10] != '.' || line[14] != ',' ||
		line[15] != '\'' || line[len(line)-1] != '\'' {
		return "", nil, false
	}
	for i, c := range line[:14] {
		if i != 0 && i != 3 && i != 4 && i != 7 && i != 10 && !isDigit(c) {
			return "", nil, false
		}
	}
	return dsnKind(string(line[:14])), line[16 : len(line)-1], true
}

func dsnKind(rubric string) Kind {
	switch rubric {
	case "S21.G00.30.001":
		return "nir_without_key"
	case "S21.G00.30.002", "S21.G00.30.003", "S10.G00.02.002":
		return "last_name"
	case "S21.G00.30.004":
		return "first_name"
	case "S21.G00.30.005":
		return "sex"
	case "S21.G00.30.006":
		return "birth_date"
	case "S21.G00.30.007", "S21.G00.30.014", "S21.G00.30.015":
		return "birth_place"
	case "S21.G00.30.008":
		return "street_address"
	case "S21.G00.30.009":
		return "postcode"
	case "S21.G00.30.010":
		return "commune"
	case "S21.G00.30.018", "S10.G00.02.004":
		return "email"
	case "S10.G00.02.005":
		return "phone"
	case "S10.G00.01.001", "S21.G00.06.001":
		return "siren"
	}
	return ""
}
