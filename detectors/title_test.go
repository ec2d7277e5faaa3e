package detectors

import (
	"slices"
	"testing"
)

func TestFold(t *testing.T) {
	for in, want := range map[string]string{
		"Date de\nNaissance":    "date de naissance",
		"  N° Sécu. ":           "n secu",
		"dateNaissance":         "datenaissance",
		"CŒUR_d’ÉTÉ":            "coeur d ete",
		"PRE\u0301NOM":          "prenom",
		"LILI4ADR":              "lili4adr",
		"":                      "",
		"---":                   "",
		"\xff\xfenom\xff":       "nom",
		"RQTH / AAH Oui / Non ": "rqth aah oui non",
		"MariÃ©(e), NÂ°":        "marie e n",
		"Ã‰tÃ© Å“uvre SÃO":      "ete oeuvre sao",
	} {
		if got := string(Fold(nil, []byte(in))); got != want {
			t.Errorf("Fold(%q) = %q, want %q", in, got, want)
		}
	}
	if got := string(Fold([]byte("a "), []byte(" É"))); got != "a e" {
		t.Errorf("Fold behind other bytes gave %q", got)
	}
}

func TestTitles(t *testing.T) {
	titles := NewTitles(All())
	for _, c := range []struct {
		title string
		want  Kind // the first; "" for none
	}{
		// CNAF
		{"DTNAIRES", "birth_date"}, {"DTNAICON", "birth_date"}, {"dtnaires_P1", "birth_date"}, {"DTNAIRES_18", "birth_date"},
		{"DATNAIEN", "child_birth_date"}, {"DATNAIEN3", "child_birth_date"}, {"ANNNEN1", "child_birth_date"}, {"ANNNEN12", "child_birth_date"},
		{"LILI4ADR", "street_address"}, {"LIBLIG4ADR", "street_address"}, {"LILI6ADR", "postcode"}, {"LILI3ADR", "cnaf_variable"},
		{"SITFAM", "family_situation"}, {"NBENLEFA", "children"}, {"MTREVBRU", "income"}, {"RUCDERRE", "income"},
		{"RSAVERS", "benefit"}, {"AAHVERS", "benefit"}, {"APLVERS", "benefit"}, {"MTRSAVER", "benefit_amount"}, {"MTAAHVER", "benefit_amount"},
		{"MATRICUL", "caf_number"}, {"GEOX93", "geolocation"}, {"GEOYL2E", "geolocation"}, {"SEXE", "sex"}, {"SEXECONJ", "sex"},
		{"NIRMON", "nir"}, {"NIRENF3", "nir"}, {"ACTRESPD", "cnaf_variable"}, {"NORDALLC", "cnaf_variable"}, {"CODEPOS", "postcode"},
		{"NUMCOMDO", ""}, {"DTREFFRE", ""}, {"IDENT", ""},
		// people
		{"Nom", "last_name"}, {"NOM_NAISSANCE", "last_name"}, {"i_nom_usage", "last_name"}, {"Nom bénéficiaire", "last_name"},
		{"nom_conjoint", "last_name"}, {"Nom du responsable légal", "last_name"}, {"NOM RESPONSABLE DOSSIER", "last_name"},
		{"Prénom", "first_name"}, {"Prénoms", "first_name"}, {"PRENOM_2", "first_name"}, {"prenom de l'enfant 1", "first_name"},
		{"ben_prenom", "first_name"}, {"Nom et prénom", "full_name"}, {"nom_prenom_allocataire", "full_name"},
		{"Date de naissance", "birth_date"}, {"Date de\nNaissance", "birth_date"}, {"dateNaissance", "birth_date"}, {"DATE_NAISS", "birth_date"},
		{"date de naissance (JJ/MM/AAAA)", "birth_date"}, {"i_date_nai", "birth_date"}, {"DDN", "birth_date"}, {"Né(e) le", "birth_date"},
		{"dtNaissanceConjoint", "birth_date"}, {"Date naissance conjoint", "birth_date"}, {"date_naissance_enfant_2", "child_birth_date"},
		{"Date de naissance de l'enfant", "child_birth_date"}, {"Contact - Date de naissance", "birth_date"},
		{"Adresse", "street_address"}, {"adr_nomvoie", "street_address"}, {"Adresse 1", "street_address"}, {"ADRESSE_ALLOCATAIRE", "street_address"},
		{"Code postal", "postcode"}, {"adr_codepos", "postcode"}, {"CP", "postcode"}, {"codePostal", "postcode"}, {"CP Ville", "postcode"},
		{"Ville", "commune"}, {"COMMUNE", "commune"}, {"adresse_ville", "commune"},
		{"N° Allocataire", "caf_number"}, {"num_allocataire", "caf_number"}, {"Matricule CAF", "caf_number"}, {"I_NUMCAF", "caf_number"},
		{"Situation familiale", "family_situation"}, {"sit_fam", "family_situation"}, {"Nb enfants", "children"}, {"Nombre d'enfants à charge", "children"},
		{"Garde alternée", "joint_custody"}, {"RESIDENCE_ALTERNEE", "joint_custody"}, {"Quotient familial", "family_quotient"}, {"QF", "family_quotient"},
		{"quotientFamilial", "family_quotient"}, {"Revenus", "income"}, {"RFR", "income"}, {"Salaire net (€)", "income"},
		{"RSA", "benefit"}, {"AEEH", "benefit"}, {"Montant RSA", "benefit_amount"}, {"mt_aah", "benefit_amount"}, {"Trop perçu", "benefit_amount"},
		{"Civilité", "sex"}, {"Latitude", "geolocation"},
		// other words, other orders, glued together
		{"NUM_ALLOC", "caf_number"}, {"no_alloc", "caf_number"}, {"caf_id", "caf_number"}, {"numAlloc", "caf_number"}, {"allocNum", "caf_number"},
		{"family_quotient", "family_quotient"}, {"quot_fam", "family_quotient"}, {"QuotFam", "family_quotient"},
		{"annual_income", "income"}, {"rev_mens", "income"}, {"REV_ANN", "income"}, {"revMensuel", "income"}, {"monthly_salary", "income"},
		{"CODPOS", "postcode"}, {"cp_dom", "postcode"}, {"COD_POS_RES", "postcode"}, {"LIB_MUT", "insurer"}, {"sit_mat", "family_situation"},
		{"family_status", "family_situation"}, {"children_count", "children"}, {"nom_pat", "last_name"}, {"NUM_FISC", "tax_number"},
		{"numTelPerso", "phone"}, {"telPort", "phone"}, {"NOM_USAG", "last_name"}, {"lieuNaissConj", "birth_place"}, {"datNaissEnf1", "child_birth_date"},
		{"assmat_agreement_number", "childminder_approval"}, {"spouse_birth_date", "birth_date"}, {"child_birth_date", "child_birth_date"},
		{"rev", ""}, {"id_rev", ""}, {"rev_id", ""}, {"num_com", ""}, {"mat", ""}, {"code_mut", "insurer"}, {"hotel", ""}, {"motel_id", ""}, {"pos_x", ""},
		{"file_count", ""}, {"account_id", ""}, {"tax_rate", ""}, {"place_id", ""}, {"nb_com", ""}, {"label", ""}, {"amount", ""}, {"status_code", ""},
		{"user_count", ""}, {"file_number", ""}, {"rate", ""}, {"member_id", ""}, {"residence", ""},
		{"value_x", ""}, {"parts_count", ""}, {"ident_person", ""}, {"nameless", ""}, {"id_de", ""},
		// the columns of the CNAF, the MSA and the CNOUS in the Pass'Sport, of WebRSA, of town halls, nurseries and surgeries
		{"PRENOMDOS", "first_name"}, {"NOMNAIDOS", "last_name"}, {"DTNAIDOS", "birth_date"}, {"SEXDOS", "sex"}, {"COMMUNENAIDOS", "birth_place"},
		{"PAYSNAIDOS", "birth_place"}, {"DTNAIENF", "child_birth_date"}, {"NOMENF", "last_name"}, {"ADRMAIL", "email"}, {"ADRLIG4DESTDOS", "street_address"},
		{"dt_naissance_eligible", "birth_date"}, {"sexe_eligible", "sex"}, {"nom_destinataire", "last_name"}, {"numero_tel_portable", "phone"},
		{"lieuNaissCodeCommuneInsee", "birth_place"}, {"lieuNaissLibellePays", "birth_place"}, {"adresseLocalite", "commune"}, {"adresseVoie", "street_address"},
		{"Nom/Prénom allocataire", "full_name"}, {"Identifiant Pôle Emploi", "france_travail_id"}, {"num_secu_sociale", "nir"}, {"numero_ss", "nir"},
		{"tel_am", "phone"}, {"ville_naissance_am", "birth_place"}, {"reference_agrement", "childminder_approval"}, {"nombreEnfantsACharge", "children"},
		{"NumAllocataireCAF", "caf_number"}, {"qf_value", "family_quotient"}, {"rfr_n2", "income"}, {"salaire_brut_annuel", "income"},
		{"montantRessourcesMensuelles", "income"}, {"num_adherent_mutuelle", "insurer"}, {"numeroDossierMDPH", "mdph_file"}, {"finessGeo", "facility"},
		// nothing
		{"", ""}, {"numero", ""}, {"allocations versées par commune", ""}, {"id", ""}, {"status", ""}, {"created_at", ""}, {"date", ""},
		{"nom_fichier", ""}, {"hostname", ""}, {"filename", ""}, {"nom de la commune", "commune"}, {"prix", ""}, {"Blue", ""}, {"TXCOUVGLO_COM_2014", ""},
	} {
		got := titles.Kinds(nil, []byte(c.title))
		if c.want == "" && len(got) > 0 || c.want != "" && (len(got) == 0 || got[0] != c.want) {
			t.Errorf("Kinds(%q) = %v, want %q first", c.title, got, c.want)
		}
	}
}

