package replica

import (
	"slices"
	"strings"

	"syncer/arxiv"
)

// set is one of the sets of OAI-PMH: a group ("math"), an archive in it ("physics:hep-th") or a category of an archive
// ("cs:cs:AI").
type set struct{ spec, name string }

// groups and archives are arXiv's active ones in the order in which its server lists them (arxiv-base,
// arxiv/taxonomy/definitions.py).
var (
	groups = []set{
		{"physics", "Physics"}, {"math", "Mathematics"}, {"q-bio", "Quantitative Biology"}, {"cs", "Computer Science"},
		{"q-fin", "Quantitative Finance"}, {"stat", "Statistics"},
		{"eess", "Electrical Engineering and Systems Science"}, {"econ", "Economics"},
	}
	archives = []set{
		{"astro-ph", "Astrophysics"}, {"cond-mat", "Condensed Matter"}, {"cs", "Computer Science"}, {"econ", "Economics"},
		{"eess", "Electrical Engineering and Systems Science"}, {"gr-qc", "General Relativity and Quantum Cosmology"},
		{"hep-ex", "High Energy Physics - Experiment"}, {"hep-lat", "High Energy Physics - Lattice"},
		{"hep-ph", "High Energy Physics - Phenomenology"}, {"hep-th", "High Energy Physics - Theory"},
		{"math", "Mathematics"}, {"math-ph", "Mathematical Physics"}, {"nlin", "Nonlinear Sciences"},
		{"nucl-ex", "Nuclear Experiment"}, {"nucl-th", "Nuclear Theory"}, {"physics", "Physics"},
		{"q-bio", "Quantitative Biology"}, {"q-fin", "Quantitative Finance"}, {"quant-ph", "Quantum Physics"},
		{"stat", "Statistics"},
	}
)

// subsumed are the archives that were closed and the category that took each one's place.
var subsumed = map[string]string{
	"acc-phys": "physics.acc-ph", "adap-org": "nlin.AO", "alg-geom": "math.AG", "ao-sci": "physics.ao-ph",
	"atom-ph": "physics.atom-ph", "bayes-an": "physics.data-an", "chao-dyn": "nlin.CD", "chem-ph": "physics.chem-ph",
	"cmp-lg": "cs.CL", "comp-gas": "nlin.CG", "dg-ga": "math.DG", "funct-an": "math.FA", "mtrl-th": "cond-mat.mtrl-sci",
	"patt-sol": "nlin.PS", "plasm-ph": "physics.plasm-ph", "q-alg": "math.QA", "solv-int": "nlin.SI",
	"supr-con": "cond-mat.supr-con",
}

// aliases are categories with two names: a paper in one of the two is in the other's set as well.
var aliases = map[string]string{
	"math-ph": "math.MP", "cs.IT": "math.IT", "math.NA": "cs.NA", "stat.TH": "math.ST", "q-fin.EC": "econ.GN",
	"eess.SY": "cs.SY",
	"math.MP": "math-ph", "math.IT": "cs.IT", "cs.NA": "math.NA", "math.ST": "stat.TH", "econ.GN": "q-fin.EC",
	"cs.SY": "eess.SY",
}

func group(archive string) string {
	if slices.ContainsFunc(groups, func(g set) bool { return g.spec == archive }) {
		return archive
	}
	return "physics"
}

// setSpec is the set of a category: "hep-th" is physics:hep-th, "cs.AI" is cs:cs:AI.
func setSpec(category string) string {
	archive, _, _ := strings.Cut(category, ".")
	return group(archive) + ":" + strings.ReplaceAll(category, ".", ":")
}

// withAliases adds the other name of each category that has two, right behind it, and puts the successor in the place of
// a closed archive, as the server does (create_records.py, Record).
func withAliases(categories []string) []string {
	var list []string
	for _, category := range categories {
		if successor, closed := subsumed[category]; closed {
			category = successor
		}
		for _, name := range []string{category, aliases[category]} {
			if name != "" && !slices.Contains(list, name) {
				list = append(list, name)
			}
		}
	}
	return list
}

func categoryName(code string) string {
	if category, ok := arxiv.LookupCategory(code); ok {
		return category.Name
	}
	return code
}

// allSets is the answer to ListSets. Archives that are a category as well come twice, as they do at arXiv.
func allSets() []set {
	list := slices.Clone(groups)
	for _, a := range archives {
		list = append(list, set{group(a.spec) + ":" + a.spec, a.name})
	}
	for _, category := range activeCategories() {
		list = append(list, set{setSpec(category.Code), category.Name})
	}
	return list
}

// activeCategories leaves out the archives that arXiv has closed ("alg-geom") and those divided since ("astro-ph").
func activeCategories() []arxiv.Category {
	var list []arxiv.Category
	for _, category := range arxiv.Categories() {
		archive, class, divided := strings.Cut(category.Code, ".")
		known := slices.ContainsFunc(archives, func(a set) bool { return a.spec == archive })
		if known && (divided && class != "" || !dividedArchive(archive)) {
			list = append(list, category)
		}
	}
	slices.SortFunc(list, func(a, b arxiv.Category) int { return strings.Compare(a.Code, b.Code) })
	return list
}

// dividedArchive tells whether an archive has categories below it.
func dividedArchive(archive string) bool {
	switch archive {
	case "astro-ph", "cond-mat", "cs", "econ", "eess", "math", "nlin", "physics", "q-bio", "q-fin", "stat":
		return true
	}
	return false
}

// setMatcher checks a set and gives what is in it. The error is the reason that the server states (data_queries.py,
// _parse_set).
func setMatcher(spec string) (func(categories []string) bool, string) {
	parts := strings.Split(spec, ":")
	if len(parts) > 3 {
		return nil, "Set has too many levels"
	}
	if !slices.ContainsFunc(allSets(), func(s set) bool { return s.spec == spec }) {
		return nil, "Set does not exist"
	}
	return func(categories []string) bool {
		return slices.ContainsFunc(withAliases(categories), func(category string) bool {
			own := setSpec(category)
			return own == spec || strings.HasPrefix(own, spec+":")
		})
	}, ""
}
