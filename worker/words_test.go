package worker

import (
	"testing"

	"syncer/enrich"
)

// TestIsNamed: a word names its kind, its severity and, for warning, what is worse.
func TestIsNamed(t *testing.T) {
	for _, row := range []struct {
		word     string
		kind     enrich.Kind
		severity enrich.Severity
		want     bool
	}{
		{"broken", enrich.KindBroken, enrich.SeverityError, true},
		{"moved", enrich.KindBroken, enrich.SeverityError, false},
		{"error", enrich.KindBroken, enrich.SeverityError, true},
		{"warning", enrich.KindBroken, enrich.SeverityError, true},
		{"error", enrich.KindMoved, enrich.SeverityWarning, false},
		{"warning", enrich.KindReplaced, enrich.SeverityInfo, false},
		{"any", enrich.KindReplaced, enrich.SeverityInfo, true},
		{"any", "", "", false},
	} {
		if got := IsNamed([]string{"duplicate", row.word}, row.kind, row.severity); got != row.want {
			t.Errorf("%s, %s %s: %v", row.word, row.kind, row.severity, got)
		}
	}
}
