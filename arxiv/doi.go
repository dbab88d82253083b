package arxiv

import (
	"regexp"
	"strings"
)

// The forms in which people write a DOI before its name (DOI Handbook section 2; doi.org asks for https://doi.org/ since 2017).
var doiForm = regexp.MustCompile(`(?i)^\s*(?:(?:doi:\s*)?(?:https?://)?(?:www\.|dx\.)?doi\.org/|doi:)?\s*`)

// IsDOIHost says whether a host, in lower case, is the resolver of DOIs.
func IsDOIHost(host string) bool {
	return host == "doi.org" || host == "dx.doi.org" || host == "www.doi.org"
}

// BareDOI gives the DOI that a text is, without doi: or the resolver in front of it: "10.1038/nature14539". ok is false when the
// text is no DOI, or more than one.
func BareDOI(text string) (doi string, ok bool) {
	doi = strings.TrimSpace(text[len(doiForm.FindString(text)):])
	if !strings.HasPrefix(doi, "10.") || !strings.Contains(doi, "/") || strings.ContainsAny(doi, " \t\n{}\\<>") {
		return "", false
	}
	return doi, true
}

// DOIURL is where a bare DOI leads.
func DOIURL(doi string) string { return "https://doi.org/" + doi }

// doiIn is a DOI as the handbook has it, without the characters that would need quoting in some format; real ones with them are
// not known.
var doiIn = regexp.MustCompile(`10\.\d{4,9}/[-A-Za-z0-9._;()/:<>+=*!@\[\]]{1,200}`)

// DOIsIn are the DOIs that a field holds, bare. Authors write several into the one field, divided by blanks, commas or semicolons,
// and URLs for DOIs; arXiv divides at blanks only, so that a semicolon can end what it gives.
func DOIsIn(field string) []string {
	var found []string
	for _, doi := range strings.FieldsFunc(field, func(r rune) bool { return r == ' ' || r == ',' }) {
		// A semicolon can also be part of one (10.1002/(SICI)…3.0.CO;2-2).
		for i, part := range strings.Split(doiIn.FindString(doi), ";10.") {
			if i > 0 {
				part = "10." + part
			}
			if part = strings.TrimRight(part, ".;:"); part != "" {
				found = append(found, part)
			}
		}
	}
	return found
}

// ownDOI is DataCite's prefix for arXiv with what all its names begin with.
const ownDOI = "10.48550/arxiv."

// IsOwnDOI says whether a DOI, however it is written, is one that arXiv gives to its own papers: it is no sign of publication.
func IsOwnDOI(text string) bool {
	doi, ok := BareDOI(text)
	return ok && strings.HasPrefix(strings.ToLower(doi), "10.48550/")
}

// parseDOI reads the identifier out of a DOI of arXiv's own.
func parseDOI(text string) (ID, int, bool) {
	doi, ok := BareDOI(text)
	if !ok || len(doi) < len(ownDOI) || !strings.EqualFold(doi[:len(ownDOI)], ownDOI) {
		return "", 0, false
	}
	id, v, err := Parse(strings.TrimRight(doi[len(ownDOI):], "/"))
	return id, v, err == nil
}
