package link

import (
	"bytes"
	"mime"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"
)

// Page is what is kept of a page in place of a copy: some hundred bytes that tell whether it is still the same, about how
// much of it is, and what it calls itself.
type Page struct {
	Type         string `json:",omitempty"` // media type, "text/html"
	Length       int64  // in bytes, as Content-Length says; -1 when it does not, or the answer came compressed
	ETag         string `json:",omitempty"`
	LastModified string `json:",omitempty"`
	Title        string `json:",omitempty"`
	// Text is a hash of all words; Masked of all but those with a digit in them. Dates, counters, nonces and visitor
	// numbers change on every answer: masking them made all of 120 pages with such noise equal, and hid none of 60
	// one-sentence edits. For a file that is no text, Text is a hash of its first bytes and Masked is 0.
	Text, Masked uint64
	Words        int  `json:",omitempty"`
	Cut          bool `json:",omitempty"` // only the beginning was read
	// Sketch is the bottom-k sketch of the masked three-word shingles (Broder 1997): the smallest of their hashes,
	// ascending. The overlap of two sketches estimates the share of shingles that two pages have in common.
	Sketch Sketch `json:",omitempty"`
	// Apology is set when title, headline or first words speak of a page that was not found. Alone it proves nothing: the
	// specification of HTTP does so too.
	Apology bool `json:",omitempty"`
	// Script is set when the page has hardly any words and a script that would write them.
	Script bool `json:",omitempty"`
	// Barrier is what the page itself says keeps programs out: "challenge page".
	Barrier string `json:",omitempty"`
	// Parked is set when the page offers its own domain for sale.
	Parked bool `json:",omitempty"`
	ids    map[string]bool
}

// sketchSize gives similarities within a tenth: the error of an estimate s is about sqrt(s(1-s)/k).
const sketchSize = 32

// maxTitle bounds what is kept of a title, in bytes.
const maxTitle = 200

// NewPage reads a page. contentType is the header's value, cut whether body is only the beginning of the page; with ids the
// places that a fragment can name are kept, for HasFragment.
func NewPage(contentType string, length int64, body []byte, cut, ids bool) *Page {
	media, _, err := mime.ParseMediaType(contentType)
	if err != nil {
		media, _, _ = strings.Cut(contentType, ";")
		media = strings.ToLower(strings.TrimSpace(media))
	}
	p := &Page{Type: media, Length: length, Cut: cut}
	if media == "" {
		p.Type = sniffType(body)
	}
	switch {
	case p.IsHTML():
		if ids {
			p.ids = map[string]bool{}
		}
		p.readHTML(contentType, body)
	case IsText(p.Type):
		var w wordReader
		w.write(body)
		w.finish(p)
	default:
		p.Text = hashBytes(body)
	}
	return p
}

// IsHTML says whether the page is one that has a title, a text and links.
func (p *Page) IsHTML() bool { return p.Type == "text/html" || p.Type == "application/xhtml+xml" }

// IsText says whether files of a media type consist of words.
func IsText(media string) bool {
	return strings.HasPrefix(media, "text/") || strings.HasSuffix(media, "+xml") || strings.HasSuffix(media, "+json") ||
		slices.Contains([]string{"application/json", "application/xml", "application/javascript"}, media)
}

// sniffType tells HTML and PDF apart where a server does not.
func sniffType(body []byte) string {
	head := bytes.ToLower(bytes.TrimSpace(body[:min(len(body), 512)]))
	switch {
	case bytes.HasPrefix(head, []byte("%pdf")):
		return "application/pdf"
	case bytes.HasPrefix(head, []byte("<")):
		return "text/html"
	case utf8.Valid(body) && bytes.IndexByte(body, 0) < 0:
		return "text/plain"
	}
	return "application/octet-stream"
}

