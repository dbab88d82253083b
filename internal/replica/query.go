package replica

import (
	"cmp"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// queryParams are what a request to the query API asks for.
type queryParams struct {
	searchQuery string
	phrase      *phrase
	ids         []string
	start, max  int
	sortBy      string
	ascending   bool
}

// String is the form that titles the feed and that its id is computed from (arxiv-search, ClassicAPIQuery.to_query_string).
func (p queryParams) String() string {
	return fmt.Sprintf("search_query=%s&id_list=%s&start=%d&max_results=%d", p.searchQuery, strings.Join(p.ids, ","), p.start, p.max)
}

// queryFault is an answer that is an error feed.
type queryFault struct {
	status  int
	message string
	link    string // the id of the error entry; default: the bare address of the error page
}

const (
	errorPage       = "https://arxiv.org/api/errors"
	sortHelp        = "https://arxiv.org/help/api/user-manual#sort"
	notFoundMessage = "The requested URL was not found on the server. If you entered the URL manually please check your spelling and try again."
	serverError     = "The server encountered an internal error and was unable to complete your request. Either the server is overloaded or there is an error in the application."
)

// maxURI is the longest request line that arrives: 600 to 700 identifiers are too many in a GET (arxiv.py issue 15, PR 209).
const maxURI = 8190

// maxResults is how deep a search can be paged, in arXiv's own code (search/services/index/util.py, MAX_RESULTS); the
// old server's limit was 30,000.
const (
	maxResults        = 10_000
	maxResultsClassic = 30_000
)

func (s *Server) query(r *http.Request, form string, now time.Time) response {
	params, hits, total, refused := s.hits(r, form, now)
	if refused != nil {
		return *refused
	}
	return s.feed(params, hits, total, now)
}

// emptyFeed is a sound answer to the same question that has found nothing.
func (s *Server) emptyFeed(r *http.Request, form string, now time.Time) response {
	params, _, _, refused := s.hits(r, form, now)
	if refused != nil {
		return *refused
	}
	return s.feed(params, nil, 0, now)
}

func (s *Server) hits(r *http.Request, form string, now time.Time) (queryParams, []hit, int, *response) {
	refuse := func(a response) (queryParams, []hit, int, *response) { return queryParams{}, nil, 0, &a }
	switch {
	case r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost:
		return refuse(s.queryError(queryFault{status: http.StatusMethodNotAllowed,
			message: "The method is not allowed for the requested URL."}, queryParams{}, now))
	case len(r.URL.RequestURI()) > maxURI:
		return refuse(
			page(http.StatusRequestURITooLong, "text/html; charset=utf-8", htmlPage("414 URI Too Long", "The request line is too long.")),
		)
	case s.shape == Current && r.Header.Get("Accept") == "":
		// Reported from September 2026 on by two clients independently; Go's own client sends no Accept header.
		return refuse(
			page(http.StatusNotAcceptable, "text/html; charset=utf-8", htmlPage("406 Not Acceptable", "There is no Accept header.")),
		)
	}
	values := params(r, form)
	parsed, fault := s.parseQuery(values)
	if fault != nil {
		return refuse(s.queryError(*fault, parsed, now))
	}
	hits, total := s.search(parsed, now)
	return parsed, hits, total, nil
}

// parseQuery checks in the order of arxiv-search's controller (search/controllers/classic_api/__init__.py).
func (s *Server) parseQuery(values url.Values) (queryParams, *queryFault) {
	p := queryParams{searchQuery: values.Get("search_query"), max: 10}
	bad := func(message string) (queryParams, *queryFault) {
		return p, &queryFault{http.StatusBadRequest, message, errorPage + "#" + strings.ReplaceAll(message, " ", "_")}
	}
	if list := values.Get("id_list"); list != "" {
		p.ids = strings.Split(list, ",")
	}
	for _, id := range p.ids {
		if !queryAccepts(id) {
			return bad("incorrect id format for " + id)
		}
	}
	for _, number := range []struct {
		name string
		to   *int
	}{{"max_results", &p.max}, {"start", &p.start}} {
		if !values.Has(number.name) {
			continue
		}
		n, err := strconv.Atoi(strings.TrimSpace(values.Get(number.name)))
		if err != nil {
			return bad(number.name + " must be an integer")
		}
		if n < 0 {
			return bad(number.name + " must be non-negative")
		}
		*number.to = n
	}
	p.sortBy = cmp.Or(values.Get("sortBy"), "relevance")
	if p.sortBy != "relevance" && p.sortBy != "lastUpdatedDate" && p.sortBy != "submittedDate" {
		return p, &queryFault{http.StatusBadRequest, "sortBy must be in: relevance, lastUpdatedDate, submittedDate", sortHelp}
	}
	order := cmp.Or(values.Get("sortOrder"), "descending")
	if order != "ascending" && order != "descending" {
		return p, &queryFault{http.StatusBadRequest, "sortOrder must be in: ascending, descending", sortHelp}
	}
	p.ascending = order == "ascending"
	if strings.TrimSpace(p.searchQuery) != "" {
		parsed, rewritten, err := parsePhrase(p.searchQuery, values.Get("raw") == "1")
		if err != nil {
			return p, &queryFault{status: http.StatusBadRequest, message: err.Error()}
		}
		p.phrase = parsed
		if s.shape != Classic {
			p.searchQuery = rewritten
		}
	}
	if p.phrase == nil && p.ids == nil {
		return p, &queryFault{status: http.StatusBadRequest,
			message: "Either a search_query or id_list must be specified for the classic API."}
	}
	return p, s.checkRange(p)
}

// checkRange refuses what the server refuses to page through. In arXiv's code both cases are unhandled errors: a
// division by zero, and OutsideAllowedRange.
func (s *Server) checkRange(p queryParams) *queryFault {
	if s.shape == Classic {
		if p.start > maxResultsClassic-min(p.max, maxResultsClassic) {
			return &queryFault{status: http.StatusBadRequest, message: "start and max_results reach beyond 30000 results"}
		}
		return nil
	}
	if p.max == 0 {
		return &queryFault{status: http.StatusInternalServerError, message: serverError}
	}
	if 1+math.RoundToEven(float64(p.start)/float64(p.max)) > float64(maxResults/p.max) {
		return &queryFault{status: http.StatusInternalServerError, message: serverError}
	}
	return nil
}

// hit is one entry of a feed. Without versions it is the old server's placeholder for an unknown identifier.
type hit struct {
	edition
	version Version
	score   float64
}

// endsWithVersion is how arXiv tells "X" from "Xv2": lower case v only (classic_search.py, ENDS_WITH_VERSION).
var endsWithVersion = regexp.MustCompile(`^.*v(\d+)$`)

// search finds what is asked for: the page of hits, and how many there are in all.
func (s *Server) search(p queryParams, now time.Time) ([]hit, int) {
	var hits []hit
	if p.ids != nil {
		hits = s.byIdentifier(p.ids, now)
	} else {
		for _, e := range s.archive.all(now) {
			hits = append(hits, hit{edition: e, version: e.current()})
		}
	}
	if p.phrase != nil {
		hits = slices.DeleteFunc(hits, func(h hit) bool { return len(h.versions) == 0 || !p.phrase.matches(h) })
		for i := range hits {
			hits[i].score = p.phrase.score(hits[i])
		}
	}
	s.sort(hits, p)
	total := len(hits)
	if s.shape == Classic && total == 1 && len(hits[0].versions) == 0 {
		return nil, total // recorded: one unknown identifier alone counts, but has no entry
	}
	first := min(p.start, total)
	last := first + min(p.max, total-first)
	return hits[first:last], total
}

// byIdentifier looks up each element of id_list letter by letter: what differs in case, prefix, padding or blanks finds
// nothing, and the current server says nothing about it.
func (s *Server) byIdentifier(ids []string, now time.Time) []hit {
	var hits []hit
	seen := map[string]bool{}
	for _, id := range ids {
		name, number := id, 0
		if m := endsWithVersion.FindStringSubmatchIndex(id); m != nil {
			n, err := strconv.Atoi(id[m[2]:m[3]])
			if err == nil && n > 0 && id[m[2]] != '0' {
				name, number = id[:m[2]-1], n
			}
		}
		e, ok := s.archive.find(name, now)
		version := Version{}
		if ok {
			version, ok = e.version(number)
		}
		if !ok {
			if s.shape == Classic && !seen[id] {
				seen[id] = true
				hits = append(hits, hit{})
			}
			continue
		}
		if key := versioned(e.id, version.Version); !seen[key] {
			seen[key] = true
			hits = append(hits, hit{edition: e, version: version})
		}
	}
	return hits
}

// sort puts hits in order. By relevance all hits of a bare id_list are equal, and their order is the index's own affair:
// here one that is the same each time but not the asked one. The old server kept the asked order.
func (s *Server) sort(hits []hit, p queryParams) {
	scattered := func(a, b hit) int {
		return cmp.Compare(scatter(versioned(a.id, a.version.Version)), scatter(versioned(b.id, b.version.Version)))
	}
	var compare func(a, b hit) int
	switch {
	case p.sortBy == "lastUpdatedDate":
		compare = func(a, b hit) int { return a.version.Submitted.Compare(b.version.Submitted) }
	case p.sortBy == "submittedDate":
		compare = func(a, b hit) int { return a.published().Compare(b.published()) }
	case p.phrase != nil:
		compare = func(a, b hit) int { return cmp.Compare(a.score, b.score) }
	case s.shape == Classic:
		return
	default:
		slices.SortStableFunc(hits, scattered)
		return
	}
	slices.SortStableFunc(hits, func(a, b hit) int {
		order := compare(a, b)
		if !p.ascending {
			order = -order
		}
		return cmp.Or(order, scattered(a, b))
	})
}

func (h hit) published() time.Time {
	if len(h.versions) == 0 {
		return time.Time{}
	}
	return h.first().Submitted
}
