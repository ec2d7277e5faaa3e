package report

import "vigie/detectors"

// A dataClass is a kind of data as the form of the CNIL asks for them, with
// the kinds that belong there.
type dataClass struct {
	name  string
	kinds []datum
}

type datum struct {
	kind detectors.Kind
	name string
}

// dataClasses follow the order of the form. Kinds that are in none are named
// as other data.
var dataClasses = []dataClass{
	{"État civil", []datum{{"full_name", "nom, prénom"}, {"last_name", "nom"}, {"first_name", "prénom"}, {"sex", "sexe"},
		{"birth_date", "date de naissance"}, {"birth_place", "lieu de naissance"}, {"child_birth_date", "date de naissance des enfants"}}},
	{"Coordonnées", []datum{{"street_address", "adresse postale"}, {"postcode", "code postal"}, {"commune", "commune"},
		{"email", "adresse électronique"}, {"phone", "numéro de téléphone"}}},
	{"Numéro de sécurité sociale (NIR)", []datum{{"nir", "NIR"}, {"nir_without_key", "NIR sans sa clé"}, {"nir_key", "clé du NIR"}}},
	{"Données d’identification ou d’accès", []datum{{"caf_number", "numéro d’allocataire de la CAF"}, {"pajemploi_number", "numéro Pajemploi"},
		{"childminder_approval", "numéro d’agrément"}, {"france_travail_id", "identifiant France Travail"}, {"mdph_file", "numéro de dossier MDPH"},
		{"student_id", "identifiant national étudiant (INE)"}, {"credential", "mots de passe, clés ou jetons d’accès"}}},
	{"Données économiques et financières", []datum{{"income", "revenus"}, {"family_quotient", "quotient familial"}, {"benefit", "prestations perçues"},
		{"benefit_amount", "montants des prestations"}, {"tax_number", "numéro fiscal"}, {"iban", "IBAN"}, {"rib", "RIB"}, {"bic", "BIC"}, {"bank_name", "nom de la banque"}}},
	{"Documents officiels", []datum{{"passport", "numéro de passeport"}, {"identity_card", "numéro de carte d’identité"},
		{"residence_permit", "numéro de titre de séjour"}, {"driving_licence", "numéro de permis de conduire"}, {"vehicle_plate", "plaque d’immatriculation"}}},
	{"Données de localisation", []datum{{"geolocation", "coordonnées géographiques"}}},
	{"Données de santé", []datum{{"disability", "handicap"}, {"health", "état de santé"}, {"icd10", "diagnostic (CIM-10)"},
		{"snds_variable", "variables du système national des données de santé (SNDS)"}}},
	{"Autres données", []datum{{"family_situation", "situation familiale"}, {"children", "nombre d’enfants"}, {"joint_custody", "garde alternée"},
		{"insurer", "organisme d’assurance maladie"}, {"cnaf_variable", "variables des fichiers de la CNAF"}, {"practitioner", "identifiant d’un professionnel de santé"},
		{"facility", "identifiant d’un établissement de santé"}, {"siren", "numéro SIREN"}, {"siret", "numéro SIRET"}}},
}

// A subject says in French what a profile is about, and whom.
type subject struct{ what, who string }

func subjectOf(profile string) subject {
	switch profile {
	case "caf-beneficiaries":
		return subject{"dossiers d’allocataires de prestations familiales (CAF)", "allocataires d’une caisse d’allocations familiales, leurs conjoints et leurs enfants."}
	case "pajemploi-childminders":
		return subject{"dossiers d’assistants maternels et de gardes d’enfants (Pajemploi)", "assistants maternels et gardes d’enfants à domicile (salariés)."}
	case "third-party-payment":
		return subject{"données d’assurés du tiers payant", "assurés sociaux et leurs ayants droit."}
	case "mdph-documents":
		return subject{"documents d’une maison départementale des personnes handicapées (MDPH)", "usagers d’une MDPH, personnes en situation de handicap, et, le cas échéant, leurs représentants légaux."}
	case "france-travail-jobseekers":
		return subject{"dossiers de demandeurs d’emploi (France Travail)", "demandeurs d’emploi, inscrits ou radiés."}
	case "ticket-platform":
		return subject{"données et secrets d’une plateforme d’assistance", "utilisateurs et clients de la plateforme."}
	case "people-register", "":
		return subject{"données à caractère personnel", todo + " (usagers, patients, salariés, clients…)."}
	}
	return subject{"données du profil " + code(profile), todo + " (usagers, patients, salariés, clients…)."}
}

// opened says who can read an object, for a place.
var opened = map[string]string{
	"public":  "lisible par quiconque sur Internet, sans authentification",
	"network": "lisible par quiconque sur le réseau, sans authentification",
	"private": "non lisible sans authentification lors de l’essai",
	"local":   "fichier d’un poste ou d’un serveur analysé sur place",
}
