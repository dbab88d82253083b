package export

import (
	"hash/fnv"
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"syncer/arxiv"
)

// KeyMaker makes citation keys. Its zero value is ready.
type KeyMaker struct {
	tried map[string]int // for keys that were taken without a letter: how many letters were, too
}

// Make gives a key for p: family name of the first author, year of v1, first significant word of the title, all in lower-case
// ASCII: "vaswani2017attention". When taken says that it is in use, a letter is added: a, b, ... z, aa, ... The same paper
// and the same answers of taken give the same key; what taken says yes to must stay taken, since a maker does not ask again.
func (m *KeyMaker) Make(p arxiv.Paper, taken func(key string) bool) string {
	base := keyFamily(p) + strconv.Itoa(firstYear(p)) + keyWord(p.Title)
	n := m.tried[base]
	key := base + letters(n)
	for taken(key) {
		n++
		key = base + letters(n)
	}
	if n > 0 {
		if m.tried == nil {
			m.tried = map[string]int{}
		}
		m.tried[base] = n
	}
	return key
}

// letters counts nothing, a, b, ... z, aa, ab, ...
func letters(n int) string {
	s := ""
	for ; n > 0; n = (n - 1) / 26 {
		s = string(rune('a'+(n-1)%26)) + s
	}
	return s
}

// firstYear is the year of v1.
func firstYear(p arxiv.Paper) int {
	if !p.Published.IsZero() {
		return p.Published.UTC().Year()
	}
	return p.ID.Year()
}

func keyFamily(p arxiv.Paper) string {
	if len(p.Authors) == 0 {
		return "anon"
	}
	n := splitName(p.Authors[0].Name)
	family := n.Particle + n.Family
	if n.Literal != "" {
		// "ATLAS Collaboration" is atlas, "The Qwen Team" is qwen.
		for _, word := range strings.Fields(arxiv.Key(n.Literal)) {
			if !arxiv.MarksOrganisation(word) && !keyStopWords[word] {
				family += word
			}
		}
		if family == "" {
			family = n.Literal
		}
	}
	if key := asciiWord(arxiv.Key(family), 24); key != "" {
		return key
	}
	return "anon"
}

// keyStopWords are the words that say nothing at the start of a title.
var keyStopWords = wordSet(`a an the on in of for to and or with from by at as is are be towards toward via using how what
	why when do does can we our some le la les un une des du de der die das ein eine el los las`)

var texCommands = regexp.MustCompile(`\\[A-Za-z]+`)

func keyWord(title string) string {
	first := ""
	for _, word := range strings.Fields(arxiv.Key(texCommands.ReplaceAllString(title, " "))) {
		ascii := asciiWord(word, 24)
		if ascii == "" {
			continue
		}
		if len(ascii) > 1 && !keyStopWords[ascii] {
			return ascii
		}
		if first == "" {
			first = ascii
		}
	}
	return first
}

// asciiWord keeps the ASCII letters and digits of s, at most limit of them.
func asciiWord(s string, limit int) string {
	var b strings.Builder
	for _, r := range s {
		if b.Len() < limit && (r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r >= 'A' && r <= 'Z') {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// keyring gives every paper of one export its key, no key twice: the pinned one, unless no BibTeX program could read it or
// an earlier paper has it, else a made one. It remembers a hash of each key given, eight bytes a paper, not the key: two
// keys with one hash only cost the later one a needless letter.
type keyring struct {
	maker  KeyMaker
	pinned func(key string) bool
	given  map[uint64]bool
}

func newKeyring(o Options) *keyring {
	if o.Taken == nil {
		o.Taken = func(string) bool { return false }
	}
	return &keyring{pinned: o.Taken, given: map[uint64]bool{}}
}

func (k *keyring) key(p Paper) string {
	key := p.Key
	if !ValidKey(key) || k.given[keyHash(key)] {
		key = k.maker.Make(p.Paper, func(key string) bool { return k.given[keyHash(key)] || k.pinned(key) })
	}
	k.given[keyHash(key)] = true
	return key
}

// keyHash does not tell upper from lower case, since BibTeX takes keys that differ in case only for a mistake.
func keyHash(key string) uint64 {
	h := fnv.New64a()
	h.Write([]byte(strings.ToLower(key)))
	return h.Sum64()
}

// ValidKey says whether every BibTeX program can read the key: nothing that ends or quotes something in a .bib file, in
// TeX or in a \cite list.
func ValidKey(key string) bool {
	if key == "" || len(key) > 200 {
		return false
	}
	for _, r := range key {
		if r == unicode.ReplacementChar || unicode.IsSpace(r) || !unicode.IsPrint(r) || strings.ContainsRune("\"#%'(),={}~\\$&^", r) {
			return false
		}
	}
	return true
}

func wordSet(words string) map[string]bool {
	set := make(map[string]bool)
	for _, word := range strings.Fields(words) {
		set[word] = true
	}
	return set
}
