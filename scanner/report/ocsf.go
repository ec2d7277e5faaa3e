package report

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"path"
	"strings"
	"time"

	"vigie/scanner"
)

var ocsf = Report{
	Name: "ocsf",
	Doc: `OCSF 1.5, one event a line, for SIEM and data lakes

A finding is an event of the class Data Security Finding (2006). What could not be
looked at is one event more, of severity Informational. What OCSF has no name for,
such as the number of people, stands under unmapped.`,
	Open: openOCSF,
}

// Numbers of the schema (ocsf-schema, version 1.5.0).
const (
	ocsfVersion  = "1.5.0"
	ocsfFindings = 2    // category
	ocsfClass    = 2006 // Data Security Finding
)

type (
	ocsfEvent struct {
		Activity     int            `json:"activity_id"`
		ActivityName string         `json:"activity_name"`
		Category     int            `json:"category_uid"`
		CategoryName string         `json:"category_name"`
		Class        int            `json:"class_uid"`
		ClassName    string         `json:"class_name"`
		Type         int64          `json:"type_uid"`
		TypeName     string         `json:"type_name"`
		Time         int64          `json:"time"` // milliseconds since 1970
		Severity     int            `json:"severity_id"`
		SeverityName string         `json:"severity"`
		Status       int            `json:"status_id"`
		StatusName   string         `json:"status"`
		Confidence   int            `json:"confidence_id,omitempty"`
		Score        int            `json:"confidence_score,omitempty"`
		Alert        bool           `json:"is_alert"`
		Message      string         `json:"message"`
		Risk         string         `json:"risk_details,omitempty"`
		Metadata     ocsfMetadata   `json:"metadata"`
		Finding      ocsfFinding    `json:"finding_info"`
		Data         ocsfData       `json:"data_security"`
		Bucket       *ocsfBucket    `json:"databucket,omitempty"`
		File         *ocsfFile      `json:"file,omitempty"`
		Table        *ocsfNamed     `json:"table,omitempty"`
		Resources    []ocsfNamed    `json:"resources,omitempty"`
		Unmapped     map[string]any `json:"unmapped,omitempty"`
	}
	ocsfMetadata struct {
		Version string `json:"version"`
		Product struct {
			Name    string `json:"name"`
			Vendor  string `json:"vendor_name"`
			Version string `json:"version,omitempty"`
		} `json:"product"`
	}
	ocsfFinding struct {
		UID   string   `json:"uid"`
		Leak  string   `json:"uid_alt,omitempty"`
		Title string   `json:"title"`
		Types []string `json:"types,omitempty"`
		First int64    `json:"first_seen_time,omitempty"`
	}
	ocsfData struct {
		Category     int              `json:"category_id"`
		CategoryName string           `json:"category"`
		State        int              `json:"data_lifecycle_state_id"`
		StateName    string           `json:"data_lifecycle_state"`
		System       int              `json:"detection_system_id"`
		SystemName   string           `json:"detection_system"`
		Found        []ocsfDiscovered `json:"discovery_details,omitempty"`
	}
	ocsfDiscovered struct {
		Kind  string `json:"type"`
		Count int32  `json:"count"`
	}
	ocsfBucket struct {
		Name   string `json:"name"`
		Type   int    `json:"type_id"`
		Known  string `json:"type"`
		Public bool   `json:"is_public"`
	}
	ocsfFile struct {
		Name     string `json:"name"`
		Path     string `json:"path"`
		Type     int    `json:"type_id"`
		Known    string `json:"type"`
		Size     int64  `json:"size,omitempty"`
		Modified int64  `json:"modified_time,omitempty"`
		Public   bool   `json:"is_public"`
	}
	ocsfNamed struct {
		Name string `json:"name"`
		UID  string `json:"uid,omitempty"`
	}
)

func openOCSF(w io.Writer, o Options) scanner.Sink { return &ocsfSink{w: w, version: o.Version} }

type ocsfSink struct {
	w       io.Writer
	version string
	latest  time.Time // when something was seen first
	reasons reasons
}

func (s *ocsfSink) Write(_ context.Context, r scanner.Record) error {
	switch r := r.(type) {
	case *scanner.Finding:
		s.latest = later(s.latest, r.FirstSeen)
		return s.put(ocsfOf(r))
	case *scanner.Problem:
		if !r.Accepted {
			s.reasons.add(r)
		}
	}
	return nil
}

// Close writes the event of what was not looked at.
func (s *ocsfSink) Close() error {
	if s.reasons == nil {
		return nil
	}
	total, parts := s.reasons.sum()
	e := ocsfBlank(1, "Informational", s.latest)
	e.Message = "Not looked at, or not to the end: " + parts + ". What is in them is not known."
	e.Finding = ocsfFinding{UID: "vigie-problems", Title: en.count(total, "object") + " could not be looked at, or not to the end"}
	e.Data.Category, e.Data.CategoryName = 0, "Unknown"
	return s.put(e)
}

