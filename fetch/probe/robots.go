package probe

import (
	"net/http"
	"net/url"
	"time"

	"github.com/temoto/robotstxt"
)

// maxRobots is how much of a robots.txt is read: RFC 9309 section 2.5 asks for 500 KiB at least, of which we take that.
const maxRobots = 500 << 10

// maxCrawlDelay is how far apart a host may want its requests. Some write hours.
const maxCrawlDelay = 30 * time.Second

// robotsAgent is our name in a robots.txt.
const robotsAgent = "syncer"

// robots is what a host's robots.txt asks of us (RFC 9309). One GET a link and night is what a reader does, and needs no
// leave; whatever goes beyond that (a second try, an address made up) does, and so does every page of arXiv.
type robots struct {
	group *robotstxt.Group // nil: all or nothing
	all   bool
}

// readRobots reads what was answered for /robots.txt. Without an answer, or with one that speaks of the server's trouble, all
// is disallowed (section 2.3.1.4); any other refusal allows all (2.3.1.3).
func readRobots(r probeReply) (rules *robots, crawlDelay time.Duration) {
	switch {
	case r.fault != "" || r.status >= 500 || r.status == http.StatusTooManyRequests:
		return &robots{}, 0
	case r.status != http.StatusOK:
		return &robots{all: true}, 0
	}
	data, err := robotstxt.FromBytes(r.robots)
	if err != nil {
		return &robots{all: true}, 0
	}
	group := data.FindGroup(robotsAgent)
	return &robots{group: group}, min(group.CrawlDelay, maxCrawlDelay)
}

// allow says whether a URL may be asked for.
func (r *robots) allow(u *url.URL) bool {
	if r.group == nil {
		return r.all
	}
	path := u.EscapedPath()
	if path == "" {
		path = "/"
	}
	if u.RawQuery != "" {
		path += "?" + u.RawQuery
	}
	return r.group.Test(path)
}

// robotsTask reads the robots.txt of the host that the next task in order asks.
func (h *host) robotsTask() *task {
	u := *h.ready[0].url
	u.Path, u.RawPath, u.RawQuery, u.ForceQuery = "/robots.txt", "", "", false
	return &task{url: &u, robots: true, arXiv: h.ready[0].arXiv, port: u.Port()}
}
