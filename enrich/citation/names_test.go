package citation

import (
	"strings"
	"testing"

	"syncer/arxiv"
)

func TestFirstOf(t *testing.T) {
	for claim, want := range map[string]string{
		"":                                 "",
		" . ":                              "",
		"Vaswani":                          "Vaswani",
		"Vaswani et al.":                   "Vaswani",
		"Vaswani et al., 2017":             "Vaswani",
		"VASWANI ET AL":                    "VASWANI",
		"Vaswani, et al.":                  "Vaswani",
		"Vaswani, Ashish":                  "Vaswani, Ashish",
		"Vaswani, Ashish and others":       "Vaswani, Ashish",
		"Vaswani, A., Shazeer, N.":         "Vaswani",
		"Gu and Dao":                       "Gu",
		"Gu & Dao":                         "Gu",
		"Gu and":                           "Gu",
		"Gu; Dao":                          "Gu",
		"Gu et Dao":                        "Gu",
		"Devlin, Chang, Lee":               "Devlin",
		"Tri Dao":                          "Tri Dao",
		"Tri\n  Dao":                       "Tri Dao",
		"OpenAI":                           "OpenAI",
		"and":                              "and",
		"Anderson":                         "Anderson",
		"Etienne Letang":                   "Etienne Letang",
		`Erd\H{o}s and R\'enyi`:            "Erdős",
		"LIGO Scientific Collaboration, B": "LIGO Scientific Collaboration, B",
		// Lower case is longer (Ⱥ) or shorter (K, the Kelvin sign) than what it stands for.
		"ȺȺȺȺȺȺȺȺ and Dao": "ȺȺȺȺȺȺȺȺ",
		"KKKK et al.":      "KKKK",
	} {
		if got := firstOf(claim); got != want {
			t.Errorf("%q: %q, want %q", claim, got, want)
		}
	}
}

