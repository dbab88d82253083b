package arxiv

import (
	"net/url"
	"regexp"
	"strings"
	"unicode/utf8"
)

// IsHost says whether host is one of arXiv's own: arxiv.org and everything below it (export., www., oaipmh., rss.). The
// terms of use count requests to all of them together. The dead mirrors at other domains are not among them.
func IsHost(host string) bool {
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	return host == "arxiv.org" || strings.HasSuffix(host, ".arxiv.org")
}

// idPath are the folders of arXiv and its mirrors whose next part is an identifier.
var idPath = regexp.MustCompile(
	`(?i)^/+(?:abs|pdf|html|format|ps|src|e-print|eprint|dvi|tb|trackback|show-email|bibtex|refs|cits|pdf/arxiv|ftp/arxiv/papers/\d{4}|` +
		`papers|paper|arxiv|overview|audio|reader|abstract|conversation|explore)/+(.+)$`,
)

// idHosts are not arXiv and name papers by arXiv's identifiers in a path that idPath knows.
var idHosts = map[string]bool{
	"ar5iv.org": true, "alphaxiv.org": true, "huggingface.co": true, "hf.co": true, "semanticscholar.org": true, "arxiv-vanity.com": true,
	"scirate.com":      true,
	"emergentmind.com": true, "inspirehep.net": true, "arxiv.gg": true, "arxivxplorer.com": true,
}

// queryID are the query parameters that name a paper on arXiv and on scholarly search pages.
var queryID = []string{"id", "arxiv_id", "arxiv", "eprint"}

// maxURL is the longest URL that is read, in bytes; browsers and servers take no more. Text glued together can be a "URL" of
// any length, whose parts are tried one by one.
const maxURL = 2048

// ParseURL reads a URL (its scheme may be missing) or a DOI that names one arXiv paper; ok is false for any other text.
func ParseURL(s string) (id ID, version int, ok bool) {
	s = strings.TrimSpace(s)
	if len(s) > maxURL {
		return "", 0, false
	}
	if id, version, ok = parseDOI(s); ok {
		return id, version, true
	}
	if !strings.Contains(s, "/") {
		return "", 0, false
	}
	if !strings.Contains(s, "://") {
		s = "https://" + strings.TrimPrefix(s, "//")
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "ftp" {
		return "", 0, false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	path := u.Path
	switch {
	case IsDOIHost(host):
		return parseDOI(strings.TrimPrefix(path, "/"))
	case host == "img.shields.io":
		return parseBadge(path)
	case host == "api.semanticscholar.org" || host == "ui.adsabs.harvard.edu" || host == "adsabs.harvard.edu":
		if i := strings.Index(strings.ToLower(path), "arxiv:"); i >= 0 {
			return accept(path[i:])
		}
		return parseBibcode(path)
	case !IsHost(host) && !mirrors[host] && !idHosts[host] && !strings.HasPrefix(host, "scholar.google."):
		return "", 0, false
	}
	query := u.Query()
	if number := query.Get("papernum"); number != "" { // arxiv.org/abs/hep-th?papernum=9901001
		return accept(path[strings.LastIndexByte(path, '/')+1:] + "/" + number)
	}
	if m := idPath.FindStringSubmatch(path); m != nil {
		if host == "huggingface.co" || host == "hf.co" {
			if !strings.HasPrefix(path, "/papers/") {
				return "", 0, false
			}
		}
		return accept(m[1])
	}
	for _, name := range queryID {
		if value := query.Get(name); value != "" {
			return accept(value)
		}
	}
	if value := query.Get("q"); strings.HasPrefix(strings.ToLower(value), "arxiv:") { // a search for nothing but the paper
		return accept(value)
	}
	if !IsHost(host) && !mirrors[host] {
		return "", 0, false
	}
	// The oldest links have the identifier right behind the host: arxiv.org/hep-th/9901001.
	return accept(path)
}

// accept takes an identifier and what may stand behind it in a path: a suffix, a title, another part, and the text that
// follows a URL in scripts that put no blank between ("…/abs/1706.03762，并").
func accept(s string) (ID, int, bool) {
	if i := strings.IndexFunc(s, func(r rune) bool { return r >= utf8.RuneSelf }); i >= 0 {
		s = s[:i]
	}
	s = strings.Trim(s, "/")
	for {
		if id, v, err := Parse(s); err == nil {
			return id, v, true
		}
		i := strings.LastIndexAny(s, "/?#&")
		if i <= 0 {
			return "", 0, false
		}
		s = s[:i]
	}
}

// badge is what shields.io draws: dashes doubled, the colour last.
var badge = regexp.MustCompile(`(?i)arxiv[-_:.]*(?:%3A)?(\d{4}\.\d{4,5}(?:v\d+)?)`)

func parseBadge(path string) (ID, int, bool) {
	if m := badge.FindStringSubmatch(path); m != nil {
		id, v, err := Parse(m[1])
		return id, v, err == nil
	}
	return "", 0, false
}

// bibcode is the form in which ADS names arXiv papers: 2013arXiv1301.1234A.
var bibcode = regexp.MustCompile(`\d{4}arXiv(\d{4})\.?(\d{4,5})[A-Z]`)

func parseBibcode(path string) (ID, int, bool) {
	if m := bibcode.FindStringSubmatch(path); m != nil {
		id, v, err := Parse(m[1] + "." + m[2])
		return id, v, err == nil
	}
	return "", 0, false
}
