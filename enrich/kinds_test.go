package enrich

import (
	"slices"
	"testing"
)

// TestKinds: the table is the public contract. The kinds, what they are about and how bad they are at worst may grow by rows; no row
// may change.
func TestKinds(t *testing.T) {
	want := map[Subject]map[Severity][]Kind{
		SubjectCitation: {
			SeverityError:   {"wrong-paper", "unknown-id", "malformed-id"},
			SeverityWarning: {"title-differs", "author-differs", "year-differs"},
			SeverityInfo:    {"outdated-version", "inconsistent", "duplicate"},
		},
		SubjectPaper: {
			SeverityError:   {"withdrawn", "disappeared"},
			SeverityWarning: {"title-changed"},
			SeverityInfo:    {"published", "replaced", "authors-changed"},
		},
		SubjectLink: {
			SeverityError:   {"broken"},
			SeverityWarning: {"moved", "changed", "insecure"},
			SeverityInfo:    {"suspect", "blocked"},
		},
	}
	for subject, bySeverity := range want {
		for severity, kinds := range bySeverity {
			for _, kind := range kinds {
				if row, ok := KindNamed(kind); !ok || row.Subject != subject || row.Severity != severity {
					t.Errorf("%s: %+v, want %s and %s", kind, row, subject, severity)
				}
			}
		}
	}
	if row, ok := KindNamed("link-form"); ok {
		t.Errorf("a correction that answers no finding is one: %+v", row)
	}
	seen := map[Kind]bool{}
	for _, row := range Kinds {
		if seen[row.Kind] {
			t.Errorf("%s is there twice", row.Kind)
		}
		seen[row.Kind] = true
		if !slices.Contains(Severities, row.Severity) {
			t.Errorf("%s: severity %q", row.Kind, row.Severity)
		}
	}
}

// TestPasses: each kind belongs to one pass over a list, since a pass closes what it does not find again; and every pass is made
// by some kind of run.
func TestPasses(t *testing.T) {
	citations, links := KindsJudgedBy(JudgesCitations), KindsJudgedBy(JudgesLinks)
	if len(citations)+len(links) != len(Kinds) {
		t.Errorf("%d and %d of %d kinds", len(citations), len(links), len(Kinds))
	}
	for _, row := range Kinds {
		if (row.Subject == SubjectLink) != slices.Contains(links, row.Kind) || slices.Contains(links, row.Kind) == slices.Contains(citations, row.Kind) {
			t.Errorf("%s, about a %s, is opened by %s", row.Kind, row.Subject, row.Judges)
		}
		if !slices.ContainsFunc(RunKinds, func(r RunKindRow) bool { return slices.Contains(r.Judges, row.Judges) }) {
			t.Errorf("no run looks at %s again", row.Kind)
		}
	}
	for _, r := range RunKinds {
		if r.Nightly != (r.Kind == RunSync) {
			t.Errorf("%s: nightly is %t", r.Kind, r.Nightly)
		}
	}
}
