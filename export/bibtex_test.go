package export

import (
	"io"
	"iter"
	"strings"
	"testing"
)

func TestReadVenue(t *testing.T) {
	for in, want := range map[string]venue{
		"Phys.Rev.D76:013009,2007":                                                                    {journal, "Phys. Rev. D", "76", "", "013009", "", "2007"},
		"JHEP 0705:034,2007":                                                                          {journal, "JHEP", "0705", "", "034", "", "2007"},
		"Class.Quant.Grav.24:S541-S550,2007":                                                          {journal, "Class. Quant. Grav.", "24", "", "S541", "S550", "2007"},
		"Nucl.Phys.A793:128-170,2007":                                                                 {journal, "Nucl. Phys. A", "793", "", "128", "170", "2007"},
		"Phys. Rev. Lett. 98, 260403 (2007)":                                                          {journal, "Phys. Rev. Lett.", "98", "", "260403", "", "2007"},
		"Phys. Rev. B 83, 020502(R) (2011)":                                                           {journal, "Phys. Rev. B", "83", "", "020502(R)", "", "2011"},
		"Nature 521 (7553), 436–444 (2015)":                                                           {journal, "Nature", "521", "7553", "436", "444", "2015"},
		"Nature volume 645, pages 633-638 (2025)":                                                     {journal, "Nature", "645", "", "633", "638", "2025"},
		"J. Low. Temp. Phys. Vol. 140 pp77-89 (2005)":                                                 {journal, "J. Low. Temp. Phys.", "140", "", "77", "89", "2005"},
		"International Journal of Astrobiology, vol. 6, issue 4, pp. 255-261 (2007)":                  {journal, "International Journal of Astrobiology", "6", "4", "255", "261", "2007"},
		"Ann. Phys. (N.Y.) 326, 193--206 (2011)":                                                      {journal, "Ann. Phys. (N.Y.)", "326", "", "193", "206", "2011"},
		"J. Phys. A: Math. Theor. 40 (2007) 8265-8288.":                                               {journal, "J. Phys. A: Math. Theor.", "40", "", "8265", "8288", "2007"},
		"J. Phys. A: Math. Theor. 40 No 41 (12 October 2007) 12315-12333":                             {journal, "J. Phys. A: Math. Theor.", "40", "41", "12315", "12333", "2007"},
		"Acta Informatica 43, 4 (25/08/2006) p. 265-292":                                              {journal, "Acta Informatica", "43", "4", "265", "292", "2006"},
		"Math. Res. Lett. 15 (2008), no. 2, 351--358":                                                 {journal, "Math. Res. Lett.", "15", "2", "351", "358", "2008"},
		"J. Math. Phys. 48(2007), 092102.":                                                            {journal, "J. Math. Phys.", "48", "", "092102", "", "2007"},
		"Asymptotic Analysis, 57 No. 1-2, 1-27, 2008":                                                 {journal, "Asymptotic Analysis", "57", "1-2", "1", "27", "2008"},
		"Applied and Computational Harmonic Analysis, Volume 36, Issue 1, January 2014, Pages 79-107": {journal, "Applied and Computational Harmonic Analysis", "36", "1", "79", "107", "2014"},
		"Annals of Applied Probability 2008, Vol. 18, No. 2, 552-590":                                 {journal, "Annals of Applied Probability", "18", "2", "552", "590", "2008"},
		"IEEE Transactions on Information Theory, vol. 52, pp. 115-140, January 2006":                 {journal, "IEEE Transactions on Information Theory", "52", "", "115", "140", "2006"},
		"Transactions on Machine Learning Research (2023)":                                            {Kind: journal, Title: "Transactions on Machine Learning Research", Year: "2023"},
		"AIP Conf.Proc.921:19-23,2007":                                                                {journal, "AIP Conf. Proc.", "921", "", "19", "23", "2007"},
		"Math. Proc. Camb. Phil. Soc. 150 (2011), 273-289":                                            {journal, "Math. Proc. Camb. Phil. Soc.", "150", "", "273", "289", "2011"},
		"J.Opt.Soc.Am.A 23, 2578-2591 (2006); Erratum: J.Opt.Soc.Am.A 32,\n  2407-2408 (2015)":        {journal, "J. Opt. Soc. Am. A", "23", "", "2578", "2591", "2006"},

		"NeurIPS 2020": {Kind: proceedings, Title: "NeurIPS 2020", Year: "2020"},
		"In Proceedings of the 34th International Conference on Machine Learning, PMLR 70:1126-1135, 2017": {proceedings, "Proceedings of the 34th International Conference on Machine Learning, PMLR", "70", "", "1126", "1135", "2017"},
		"Advances in Neural Information Processing Systems 30 (2017)":                                      {Kind: proceedings, Title: "Advances in Neural Information Processing Systems 30", Year: "2017"},
		"11th World Congress in Mechanism and Machine Science (04/2004) 1-6":                               {proceedings, "11th World Congress in Mechanism and Machine Science", "", "", "1", "6", "2004"},
		"Proceeding IEEE International Conference on Robotics and Automation (05/1998) 1964-1969":          {proceedings, "Proceeding IEEE International Conference on Robotics and Automation", "", "", "1964", "1969", "1998"},
		"2022 IEEE International Conference On Artificial Intelligence Testing (AITest), 2022, pp. 26-33":  {proceedings, "2022 IEEE International Conference On Artificial Intelligence Testing (AITest)", "", "", "26", "33", "2022"},
		"Published on ICML 2020": {Kind: proceedings, Title: "ICML 2020", Year: "2020"},

		// What nobody can be sure of stays a note.
		"": {}, "...": {}, "to be published": {}, "PhD dissertation, May 1998, Department of Computer Science": {},
		"Chapter 10, Quantum Aspects of Life, Imperial College Press (2008), pp.187-219":                 {},
		"A. Schumann, F. Smarandache, Neutrality and Many-Valued Logics. American Research Press, 2007":  {},
		`D. Sofge, "Virtual Sensor Based Fault Detection," In Proc. SPIE, pp. 509-515, 1998`:             {},
		"Karlen Gharibyan, Does P=NP?, in Proceedings of the first international Arm Tech Congress 2007": {},
		"P. Virnau, L. A. Mirny, M. Kardar, PLoS Comp Biol 2, 1074-1079 (2006)":                          {},
		"Nature": {}, "2017": {}, "stacks.iop.org/JSTAT/2010/P03013": {},
		strings.Repeat("Proceedings ", 100): {},
	} {
		if got := readVenue(in); got != want {
			t.Errorf("readVenue(%q)\n got %+v\nwant %+v", in, got, want)
		}
	}
}

