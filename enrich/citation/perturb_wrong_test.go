package citation

import (
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"syncer/arxiv"
	"syncer/seeds"
)

var inventedAuthors = []string{"Thistlewood", "Abernathy", "Quackenbush", "Vandersloot", "Okonkwo-Hale", "Petrosyan", "Ingvarsdottir", "Mbeki", "Tran-Lopez", "Hargreaves",
	"Xu", "Lindqvist, Maja", "Ignatius P. Fellowes", "Wójcik", "O'Halloran", "van Oosterhuis", "Nakagawa"}

// promises are the least rates, in percent, at which wrong claims are found.
var promises = map[string]float64{
	"other paper: wrong-paper":                          98,
	"other paper, family and et al.: wrong-paper":       98,
	"other paper, found by search: wrong-paper":         98,
	"other paper, no author: wrong-paper title-differs": 98,
	"neighbour id: wrong-paper":                         98,
	"near-duplicate title: wrong-paper title-differs":   95,
	"same family name: wrong-paper title-differs":       95,
	"other part of a series: wrong-paper title-differs": 98,
	"merged titles: wrong-paper title-differs":          98,
	"one word changed: title-differs":                   98,
	"one word added: title-differs":                     98,
	"invented first author: author-differs":             98,
	"invented first author, full: author-differs":       98,
	"invented co-author: author-differs":                98,
	"second author first: author-differs":               98,
	"last author first: author-differs":                 98,
	"year off by 3: year-differs":                       98,
}

var seriesNumber = regexp.MustCompile(`\b(I{1,3}|IV|VII|XV)\b`)

// alike says whether two titles share half of their words, and not all.
func alike(a, b string) bool {
	x, y := strings.Fields(a), strings.Fields(b)
	shared := 0
	for _, w := range x {
		if slices.Contains(y, w) {
			shared++
		}
	}
	return 2*shared >= max(len(x), len(y)) && shared < max(len(x), len(y))
}

// wrongClaims are claims that are wrong in one way each.
func wrongClaims(p *arxiv.Paper, n int, all []*arxiv.Paper, r *rand.Rand) []perturbed {
	var claims []perturbed
	add := func(kind string, c seeds.Claim) { claims = append(claims, perturbed{kind: kind, claim: c}) }
	first := familyOf(p.Authors[0].Name)
	year := p.Published.Year()
	others := []*arxiv.Paper{all[(n+1)%len(all)]}
	for range 5 {
		others = append(others, all[r.IntN(len(all))])
	}
	for i, other := range others {
		if fitTitle(other.Title, p.Title, "") <= titleShort {
			continue // an earlier version, or a title that is part of the other
		}
		name, family := other.Authors[0].Name, familyOf(other.Authors[0].Name)
		whole := seeds.Claim{Title: other.Title, FirstAuthor: name, Year: other.Published.Year()}
		switch {
		case fitAuthor(family, p) != authorNowhere:
			if fit := fitAuthor(family, p); fit == authorFirst {
				add("same family name: wrong-paper title-differs", whole)
			}
		case contentWords(other.Title) < 2:
		case i == 0:
			add("neighbour id: wrong-paper", whole)
		default:
			add("other paper: wrong-paper", whole)
			whole.FirstAuthor = family + " et al."
			add("other paper, family and et al.: wrong-paper", whole)
		}
		if contentWords(other.Title) >= 4 {
			add("other paper, no author: wrong-paper title-differs", seeds.Claim{Title: other.Title})
		}
		if whole.FirstAuthor = ""; FitClaim(whole, p).Doubtful() && IsMeant(whole, other) {
			claims = append(claims, perturbed{"other paper, found by search: wrong-paper", whole, other.ID})
		}
		a, b := strings.Fields(p.Title), strings.Fields(other.Title)
		if len(a) >= 4 && len(b) >= 6 {
			add("merged titles: wrong-paper title-differs", seeds.Claim{Title: strings.Join(slices.Concat(a[:len(a)/2], b[len(b)/2:]), " "), FirstAuthor: first, Year: year})
		}
	}
	for _, twin := range all {
		if twin != p && alike(twin.Title, p.Title) && contentWords(twin.Title) > labelWords {
			add("near-duplicate title: wrong-paper title-differs", seeds.Claim{Title: twin.Title, FirstAuthor: twin.Authors[0].Name})
		}
	}
	for range 2 {
		invented := inventedAuthors[r.IntN(len(inventedAuthors))]
		if fitAuthor(invented, p) != authorNowhere { // not so invented
			continue
		}
		add("invented first author: author-differs", seeds.Claim{Title: p.Title, FirstAuthor: invented + " et al.", Year: year})
		add("invented first author, full: author-differs", seeds.Claim{Title: p.Title, FirstAuthor: "Alex " + familyOf(invented), Year: year})
		add("invented co-author: author-differs", seeds.Claim{Title: p.Title, FirstAuthor: first + " and " + invented, Year: year})
	}
	for kind, i := range map[string]int{"second author first: author-differs": 1, "last author first: author-differs": len(p.Authors) - 1} {
		if i >= 1 && i < len(p.Authors) && fitAuthor(p.Authors[i].Name, p) == authorListed {
			add(kind, seeds.Claim{Title: p.Title, FirstAuthor: p.Authors[i].Name, Year: year})
		}
	}
	for _, wrong := range []int{min(year, p.ID.Year()) - 3, p.Submitted.Year() + 3} {
		add("year off by 3: year-differs", seeds.Claim{Title: p.Title, FirstAuthor: first, Year: wrong})
	}
	if at := seriesNumber.FindStringIndex(p.Title); at != nil && len(strings.Fields(p.Title)) > 3 {
		number := map[string]string{"I": "II", "II": "III", "III": "II", "IV": "V", "VII": "VI", "XV": "XIV"}[p.Title[at[0]:at[1]]]
		add("other part of a series: wrong-paper title-differs", seeds.Claim{Title: p.Title[:at[0]] + number + p.Title[at[1]:], FirstAuthor: first, Year: year})
	}
	words := strings.Fields(p.Title)
	var places []int
	for i, w := range words {
		if len(w) > 4 && unicode.IsLetter(rune(w[0])) && !strings.ContainsAny(w, ":?$\\{") {
			places = append(places, i)
		}
	}
	if len(words) >= 5 && len(places) > 0 {
		i := places[r.IntN(len(places))]
		changed := slices.Clone(words)
		changed[i] = "Kangaroo"
		add("one word changed: title-differs", seeds.Claim{Title: strings.Join(changed, " "), FirstAuthor: first, Year: year})
		add("one word added: title-differs", seeds.Claim{Title: strings.Join(slices.Insert(slices.Clone(words), i, "kangaroo"), " "), FirstAuthor: first, Year: year})
	}
	return claims
}