func TestFamilyFits(t *testing.T) {
	tests := []struct {
		author string
		fits   []string
		not    []string
	}{
		{"Ashish Vaswani", []string{"Vaswani", "vaswani", "Ashish Vaswani", "A. Vaswani", "Vaswani, Ashish", "Vaswani, A.", "Vaswani et al.", "Vaswani et al., 2017", "VASWANI",
			"{Vaswani}, Ashish", "A. Vaswani, N. Shazeer", "Ashish Vaswani, Noam Shazeer", "Vaswani Ashish"}, []string{"", "?", "Vaswan", "Shazeer", "Shazeer, Noam", "Vas", "Ashish Shazeer"}},
		{"Tom B. Brown", []string{"Brown", "Brown, T. B.", "Tom Brown", "T. B. Brown", "Brown et al"}, []string{"Browning", "Bro", "Tom Mann"}},
		{"Martina Hingis", []string{"Hingis"}, []string{"Martin", "Marti"}}, // the beginning of a given name is no name

		// Particles are written or left out, joined or apart, in any case.
		{"Laurens van der Maaten", []string{"van der Maaten", "Van der Maaten", "Maaten", "van der Maaten, Laurens", "Maaten, Laurens van der", "L. van der Maaten", "der Maaten"},
			[]string{"van der Berg", "van der"}},
		{"Harm de Vries", []string{"de Vries", "Vries", "DeVries", "De Vries, H."}, []string{"de Boer"}},
		{"Harm DeVries", []string{"de Vries", "DeVries"}, []string{"Vries"}},
		{"Ludwig von Mises", []string{"von Mises", "Mises"}, []string{"von Neumann"}},
		{"Quoc V. Le", []string{"Le", "Quoc Le", "Q. V. Le", "Le, Quoc V."}, []string{"Lee", "LeCun"}}, // a particle elsewhere
		{"Yann LeCun", []string{"LeCun", "Le Cun", "LECUN", "Y. Le Cun"}, []string{"Cun", "Le"}},
		{"Nan Du", []string{"Du", "Nan Du", "Du et al."}, []string{"Dubey"}},

		// Family-first names in either order; the family name alone does.
		{"Xuezhi Wang", []string{"Wang", "Xuezhi Wang", "Wang Xuezhi", "Wang, Xuezhi", "X. Wang"}, []string{"Wei", "Wong", "Wan"}},
		{"Wang Bin", []string{"Bin Wang", "Wang"}, []string{"Li"}},
		{"Xu Owen He", []string{"He", "Xu Owen He", "He, Xu Owen"}, []string{"Hu"}},
		{"Geunhyeok Yu", []string{"Yu", "Yu Geunhyeok"}, []string{"You"}},
		{"山田太郎", []string{"山田太郎", "山田 太郎"}, []string{"田中"}},

		// Diacritics, letters that are no accents, hyphens, apostrophes.
		{"Sébastien Bubeck", []string{"Bubeck", "Sebastien Bubeck", `S{\'e}bastien Bubeck`, "Bubeck, Sébastien"}, nil},
		{"Paul Erdős", []string{"Erdos", "Erdős", `Erd\H{o}s`, `P. Erd{\H o}s`, "Erdo\u030bs", "ERDŐS"}, []string{"Erdmann"}},
		{"Jakub Łukasz Kłos", []string{"Klos", "Kłos", `K\l{}os`}, nil},
		{"Søren Kierkegård", []string{"Kierkegard", `Kierkeg\aa{}rd`}, nil},
		{"Hans Weiß", []string{"Weiss", `Wei\ss`, "WEISS"}, nil},
		{"Shai Ben-David", []string{"Ben-David", "Ben David", "BenDavid", "Ben–David", "S. Ben-David"}, []string{"Ben-Gurion"}},
		{"Jean-Baptiste Alayrac", []string{"Alayrac", "J.-B. Alayrac", "Alayrac, Jean-Baptiste"}, nil},
		{"Brendan O'Donoghue", []string{"O'Donoghue", "O’Donoghue", "ODonoghue", "O Donoghue"}, nil},
		{"Gabriel García Márquez", []string{"García Márquez", "Garcia Marquez, Gabriel", "Márquez"}, []string{"Garcia Lorca"}},
		{"Robert Smith Jr.", []string{"Smith", "Smith Jr.", "Robert Smith, Jr.", "Smith III"}, []string{"Jones Jr."}},

		// Organisations and collaborations.
		{"OpenAI", []string{"OpenAI", "Open AI", "openai", "{OpenAI}", "OpenAI et al."}, []string{"Open", "AI", "OpenAIs", "Achiam"}},
		{"DeepSeek-AI", []string{"DeepSeek-AI", "DeepSeek", "DeepSeek AI", "Deep Seek", "DeepSeek-AI, Liu et al."}, []string{"Deep", "Seeker"}},
		{"Gemini Team", []string{"Gemini Team", "Gemini Team, Google", "Gemini", "The Gemini Team"}, []string{"Gemma Team", "Team"}},
		{"ATLAS Collaboration", []string{"ATLAS Collaboration", "ATLAS", "The ATLAS Collaboration", "Atlas collaboration et al."}, []string{"CMS Collaboration", "Collaboration", "The Collaboration"}},
		{"The LIGO Scientific Collaboration", []string{"LIGO Scientific Collaboration", "LIGO Scientific Collaboration and Virgo", "LIGO"}, []string{"Virgo Collaboration", "Virgo Scientific Collaboration"}},
		{":", nil, []string{"", ":", "Vaswani"}}, // a name in old OAI-PMH records
		{"", nil, []string{"", "Vaswani"}},
	}
	for _, test := range tests {
		for _, claim := range test.fits {
			if !familyFits(claim, test.author) {
				t.Errorf("%q is not taken for %q", claim, test.author)
			}
		}
		for _, claim := range test.not {
			if familyFits(claim, test.author) {
				t.Errorf("%q is taken for %q", claim, test.author)
			}
		}
	}
}

// Whatever a list writes: no panic, and a name that is one word or more fits itself.
func FuzzFamilyFits(f *testing.F) {
	for _, seed := range [][2]string{{"Vaswani, A. et al.", "Ashish Vaswani"}, {"ȺȺȺȺȺȺȺȺ and Dao", "Ⱥ"}, {"van der", "van der"}, {"-", "a-"}, {"jr ii", "Jr."}, {`\'e`, "é"}, {"AI Team", "the ai"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, claim, author string) {
		familyFits(claim, author)
		first := firstOf(author)
		if words, _ := withoutHouseWords(strings.Fields(arxiv.Key(first))); len(words) > 0 && !familyFits(author, first) {
			t.Errorf("%q does not fit its own first name %q", author, first)
		}
	})
}