func TestBareDOIs(t *testing.T) {
	for in, want := range map[string]string{
		"10.1038/s41586-025-09422-z":       "10.1038/s41586-025-09422-z",
		"10.1002/x;":                       "10.1002/x",
		"10.1002/x;10.1002/y":              "10.1002/x 10.1002/y",
		"10.1002/x, 10.1002/y; 10.1002/z.": "10.1002/x 10.1002/y 10.1002/z",
		"https://doi.org/10.1000/182":      "10.1000/182",
		"doi:10.1000/182":                  "10.1000/182",
		"10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2": "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2",
		"10.1000/a}b":       "10.1000/a",
		"10.1000/%0a@input": "",
		"none":              "",
		"":                  "",
	} {
		if got := strings.Join(bareDOIs([]string{in}), " "); got != want {
			t.Errorf("bareDOIs(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestThousandsOfAuthors: nobody is lost, and no line is longer than an editor likes.
func TestThousandsOfAuthors(t *testing.T) {
	out := render(t, BibTeX, []Paper{largeCollaboration()}, Options{})
	if n := strings.Count(out, " and"); n != 3001 {
		t.Errorf("%d authors, want 3002", n+1)
	}
	for line := range strings.Lines(out) {
		if len(line) > 200 {
			t.Fatalf("line of %d bytes", len(line))
		}
	}
}

// TestEntriesBalance: every entry's braces balance as BibTeX counts, and only entries begin a line with @.
func TestEntriesBalance(t *testing.T) {
	for name, write := range map[string]func(io.Writer, iter.Seq2[Paper, error], Options) error{"bibtex": BibTeX, "biblatex": BibLaTeX} {
		entries := strings.Split(render(t, write, nastyPapers(), Options{}), "\n\n")
		if len(entries) != len(nastyPapers())+1 {
			t.Errorf("%s: %d entries", name, len(entries)-1)
		}
		for _, entry := range entries[:len(entries)-1] {
			if !balanced(entry) || strings.Count(entry, "\n@") > 0 || !strings.HasPrefix(entry, "@") {
				t.Errorf("%s:\n%s", name, entry)
			}
		}
	}
}

func FuzzReadVenue(f *testing.F) {
	for _, s := range []string{"Phys.Rev.D76:013009,2007", "In Proc. X (2007) 1-2", "ICML, PMLR 70:1-2, 2017", "Nature volume 645, pages 633-638 (2025)"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := readVenue(s)
		if v.Kind == noVenue && v != (venue{}) || v.Kind != noVenue && v.Title == "" {
			t.Fatalf("%q: %+v", s, v)
		}
		for _, part := range []string{v.Volume, v.Number, v.First, v.Last, v.Year} {
			if strings.ContainsAny(part, "{}\\%#$&~^_,\n") {
				t.Fatalf("%q: %+v", s, v)
			}
		}
	})
}