// readHTML takes the words that a reader sees, the title and what else tells what kind of page it is.
func (p *Page) readHTML(contentType string, body []byte) {
	var w wordReader
	var title, head textStart
	scripts, appRoot := 0, false
	within, inTitle, headline := "", false, 0
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		token := z.Next()
		switch token {
		case html.ErrorToken:
			p.Title = decodeTitle(title.text, contentType, body)
			w.finish(p)
			p.Script = scripts > 0 && p.Words < scriptWords || appRoot && p.Words < appWords
			p.judgeWords(p.Title, string(head.text), string(w.start.text))
			return
		case html.TextToken:
			switch {
			case within == "script" || within == "style" || within == "template":
			case inTitle:
				title.add(z.Raw())
			default:
				if headline > 0 {
					head.add(z.Raw())
				}
				w.write(z.Raw())
			}
		case html.StartTagToken, html.SelfClosingTagToken, html.EndTagToken:
			raw, more := z.TagName()
			name := tagName(raw)
			end := token == html.EndTagToken
			closed := token == html.SelfClosingTagToken && p.Type == "application/xhtml+xml" // <script/> is whole in XML, and open in HTML
			if closed {
				z.NextIsNotRawText()
			}
			switch name {
			case "script", "style", "template":
				within = name
				if end || closed {
					within = ""
				}
				if name == "script" && !end {
					scripts++
				}
			case "title":
				inTitle = !end && !closed && len(title.text) == 0
			case "h1", "h2":
				if end {
					headline = max(headline-1, 0)
				} else {
					headline++
				}
			}
			for more && !end {
				var key, value []byte
				key, value, more = z.TagAttr()
				if string(key) == "id" || string(key) == "name" {
					appRoot = appRoot || string(key) == "id" && isAppRoot(string(value))
					if p.ids != nil {
						p.ids[string(value)] = true
					}
				}
			}
		}
	}
}

// tagName gives the names that matter without an allocation for each tag.
func tagName(raw []byte) string {
	switch string(raw) {
	case "script":
		return "script"
	case "style":
		return "style"
	case "template":
		return "template"
	case "title":
		return "title"
	case "h1":
		return "h1"
	case "h2":
		return "h2"
	}
	return ""
}

// scriptWords is how few words a page has that a script has yet to write; one made for a script, with menus and notices
// around the place that it fills, may have appWords.
const scriptWords, appWords = 40, 300

// isAppRoot knows the elements into which the common frameworks write a page.
func isAppRoot(id string) bool {
	switch id {
	case "root", "app", "__next", "__nuxt", "react-root", "ember-app", "gatsby", "___gatsby", "main-app", "svelte":
		return true
	}
	return false
}

// lineFragment are the lines of a file in a viewer of source code.
var lineFragment = regexp.MustCompile(`^L\d+(?:C\d+)?(?:-L?\d+(?:C\d+)?)?$`)

// HasFragment says whether the page has the place that a URL's fragment names; known is false where that cannot be told:
// the page was not read whole, is no HTML, or writes itself by script, or the fragment is none of HTML's.
func (p *Page) HasFragment(fragment string) (has, known bool) {
	switch {
	case p == nil || p.ids == nil || p.Cut || p.Script || !p.IsHTML():
		return false, false
	case fragment == "" || strings.EqualFold(fragment, "top"),
		strings.ContainsAny(fragment, "!/=:~?&,"),
		lineFragment.MatchString(fragment):
		return true, false // "#!/route", "#/route", "#page=2", "#:~:text=…", "#L10-L20": read by scripts and viewers, not by HTML
	}
	// GitHub and its kin write the places of a text as user-content-NAME and find them by script.
	return p.ids[fragment] || p.ids["user-content-"+fragment], true
}

// decodeTitle gives a title in UTF-8 and one line.
func decodeTitle(raw []byte, contentType string, body []byte) string {
	if !utf8.Valid(raw) {
		encoding, _, _ := charset.DetermineEncoding(body, contentType)
		if decoded, err := encoding.NewDecoder().Bytes(raw); err == nil {
			raw = decoded
		}
	}
	title := strings.Join(strings.Fields(strings.ToValidUTF8(html.UnescapeString(string(raw)), "\ufffd")), " ")
	if len(title) > maxTitle {
		title = strings.ToValidUTF8(title[:maxTitle], "")
	}
	return strings.TrimSpace(title)
}

// textStart keeps the beginning of a text.
type textStart struct{ text []byte }

// maxStart is how much of it, in bytes.
const maxStart = 600

func (t *textStart) add(raw []byte) {
	if room := maxStart - len(t.text); room > 0 {
		t.text = append(append(t.text, raw[:min(len(raw), room)]...), ' ')
	}
}
