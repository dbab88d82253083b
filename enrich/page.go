package enrich

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"mime"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"syncer/arxiv"
)

// Page is what is kept of a page in place of a copy: some hundred bytes that tell whether it is still the same, about how
// much of it is, and what it calls itself.
type Page struct {
	Type         string `json:",omitempty"` // media type, "text/html"
	Length       int64  // as the server says; -1 when it does not
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
			switch name {
			case "script", "style", "template":
				within = name
				if end {
					within = ""
				}
				if name == "script" && !end {
					scripts++
				}
			case "title":
				inTitle = !end && len(title.text) == 0
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

// HasFragment says whether the page has the place that a URL's fragment names; known is false where that cannot be told:
// the page was not read whole, is no HTML, or writes itself by script, or the fragment is none of HTML's.
func (p *Page) HasFragment(fragment string) (has, known bool) {
	switch {
	case p == nil || p.ids == nil || p.Cut || p.Script || !p.IsHTML():
		return false, false
	case fragment == "" || strings.EqualFold(fragment, "top"), strings.ContainsAny(fragment, "!/=:~?&,"):
		return true, false // "#!/route", "#/route", "#page=2", "#:~:text=…": read by scripts and viewers, not by HTML
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

// Sketch is a set of hashes, ascending.
type Sketch []uint32

// MarshalText keeps a sketch in a JSON string of a third of the length that a list of numbers has.
func (s Sketch) MarshalText() ([]byte, error) {
	raw := make([]byte, 0, 4*len(s))
	for _, h := range s {
		raw = binary.BigEndian.AppendUint32(raw, h)
	}
	return base64.RawStdEncoding.AppendEncode(nil, raw), nil
}

// UnmarshalText reads what MarshalText has written.
func (s *Sketch) UnmarshalText(text []byte) error {
	raw, err := base64.RawStdEncoding.AppendDecode(nil, text)
	if err != nil || len(raw)%4 != 0 {
		return fmt.Errorf("sketch %q is damaged", text)
	}
	*s = make(Sketch, 0, len(raw)/4)
	for ; len(raw) > 0; raw = raw[4:] {
		*s = append(*s, binary.BigEndian.Uint32(raw))
	}
	return nil
}

// wordReader hashes the words of a text as they come by: nothing is kept of it but its start.
type wordReader struct {
	start  textStart
	text   uint64
	masked uint64
	words  int
	last   [2]uint64 // the masked words before
	sketch Sketch
}

const (
	hashSeed  = 14695981039346656037 // FNV-1a (RFC 9923 section 5)
	hashPrime = 1099511628211
	maskWord  = 0x9e3779b97f4a7c15 // what stands for every word with a digit
)

// The classes of bytes in a text. Letters beyond ASCII, in whatever encoding, are told apart in other.
const (
	gapByte = iota
	letterByte
	digitByte
	otherByte
)

var byteClass = func() (class [256]byte) {
	for c := range class {
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z':
			class[c] = letterByte
		case c >= '0' && c <= '9':
			class[c] = digitByte
		case c >= 0x80:
			class[c] = otherByte
		}
	}
	return class
}()

// write takes in a piece of text; a word ends with it at the latest.
func (w *wordReader) write(raw []byte) {
	w.start.add(raw)
	var h wordHash
	for i := 0; i < len(raw); {
		switch class := byteClass[raw[i]]; class {
		case letterByte, digitByte:
			h.add(raw[i])
			h.digit = h.digit || class == digitByte
			i++
		case otherByte:
			kind, size := beyondASCII(raw[i:])
			if kind != letterByte && h.length > 0 {
				w.word(h.end())
			}
			for _, c := range raw[i : i+size] {
				if kind != gapByte {
					h.add(c)
				}
			}
			if kind == otherByte { // a word of its own
				w.word(h.end())
			}
			i += size
		default:
			if h.length > 0 {
				w.word(h.end())
			}
			i++
		}
	}
	if h.length > 0 {
		w.word(h.end())
	}
}

// beyondASCII reads one character: a letter of a word, a sign between words (gapByte), or a character of a script without
// blanks, which counts as a word of its own (otherByte). Bytes in another encoding than UTF-8 count as letters.
func beyondASCII(raw []byte) (kind byte, size int) {
	r, size := utf8.DecodeRune(raw)
	switch {
	case r == utf8.RuneError && size == 1:
		return letterByte, 1
	case unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul):
		return otherByte, size
	case unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsDigit(r):
		return letterByte, size
	}
	return gapByte, size
}

// wordHash hashes a word eight bytes at a time, without the case of ASCII letters: 0x20 is what tells them apart, digits and
// bytes beyond ASCII lose nothing that matters by it.
type wordHash struct {
	sum, chunk uint64
	shift      uint
	length     int
	digit      bool
}

func (h *wordHash) add(c byte) {
	h.chunk |= uint64(c|0x20) << h.shift
	h.length++
	if h.shift += 8; h.shift == 64 {
		h.sum = mix(h.sum ^ h.chunk)
		h.chunk, h.shift = 0, 0
	}
}

// end gives the hash, and whether the word has a digit, and makes ready for the next word.
func (h *wordHash) end() (sum uint64, digit bool) {
	sum, digit = mix(h.sum^h.chunk^uint64(h.length)<<56^hashSeed), h.digit
	*h = wordHash{}
	return sum, digit
}

// word takes in a word by its hash.
func (w *wordReader) word(word uint64, digit bool) {
	w.text = (w.text ^ word) * hashPrime
	if digit {
		word = maskWord
	} else {
		w.masked = (w.masked ^ word) * hashPrime
	}
	if w.words >= 2 {
		w.shingle((w.last[0]*hashPrime + w.last[1]*maskWord + word) * hashPrime) // words are mixed already
	}
	w.last[0], w.last[1] = w.last[1], word
	w.words++
}

// mix spreads the bits of a hash (the finaliser of SplitMix64).
func mix(h uint64) uint64 {
	h = (h ^ h>>30) * 0xbf58476d1ce4e5b9
	h = (h ^ h>>27) * 0x94d049bb133111eb
	return h ^ h>>31
}

// shingle keeps the smallest hashes, each once.
func (w *wordReader) shingle(h uint64) {
	v := uint32(h >> 32)
	if n := len(w.sketch); n == sketchSize && v >= w.sketch[n-1] {
		return
	}
	if i, found := slices.BinarySearch(w.sketch, v); !found {
		w.sketch = slices.Insert(w.sketch, i, v)
		w.sketch = w.sketch[:min(len(w.sketch), sketchSize)]
	}
}

func (w *wordReader) finish(p *Page) {
	p.Text, p.Masked, p.Words, p.Sketch = w.text, w.masked, w.words, w.sketch
}

// hashBytes is FNV-1a over a file's beginning.
func hashBytes(body []byte) uint64 {
	h := uint64(hashSeed)
	for _, c := range body {
		h = (h ^ uint64(c)) * hashPrime
	}
	return h
}

// apologyWords is how few words a page has that only says it is sorry, or up for sale; a challenge has even fewer.
const apologyWords, challengeWords = 400, 150

// judgeWords looks at what a page calls itself.
func (p *Page) judgeWords(title, headline, start string) {
	says := phrasesIn(arxiv.Key(title))
	p.Apology = (says|phrasesIn(arxiv.Key(headline)))&apology != 0
	p.Parked = says&offer != 0
	challenged := says&challenge != 0
	if p.Words < apologyWords {
		says = phrasesIn(arxiv.Key(strings.ToValidUTF8(html.UnescapeString(start), " ")))
		p.Apology = p.Apology || says&apology != 0
		p.Parked = p.Parked || says&offer != 0
		challenged = challenged || says&challenge != 0 && p.Words < challengeWords
	}
	if challenged {
		p.Barrier = "challenge page"
	}
}

// What a phrase is a sign of.
const (
	apology = 1 << iota
	challenge
	offer
)

// The phrases are as arxiv.Key gives them: lower case, without accents and punctuation.
var phrases = map[int][]string{
	apology: {"404", "not found", "cannot be found", "cant be found", "could not be found", "couldnt be found", "cannot find", "cant find", "could not find", "couldnt find",
		"does not exist", "doesnt exist", "no longer exists", "no longer available", "page unavailable", "page has been removed", "nicht gefunden", "existiert nicht",
		"introuvable", "nexiste pas", "no encontrada", "no existe", "nao encontrada", "non trovata", "niet gevonden", "не найдена", "не существует",
		"找不到", "不存在", "見つかりません", "찾을 수 없습니다"},
	challenge: {"just a moment", "attention required cloudflare", "checking your browser", "verify you are human", "verifying you are human", "are you a robot", "are you a human",
		"not a robot", "unusual traffic", "ddos protection by", "ddos guard", "pardon our interruption", "security verification", "one more step",
		"enable javascript and cookies to continue", "access to this page has been denied", "making sure youre not a bot", "captcha"},
	offer: {"domain is for sale", "domain name is for sale", "domain may be for sale", "buy this domain", "domain is parked", "parked free", "parked domain",
		"this domain has expired", "domain for sale", "inquire about this domain", "domain steht zum verkauf", "ce domaine est a vendre"},
}

type phrase struct {
	text string
	sign int
}

// byFirstWord has the phrases of scripts with blanks by their first words, unbroken the others.
var byFirstWord, unbroken = func() (map[string][]phrase, []phrase) {
	byFirst, others := map[string][]phrase{}, []phrase(nil)
	for sign, texts := range phrases {
		for _, text := range texts {
			if r, _ := utf8.DecodeRuneInString(text); r >= firstIdeograph {
				others = append(others, phrase{text, sign})
				continue
			}
			first, _, _ := strings.Cut(text, " ")
			byFirst[first] = append(byFirst[first], phrase{text, sign})
		}
	}
	return byFirst, others
}()

// firstIdeograph is the first character of the scripts without blanks between words.
const firstIdeograph = 0x2e80

// phrasesIn says of what a text, as arxiv.Key gives it, has signs.
func phrasesIn(text string) (signs int) {
	for rest := text; rest != ""; {
		word, behind, _ := strings.Cut(rest, " ")
		for _, p := range byFirstWord[word] {
			if after, ok := strings.CutPrefix(rest, p.text); ok && (after == "" || after[0] == ' ') {
				signs |= p.sign
			}
		}
		rest = behind
	}
	for _, p := range unbroken {
		if strings.Contains(text, p.text) {
			signs |= p.sign
		}
	}
	return signs
}
