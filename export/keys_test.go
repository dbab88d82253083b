package export

import (
	"testing"
	"time"
)

func TestKeyMaker(t *testing.T) {
	free := func(string) bool { return false }
	for want, p := range map[string]Paper{
		"vaswani2017attention":  paper("1706.03762", "Attention Is All You Need", "Ashish Vaswani; Noam Shazeer"),
		"delascasas2017mistral": paper("2310.06825", "Mistral 7B", "Diego de las Casas"),
		"openai2017gpt":         paper("2303.08774", "GPT-4 Technical Report", "OpenAI; Josh Achiam"),
		"atlas2017observation":  paper("1207.7214", "Observation of a new particle", "The ATLAS Collaboration"),
		"muller2017uber":        paper("2001.00001", "Über die Flächen", "Jürgen Müller"),
		"kaiser2017emergent":    paper("2001.00001", "Are Emergent Abilities a Mirage?", "Łukasz Kaiser"),
		"strassen2017means":     paper("2001.00001", `On the $k$-means: \emph{A} study`, "Volker Straßen"),
		"anon2017":              paper("2001.00001", "深層学習", "王小明"),
		"anon2017untitled":      paper("2001.00001", "Untitled", ""),
		"knuth2017the":          paper("2001.00001", "The", "Donald Knuth"),
		"obrien2017dont":        paper("2001.00001", "Don't Panic", "Conan O'Brien"),
		"maldacena1997large":    paper("hep-th/9711200", "The Large N Limit", "Juan Maldacena", func(p *Paper) { p.Published = time.Time{} }),
		"smith2012next":         paper("2001.00001", "Next", "Q. Smith", func(p *Paper) { p.Published = stamp("2012-12-31T23:59:59-05:00").AddDate(0, -1, 0) }),
		"aaaaaaaaaaaaaaaaaaaaaaaa2017bbbbbbbbbbbbbbbbbbbbbbbb": paper("2001.00001", "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", "X Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"),
	} {
		if got := new(KeyMaker).Make(p.Paper, free); got != want {
			t.Errorf("key of %q is %s, want %s", p.Title, got, want)
		}
	}
}

func TestKeyCollisions(t *testing.T) {
	taken, asked := map[string]bool{}, 0
	var maker KeyMaker
	p := paper("1706.03762", "Attention Is All You Need", "Ashish Vaswani")
	want := map[int]string{0: "vaswani2017attention", 1: "vaswani2017attentiona", 2: "vaswani2017attentionb", 26: "vaswani2017attentionz", 27: "vaswani2017attentionaa", 28: "vaswani2017attentionab"}
	for i := range 60 {
		key := maker.Make(p.Paper, func(key string) bool { asked++; return taken[key] })
		if taken[key] || want[i] != "" && key != want[i] {
			t.Fatalf("key %d is %s, want %s", i, key, want[i])
		}
		taken[key] = true
	}
	if asked > 2*len(taken) {
		t.Errorf("asked %d times for %d keys", asked, len(taken))
	}
}

// TestPinnedKeys: pinned keys win, made ones keep clear of them even before their paper comes, and what BibTeX could not
// read or would take for a duplicate is made anew.
func TestPinnedKeys(t *testing.T) {
	papers := []Paper{
		paper("2001.00001", "Same title", "Ada Names"),
		paper("2001.00002", "Same title", "Ada Names"),
		paper("2001.00003", "Same title", "Ada Names"),
		paper("2001.00004", "Same title", "Ada Names"),
		paper("2001.00005", "Same title", "Ada Names"),
		paper("2001.00006", "Same title", "Ada Names"),
	}
	for i, key := range []string{"", "names2017same", "DBLP:conf/nips/Vaswani17", "dblp:CONF/nips/vaswani17", "evil}, @input{x", "Müller_2017+x"} {
		papers[i].Key = key
	}
	keys := newKeyring(Options{Taken: func(key string) bool { return key == "names2017same" }})
	want := []string{"names2017samea", "names2017same", "DBLP:conf/nips/Vaswani17", "names2017sameb", "names2017samec", "Müller_2017+x"}
	for i, p := range papers {
		if got := keys.key(p); got != want[i] {
			t.Errorf("key of %s is %s, want %s", p.ID, got, want[i])
		}
	}
}

func TestYearPolicy(t *testing.T) {
	p := paper("1706.03762", "Attention Is All You Need", "Ashish Vaswani", func(p *Paper) { p.Submitted = stamp("2023-08-02T00:41:18Z") })
	published := paper("1706.03762", "Attention Is All You Need", "Ashish Vaswani", venueOf("Nature 521, 436-444 (2015)"))
	undated := paper("9711.00001", "Old", "Q. Smith", func(p *Paper) { p.Published, p.Submitted, p.ID = time.Time{}, time.Time{}, "hep-th/9711200" })
	for _, test := range []struct {
		paper  Paper
		policy YearPolicy
		want   string
	}{
		{p, YearOfFirst, "2017-06-12"},
		{p, YearOfLatest, "2023-08-02"},
		{published, YearOfFirst, "2015"},
		{published, YearOfLatest, "2015"},
		{undated, YearOfLatest, "1997-11"},
	} {
		if got := (Options{Year: test.policy}).cite(test.paper, "k").date(); got != test.want {
			t.Errorf("%s by policy %d is dated %s, want %s", test.paper.ID, test.policy, got, test.want)
		}
	}
}
