package replica

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// phrase is a parsed search_query: a term, or two phrases and an operator.
type phrase struct {
	op          string // AND, OR, ANDNOT; empty: a term
	left, right *phrase
	field       string
	value       string
	words       []string
	prefix      bool // the last word stands for all words that begin so
}

// badQuery is a search_query that cannot be read; the text is the one that the answer shows.
type badQuery string

func (b badQuery) Error() string { return string(b) }

// maxQuery bounds a search_query in bytes, maxDepth parentheses within parentheses.
const (
	maxQuery = maxURI
	maxDepth = 50
)

// searchFields are the fields of the query API (arxiv-search, search/domain/base.py, Field).
var searchFields = []string{"ti", "au", "abs", "co", "jr", "cat", "rn", "id", "all"}

// parsePhrase reads a search_query as arxiv-search's query_parser.py does: operators from left to right, parentheses,
// quoted phrases, "_" for a blank. Words without field are an error there; the server in use rewrites them to all:word,
// joined by OR, unless raw=1 is given. rewritten is the query as the server shows it.
func parsePhrase(query string, raw bool) (parsed *phrase, rewritten string, err error) {
	if len(query) > maxQuery {
		return nil, "", badQuery("Query is too long")
	}
	tokens, err := tokens(query)
	if err != nil {
		return nil, "", err
	}
	p := phraseParser{tokens: tokens, raw: raw}
	parsed, err = p.group(0)
	if err == nil && len(p.tokens) > 0 {
		err = badQuery("Unbalanced parentheses")
	}
	if err == nil && parsed == nil {
		err = badQuery("Empty query")
	}
	if err != nil {
		return nil, "", err
	}
	if !p.changed {
		return parsed, query, nil
	}
	return parsed, parsed.String(), nil
}

// tokens splits at blanks and parentheses outside quotes.
func tokens(query string) ([]string, error) {
	var list []string
	start, quoted := 0, false
	flush := func(end int) {
		if end > start {
			list = append(list, query[start:end])
		}
	}
	for i, r := range query {
		switch {
		case r == '"':
			quoted = !quoted
		case quoted:
		case r == '(' || r == ')':
			flush(i)
			list = append(list, string(r))
			start = i + 1
		case unicode.IsSpace(r):
			flush(i)
			start = i + len(string(r))
		}
	}
	if quoted {
		return nil, badQuery("Quotation does not close: " + query[start:])
	}
	flush(len(query))
	return list, nil
}

type phraseParser struct {
	tokens  []string
	raw     bool
	changed bool // words were rewritten
}

// group reads up to the end or a closing parenthesis, which is left to the caller.
func (p *phraseParser) group(depth int) (*phrase, error) {
	if depth > maxDepth {
		return nil, badQuery("Query is nested too deeply")
	}
	var result *phrase
	op := ""
	for len(p.tokens) > 0 && p.tokens[0] != ")" {
		token := p.tokens[0]
		p.tokens = p.tokens[1:]
		if token == "AND" || token == "OR" || token == "ANDNOT" {
			if op != "" {
				return nil, badQuery("Query contains 2 consecutive operators: " + op + " " + token)
			}
			op = token
			continue
		}
		term, err := p.term(token, depth)
		if err != nil {
			return nil, err
		}
		switch {
		case term == nil:
			continue
		case result == nil:
			result = term
		default:
			if op == "" {
				op, p.changed = "OR", true
			}
			result = &phrase{op: op, left: result, right: term}
		}
		op = ""
	}
	return result, nil
}

