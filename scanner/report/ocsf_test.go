package report

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"vigie/scanner"
)

// What the schema of OCSF 1.5.0 (ocsf/ocsf-schema at f0c227b, Apache-2.0:
// events/findings/data_security_finding.json, what it extends, the objects and
// the dictionary) says of the attributes that vigie writes: their types, which
// are required, and what enumerations mean. An attribute that does not stand
// here is refused, except under unmapped.
type ocsfClassForm map[string]string // attribute: type, with ! where it is required

var ocsfForms = map[string]ocsfClassForm{
	"event": {"activity_id": "enum!", "activity_name": "string", "category_uid": "enum!", "category_name": "string", "class_uid": "enum!",
		"class_name": "string", "type_uid": "long!", "type_name": "string", "time": "time!", "severity_id": "enum!", "severity": "string",
		"status_id": "enum", "status": "string", "confidence_id": "enum", "confidence_score": "integer", "is_alert": "boolean",
		"message": "string", "risk_details": "string", "metadata": "metadata!", "finding_info": "finding_info!", "data_security": "data_security",
		"databucket": "databucket", "file": "file", "table": "table", "resources": "[]resource_details", "unmapped": "any"},
	"metadata":     {"version": "string!", "product": "product!"},
	"product":      {"name": "string", "vendor_name": "string", "version": "string"},
	"finding_info": {"uid": "string!", "uid_alt": "string", "title": "string", "types": "[]string", "first_seen_time": "time"},
	"data_security": {"category_id": "enum", "category": "string", "data_lifecycle_state_id": "enum", "data_lifecycle_state": "string",
		"detection_system_id": "enum", "detection_system": "string", "discovery_details": "[]discovery_details"},
	"discovery_details": {"type": "string", "count": "integer"},
	"databucket":        {"name": "string", "type_id": "enum!", "type": "string", "is_public": "boolean"},
	"file": {"name": "string!", "path": "string", "type_id": "enum!", "type": "string", "size": "long", "modified_time": "time",
		"is_public": "boolean"},
	"table":            {"name": "string", "uid": "string"},
	"resource_details": {"name": "string", "uid": "string"},
}

// Enumerations, by form and attribute: the captions by number.
var ocsfEnums = map[string]map[int]string{
	"event activity_id":   {0: "Unknown", 1: "Create", 2: "Update", 3: "Close", 99: "Other"},
	"event category_uid":  {2: "Findings"},
	"event class_uid":     {2006: "Data Security Finding"},
	"event severity_id":   {0: "Unknown", 1: "Informational", 2: "Low", 3: "Medium", 4: "High", 5: "Critical", 6: "Fatal", 99: "Other"},
	"event status_id":     {0: "Unknown", 1: "New", 2: "In Progress", 3: "Suppressed", 4: "Resolved", 5: "Archived", 99: "Other"},
	"event confidence_id": {0: "Unknown", 1: "Low", 2: "Medium", 3: "High", 99: "Other"},
	"data_security category_id": {0: "Unknown", 1: "Personal", 2: "Governmental", 3: "Financial", 4: "Business",
		5: "Military and Law Enforcement", 6: "Security", 99: "Other"},
	"data_security data_lifecycle_state_id": {0: "Unknown", 1: "Data at-Rest", 2: "Data in-Transit", 3: "Data in-Use", 99: "Other"},
	"data_security detection_system_id": {0: "Unknown", 1: "Endpoint", 2: "DLP Gateway", 3: "Mobile Device Management", 4: "Data Discovery & Classification",
		12: "Data Security Posture Management", 99: "Other"},
	"databucket type_id": {0: "Unknown", 1: "S3", 2: "Azure Blob", 3: "GCP Bucket", 99: "Other"},
	"file type_id":       {0: "Unknown", 1: "Regular File", 2: "Folder", 99: "Other"},
}

