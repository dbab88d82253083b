package export

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestSplitName(t *testing.T) {
	for in, want := range map[string]name{
		"Ashish Vaswani":           {Given: "Ashish", Family: "Vaswani"},
		" Aidan N.  Gomez ":        {Given: "Aidan N.", Family: "Gomez"},
		"Vaswani, Ashish":          {Given: "Ashish", Family: "Vaswani"},
		"Diego de las Casas":       {Given: "Diego", Particle: "de las", Family: "Casas"},
		"van der Waals, J. D.":     {Given: "J. D.", Particle: "van der", Family: "Waals"},
		"Vincent van Gogh":         {Given: "Vincent", Particle: "van", Family: "Gogh"},
		"van Gogh":                 {Particle: "van", Family: "Gogh"},
		"Ahmed bin Salman":         {Given: "Ahmed", Particle: "bin", Family: "Salman"},
		"Teven Le Scao":            {Given: "Teven", Family: "Le Scao"},
		"Tom Van Vleck":            {Given: "Tom", Family: "Van Vleck"},
		"Van Morrison":             {Given: "Van", Family: "Morrison"},
		"Le Cun":                   {Given: "Le", Family: "Cun"},
		"Robert De Niro":           {Given: "Robert", Family: "De Niro"},
		"Anh Van Nguyen":           {Given: "Anh Van", Family: "Nguyen"},
		"Quoc V. Le":               {Given: "Quoc V.", Family: "Le"},
		"Nan Du":                   {Given: "Nan", Family: "Du"},
		"Weiwei Ai":                {Given: "Weiwei", Family: "Ai"},
		"José Ortega y Gasset":     {Given: "José", Family: "Ortega y Gasset"},
		"William H. Press III":     {Given: "William H.", Family: "Press", Suffix: "III"},
		"Martin Luther King, Jr.":  {Given: "Martin Luther", Family: "King", Suffix: "Jr."},
		"King, Martin Luther, Jr.": {Given: "Martin Luther", Family: "King", Suffix: "Jr."},
		"King, Jr., Martin Luther": {Given: "Martin Luther", Family: "King", Suffix: "Jr."},
		"John Smith 3rd":           {Given: "John", Family: "Smith", Suffix: "3rd"},
		"bell hooks":               {Given: "bell", Family: "hooks"},
		"Kranthi Kiran GV":         {Given: "Kranthi Kiran", Family: "GV"},
		"Jean-Pierre d'Alembert":   {Given: "Jean-Pierre", Family: "d'Alembert"},
		"Wei Li (李伟)":              {Given: "Wei (李伟)", Family: "Li"},
		"Łukasz Kaiser":            {Given: "Łukasz", Family: "Kaiser"},
		// Not to be taken apart
		"OpenAI":                           {Literal: "OpenAI"},
		"Plato":                            {Literal: "Plato"},
		" DeepSeek-AI":                     {Literal: "DeepSeek-AI"},
		"Meta AI":                          {Literal: "Meta AI"},
		"Mistral AI Team":                  {Literal: "Mistral AI Team"},
		"ATLAS Collaboration":              {Literal: "ATLAS Collaboration"},
		"the Pierre Auger Collaboration":   {Literal: "the Pierre Auger Collaboration"},
		"The Qwen Team":                    {Literal: "The Qwen Team"},
		"Institute of Physics":             {Literal: "Institute of Physics"},
		"Research and Development, Inc.":   {Literal: "Research and Development, Inc."},
		"Gemini 2 Authors":                 {Literal: "Gemini 2 Authors"},
		"LLM-jp":                           {Literal: "LLM-jp"},
		"王小明":                              {Literal: "王小明"},
		"山田 太郎":                            {Literal: "山田 太郎"},
		"김 민수":                             {Literal: "김 민수"},
		"Smith, John, of the, Institution": {Literal: "Smith, John, of the, Institution"},
		"Collaboration:":                   {Literal: "Collaboration"},
		"":                                 {},
		" , ; ":                            {},
	} {
		if got := splitName(in); got != want {
			t.Errorf("splitName(%q) = %+v, want %+v", in, got, want)
		}
	}
}

func TestInverted(t *testing.T) {
	for in, want := range map[string]string{
		"Diego de las Casas":      "de las Casas, Diego",
		"Martin Luther King, Jr.": "King, Martin Luther, Jr.",
		"Research Group, Inc.":    "Research Group Inc.",
		"Plato":                   "Plato",
	} {
		if got := splitName(in).inverted(); got != want {
			t.Errorf("%q inverted is %q, want %q", in, got, want)
		}
	}
}

func FuzzSplitName(f *testing.F) {
	for _, p := range nastyPapers() {
		for _, a := range p.Authors {
			f.Add(a.Name)
		}
	}
	f.Fuzz(func(t *testing.T, s string) {
		n := splitName(s)
		if (n.Literal == "") == (n.Family == "") && strings.Trim(plain(s), " ,;:()") != "" {
			t.Fatalf("%q: %+v has not exactly one of literal and family", s, n)
		}
		for _, part := range []string{n.Given, n.Particle, n.Family, n.Suffix} {
			if strings.Contains(part, ",") || !utf8.ValidString(part) {
				t.Fatalf("%q: part %q", s, part)
			}
		}
		if tex := n.bibtex(texStyle{ascii: true}); !balanced(tex) {
			t.Fatalf("%q: %s", s, tex)
		}
	})
}