func (p *phraseParser) term(token string, depth int) (*phrase, error) {
	if token == "(" {
		inner, err := p.group(depth + 1)
		if err != nil {
			return nil, err
		}
		if len(p.tokens) == 0 {
			return nil, badQuery("Unbalanced parentheses")
		}
		p.tokens = p.tokens[1:]
		return inner, nil
	}
	field, value, ok := strings.Cut(token, ":")
	if !ok {
		if p.raw {
			return nil, badQuery("Cannot parse fragment: " + token)
		}
		field, value, p.changed = "all", token, true
	}
	if !slices.Contains(searchFields, field) {
		return nil, badQuery("Invalid field: " + field)
	}
	value = strings.TrimSpace(strings.ReplaceAll(value, `"`, ""))
	term := &phrase{field: field, value: value, prefix: strings.HasSuffix(value, "*")}
	term.words = words(value)
	return term, nil
}

func (p *phrase) String() string {
	if p.op == "" {
		if strings.ContainsFunc(p.value, func(r rune) bool { return r == '(' || r == ')' || unicode.IsSpace(r) }) {
			return p.field + `:"` + p.value + `"`
		}
		return p.field + ":" + p.value
	}
	right := p.right.String()
	if p.right.op != "" {
		right = "(" + right + ")"
	}
	return p.left.String() + " " + p.op + " " + right
}

func (p *phrase) matches(h hit) bool {
	switch p.op {
	case "AND":
		return p.left.matches(h) && p.right.matches(h)
	case "ANDNOT":
		return p.left.matches(h) && !p.right.matches(h)
	case "OR":
		return p.left.matches(h) || p.right.matches(h)
	}
	return p.termMatches(p.field, h)
}

func (p *phrase) termMatches(field string, h hit) bool {
	switch field {
	case "ti":
		return p.in(h.version.Title)
	case "abs":
		return p.in(h.abstract(h.version))
	case "co":
		return p.in(h.version.Comment)
	case "jr":
		return p.in(h.journalRef)
	case "rn":
		return p.in(h.reportNo)
	case "id":
		return p.value == h.id || p.value == versioned(h.id, h.version.Version)
	case "cat":
		wanted := strings.ToLower(strings.TrimSuffix(p.value, "*"))
		return slices.ContainsFunc(h.categories, func(category string) bool {
			category = strings.ToLower(category)
			return category == wanted || p.prefix && strings.HasPrefix(category, wanted)
		})
	case "au":
		return slices.ContainsFunc(h.version.Authors, func(a Author) bool { return p.inName(a.Name) })
	}
	return slices.ContainsFunc(searchFields[:len(searchFields)-1], func(f string) bool { return p.termMatches(f, h) })
}

// in tells whether the words stand in the text one after the other.
func (p *phrase) in(text string) bool {
	if len(p.words) == 0 {
		return false
	}
	list := words(text)
	for i := 0; i+len(p.words) <= len(list); i++ {
		match := true
		for j, word := range p.words {
			whole := !p.prefix || j < len(p.words)-1
			if whole && list[i+j] != word || !strings.HasPrefix(list[i+j], word) {
				match = false
				break
			}
		}
		if match {
			return true
		}
	}
	return false
}

// inName takes "vaswani", "ashish vaswani", "vaswani_a" and "Vaswani, A": every word is a part of the name or its initial.
func (p *phrase) inName(name string) bool {
	parts := words(name)
	for _, word := range p.words {
		initial := len([]rune(word)) == 1
		if !slices.ContainsFunc(parts, func(part string) bool {
			return part == word || (initial || p.prefix) && strings.HasPrefix(part, word)
		}) {
			return false
		}
	}
	return len(p.words) > 0
}

// score ranks a hit: the share of its title that the query names, summed over the terms that hold.
func (p *phrase) score(h hit) float64 {
	if p.op == "ANDNOT" {
		return p.left.score(h)
	}
	if p.op != "" {
		return p.left.score(h) + p.right.score(h)
	}
	if (p.field == "ti" || p.field == "all") && p.in(h.version.Title) {
		return float64(len(p.words)) / float64(len(words(h.version.Title)))
	}
	return 0
}

// words are the parts of a text that count for a search: without case, accents and punctuation.
func words(text string) []string {
	folded := strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFD.String(text))
	return strings.Fields(folded)
}
