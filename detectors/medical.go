package detectors

import "bytes"

// medicalEnds end words of medicine in French and English, and hardly others.
var medicalEnds = []string{
	"pathie", "pathies", "algie", "algies", "plegie", "plegique", "phrenie", "phrenique", "thymie", "trophie", "plasie", "penie", "uremie",
	"anemie", "cemie", "lemie", "nephrite", "patite", "arthrite", "onchite", "colite", "gastrite", "cystite", "tendinite", "meningite",
	"sinusite", "otite", "phlebite", "dermatite", "arthrose", "sclerose", "cirrhose", "fibrose", "nevrose", "psychose", "cyphose", "scoliose",
	"tuberculose", "thrombose", "mucoviscidose", "ectomie", "oscopie", "carcinome", "lymphome", "melanome", "adenome", "glaucome", "therapie",
	"arthritis", "hepatitis", "sclerosis", "itis",
}

// medical reports whether a folded word is a disease, a symptom, a treatment or
// a medicine.
func medical(w []byte) bool {
	if len(w) < 3 || len(w) > 28 {
		return false
	}
	switch string(w) {
	case "abces", "acouphenes", "addiction", "adhd", "aids", "alcoolisme", "alcoolique", "alzheimer", "amputation", "ampute", "anevrisme", "angine",
		"angor", "anorexie", "anxiete", "anxieux", "anxiety", "aphasie", "apnee", "arythmie", "asperger", "asthma", "asthmatique", "asthme", "autism", "autisme",
		"autiste", "autistique", "avc", "bipolaire", "bipolar", "bipolarite", "boulimie", "bpco", "bronchiolite", "burnout", "cancer", "cancers",
		"cardiaque", "cardiopathie", "cecite", "chimiotherapie", "cholesterol", "coronarien", "coronarienne", "covid", "crohn", "delirium", "demence", "dementia",
		"depression", "depressif", "depressive", "diabete", "diabetes", "diabetique", "dialyse", "dmla", "dorsalgie", "drepanocytose", "dyslexie",
		"dysphasie", "dyspraxie", "dystonie", "eczema", "embolie", "emphyseme", "endometriose", "epilepsie", "epilepsy", "epileptique", "fibromyalgie",
		"fracture", "grippe", "handicap", "hemiplegie", "hemophilie", "hepatite", "hernie", "hiv", "htar", "hta", "huntington", "hypertension",
		"hyperthyroidie", "ivg", "psychiatre", "psychiatrie", "psychiatrique", "hypothyroidie", "infarctus", "infection", "infertilite", "insuffisance", "ischemie", "lesion", "leucemie", "leukemia", "lombalgie", "lupus", "lyme",
		"malformation", "maniaco", "melancolie", "metastase", "metastases", "migraine", "migraines", "myasthenie", "myopathie", "obese", "obesite", "obesity",
		"oedeme", "osteoporose", "palpitations", "pancreatite", "paralysie", "paranoia", "parkinson", "pneumonie", "pneumonia", "polyarthrite", "poliomyelite", "psoriasis",
		"renale", "retinopathie", "rhumatisme", "rhumatoide", "rougeole", "rubeole", "schizophrene", "schizophrenia", "sclerose", "sciatique", "sida",
		"spondylarthrite", "stenose", "stroke", "suicidaire", "suicide", "surdite", "syndrome", "tda", "tdah", "tetraplegie", "toxicomanie", "trisomie", "trisomique",
		"tuberculosis", "tumeur", "tumor", "ulcere", "vih", "zona", "spina", "cancereux", "handicape", "malvoyant",
		// treatments and medicines
		"amoxicilline", "anticoagulant", "antidepresseur", "antidepresseurs", "antiepileptique", "aspirine", "chirurgie", "corticoides", "cortisone", "doliprane",
		"heparine", "insulin", "insuline", "kardegic", "levothyrox", "lithium", "methadone", "morphine", "neuroleptique", "neuroleptiques", "paracetamol",
		"penicilline", "penicillin", "prozac", "radiotherapie", "risperdal", "ritaline", "seresta", "statine", "subutex", "tramadol", "ventoline", "xanax",
		"metformine", "ibuprofene", "arachide", "arachides", "pollens", "lactose", "gluten", "vaccin", "pfizer", "moderna":
		return true
	}
	if len(w) < 7 {
		return false
	}
	for _, end := range medicalEnds {
		if len(w) > len(end)+1 && bytes.HasSuffix(w, []byte(end)) {
			return string(w) != "sympathie" && string(w) != "antipathie" && string(w) != "empathie" && string(w) != "nostalgie" && string(w) != "academie"
		}
	}
	return false
}
