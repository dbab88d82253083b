package arxiv

import (
	"net/url"
	"regexp"
	"strings"
)

// mirrors are the countries' mirrors, all closed, whose links end nowhere or at a parked page; lanl.gov was arXiv itself.
var mirrors = map[string]bool{
	"xxx.lanl.gov": true, "lanl.arxiv.org": true, "xxx.itp.ac.cn": true, "xxx.sissa.it": true, "xxx.arxiv.cornell.edu": true,
	"au.arxiv.org": true, "br.arxiv.org": true, "cn.arxiv.org": true, "de.arxiv.org": true, "es.arxiv.org": true, "fr.arxiv.org": true,
	"il.arxiv.org": true,
	"in.arxiv.org": true, "it.arxiv.org": true, "jp.arxiv.org": true, "kr.arxiv.org": true, "ru.arxiv.org": true, "tw.arxiv.org": true,
	"uk.arxiv.org": true,
	"za.arxiv.org": true, "xxx.uni-augsburg.de": true,
}

// IsMirror says whether host is one of the mirrors that are closed now.
func IsMirror(host string) bool { return mirrors[strings.ToLower(host)] }

var pdfPath = regexp.MustCompile(`(?i)^/(?:pdf/arxiv|pdf|ftp/arxiv/papers/\d{4})/`)

// ModernURL gives the link to a paper that arXiv itself would give today, when an old one names a paper: https, arxiv.org
// for closed mirrors and www., /pdf/ID without .pdf (which arXiv redirects), /abs/ before a bare identifier. changed is
// false for a link that needs nothing, or that is not arXiv's. The version, the fragment and the kind of page stay.
func ModernURL(link string) (modern string, changed bool) {
	u, err := url.Parse(link)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || u.Port() != "" {
		return link, false
	}
	host := strings.ToLower(u.Hostname())
	if host != "arxiv.org" && host != "www.arxiv.org" && !mirrors[host] {
		return link, false
	}
	id, version, ok := ParseURL(link)
	if !ok {
		return link, false
	}
	path := u.Path
	canonical := id.Versioned(version)
	switch {
	case pdfPath.MatchString(path):
		path = "/pdf/" + canonical
	case strings.HasPrefix(path, "/abs/"):
		path = "/abs/" + canonical
	case !idPath.MatchString(path) && u.RawQuery == "":
		path = "/abs/" + canonical
	}
	modern = "https://arxiv.org" + path
	if u.RawQuery != "" && path == u.Path {
		modern += "?" + u.RawQuery
	}
	if u.Fragment != "" {
		modern += "#" + u.EscapedFragment()
	}
	return modern, modern != link
}
