package detectors

var taxNumberDetector = Detector{
	Kind: "tax_number",
	Doc: `French tax number of a person (numéro fiscal, SPI)

Thirteen digits that begin with 0 to 3; the last three are the remainder of the
first ten by 511. A spreadsheet loses a 0 before them. One number in a thousand
has that key by chance, and NIRs without key and times in milliseconds have
thirteen digits too, so only a title, words such as "numéro fiscal", or a column
mostly made of such numbers makes them one. DGFiP; OECD, TIN of France.`,
	Class: Direct,
	Scope: Column,
	Titles: []string{
		"spi", "numero fiscal", "n fiscal", "no fiscal", "num fiscal", "numfiscal", "identifiant fiscal", "nif", "numero spi", "n spi",
		"num spi", "numero fiscal declarant", "numero fiscal de reference", "tax number", "tax id", "tin", "fiscal number",
		"numero d identification fiscale", "tax identification number", "id fiscal", "numero fiscal conjoint",
	},
	Find: func(dst []Match, t *Text) []Match {
		return findNumbers(dst, t, 13, taxWords, func(d digits16) (fits, valid bool) { ok := isTaxNumber(d.all()); return ok, ok })
	},
	Fits: func(cell []byte) (fits, valid bool) {
		var buf [32]byte
		fits = isTaxNumber(taxDigits(buf[:0], cell))
		return fits, fits
	},
	Norm: taxDigits,
	Yes: []string{
		"Numéro fiscal : 30 23 217 600 053", "n° fiscal 3023217600053", "SPI 0701987765493", "Identifiant fiscal : 3023217600053",
	},
	No: []string{
		"3023217600053", "numéro fiscal : 3023217600054", "SPI 9701987765432", "numéro fiscal 0000000000000", "spinner 3023217600053",
		"NIR : 1850578006084", "numéro fiscal : 30232176000534", "SPI bus 12345678", "année fiscale 2024",
	},
}

var taxWords = []string{"fiscal", "fiscaux", "spi", "nif", "tin", "declarant", "tax number", "tax id"}

// taxDigits appends the digits of a cell, with the 0 a spreadsheet took.
func taxDigits(dst, cell []byte) []byte {
	n := len(dst)
	d := compact(append(dst, '0'), cell)
	if len(d)-n == 14 {
		d = append(d[:n], d[n+1:]...)
	}
	return d
}

func isTaxNumber(d []byte) bool {
	if len(d) != 13 || d[0] > '3' || !allDigits(d[:10]) || digitsEnd(d, 10) != 13 {
		return false
	}
	n := 0
	for _, c := range d[:10] {
		n = n*10 + int(c-'0')
	}
	return n%511 == int(d[10]-'0')*100+int(d[11]-'0')*10+int(d[12]-'0')
}
