package export

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"net/url"
	"path/filepath"
	"slices"
	"strings"

	"syncer/enrich"
)

// FindingFormats are the forms in which findings are told to programs that show them beside the text: SARIF to code hosts and
// editors, workflow commands to GitHub's runners, JUnit to all others.
var FindingFormats = []string{"sarif", "github", "junit"}

// Annotations writes findings in one of FindingFormats, in the order given. tool and version name the program.
func Annotations(w io.Writer, format, tool, version string, findings []enrich.Finding) error {
	switch format {
	case "sarif":
		return sarif(w, tool, version, findings)
	case "github":
		return github(w, findings)
	case "junit":
		return junit(w, tool, findings)
	}
	return fmt.Errorf("findings cannot be written as %q", format)
}

// The parts of SARIF 2.1.0 (OASIS standard, March 2020) that are used.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool    sarifTool     `json:"tool"`
		Results []sarifResult `json:"results"`
	}
	sarifTool struct {
		Driver sarifDriver `json:"driver"`
	}
	sarifDriver struct {
		Name    string      `json:"name"`
		Version string      `json:"semanticVersion,omitempty"`
		Rules   []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID    string    `json:"id"`
		Short sarifText `json:"shortDescription"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID       string            `json:"ruleId"`
		RuleIndex    int               `json:"ruleIndex"`
		Level        string            `json:"level"`
		Message      sarifText         `json:"message"`
		Locations    []sarifLocation   `json:"locations"`
		Fingerprints map[string]string `json:"partialFingerprints"`
	}
	sarifLocation struct {
		Physical struct {
			Artifact struct {
				URI string `json:"uri"`
			} `json:"artifactLocation"`
			Region *sarifRegion `json:"region,omitempty"`
		} `json:"physicalLocation"`
	}
	// sarifRegion has no column: SARIF counts UTF-16 units, and a finding's column is in bytes.
	sarifRegion struct {
		Line int `json:"startLine"`
	}
)

// sarifLevels are the severities as SARIF calls them (section 3.27.10).
var sarifLevels = map[enrich.Severity]string{enrich.SeverityError: "error", enrich.SeverityWarning: "warning", enrich.SeverityInfo: "note"}

func sarif(w io.Writer, tool, version string, findings []enrich.Finding) error {
	run := sarifRun{Tool: sarifTool{sarifDriver{Name: tool, Version: version, Rules: []sarifRule{}}}, Results: []sarifResult{}}
	times := map[string]int{}
	for _, f := range findings {
		rule := slices.IndexFunc(run.Tool.Driver.Rules, func(r sarifRule) bool { return r.ID == string(f.Kind) })
		if rule < 0 {
			rule = len(run.Tool.Driver.Rules)
			run.Tool.Driver.Rules = append(run.Tool.Driver.Rules, sarifRule{string(f.Kind), sarifText{kindInWords(f.Kind)}})
		}
		// One finding may be told at several places; a code host wants a name for each.
		times[f.Key]++
		r := sarifResult{RuleID: string(f.Kind), RuleIndex: rule, Level: sarifLevels[f.Severity], Message: sarifText{withSuggestion(f)},
			Fingerprints: map[string]string{"syncer/v1": fmt.Sprintf("%s:%d", f.Key, times[f.Key])}}
		location := sarifLocation{}
		location.Physical.Artifact.URI = artifactURI(f.List)
		if f.Line > 0 {
			location.Physical.Region = &sarifRegion{f.Line}
		}
		r.Locations = []sarifLocation{location}
		run.Results = append(run.Results, r)
	}
	encoded, err := json.MarshalIndent(sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}}, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(escapeHostile(encoded), '\n'))
	return err
}

// artifactURI is a list's name as a URI reference: a path relative to where the program was started, or the list's URL.
func artifactURI(list string) string {
	if u, err := url.Parse(list); err == nil && (u.Scheme == "http" || u.Scheme == "https") {
		return u.String()
	}
	return (&url.URL{Path: filepath.ToSlash(list)}).String()
}

// kindInWords says what findings of a kind are.
func kindInWords(kind enrich.Kind) string {
	if row, ok := enrich.KindNamed(kind); ok {
		return row.Words
	}
	return string(kind)
}

func withSuggestion(f enrich.Finding) string {
	message := plain(f.Message)
	if f.Suggestion != "" && !strings.Contains(message, plain(f.Suggestion)) {
		message += " (suggestion: " + plain(f.Suggestion) + ")"
	}
	return message
}

// github writes workflow commands (GitHub's documentation, "Workflow commands for GitHub Actions"): one line each.
func github(w io.Writer, findings []enrich.Finding) error {
	commands := map[enrich.Severity]string{enrich.SeverityError: "error", enrich.SeverityWarning: "warning", enrich.SeverityInfo: "notice"}
	message := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	property := strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
	for _, f := range findings {
		place := "file=" + property.Replace(plain(f.List))
		if f.Line > 0 {
			place += fmt.Sprintf(",line=%d", f.Line)
		}
		if f.Line > 0 && f.Column > 0 {
			place += fmt.Sprintf(",col=%d", f.Column)
		}
		if _, err := fmt.Fprintf(w, "::%s %s,title=%s::%s\n", commands[f.Severity], place, property.Replace(string(f.Kind)),
			message.Replace(withSuggestion(f))); err != nil {
			return err
		}
	}
	return nil
}

// The elements of JUnit's reports that its readers agree on.
type (
	junitSuites struct {
		XMLName xml.Name     `xml:"testsuites"`
		Name    string       `xml:"name,attr"`
		Suites  []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitFailure `xml:"failure"`
		Out     string        `xml:"system-out,omitempty"`
	}
	junitFailure struct {
		Type    string `xml:"type,attr"`
		Message string `xml:"message,attr"`
	}
)

// junit writes a suite a list and a case a finding; what is only told (info) is a case that passed and says something.
func junit(w io.Writer, tool string, findings []enrich.Finding) error {
	report := junitSuites{Name: tool}
	for _, f := range findings {
		i := slices.IndexFunc(report.Suites, func(s junitSuite) bool { return s.Name == plain(f.List) })
		if i < 0 {
			i = len(report.Suites)
			report.Suites = append(report.Suites, junitSuite{Name: plain(f.List)})
		}
		c := junitCase{Name: string(f.Kind) + ": " + plain(f.Subject), Class: plain(f.List), File: plain(f.List), Line: f.Line}
		if f.Severity == enrich.SeverityInfo {
			c.Out = withSuggestion(f)
		} else {
			c.Failure = &junitFailure{string(f.Kind), withSuggestion(f)}
			report.Suites[i].Failures++
		}
		report.Suites[i].Tests++
		report.Suites[i].Cases = append(report.Suites[i].Cases, c)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	encoder := xml.NewEncoder(w)
	encoder.Indent("", "  ")
	if err := encoder.Encode(report); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}