// A title may be claimed by several kinds; the cells decide between them.
func TestTitlesOfSeveralKinds(t *testing.T) {
	titles := NewTitles(All())
	for title, want := range map[string][]Kind{
		"RSA":      {"benefit", "benefit_amount"},
		"LILI6ADR": {"postcode", "commune", "cnaf_variable"},
		"RSAVERS":  {"benefit", "cnaf_variable"},
	} {
		if got := titles.Kinds(nil, []byte(title)); !slices.Equal(got, want) {
			t.Errorf("Kinds(%q) = %v, want %v", title, got, want)
		}
	}
}

func TestCNAFVariable(t *testing.T) {
	for _, c := range []struct {
		title, category string
		strong, ok      bool
	}{
		{"DTNAIRES", "birth", true, true},
		{"dtnaires_P2", "birth", true, true},
		{"RSAVERS_18", "benefit", true, true},
		{"DATNAIEN4", "child", true, true},
		{"SEXE", "sex", false, true},
		{"NUMCOM", "commune", false, true},
		{"nom", "", false, false},
		{"", "", false, false},
	} {
		category, strong, ok := CNAFVariable([]byte(c.title))
		if category != c.category || strong != c.strong || ok != c.ok {
			t.Errorf("CNAFVariable(%q) = %q, %t, %t", c.title, category, strong, ok)
		}
	}
}

