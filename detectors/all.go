package detectors

// All returns the detectors of this build, in the order in which they are
// listed and asked. The caller does not change them.
func All() []Detector {
	return []Detector{
		nirDetector,
		nirWithoutKeyDetector,
		nirKeyDetector,
		ibanDetector,
		bankNameDetector,
		ribDetector,
		bicDetector,
		sirenDetector,
		siretDetector,
		taxNumberDetector,
		emailDetector,
		phoneDetector,
		cafNumberDetector,
		pajemploiNumberDetector,
		childminderApprovalDetector,
		franceTravailDetector,
		mdphFileDetector,
		practitionerDetector,
		facilityDetector,
		passportDetector,
		identityCardDetector,
		residencePermitDetector,
		drivingLicenceDetector,
		vehiclePlateDetector,
		studentIDDetector,
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
		relationNIR13BirthDate,
		relationNIR13Sex,
		relationNIRKey,
		relationPostcodeCommune,
	}
}
