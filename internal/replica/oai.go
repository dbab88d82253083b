package replica

import (
	"cmp"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oaiBase is the address that the server states as its own, wherever it is reached.
const oaiBase = "https://oaipmh.arxiv.org/oai"

const (
	recordsPage     = 2500
	identifiersPage = 20_000
)

// oaiError is an error of the protocol. Its answer has status 200 all the same.
type oaiError struct {
	code, reason string
	query        oaiParams // shown in the answer's <request>, for some errors only
}

// oaiDescriptions are the fixed parts of the error texts (oaipmh/data/oai_errors.py); the reason follows.
var oaiDescriptions = map[string]string{
	"badArgument":             "The request includes illegal arguments, is missing required arguments, includes a repeated argument, or values for arguments have an illegal syntax.",
	"badResumptionToken":      "The value of the resumptionToken argument is invalid or expired.",
	"badVerb":                 "Value of the verb argument is not a legal OAI-PMH verb, the verb argument is missing, or the verb argument is repeated.",
	"cannotDisseminateFormat": "The metadata format identified by the value given for the metadataPrefix argument is not supported by the item or by the repository.",
	"idDoesNotExist":          "The value of the identifier argument is unknown or illegal in this repository.",
	"noRecordsMatch":          "The combination of the values of the from, until, set and metadataPrefix arguments results in an empty list.",
}

// oaiParams are parameters in the order in which the server notes them.
type oaiParams [][2]string

func (p oaiParams) get(name string) string {
	for _, pair := range p {
		if pair[0] == name {
			return pair[1]
		}
	}
	return ""
}

func (p oaiParams) with(name, value string) oaiParams {
	p = slices.Clone(p)
	for i := range p {
		if p[i][0] == name {
			p[i][1] = value
			return p
		}
	}
	return append(p, [2]string{name, value})
}

// oai answers a request of the protocol, by GET or POST (oaipmh/requests/routes.py).
func (s *Server) oai(r *http.Request, form string, now time.Time) response {
	if r.Method != http.MethodGet && r.Method != http.MethodHead && r.Method != http.MethodPost {
		return page(http.StatusMethodNotAllowed, "text/html; charset=utf-8",
			htmlPage("405 Method Not Allowed", "GET and POST are allowed."))
	}
	values := params(r, form)
	var m markup
	m.oaiHead(now)
	if err := s.oaiVerb(&m, values, now); err != nil {
		m.Reset()
		m.oaiHead(now)
		m.request(err.query)
		m.WriteString(
			"    <error code='" + err.code + "'>" + jinjaText.Replace(
				oaiDescriptions[err.code]+" Reason: "+xmlSafe(err.reason),
			) + "</error>\n",
		)
	}
	m.WriteString("</OAI-PMH>")
	return page(http.StatusOK, "text/xml; charset=utf-8", m.String())
}

func (s *Server) oaiVerb(m *markup, values url.Values, now time.Time) *oaiError {
	for _, list := range values {
		if len(list) > 1 {
			return &oaiError{code: "badArgument", reason: "Duplicate parameters not allowed"}
		}
	}
	switch verb := values.Get("verb"); verb {
	case "Identify":
		if len(values) > 1 {
			return &oaiError{code: "badArgument", reason: "No other parameters allowed for Identify"}
		}
		m.identify()
	case "ListMetadataFormats":
		return m.listFormats(values)
	case "ListSets":
		return m.listSets(values)
	case "GetRecord":
		return s.getRecord(m, values, now)
	case "ListRecords", "ListIdentifiers":
		return s.list(m, values, now)
	default:
		return &oaiError{code: "badVerb", reason: "Invalid verb provided"}
	}
	return nil
}

// only tells whether no other parameters are given than these.
func only(values url.Values, names ...string) bool {
	for name := range values {
		if !slices.Contains(names, name) {
			return false
		}
	}
	return true
}

// oaiIdentifier takes an identifier apart (param_processing.py, process_identifier).
func oaiIdentifier(s string) (string, *oaiError) {
	rest, ok := strings.CutPrefix(s, "oai:arXiv.org:")
	if !ok {
		return "", &oaiError{code: "idDoesNotExist", reason: "All identifiers start with: oai:arXiv.org:"}
	}
	id, ok := parseIdentifier(rest)
	if !ok {
		return "", &oaiError{code: "idDoesNotExist", reason: "Invalid arXiv_id structure"}
	}
	return id.base, nil // a version is accepted and ignored, whether it exists or not
}

func (s *Server) getRecord(m *markup, values url.Values, now time.Time) *oaiError {
	if len(values) != 3 || !values.Has("identifier") || !values.Has("metadataPrefix") {
		return &oaiError{code: "badArgument",
			reason: "Parameters provided did not match expected. Expected: identifier, metadataPrefix, verb"}
	}
	id, failed := oaiIdentifier(values.Get("identifier"))
	if failed != nil {
		return failed
	}
	query := oaiParams{{"verb", "GetRecord"}, {"identifier", values.Get("identifier")}}
	format := values.Get("metadataPrefix")
	if !slices.Contains(formats, format) {
		return &oaiError{code: "cannotDisseminateFormat", reason: "Did not recognize requested format", query: query}
	}
	query = query.with("metadataPrefix", format)
	e, ok := s.archive.find(id, now)
	if !ok {
		return &oaiError{code: "idDoesNotExist", reason: "Nothing found for this ID", query: query}
	}
	m.request(query)
	m.WriteString("    <GetRecord>\n")
	m.record(e, format)
	m.WriteString("    </GetRecord>\n")
	return nil
}

// selection is a checked list request.
type selection struct {
	query   oaiParams // as noted by the server, and shown in <request>
	format  string
	from    time.Time
	until   time.Time // the last second
	matches func(categories []string) bool
	skip    int
	token   string // the token asked with; empty at the start of a chain
}

// list answers ListRecords and ListIdentifiers (data_queries.py, fetch_list.py).
func (s *Server) list(m *markup, values url.Values, now time.Time) *oaiError {
	sel, failed := parseSelection(values, now)
	if failed != nil {
		return failed
	}
	rows := s.archive.all(now)
	rows = slices.DeleteFunc(rows, func(e edition) bool {
		return e.touched.Before(sel.from) || e.touched.After(sel.until) || sel.matches != nil && !sel.matches(e.categories)
	})
	slices.SortFunc(rows, func(a, b edition) int { return cmp.Or(a.touched.Compare(b.touched), cmp.Compare(a.id, b.id)) })
	if sel.skip >= len(rows) {
		return &oaiError{code: "noRecordsMatch", reason: "No records match for these parameters", query: sel.query}
	}
	rows = rows[sel.skip:]
	verb := sel.query.get("verb")
	limit := cmp.Or(s.pageSize, recordsPage)
	if verb == "ListIdentifiers" {
		limit = cmp.Or(s.pageSize, identifiersPage)
	}
	next := ""
	if len(rows) > limit {
		sel, next = sel.resume(rows, limit)
		rows = rows[:limit]
	}
	slices.SortFunc(rows, func(a, b edition) int { return cmp.Or(cmp.Compare(a.day(), b.day()), cmp.Compare(a.id, b.id)) })
	if sel.token != "" {
		m.tokenRequest(verb, sel.token)
	} else {
		m.request(sel.query)
	}
	m.WriteString("    <" + verb + ">\n")
	for _, e := range rows {
		if verb == "ListIdentifiers" {
			m.header(e, e.categories)
		} else {
			m.record(e, sel.format)
		}
	}
	if next != "" {
		midnight := now.Truncate(24*time.Hour).AddDate(0, 0, 1)
		m.WriteString(
			"        <resumptionToken expirationDate='" + midnight.Format(
				atomTime,
			) + "'>" + jinjaText.Replace(
				next,
			) + "</resumptionToken>\n",
		)
	} else if sel.token != "" {
		m.WriteString("        <resumptionToken/>\n")
	}
	m.WriteString("    </" + verb + ">\n")
	return nil
}

func (e edition) day() string { return e.touched.UTC().Format(time.DateOnly) }

// resume makes the token for what follows the first limit rows. It starts at the day of the first row left out and skips
// what the page has of that day, so that a token explains itself; only a page within one day counts on. The server notes
// the new date in the request it shows, too (fetch_list.py).
func (sel selection) resume(rows []edition, limit int) (selection, string) {
	skip, last := 0, rows[limit].day()
	if rows[0].day() == last {
		skip = sel.skip + limit
	} else {
		for _, e := range rows[:limit] {
			if e.day() == last {
				skip++
			}
		}
		sel.query = sel.query.with("from", last)
	}
	var pairs []string
	for _, pair := range sel.query {
		pairs = append(pairs, pair[0]+"="+url.QueryEscape(pair[1]))
	}
	pairs = append(pairs, "skip="+strconv.Itoa(skip))
	return sel, url.QueryEscape(strings.Join(pairs, "&"))
}

var (
	oaiDate  = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	earliest = time.Date(2005, 9, 16, 0, 0, 0, 0, time.UTC)
)

// parseSelection checks in the order of data_queries.py, list_data.
func parseSelection(values url.Values, now time.Time) (selection, *oaiError) {
	bad := func(reason string) (selection, *oaiError) {
		return selection{}, &oaiError{code: "badArgument", reason: reason}
	}
	sel := selection{query: oaiParams{{"verb", values.Get("verb")}}}
	if values.Has("resumptionToken") {
		if len(values) != 2 {
			return bad("No other paramters allowed with resumptionToken") // its spelling
		}
		sel.token = values.Get("resumptionToken")
		var failed *oaiError
		if values, sel.skip, failed = parseToken(sel.token, values.Get("verb")); failed != nil {
			return selection{}, failed
		}
	}
	if !values.Has("metadataPrefix") {
		return bad("metadataPrefix required.")
	}
	if !only(values, "verb", "metadataPrefix", "from", "until", "set") {
		return bad("Unallowed parameter. Allowed parameters: verb, metadataPrefix, from, until, set")
	}
	sel.format = values.Get("metadataPrefix")
	if !slices.Contains(formats, sel.format) {
		return selection{}, &oaiError{code: "cannotDisseminateFormat", reason: "Did not recognize requested format", query: sel.query}
	}
	sel.query = sel.query.with("metadataPrefix", sel.format)
	sel.from, sel.until = earliest, now.Truncate(24*time.Hour).Add(24*time.Hour-time.Second)
	for _, end := range []struct {
		name string
		to   *time.Time
		add  time.Duration
	}{{"from", &sel.from, 0}, {"until", &sel.until, 24*time.Hour - time.Second}} {
		value := values.Get(end.name)
		if value == "" {
			continue
		}
		day, err := time.Parse(time.DateOnly, value)
		if err != nil || !oaiDate.MatchString(value) {
			return bad(end.name + " date format must be YYYY-MM-DD")
		}
		*end.to = day.Add(end.add)
		sel.query = sel.query.with(end.name, value)
	}
	if spec := values.Get("set"); spec != "" {
		var reason string
		if sel.matches, reason = setMatcher(spec); reason != "" {
			return bad(reason)
		}
		sel.query = sel.query.with("set", spec)
	}
	switch {
	case sel.from.After(sel.until):
		return bad("until date must be greater than or equal to from date")
	case sel.from.Before(earliest):
		return bad("start date too early")
	case sel.until.After(now.Add(24 * time.Hour)):
		return bad("until date too late")
	}
	return sel, nil
}

// parseToken reads a resumption token, escaped once more or not (resume.py). Nothing in it is secret or expires.
func parseToken(token, verb string) (url.Values, int, *oaiError) {
	invalid := &oaiError{code: "badResumptionToken", reason: "Token decoding failed or format is invalid."}
	plain, err := url.PathUnescape(token)
	if err != nil {
		return nil, 0, invalid
	}
	values, err := url.ParseQuery(plain)
	if err != nil {
		return nil, 0, invalid
	}
	skip, err := strconv.Atoi(values.Get("skip"))
	if err != nil || skip < 0 || !values.Has("verb") {
		return nil, 0, invalid
	}
	values.Del("skip")
	if values.Get("verb") != verb {
		return nil, 0, &oaiError{code: "badResumptionToken", reason: "token from different verb",
			query: oaiParams{{"verb", verb}, {"resumptionToken", token}}}
	}
	return values, skip, nil
}

func (m *markup) oaiHead(now time.Time) {
	m.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" ` + `
         xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
         xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">
    <responseDate>` + now.Format(atomTime) + "</responseDate>\n")
}

// request repeats what was asked; errors that do not know what was asked repeat nothing.
func (m *markup) request(query oaiParams) {
	m.WriteString("    <request")
	for _, pair := range query {
		fmt.Fprintf(m, ` %s="%s"`, pair[0], jinjaText.Replace(xmlSafe(pair[1])))
	}
	m.WriteString(">" + oaiBase + "</request>\n")
}

func (m *markup) tokenRequest(verb, token string) {
	fmt.Fprintf(m, "    <request verb='%s' resumptionToken='%s'>%s</request>\n", verb, jinjaText.Replace(xmlSafe(token)), oaiBase)
}
