package assess

import (
	"strings"

	"vigie/detectors"
)

// The kinds that profiles ask for.
const (
	nir             detectors.Kind = "nir"
	nirWithoutKey   detectors.Kind = "nir_without_key"
	nirKey          detectors.Kind = "nir_key"
	cafNumber       detectors.Kind = "caf_number"
	iban            detectors.Kind = "iban"
	email           detectors.Kind = "email"
	phone           detectors.Kind = "phone"
	fullName        detectors.Kind = "full_name"
	firstName       detectors.Kind = "first_name"
	lastName        detectors.Kind = "last_name"
	birthDate       detectors.Kind = "birth_date"
	childBirthDate  detectors.Kind = "child_birth_date"
	streetAddress   detectors.Kind = "street_address"
	postcode        detectors.Kind = "postcode"
	commune         detectors.Kind = "commune"
	geolocation     detectors.Kind = "geolocation"
	familySituation detectors.Kind = "family_situation"
	children        detectors.Kind = "children"
	jointCustody    detectors.Kind = "joint_custody"
	income          detectors.Kind = "income"
	familyQuotient  detectors.Kind = "family_quotient"
	benefit         detectors.Kind = "benefit"
	benefitAmount   detectors.Kind = "benefit_amount"
	disability      detectors.Kind = "disability"
	health          detectors.Kind = "health"
	cnafVariable    detectors.Kind = "cnaf_variable"
	sndsVariable    detectors.Kind = "snds_variable"

	pajemploiNumber     detectors.Kind = "pajemploi_number"
	childminderApproval detectors.Kind = "childminder_approval"
	franceTravailID     detectors.Kind = "france_travail_id"
	mdphFile            detectors.Kind = "mdph_file"
	icd10               detectors.Kind = "icd10"
	insurer             detectors.Kind = "insurer"
	bankName            detectors.Kind = "bank_name"
	birthPlace          detectors.Kind = "birth_place"
	sex                 detectors.Kind = "sex"
	credential          detectors.Kind = "credential"
	taxNumber           detectors.Kind = "tax_number"
	passport            detectors.Kind = "passport"
	identityCard        detectors.Kind = "identity_card"
)

// word returns the name of a kind in a sentence.
func word(k detectors.Kind) string {
	switch k {
	case nir, nirWithoutKey:
		return "NIR"
	case cafNumber:
		return "CAF number"
	case iban:
		return "IBAN"
	case email:
		return "e-mail address"
	case fullName, firstName, lastName:
		return "name"
	case childBirthDate:
		return "children's birth dates"
	case streetAddress:
		return "street"
	case pajemploiNumber:
		return "Pajemploi number"
	case childminderApproval:
		return "approval number"
	case franceTravailID:
		return "France Travail identifier"
	case mdphFile:
		return "MDPH file number"
	case icd10:
		return "diagnosis"
	case insurer:
		return "health insurer"
	case bankName:
		return "name of the bank"
	case credential:
		return "password or key"
	case birthPlace:
		return "place of birth"
	}
	return strings.ReplaceAll(string(k), "_", " ")
}
