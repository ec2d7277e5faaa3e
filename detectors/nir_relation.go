package detectors

var relationNIRBirthDate = Relation{
	Name: "nir_birth_date",
	A:    "nir", B: "birth_date",
	Agree: func(a, b []byte) (agree, known bool) {
		n, ok := ParseNIR(a)
		if !ok {
			return false, false
		}
		year, month, _, ok := Date(b)
		if !ok {
			return false, false
		}
		if n.Month <= 12 && month != 0 && n.Month != month {
			return false, true
		}
		return n.Year == year%100, true
	},
}

var relationNIRSex = Relation{
	Name: "nir_sex",
	A:    "nir", B: "sex",
	Agree: func(a, b []byte) (agree, known bool) {
		n, ok := ParseNIR(a)
		sex := sexOf(b)
		if !ok || sex == 0 {
			return false, false
		}
		return n.Male() == (sex == '1'), true
	},
}

var relationNIRKey = Relation{
	Name: "nir_key",
	A:    "nir_without_key", B: "nir_key",
	Agree: func(a, b []byte) (agree, known bool) {
		s, ok := readNIR(a)
		key := readNIRKey(b)
		if !ok || s.n != 13 || !s.shaped() || key == 0 {
			return false, false
		}
		return s.key() == key, true
	},
}
