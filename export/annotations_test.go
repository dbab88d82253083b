package export

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"

	"syncer/enrich"
)

func nastyFindings() []enrich.Finding {
	return []enrich.Finding{
		{Key: "a1", Kind: "wrong-paper", Severity: enrich.SeverityError, Subject: "2502.12022", List: "lists/my papers,100%:old.md", Line: 12, Column: 3, Suggestion: "2502.16033",
			Message: "2502.12022 is \"A\" by B, not \"C\" " + hostileText + "\n::error file=x::forged"},
		{Key: "a1", Kind: "wrong-paper", Severity: enrich.SeverityError, Subject: "2502.12022", List: "lists/my papers,100%:old.md", Line: 40, Suggestion: "2502.16033", Message: "2502.16033 is meant"},
		{Key: "b2", Kind: "broken", Severity: enrich.SeverityError, Subject: "https://example.org/a?b=1&c=]]>", List: "https://example.org/list.md?raw=1", Message: "https://example.org/a?b=1&c=]]>: 404 Not Found"},
		{Key: "c3", Kind: "moved", Severity: enrich.SeverityInfo, Subject: "http://example.org/", List: "refs.bib", Line: 7, Suggestion: "https://example.org/", Message: "http://example.org/: moved permanently to https://example.org/"},
		{Key: "d4", Kind: "title-differs", Severity: enrich.SeverityWarning, Subject: "1706.03762", List: "refs.bib", Line: 9, Column: 1, Message: "\u202eevil\u0000"},
	}
}

func TestAnnotationsGolden(t *testing.T) {
	for _, format := range FindingFormats {
		t.Run(format, func(t *testing.T) {
			var b bytes.Buffer
			if err := Annotations(&b, format, "syncer", "1.2.3", nastyFindings()); err != nil {
				t.Fatal(err)
			}
			for i, r := range b.String() {
				if hostile(r) && r != '\n' {
					t.Fatalf("U+%04X at byte %d", r, i)
				}
			}
			golden(t, "nasty."+format, b.String())
		})
	}
	if err := Annotations(&bytes.Buffer{}, "xml", "syncer", "", nil); err == nil {
		t.Error("a format that nobody knows is written")
	}
}

// TestSARIF checks what a code host relies on: every result has a rule that is there, a level of the standard, and a
// fingerprint of its own.
func TestSARIF(t *testing.T) {
	var b bytes.Buffer
	if err := Annotations(&b, "sarif", "syncer", "", nastyFindings()); err != nil {
		t.Fatal(err)
	}
	var log sarifLog
	if err := json.Unmarshal(b.Bytes(), &log); err != nil || len(log.Runs) != 1 || len(log.Runs[0].Results) != len(nastyFindings()) {
		t.Fatalf("%v\n%s", err, b.String())
	}
	prints := map[string]bool{}
	for _, r := range log.Runs[0].Results {
		if rules := log.Runs[0].Tool.Driver.Rules; r.RuleIndex >= len(rules) || rules[r.RuleIndex].ID != r.RuleID {
			t.Errorf("%s has the rule %d", r.RuleID, r.RuleIndex)
		}
		if r.Level != "error" && r.Level != "warning" && r.Level != "note" {
			t.Errorf("level %q", r.Level)
		}
		prints[r.Fingerprints["syncer/v1"]] = true
	}
	if len(prints) != len(nastyFindings()) {
		t.Errorf("fingerprints %v", prints)
	}
	for list, want := range map[string]string{"a b/100%.md": "a%20b/100%25.md", "https://example.org/x?y=z": "https://example.org/x?y=z", "c:list.md": "./c:list.md"} {
		if got := artifactURI(list); got != want {
			t.Errorf("%s is written as %s, want %s", list, got, want)
		}
	}
}

// TestWorkflowCommands: each finding is one line, whatever it says, so that no text can give a command of its own.
func TestWorkflowCommands(t *testing.T) {
	var b bytes.Buffer
	if err := Annotations(&b, "github", "syncer", "", nastyFindings()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSuffix(b.String(), "\n"), "\n")
	if len(lines) != len(nastyFindings()) {
		t.Fatalf("%d lines:\n%s", len(lines), b.String())
	}
	if want := "::error file=lists/my papers%2C100%25%3Aold.md,line=12,col=3,title=wrong-paper::"; !strings.HasPrefix(lines[0], want) {
		t.Errorf("%s does not begin with %s", lines[0], want)
	}
}

// TestJUnit: it is XML, its sums are right, and only what is worse than an information fails.
func TestJUnit(t *testing.T) {
	var b bytes.Buffer
	if err := Annotations(&b, "junit", "syncer", "", nastyFindings()); err != nil {
		t.Fatal(err)
	}
	var report junitSuites
	if err := xml.Unmarshal(b.Bytes(), &report); err != nil || len(report.Suites) != 3 {
		t.Fatalf("%v\n%s", err, b.String())
	}
	for _, s := range report.Suites {
		failures := 0
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures++
			}
		}
		if len(s.Cases) != s.Tests || failures != s.Failures {
			t.Errorf("%s: %d cases and %d failures, said are %d and %d", s.Name, len(s.Cases), failures, s.Tests, s.Failures)
		}
	}
	if s := report.Suites[2]; s.Name != "refs.bib" || s.Tests != 2 || s.Failures != 1 || s.Cases[0].Failure != nil || s.Cases[0].Out == "" {
		t.Errorf("%+v", s)
	}
}
