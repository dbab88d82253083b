package replica

import (
	"bytes"
	"fmt"
	"html"
	"net/http"
	"strings"
	"time"
)

// robots is what arXiv asks of crawlers: pages yes, interfaces no, one request in 15 seconds.
const robots = `User-agent: *
Crawl-delay: 15
Allow: /abs
Allow: /pdf
Allow: /html
Allow: /list
Allow: /archive
Allow: /year
Allow: /catchup
Disallow: /api
Disallow: /oai2
Disallow: /e-print
Disallow: /src
Disallow: /ps
Disallow: /dvi
Disallow: /format
Disallow: /search
Disallow: /find
Disallow: /user
Disallow: /auth
`

// linkTarget answers for the pages that reading lists link to, as arXiv/arxiv-browse does (browse/routes/dissemination.py,
// browse/controllers/abs_page.py, browse/controllers/files).
func (s *Server) linkTarget(r *http.Request, now time.Time) response {
	kind, name, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
	switch kind {
	case "abs", "pdf", "html", "src":
	default:
		return notFound("404 Not Found", "There is no such page.")
	}
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		return page(http.StatusMethodNotAllowed, "text/html; charset=utf-8",
			htmlPage("405 Method Not Allowed", "GET and HEAD are allowed."))
	}
	if kind == "abs" {
		name = legacyName(r, name)
	}
	id, ok := parseIdentifier(name)
	if !ok {
		return notFound("404 Not Found", fmt.Sprintf("Article identifier '%s' not recognized", name))
	}
	canonical := "/" + kind + "/" + id.String()
	if r.URL.Path != canonical || kind == "pdf" && (r.URL.RawQuery != "" || r.URL.ForceQuery) {
		return redirect(canonical)
	}
	e, ok := s.archive.find(id.base, now)
	if !ok {
		if s.archive.deleted(id.base, now) {
			return notFound("Article "+id.base+" deleted", "Article "+id.base+" is recorded as having been deleted.")
		}
		return notFound("404 Not Found", "Article "+id.base+" not found")
	}
	version, ok := e.version(id.version)
	if !ok {
		return notFound("404 Not Found", fmt.Sprintf("Article %s version %d not found", id.base, id.version))
	}
	var answer response
	switch kind {
	case "abs":
		answer = absPage(e, version)
	case "pdf":
		answer = pdfFile(e, version)
	case "html":
		answer = htmlFile(e, version)
	case "src":
		answer = sourceFile(e, version)
	}
	return conditional(r, answer)
}

// legacyName reads the two old ways to ask for an abstract: /abs?id=X and /abs/hep-th?papernum=9901001.
func legacyName(r *http.Request, name string) string {
	query := r.URL.Query()
	switch {
	case name == "" && query.Has("id"):
		return query.Get("id")
	case query.Has("papernum"):
		return name + "/" + query.Get("papernum")
	}
	return name
}

func absPage(e edition, v Version) response {
	text := e.abstract(v)
	if v.isWithdrawn() {
		text += " " + v.Comment
	}
	answer := page(http.StatusOK, "text/html; charset=utf-8", htmlPage(fmt.Sprintf("[%s] %s", e.id, v.Title), text))
	answer.header.Set("Cache-Control", "max-age=3600")
	answer.header.Set("Last-Modified", e.touched.UTC().Format(http.TimeFormat))
	return answer
}

func pdfFile(e edition, v Version) response {
	name := versioned(e.id, v.Version)
	switch {
	case v.isWithdrawn():
		return notFound("PDF unavailable for "+e.id, "This version of "+e.id+" has been withdrawn and is unavailable.")
	case v.PDF == "none" || strings.ContainsAny(v.SourceType, "HX"):
		return notFound("No PDF for "+name, "The author has provided no source to generate a PDF, and no PDF.")
	case v.PDF == "unavailable": // for ever: the edge caches this for a year
		return page(http.StatusInternalServerError, "text/html; charset=utf-8",
			htmlPage("File unavailable for "+name, "The file is unavailable."))
	}
	answer := page(http.StatusOK, "application/pdf", onePagePDF("Stand-in for "+name+", written by the replica."))
	answer.chunked = true
	answer.header.Set("ETag", fmt.Sprintf(`"%08x"`, scatter(name)))
	answer.header.Set("Last-Modified", v.Submitted.UTC().Format(http.TimeFormat))
	answer.header.Set("Accept-Ranges", "bytes")
	return answer
}

func htmlFile(e edition, v Version) response {
	if v.isWithdrawn() || !strings.Contains(v.SourceType, "H") {
		return notFound("No HTML for "+versioned(e.id, v.Version), "There is no HTML version of this paper.")
	}
	return page(http.StatusOK, "text/html; charset=utf-8", htmlPage(v.Title, e.abstract(v)))
}

func sourceFile(e edition, v Version) response {
	switch {
	case strings.Contains(v.SourceType, "S"):
		return page(http.StatusForbidden, "text/html; charset=utf-8", htmlPage("403 Forbidden", "The source of this paper is not public."))
	case v.isWithdrawn():
		return notFound("Source unavailable", "This version of "+e.id+" has been withdrawn.")
	}
	return page(http.StatusOK, "text/plain; charset=utf-8", e.abstract(v)+"\n")
}

// conditional turns an answer that the client has already into a 304.
func conditional(r *http.Request, answer response) response {
	if answer.status != http.StatusOK {
		return answer
	}
	known := false
	if tag := r.Header.Get("If-None-Match"); tag != "" {
		known = answer.header.Get("ETag") != "" && strings.TrimPrefix(tag, "W/") == answer.header.Get("ETag")
	} else if since, err := http.ParseTime(r.Header.Get("If-Modified-Since")); err == nil {
		modified, err := http.ParseTime(answer.header.Get("Last-Modified"))
		known = err == nil && !modified.After(since)
	}
	if known {
		answer.status, answer.body = http.StatusNotModified, nil
		answer.header.Del("Content-Type")
	}
	return answer
}

func notFound(title, text string) response {
	return page(http.StatusNotFound, "text/html; charset=utf-8", htmlPage(title, text))
}

func htmlPage(title, text string) string {
	return "<!DOCTYPE html>\n<html lang=\"en\"><head><title>" + html.EscapeString(title) + "</title></head><body><h1>" +
		html.EscapeString(title) + "</h1><p>" + html.EscapeString(text) + "</p></body></html>\n"
}

// onePagePDF is the smallest file that PDF readers open: five objects and their offsets (PDF 1.4, 3.4). The text must be
// free of parentheses and backslashes.
func onePagePDF(text string) string {
	content := "BT /F1 12 Tf 72 720 Td (" + text + ") Tj ET"
	objects := []string{
		"<< /Type /Catalog /Pages 2 0 R >>",
		"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
		"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
		fmt.Sprintf("<< /Length %d >>\nstream\n%s\nendstream", len(content), content),
		"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
	}
	var file, table bytes.Buffer
	file.WriteString("%PDF-1.4\n")
	for i, object := range objects {
		fmt.Fprintf(&table, "%010d 00000 n \n", file.Len())
		fmt.Fprintf(&file, "%d 0 obj\n%s\nendobj\n", i+1, object)
	}
	start := file.Len()
	fmt.Fprintf(&file, "xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n",
		len(objects)+1, table.String(), len(objects)+1, start)
	return file.String()
}
