package arxiv

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// MentionKind says in which form a text names a paper, and so how sure one can be that it does.
type MentionKind int

// The kinds. All but MentionBare are identifiers wherever they stand; a bare number needs a hint around it.
const (
	MentionURL      MentionKind = iota // https://arxiv.org/abs/1706.03762
	MentionDOI                         // 10.48550/arXiv.1706.03762
	MentionPrefixed                    // arXiv:1706.03762, arXiv preprint 1706.03762, CoRR abs/1706.03762 (as DBLP writes)
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

// EndURL are the characters, beside white space and what RFC 3986 allows nowhere, that end a URL in running text: the
// punctuation of scripts that put no blank behind one, and the zero-width blank.
const EndURL = "，。、；：？！（）【】「」『』《》〈〉“”\u200b"

// mention finds, leftmost first, everything that may name a paper, and whole URLs, so that numbers inside the URLs of
// others are passed over. A host's labels may begin with digits, but not with as many as an identifier: else each number of
// a long dotted run would be read twice, as the host of what follows and as itself, and the time grow with the square.
var mention = regexp.MustCompile(`(?i)` +
	`(https?://[^\s<>"{}|\\^` + "`" + `]+)` +
	`|((?:doi:\s*|(?:dx\.)?doi\.org/)?10\.\d{4,9}/[^\s<>"{}|\\^` + "`" + `]+)` +
	`|((?:\d{0,3}[a-z-][a-z0-9-]*\.)+(?:org|com|io|net|co)/[^\s<>"{}|\\^` + "`" + `]+)` +
	`|(\b(?:arxiv(?:\s+(?:e-?prints?|preprints?|abs))?[\s:]*(?:\[?\s*|(?:e-?prints?|preprints?)\s+arxiv[\s:]*)(?:abs/)?|corr,?\s+abs/))((?:[a-z-]+(?:\.[a-z-]{2,})?/)?\d{3,}(?:\.\d+)?(?:v\d+)?)` +
	`|\b((?:[a-z]+(?:-[a-z]+)?)(?:\.[a-z-]{2,})?/\d{7}(?:v\d+)?)` +
	`|(\d{4}\.\d{4,5}(?:v\d+)?)`)

// The groups of the pattern above.
const (
	groupURL = 1 + iota
	groupDOI
	groupSchemeless
	groupPrefix
	groupPrefixed
	groupOldStyle
	groupBare
)

// Find gives the identifiers in a running text, in order and without overlap.
func Find(text string) []Mention {
	var found []Mention
	for start := 0; start < len(text); {
		end, next := len(text), len(text)
		if i := strings.IndexFunc(text[start:], func(r rune) bool {
			return r >= utf8.RuneSelf &&
				strings.ContainsRune(EndURL, r)
		}); i >= 0 {
			end = start + i
			_, size := utf8.DecodeRuneInString(text[end:])
			next = end + size
		}
		found = findIn(text, start, end, found)
		start = next
	}
	return found
}

// findIn finds the identifiers in a part of a text. None goes over a character that ends a URL; to cut at these first is
// twice as fast as to have them in the pattern.
func findIn(text string, start, end int, found []Mention) []Mention {
	part := text[start:end]
	if !mayMention(part) {
		return found
	}
	for _, groups := range mention.FindAllStringSubmatchIndex(part, -1) {
		for group := groupURL; group <= groupBare; group++ {
			if group == groupPrefix || groups[2*group] < 0 {
				continue
			}
			if m, ok := mentionOf(part, group, groups); ok {
				m.Start, m.End = start+m.Start, start+m.End
				found = append(found, m)
			}
			break
		}
	}
	return found
}

// mayMention is a cheap look for what every mention has: the word arXiv, or digits around a dot, or seven behind a slash.
// Most of a reading list's text has none of them, and the pattern is slow.
func mayMention(text string) bool {
	digits := 0
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c >= '0' && c <= '9':
			digits++
			if digits >= 7 {
				return true
			}
			continue
		case c == '.' && digits >= 4 && i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9':
			return true
		case (c == 'v' || c == 'V') && i >= 4 && strings.EqualFold(text[i-4:i], "arxi"):
			return true
		}
		digits = 0
	}
	return false
}

// notAnID is what stands behind "arXiv" and is none: "arXiv 2023", "arXiv 2023.12".
var notAnID = regexp.MustCompile(`^(?:\d+(?:[vV]\d+)?|(?:19|20)\d{2}\.\d{1,2})$`)

// mentionOf judges one match of the pattern.
func mentionOf(text string, group int, groups []int) (m Mention, ok bool) {
	start, end := groups[2*group], groups[2*group+1]
	var err error
	switch group {
	case groupURL, groupDOI, groupSchemeless:
		m.Kind = MentionURL
		if group == groupDOI {
			m.Kind = MentionDOI
		}
		end = start + len(TrimURL(text[start:end]))
		m.Start, m.End = start, end
		m.ID, m.Version, ok = ParseURL(text[start:end])
		return m, ok
	case groupPrefixed:
		m.Kind = MentionPrefixed
		m.ID, m.Version, err = Parse(text[start:end])
		if err != nil && notAnID.MatchString(text[start:end]) {
			return m, false
		}
		m.Err = err
		start = groups[2*groupPrefix]
	case groupOldStyle:
		m.Kind = MentionOldStyle
		m.ID, m.Version, err = Parse(text[start:end])
		if err != nil || !knownArchive(m.ID) {
			return m, false
		}
	case groupBare:
		m.Kind = MentionBare
		if m.ID, m.Version, err = Parse(text[start:end]); err != nil {
			return m, false
		}
	}
	m.Start, m.End = start, end
	return m, boundary(text, start, end)
}

// TrimURL drops what only stands behind a URL: the punctuation of the sentence, closing brackets that it did not open, and
// the second half of a Markdown link whose text it is: [https://example.org](https://example.org).
func TrimURL(s string) string {
	s, _, _ = strings.Cut(s, "](")
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
