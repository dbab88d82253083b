package enrich

import (
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"syncer/seeds"
)

// Finding is something that a list's owner should know, with the evidence.
type Finding struct {
	Key        string // stable over runs: kind, list, subject and, where needed, the claim
	Kind       Kind
	Severity   Severity
	Subject    string // an arXiv identifier or a URL
	List       string
	Line       int // from 1
	Column     int // from 1, in bytes; 0 when unknown
	Claimed    string
	Actual     string
	Suggestion string // a replacement for what the list says; empty when there is no certain one
	Message    string // one sentence
}

// Key makes a finding's key of what identifies it: kind, list, subject and, where needed, the claim. It is short enough to type and long
// enough (48 bits) for the findings of one person's lists.
func Key(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:6])
}

// IsIgnored says whether a kind is among those that a list asks not to hear of (seeds.Citation.Ignored).
func IsIgnored(kinds []string, kind Kind) bool {
	return slices.Contains(kinds, string(kind)) || slices.Contains(kinds, seeds.IgnoreAll)
}

// Collate makes findings with the same key one, at the first place of the worst severity, which names the other lines.
func Collate(findings []Finding) []Finding {
	var collated []Finding
	first := map[string]int{}
	lines := map[string][]int{}
	for _, f := range findings {
		i, ok := first[f.Key]
		if !ok {
			i = len(collated)
			first[f.Key] = i
			collated = append(collated, f)
		}
		if !slices.Contains(lines[f.Key], f.Line) {
			lines[f.Key] = append(lines[f.Key], f.Line)
		}
		if slices.Index(Severities, f.Severity) < slices.Index(Severities, collated[i].Severity) {
			collated[i] = f
		}
	}
	for i, f := range collated {
		var also []string
		for _, line := range lines[f.Key] {
			if line != f.Line {
				also = append(also, strconv.Itoa(line))
			}
		}
		if len(also) > 0 {
			collated[i].Message += " (also line " + strings.Join(also, ", ") + ")"
		}
	}
	return collated
}

// Day is a date as messages have it: 2026-12-01, in UTC.
func Day(t time.Time) string { return t.UTC().Format(time.DateOnly) }

// Fresh is how long a record need not be asked for again. arXiv's data change once a day and its manual asks to cache
// for that long (3.3.1.1); four hours less than a day let a nightly job drift.
const Fresh = 20 * time.Hour