// ocsfFaults returns what is wrong with an object of a form.
func ocsfFaults(form string, v map[string]any) (faults []string) {
	fault := func(name string, why any) { faults = append(faults, fmt.Sprintf("%s.%s: %v", form, name, why)) }
	for name, kind := range ocsfForms[form] {
		if _, ok := v[name]; strings.HasSuffix(kind, "!") && !ok {
			fault(name, "is required")
		}
	}
	for name, value := range v {
		kind, known := ocsfForms[form][name]
		if !known {
			fault(name, "is not in the schema")
			continue
		}
		kind = strings.TrimSuffix(kind, "!")
		values := []any{value}
		if element, ok := strings.CutPrefix(kind, "[]"); ok {
			kind = element
			if values, ok = value.([]any); !ok {
				fault(name, "is no array")
			}
		}
		for _, one := range values {
			switch kind {
			case "any":
			case "string":
				if _, ok := one.(string); !ok {
					fault(name, one)
				}
			case "boolean":
				if _, ok := one.(bool); !ok {
					fault(name, one)
				}
			case "integer", "long", "time", "enum":
				n, ok := one.(float64)
				if !ok || n != float64(int64(n)) || n < 0 || kind == "integer" && n > 1<<31-1 {
					fault(name, one)
				}
				if kind != "enum" {
					continue
				}
				caption, ok := ocsfEnums[form+" "+name][int(n)]
				if !ok {
					fault(name, one)
				}
				sibling := strings.TrimSuffix(strings.TrimSuffix(name, "_id"), "_uid") + map[bool]string{true: "_name"}[strings.HasSuffix(name, "_uid") || name == "activity_id"]
				if said, ok := v[sibling]; ok && said != caption {
					fault(sibling, said)
				}
			default:
				object, ok := one.(map[string]any)
				if !ok {
					fault(name, one)
				}
				faults = append(faults, ocsfFaults(kind, object)...)
			}
		}
	}
	return faults
}

func TestOCSFFitsTheSchema(t *testing.T) {
	all := stories()
	worse, accepted, table := caf(), mdph(), caf()
	worse.Baseline, worse.FirstSeen = "worse", worse.Object.Modified
	accepted.Suppressed = &scanner.Suppressed{Reason: "known", Until: "2026-12-31"}
	table.Table, table.Path, table.Profile, table.People = "allocataires", "az://compte/depot/a.sqlite", "ticket-platform", scanner.People{}
	all["other"] = []scanner.Record{worse, accepted, table}
	for name, records := range all {
		want, unread := 0, 0
		for _, r := range records {
			switch r := r.(type) {
			case *scanner.Finding:
				want++
			case *scanner.Problem:
				if !r.Accepted {
					unread = 1
				}
			}
		}
		lines := 0
		for line := range strings.Lines(write(t, ocsf, Options{Version: "1.0"}, records)) {
			var v map[string]any
			if err := json.Unmarshal([]byte(line), &v); err != nil {
				t.Fatal(name, err)
			}
			lines++
			for _, f := range ocsfFaults("event", v) {
				t.Errorf("%s: %s", name, f)
			}
			if v["type_uid"] != v["class_uid"].(float64)*100+v["activity_id"].(float64) {
				t.Errorf("%s: type_uid %v", name, v["type_uid"])
			}
		}
		if lines != want+unread {
			t.Errorf("%s: %d events, want %d", name, lines, want+unread)
		}
	}
}

// The check must be able to refuse.
func TestOCSFCheckRefuses(t *testing.T) {
	good := strings.SplitAfter(write(t, ocsf, Options{}, stories()["mdph"]), "\n")[0]
	for _, change := range [][2]string{{`"severity_id":5`, `"severity_id":7`}, {`"severity":"Critical"`, `"severity":"Fatal"`}, {`"uid":"6b07",`, ``},
		{`"category_uid":2`, `"category_uid":"2"`}, {`"is_public":true`, `"public":true`}, {`"count":741`, `"count":7.5`}} {
		var v map[string]any
		if err := json.Unmarshal([]byte(strings.Replace(good, change[0], change[1], 1)), &v); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(good, change[0]) || ocsfFaults("event", v) == nil {
			t.Errorf("%s is taken: %s", change[1], good)
		}
	}
}
