package detectors

// A NIR without its key tells the same about its person. The evidence is the
// same, so it has the same name.
var (
	relationNIR13BirthDate = Relation{
		Name: relationNIRBirthDate.Name,
		A:    "nir_without_key", B: "birth_date",
		Agree: relationNIRBirthDate.Agree,
	}
	relationNIR13Sex = Relation{
		Name: relationNIRSex.Name,
		A:    "nir_without_key", B: "sex",
		Agree: relationNIRSex.Agree,
	}
)
