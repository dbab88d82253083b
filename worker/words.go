package worker

import (
	"slices"

	"syncer/enrich"
)

// wordAny names every finding.
const wordAny = "any"

// FindingWords are the words by which findings can be named: error, warning, any, and every kind.
func FindingWords() []string {
	words := []string{string(enrich.SeverityError), string(enrich.SeverityWarning), wordAny}
	for _, row := range enrich.Kinds {
		words = append(words, string(row.Kind))
	}
	return words
}

// IsNamed says whether some of FindingWords name a finding, by its kind, its severity or a lesser one. What is no finding has no
// severity and is named by none.
func IsNamed(words []string, kind enrich.Kind, severity enrich.Severity) bool {
	return severity != "" && slices.ContainsFunc(words, func(word string) bool {
		switch word {
		case wordAny, string(kind), string(severity):
			return true
		}
		return word == string(enrich.SeverityWarning) && severity == enrich.SeverityError
	})
}
