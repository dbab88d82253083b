package link

import (
	"net/url"
	"path"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"

	"syncer/arxiv"
)

// Host is the host that a URL is asked of, in lower case, with the port where it is not the scheme's own. Links are
// paced, and judged together, by host.
func Host(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	host := ASCIIHost(strings.ToLower(strings.TrimSuffix(u.Hostname(), ".")))
	if port := u.Port(); port != "" && port != "80" && port != "443" {
		host += ":" + port
	}
	return host
}

// ASCIIHost is an international host name as DNS and certificates have it ("xn--bcher-kva.example"), and any other as it stands.
func ASCIIHost(host string) string {
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			if ascii, err := idna.Lookup.ToASCII(host); err == nil {
				return ascii
			}
			break
		}
	}
	return host
}

// IsRecordHost says whether a link to a paper at this host is judged by the paper's record: arXiv's own pages, those of its
// closed mirrors, and arXiv's DOIs, which lead to arXiv.
func IsRecordHost(host string) bool {
	return arxiv.IsHost(host) || arxiv.IsMirror(host) || arxiv.IsDOIHost(host)
}

// IsRegistry knows the hosts that keep names and send everybody on to where the named thing is. Their answer tells whether
// the name exists; the publisher behind it need not be asked, who mostly turns programs away.
func IsRegistry(host string) bool {
	host = strings.TrimPrefix(strings.ToLower(host), "www.")
	return arxiv.IsDOIHost(host) || host == "hdl.handle.net"
}

// site is the registrable domain of a host (example.org of www.example.org, example.co.uk), by the public suffix list; an
// address or a bare name is its own.
func site(host string) string {
	if domain, err := publicsuffix.EffectiveTLDPlusOne(host); err == nil {
		return domain
	}
	return host
}

// isFront says whether a URL is that of a whole site: that it looks like the page for unknown addresses proves nothing.
func isFront(link string) bool { return depth(link) == 0 }

// depth counts the parts of a URL's path; an index page is the folder it is in, and a query names a page in it.
func depth(link string) int {
	u, err := url.Parse(link)
	if err != nil {
		return 0
	}
	n := 0
	for part := range strings.SplitSeq(path.Clean("/"+u.Path), "/") {
		if part != "" && !strings.HasPrefix(strings.ToLower(part), "index.") {
			n++
		}
	}
	if u.RawQuery != "" && !strings.HasPrefix(u.RawQuery, "utm_") {
		n++
	}
	return n
}

func hostname(link string) string {
	u, err := url.Parse(link)
	if err != nil {
		return ""
	}
	return strings.ToLower(u.Hostname())
}

func pathOf(link string) string {
	u, err := url.Parse(link)
	if err != nil || u.Path == "" {
		return "/"
	}
	return u.Path
}