func TestTitlesInMojibake(t *testing.T) {
	index := NewTitles(All())
	for title, want := range map[string]Kind{
		"PrÃ©nom": "first_name", "NÂ° passeport": "passport", "CivilitÃ©": "sex", "NÃ©(e) le": "birth_date", "Prénom": "first_name",
		"S21.G00.30.006": "birth_date", "S21.G00.30.001": "nir_without_key",
	} {
		if got := index.Kinds(nil, []byte(title)); len(got) == 0 || got[0] != want {
			t.Errorf("%q announces %v, want %s", title, got, want)
		}
	}
}

// Titles that fold alike announce the same kinds, and none breaks the cutting of
// glued words.
func FuzzTitles(f *testing.F) {
	for _, title := range []string{"NUM_ALLOC", "dtNaissConj", "N° de sécurité sociale", "nomnomnomnomnom", "PrÃ©nom", "lieuNaissCodePays", "", "\xff"} {
		f.Add(title)
	}
	titles := NewTitles(All())
	f.Fuzz(func(t *testing.T, title string) {
		kinds := titles.Kinds(nil, []byte(title))
		folded := Fold(nil, []byte(title))
		if again := titles.Kinds(nil, folded); len(title) <= 256 && dsnKind(title[:min(len(title), 14)]) == "" && !SNDSVariable([]byte(title)) && !SNDSVariable(folded) && !slices.Equal(kinds, again) {
			t.Errorf("%q announces %v, folded %v", title, kinds, again)
		}
	})
}
