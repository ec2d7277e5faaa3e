package detectors

var studentIDDetector = Detector{
	Kind: "student_id",
	Doc: `French pupil's and student's number (INE)

Eleven letters and digits: nine digits and two letters since 2018, ten characters
and a letter before. Its key is not judged: only a title, or INE before it, makes
it one. Ministère de l'éducation nationale, répertoire RNIE.`,
	Class: Direct,
	Scope: Titled,
	Titles: []string{
		"ine", "n ine", "numero ine", "num ine", "no ine", "code ine", "ine bea", "ine eleve", "ine etudiant", "ine rnie", "id ine",
		"identifiant national etudiant", "identifiant national eleve", "identifiant national", "numero national etudiant", "student id", "national student number",
		"student number", "bea", "ine confirme",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findWords(dst, t, 11, 11, isINE, func(i int) bool { return t.announced(i, studentWords) })
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		d := compact(buf[:0], cell)
		_, digits, _ := form(d)
		fits = len(d) == 11 && digits >= 6
		return fits, fits
	},
	Norm: normAlnum,
	Yes:  []string{"INE : 123456789AB", "n° INE 1234567890X", "Identifiant national étudiant : 123456789HK"},
	No:   []string{"123456789AB", "INE 12345678901", "fine 123456789AB", "INE 1234AB", "INE\n123456789AB", "INE : abcdef12345"},
}

var studentWords = []string{"ine", "student id", "national student number", "numero ine", "identifiant national etudiant", "identifiant national eleve", "identifiant national"}

// isINE reports whether a word is an INE as running text has it: nine digits and
// two letters, or ten digits and a letter.
func isINE(w []byte) bool {
	n := digitsEnd(w, 0)
	return len(w) == 11 && (n == 9 || n == 10) && isLetter(w[10]) && isAlnum(w[9])
}
