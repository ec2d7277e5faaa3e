package detectors

import "testing"

func TestPlausible(t *testing.T) {
	relations := map[string]Relation{}
	for _, r := range Relations() {
		relations[r.Name] = r
	}
	const yes, no, unknown = "yes", "no", "unknown"
	for _, c := range []struct{ relation, a, b, want string }{
		{"nir_birth_place", "185053306308439", "BORDEAUX", yes},
		{"nir_birth_place", "185053306308439", "33063", yes},
		{"nir_birth_place", "185053306308439", "Bordeaux (33)", yes},
		{"nir_birth_place", "185053306308439", "Lyon", no},
		{"nir_birth_place", "185053306308439", "ALGERIE", no},
		{"nir_birth_place", "185053306308439", "Westport", unknown},
		{"nir_birth_place", "1850599352084", "Algérie", yes},
		{"nir_birth_place", "1850599352084", "99352", yes},
		{"nir_birth_place", "1850599352084", "Maroc", no},
		{"nir_birth_place", "1850599352084", "Oran", unknown},
		{"nir_birth_place", "1850575112084", "PARIS", yes},
		{"nir_birth_place", "1850575112084", "75056", yes},
		{"nir_birth_place", "1600520004084", "Ajaccio", yes},
		{"nir_birth_place", "1600520004084", "2A004", yes},
		{"nir_birth_place", "", "Lyon", unknown},
		{"nir_place_exists", "1850533063084", "", yes},
		{"nir_place_exists", "1850533900084", "", no},
		{"nir_place_exists", "1600520004084", "", yes},
		{"nir_place_exists", "1450592999084", "", unknown},
		{"nir_place_prefecture", "1850533063084", "", yes},
		{"nir_place_prefecture", "1850533394084", "", no},
		{"nir_place_prefecture", "1850533900084", "", unknown},
		{"nir_order_plausible", "1850533063984", "", unknown},
		{"nir_order_plausible", "1850501006003", "", yes},
		{"nir_order_plausible", "1850501006484", "", no},
		{"postcode_exists", "33000", "", yes},
		{"postcode_exists", "33999", "", no},
		{"postcode_exists", "33076 BORDEAUX CEDEX", "", unknown},
		{"first_name_sex", "Jeanne", "F", yes},
		{"first_name_sex", "Jean", "2", no},
		{"first_name_sex", "Jean, Marie", "M", yes},
		{"first_name_sex", "Camille", "M", unknown},
		{"first_name_sex", "Xzqwv", "M", unknown},
		{"first_name_decade", "Kévin", "12/05/1992", yes},
		{"first_name_decade", "Kévin", "12/05/1932", no},
		{"first_name_decade", "Kévin", "", unknown},
		{"phone_fiction", "06 39 98 12 34", "", yes},
		{"phone_fiction", "06 12 34 56 78", "", no},
		{"phone_fiction", "+262 692 12 34 56", "", unknown},
		{"email_example", "jean@Example.com", "", yes},
		{"email_example", "jean@mail.example.org", "", yes},
		{"email_example", "jean@test.com", "", yes},
		{"email_example", "jean@wanadoo.fr", "", no},
		{"email_example", "jean", "", unknown},
		{"iban_generated", "FR7630006000011234567890189", "", no},
		{"iban_generated", "FR2080082330000012345678901", "", yes},
		{"iban_generated", "DE89370400440532013000", "", unknown},
		{"amount_on_scale", "607,75", "", yes},
		{"amount_on_scale", "534.82 €", "", yes},
		{"amount_on_scale", "1 016,05", "", yes},
		{"amount_on_scale", "148,51", "", yes},
		{"amount_on_scale", "623,17", "", no},
		{"amount_on_scale", "0,00", "", unknown},
		{"amount_on_scale", "607", "", unknown},
		{"amount_on_scale", "", "", unknown},
		{"day_over_28", "30/05/1985", "", yes},
		{"day_over_28", "12/05/1985", "", no},
		{"day_over_28", "1985", "", unknown},
		{"birth_first_january", "1985-01-01", "", yes},
		{"birth_first_january", "12/05/1985", "", no},
	} {
		r, ok := relations[c.relation]
		if !ok {
			t.Fatalf("no relation %s", c.relation)
		}
		got := unknown
		if agree, known := r.Agree([]byte(c.a), []byte(c.b)); known && agree {
			got = yes
		} else if known {
			got = no
		}
		if got != c.want {
			t.Errorf("%s of %q and %q: %s, want %s", c.relation, c.a, c.b, got, c.want)
		}
	}
}

func TestDSNRubric(t *testing.T) {
	for _, c := range []struct {
		line, value string
		kind        Kind
		ok          bool
	}{
		{"S21.G00.30.001,'1850578006084'\r\n", "1850578006084", "nir_without_key", true},
		{"S21.G00.30.002,'L'HOTE'", "L'HOTE", "last_name", true},
		{"S21.G00.30.006,'12051985'", "12051985", "birth_date", true},
		{"S20.G00.05.001,'01'", "01", "", true},
		{"S21.G00.30.001;'1850578006084'", "", "", false},
		{"S21.G00.30.0A1,'1850578006084'", "", "", false},
		{"S21.G00.30.001,'", "", "", false},
		{"", "", "", false},
	} {
		kind, value, ok := DSNRubric([]byte(c.line))
		if kind != c.kind || string(value) != c.value || ok != c.ok {
			t.Errorf("DSNRubric(%q) = %q, %q, %t", c.line, kind, value, ok)
		}
	}
}
