package lexicon

// A bank is a name, folded; brand says that more may stand behind it.
type bank struct {
	name  string
	brand bool
}

// BankName reports whether a folded name is that of a bank in France.
func BankName(name []byte) bool {
	_, ok := search(banks, name, func(b *bank) string { return b.name })
	return ok
}

// BankBrand reports whether a folded name is that of a bank to which regions and
// branches add theirs: "credit agricole".
func BankBrand(name []byte) bool {
	b, ok := search(banks, name, func(b *bank) string { return b.name })
	return ok && b.brand
}

// BankCode reports whether the five digits are the code of a bank in France
// (code interbancaire).
func BankCode(code []byte) bool {
	_, ok := search(bankCodes, code, func(s *string) string { return *s })
	return ok
}
