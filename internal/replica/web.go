package replica

import (
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"time"

	"syncer/arxiv"
)

// WebPage is what one address outside arXiv answers from a time on. All others answer with an ordinary page.
type WebPage struct {
	URL      string
	At       time.Time // zero: ever since
	Status   int       // 200 gives an ordinary page
	Location string    // of a redirect
	Title    string    // of the page; empty for one made of the URL
}

// isForeign says whether a request is meant for the web around arXiv. Only a RoundTripper sees such: it takes every host.
func isForeign(r *http.Request) bool {
	host := r.URL.Hostname()
	ip := net.ParseIP(host)
	return host != "" && host != "localhost" && !arxiv.IsHost(host) && (ip == nil || !ip.IsLoopback())
}

// foreign answers for the web around arXiv.
func (s *Server) foreign(r *http.Request, now time.Time) response {
	if r.URL.Path == "/robots.txt" {
		return notFound("404 Not Found", "There is no such page.")
	}
	found := WebPage{Status: http.StatusOK}
	for _, p := range s.web {
		if strings.TrimSuffix(p.URL, "/") == strings.TrimSuffix(r.URL.String(), "/") && !now.Before(p.At) && !p.At.Before(found.At) {
			found = p
		}
	}
	switch {
	case found.Location != "":
		answer := redirect(found.Location)
		answer.status = found.Status
		return answer
	case found.Status != http.StatusOK:
		return page(found.Status, "text/html; charset=utf-8", htmlPage(http.StatusText(found.Status), "Staged."))
	case found.Title == "":
		found.Title = "Stand-in for " + strings.TrimSuffix(r.URL.String(), "/")
	}
	return page(http.StatusOK, "text/html; charset=utf-8", htmlPage(found.Title, standIn(found.Title)))
}

// standIn is a text of a hundred words, made of nothing but its title, so that no two pages are alike.
func standIn(title string) string {
	h := fnv.New64a()
	fmt.Fprint(h, title)
	r := rand.New(rand.NewPCG(h.Sum64(), 1))
	var b strings.Builder
	b.WriteString("Written by the replica:")
	for range 100 {
		b.WriteByte(' ')
		for range 2 + r.IntN(3) {
			b.WriteByte("bdfgklmnprstv"[r.IntN(13)])
			b.WriteByte("aeiou"[r.IntN(5)])
		}
	}
	return b.String() + "."
}
