package detectors

// All returns the detectors of this build, in the order in which they are
// listed and asked. The caller does not change them.
func All() []Detector {
	return []Detector{
		nirDetector,
		nirWithoutKeyDetector,
		nirKeyDetector,
		ibanDetector,
		emailDetector,
		phoneDetector,
		cafNumberDetector,
		birthDateDetector,
		childBirthDateDetector,
		streetAddressDetector,
		geolocationDetector,
		postcodeDetector,
		communeDetector,
		fullNameDetector,
		firstNameDetector,
		lastNameDetector,
		sexDetector,
		familySituationDetector,
		childrenDetector,
		jointCustodyDetector,
		incomeDetector,
		familyQuotientDetector,
		benefitDetector,
		benefitAmountDetector,
		cnafVariableDetector,
	}
}

// Relations returns what columns about one person must agree on.
func Relations() []Relation {
	return []Relation{
		relationNIRBirthDate,
		relationNIRSex,
		relationNIRKey,
		relationPostcodeCommune,
	}
}
