package arxiv

import (
	"regexp"
	"strings"
)

// MentionKind says in which form a text names a paper, and so how sure one can be that it does.
type MentionKind int

// The kinds. All but MentionBare are identifiers wherever they stand; a bare number needs a hint around it.
const (
	MentionURL      MentionKind = iota // https://arxiv.org/abs/1706.03762
	MentionDOI                         // 10.48550/arXiv.1706.03762
	MentionPrefixed                    // arXiv:1706.03762, arXiv preprint 1706.03762
	MentionOldStyle                    // hep-th/9901001
	MentionBare                        // 1706.03762
)

// Mention is one identifier in a running text. With Err set, the text plainly means an identifier that cannot be one.
type Mention struct {
	Start, End int // bytes
	ID         ID
	Version    int
	Kind       MentionKind
	Err        error
}

// mention finds, leftmost first, everything that may name a paper, and whole URLs, so that numbers inside the URLs of
// others are passed over. RE2 keeps it linear.
var mention = regexp.MustCompile(`(?i)` +
	`(https?://[^\s<>"{}|\\^` + "`" + `]+)` +
	`|((?:doi:\s*|(?:dx\.)?doi\.org/)?10\.\d{4,9}/[^\s<>"{}|\\^` + "`" + `]+)` +
	`|((?:[a-z0-9-]+\.)+(?:org|com|io|net|co)/[^\s<>"{}|\\^` + "`" + `]+)` +
	`|(\barxiv(?:\s+(?:e-?prints?|preprints?|abs))?[\s:]*(?:\[?\s*|(?:e-?prints?|preprints?)\s+arxiv[\s:]*)(?:abs/)?)((?:[a-z-]+(?:\.[a-z-]{2,})?/)?\d{3,}(?:\.\d+)?(?:v\d+)?)` +
	`|\b((?:[a-z]+(?:-[a-z]+)?)(?:\.[a-z-]{2,})?/\d{7}(?:v\d+)?)` +
	`|(\d{4}\.\d{4,5}(?:v\d+)?)`)

// Find gives the identifiers in a running text, in order and without overlap.
func Find(text string) []Mention {
	var found []Mention
	for _, m := range mention.FindAllStringSubmatchIndex(text, -1) {
		group := func(n int) (string, int, int) {
			if m[2*n] < 0 {
				return "", -1, -1
			}
			return text[m[2*n]:m[2*n+1]], m[2*n], m[2*n+1]
		}
		for n, kind := range map[int]MentionKind{1: MentionURL, 2: MentionDOI, 3: MentionURL} {
			if s, start, _ := group(n); start >= 0 {
				s = trimURL(s)
				if id, v, ok := ParseURL(s); ok {
					found = append(found, Mention{Start: start, End: start + len(s), ID: id, Version: v, Kind: kind})
				}
			}
		}
		if s, _, end := group(5); s != "" {
			_, start, _ := group(4)
			if !boundary(text, start, end) {
				continue
			}
			id, v, err := Parse(s)
			if err != nil && !strings.ContainsAny(s, "./") {
				continue // "arXiv 2023" is a year
			}
			found = append(found, Mention{Start: start, End: end, ID: id, Version: v, Kind: MentionPrefixed, Err: err})
		}
		if s, start, end := group(6); s != "" && boundary(text, start, end) {
			if id, v, err := Parse(s); err == nil && knownArchive(id) {
				found = append(found, Mention{Start: start, End: end, ID: id, Version: v, Kind: MentionOldStyle})
			}
		}
		if s, start, end := group(7); s != "" && boundary(text, start, end) {
			if id, v, err := Parse(s); err == nil {
				found = append(found, Mention{Start: start, End: end, ID: id, Version: v, Kind: MentionBare})
			}
		}
	}
	return found
}

// trimURL drops the punctuation of the sentence around a URL, and closing brackets that it did not open.
func trimURL(s string) string {
	for s != "" {
		last := s[len(s)-1]
		switch {
		case strings.IndexByte(`.,;:!?'*_`, last) >= 0,
			last == ')' && strings.Count(s, "(") < strings.Count(s, ")"),
			last == ']' && strings.Count(s, "[") < strings.Count(s, "]"):
			s = s[:len(s)-1]
		default:
			return s
		}
	}
	return s
}

// boundary says whether text[start:end] stands alone: no digits, letters or decimal points grow out of it.
func boundary(text string, start, end int) bool {
	if start > 0 {
		c := text[start-1]
		if isWordByte(c) || c == '.' || c == '/' || c == '$' || c == '-' {
			return false
		}
	}
	if end < len(text) {
		c := text[end]
		if isWordByte(c) && c != '_' || c == '%' || c == '.' && end+1 < len(text) && text[end+1] >= '0' && text[end+1] <= '9' {
			return false
		}
	}
	return true
}

func isWordByte(c byte) bool { return isASCIILetter(c) || c >= '0' && c <= '9' || c == '_' }

func knownArchive(id ID) bool {
	archive, _, _ := strings.Cut(string(id), "/")
	_, ok := archives[archive]
	return ok
}