func (s *ocsfSink) put(e *ocsfEvent) error {
	e.Metadata.Product.Version = s.version
	var b bytes.Buffer
	encode(&b, e)
	b.WriteByte('\n')
	if _, err := b.WriteTo(s.w); err != nil {
		return fmt.Errorf("write ocsf: %w", err)
	}
	return nil
}

// ocsfBlank is an event that a finding was created.
func ocsfBlank(severity int, name string, at time.Time) *ocsfEvent {
	e := &ocsfEvent{Activity: 1, ActivityName: "Create", Category: ocsfFindings, CategoryName: "Findings",
		Class: ocsfClass, ClassName: "Data Security Finding", Type: ocsfClass*100 + 1, TypeName: "Data Security Finding: Create",
		Time: millis(at), Severity: severity, SeverityName: name, Status: 1, StatusName: "New",
		Data: ocsfData{Category: 1, CategoryName: "Personal", State: 1, StateName: "Data at-Rest",
			System: 4, SystemName: "Data Discovery & Classification"}}
	e.Metadata.Version, e.Metadata.Product.Name, e.Metadata.Product.Vendor = ocsfVersion, "vigie", "vigie"
	return e
}

// millis returns the milliseconds since 1970, 0 where the time is not known.
func millis(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return max(t.UnixMilli(), 0)
}

func ocsfOf(f *scanner.Finding) *ocsfEvent {
	e := ocsfBlank(int(f.Severity)+1, capital(f.Severity.String()), f.FirstSeen)
	if f.Baseline == "worse" {
		e.Activity, e.ActivityName, e.Type, e.TypeName = 2, "Update", ocsfClass*100+2, "Data Security Finding: Update"
	}
	e.Alert = f.Suppressed == nil
	if f.Suppressed != nil {
		e.Status, e.StatusName = 3, "Suppressed"
	}
	e.Confidence = 1 + min(int(f.Confidence*3), 2)
	e.Score = int(math.Round(min(max(f.Confidence, 0), 1) * 100))
	e.Message = message(f)
	for _, w := range f.Why {
		if w.Code == "severity" {
			e.Risk = show(w.Text)
		}
	}
	id := Plain(f.ID)
	if id == "" {
		id = Plain(f.Path)
	}
	e.Finding = ocsfFinding{UID: id, Leak: Plain(f.Leak), Title: clip(headline(f), maxTitle), Types: []string{Plain(f.Profile)}, First: millis(f.FirstSeen)}
	e.Data.Found = discovered(f)
	if f.Profile == "ticket-platform" && f.People.Estimate == 0 {
		e.Data.Category, e.Data.CategoryName = 6, "Security"
	}
	e.place(f)
	e.Unmapped = map[string]any{"vigie": map[string]any{"people": shownPeople(f.People), "exposure": shownExposure(f.Exposure), "rows": f.Rows, "documents": f.Documents,
		"authenticity": show(f.Authenticity.Verdict)}}
	return e
}

// place says where it lies: the file, its bucket, its table.
func (e *ocsfEvent) place(f *scanner.Finding) {
	public := f.Exposure.State == scanner.Public || f.Exposure.State == scanner.Network
	name := path.Base(strings.ReplaceAll(f.Path, `\`, "/"))
	e.File = &ocsfFile{Name: clip(Plain(name), 250), Path: Plain(f.Path), Type: 1, Known: "Regular File", Size: max(f.Object.Size, 0),
		Modified: millis(f.Object.Modified), Public: public}
	if strings.HasSuffix(f.Path, "/") {
		e.File.Type, e.File.Known = 2, "Folder"
	}
	scheme, rest, ok := strings.Cut(f.Path, "://")
	bucket, _, _ := strings.Cut(rest, "/")
	types := map[string]ocsfBucket{"s3": {Type: 1, Known: "S3"}, "az": {Type: 2, Known: "Azure Blob"}, "gs": {Type: 3, Known: "GCP Bucket"}}
	if b, known := types[scheme]; ok && known && bucket != "" {
		b.Name, b.Public = Plain(bucket), public
		e.Bucket = &b
	}
	if f.Table != "" {
		e.Table = &ocsfNamed{Name: show(f.Table)}
	}
	if f.Path != "" {
		e.Resources = []ocsfNamed{{Name: clip(Plain(name), 250), UID: Plain(f.Path)}}
	}
}

// discovered counts the values of each kind.
func discovered(f *scanner.Finding) []ocsfDiscovered {
	var all []ocsfDiscovered
	at := map[string]int{}
	for _, field := range f.Fields {
		k := Plain(string(field.Kind))
		i, known := at[k]
		if !known {
			i = len(all)
			at[k] = i
			all = append(all, ocsfDiscovered{Kind: k})
		}
		all[i].Count = int32(min(int64(all[i].Count)+max(field.Matches, 0), math.MaxInt32))
	}
	return all
}
