package citation

import (
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

func TestFitTitle(t *testing.T) {
	const (
		instruct   = "Training language models to follow instructions with human feedback"
		flash      = "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness"
		bert       = "BERT: Pre-training of Deep Bidirectional Transformers for Language Understanding"
		extreme    = "Extreme Compression of Large Language Models via Additive Quantization"
		offRamsey  = "Off-diagonal Ramsey numbers"
		mirage     = "Are Emergent Abilities of Large Language Models a Mirage?"
		testTime   = "Learning to (Learn at Test Time): RNNs with Expressive Hidden States"
		lunch      = "On the Optimization of Behaviour in Two-Player Games"
		mathTitle  = `Sharp bounds for $\ell_1$ and the $\beta$-function`
		pathintegr = "Path integrals in Schrödinger's picture"
		residual   = "Deep Residual Learning for Image Recognition"
		partOne    = "Intelligent location of simultaneously active acoustic emission sources: Part I"
		partTwo    = "Intelligent location of simultaneously active acoustic emission sources: Part II"
		dipole     = "Convergence of the discrete dipole approximation. II. An extrapolation technique to increase the accuracy"
		elGamal    = "A simple generalization of the ElGamal cryptosystem to non-abelian groups II"
	)
	for _, row := range []struct {
		claim, title string
		want         titleFit
	}{
		{instruct, instruct, titleSame},
		{"Training Language Models to Follow Instructions with Human Feedback.", instruct, titleSame},
		{"{T}raining {L}anguage {M}odels to {F}ollow {I}nstructions with {H}uman {F}eedback", instruct, titleSame},
		{"InstructGPT: Training language models to follow instructions with human feedback", instruct, titleSame},
		{"Training language models to follow instructions with human feedback (InstructGPT)", instruct, titleSame},
		{"[NeurIPS 2022] Training language models to follow instructions with human feedback", instruct, titleSame},
		{"Training language models to follow instructions", instruct, titleSame}, // cut short at a word
		{"InstructGPT", instruct, titleLabel},
		{"Pre-training of Deep Bidirectional Transformers for Language Understanding", bert, titleSame},
		{"BERT - Pretraining of deep bidirectional transformers for language understanding", bert, titleSame},
		{"FlashAttention 1: Fast and Memory Efficient Exact Attention with IO Awareness", flash, titleSame},
		{"Flash Attention", flash, titleLabel}, // the part before the colon is a name
		{"Are emergent abilities of LLMs a mirage", mirage, titleSame},
		{"RNNs with Expressive Hidden States", testTime, titleSame},
		{"Test-Time Training (TTT)", testTime, titleLabel},
		{"On the optimisation of behavior in 2-player games", lunch, titleSame},
		{"Sharp bounds for ℓ1 and the β-function", mathTitle, titleSame},
		{`Path integrals in Schr{\"o}dinger's picture`, pathintegr, titleSame},
		{"<b>Path integrals in Schrodinger’s picture</b>", pathintegr, titleSame},
		{"AQLM: Extreme Compression via Additive Quantization", extreme, titleShort},
		{"薛定谔绘景中的路径积分", pathintegr, titleForeign},
		{"Интегралы по траекториям", pathintegr, titleForeign},
		{"Learning to Summarize with Human Feedback", "Learning to summarize from human feedback", titleNear},
		{"Off-diagonal book Ramsey numbers", offRamsey, titleNear},
		{"MMR1: Advancing Multimodal Reasoning with Reinforcement Learning", "Teaching LLMs According to Their Aptitude: Adaptive Reasoning for Mathematical Problem Solving", titleOther},
		{"Attention Is All You Need", bert, titleOther},

		// A remark behind the title, or what makes it another one: who wrote it decides.
		{"Deep Residual Learning for Image Recognition, CVPR 2016", residual, titleLonger},
		{"Deep Residual Learning for Image Recognition. 2016", residual, titleLonger},
		{"Deep Residual Learning for Image Recognition: A Survey", residual, titleLonger},
		{"Deep Residual Learning for Image Recognition in Speech", residual, titleNear}, // no sign parts it
		{"Comment on: Deep Residual Learning for Image Recognition", residual, titleNear},
		{"12. Deep Residual Learning for Image Recognition", residual, titleSame},
		{"The Deep Residual Learning for Image Recognition", residual, titleSame},
		{"Deep Residual Learning for Im…", residual, titleSame},
		// The parts of a series are papers of their own.
		{partOne, partTwo, titleNear},
		{partTwo, partOne, titleNear},
		{"Intelligent location of simultaneously active acoustic emission sources", partTwo, titleNear},
		{"A simple generalization of the ElGamal cryptosystem to non-abelian groups", elGamal, titleNear},
		{"Convergence of the discrete dipole approximation. I. Theoretical analysis", dipole, titleOther},
		{"Convergence of the discrete dipole approximation", dipole, titleNear},
		// Another name in front of the same subtitle.
		{"FooNet: Pre-training of Deep Bidirectional Transformers for Language Understanding", bert, titleNear},
		{"Extending Context Window of LLMs", "Extending Context Window of Large Language Models via Positional Interpolation", titleSame},
	} {
		if got := fitTitle(row.claim, row.title, ""); got != row.want {
			t.Errorf("%q for %q: %d, want %d", row.claim, row.title, got, row.want)
		}
	}
}

// TestGenerations: a name with a number that is not the paper's names another paper, unless the abstract has it as well.
func TestGenerations(t *testing.T) {
	const (
		llama  = "LLaMA: Open and Efficient Foundation Language Models"
		llama2 = "Llama 2: Open Foundation and Fine-Tuned Chat Models"
		qwen   = "Qwen2.5 Technical Report"
		flash2 = "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning"
		gemini = "Gemini 1.5: Unlocking multimodal understanding across millions of tokens of context"
		palm   = "PaLM: Scaling Language Modeling with Pathways"
	)
	for _, row := range []struct {
		label, title, abstract string
		want                   titleFit
	}{
		{"Llama 2", llama, "", titleOther},
		{"LLaMA-2", llama, "", titleOther},
		{"Llama2", llama, "", titleOther},
		{"LLaMA v2", llama, "", titleOther},
		{"Nav 2", "Nav: Open and Efficient", "", titleOther},
		{"Llama 2", llama, "We release LLaMA-2.", titleLabel},
		{"Llama 2", llama2, "", titleLabel},
		{"Llama 3", llama2, "", titleOther},
		{"LLaMA", llama, "", titleLabel},
		{"LLaMA 1", llama, "", titleLabel},
		{"LLaMA v1.0", llama, "", titleLabel},
		{"LLaMA 65B", llama, "", titleLabel},
		{"LLaMA (2023)", llama, "", titleLabel},
		{"Llama", llama2, "", titleLabel},
		{"FlashAttention 3", flash2, "", titleOther},
		{"FlashAttention v2", flash2, "", titleLabel},
		{"Gemini 2", gemini, "", titleOther},
		{"Gemini 1.5", gemini, "", titleLabel},
		{"Gemini 1.5 Pro", gemini, "", titleLabel},
		{"FlashAttention 2.5", flash2, "", titleLabel},
		{"PaLM 540B", palm, "", titleLabel},
		{"Qwen 3", qwen, "", titleLabel}, // no sign says where the name ends
	} {
		if got := fitTitle(row.label, row.title, row.abstract); got != row.want {
			t.Errorf("%q for %q: %d, want %d", row.label, row.title, got, row.want)
		}
	}
	meta := &arxiv.Paper{Record: arxiv.Record{ID: "2302.13971", Version: 1, Title: llama, Authors: []arxiv.Author{{Name: "Hugo Touvron"}}}}
	claim := seeds.Claim{Title: "Llama 2"}
	found := Check(Cited{List: "l.md", Citation: seeds.Citation{ID: meta.ID, Claim: claim}}, FitClaim(claim, meta), "")
	if len(found) != 1 || found[0].Kind != enrich.KindTitleDiffers || found[0].Severity != enrich.SeverityWarning || found[0].Suggestion != "" {
		t.Errorf("%+v", found)
	}
}

func TestFitAuthor(t *testing.T) {
	one := func(names ...string) *arxiv.Paper {
		p := &arxiv.Paper{}
		for _, name := range names {
			p.Authors = append(p.Authors, arxiv.Author{Name: name})
		}
		return p
	}
	llama := one("Aaron Grattafiori", "Abhimanyu Dubey")
	llama.Version = 3
	llama.Versions = []arxiv.Version{{Number: 1, HasText: true, Authors: one("Abhimanyu Dubey", "Abhinav Jauhri").Authors}, {Number: 3, HasText: true, Authors: llama.Authors}}
	for _, row := range []struct {
		claim string
		paper *arxiv.Paper
		want  authorFit
	}{
		{"Vaswani", one("Ashish Vaswani"), authorFirst},
		{"Vaswani A", one("Ashish Vaswani"), authorFirst},
		{"Vaswani, A.", one("Ashish Vaswani"), authorFirst},
		{"A. Vaswani, N. Shazeer, N. Parmar", one("Ashish Vaswani", "Noam Shazeer"), authorFirst},
		{"VASWANI et al.", one("Ashish Vaswani"), authorFirst},
		{"Gu and Dao", one("Albert Gu", "Tri Dao"), authorFirst},
		{"van der Maaten", one("Laurens van der Maaten"), authorFirst},
		{"Maaten", one("Laurens van der Maaten"), authorFirst},
		{"Sun Yu", one("Yu Sun"), authorFirst}, // family name first
		{"Grosse", one("Philipp Große"), authorFirst},
		{"Soeren", one("Søren Sören"), authorFirst},
		{"Mueller", one("Jürgen Müller"), authorFirst},
		{"Lukasz Kaiser", one("Łukasz Kaiser"), authorFirst},
		{`Erd{\H o}s`, one("Paul Erdős"), authorFirst},
		{"DeepSeek", one("DeepSeek-AI", "Daya Guo"), authorFirst},
		{"OpenAI", one("OpenAI"), authorFirst},
		{"ATLAS Collaboration", one("The ATLAS collaboration"), authorFirst},
		{"Dubey", llama, authorOlder},
		{"Jauhri", llama, authorListed},
		{"Hofmann", one("Jordan Hoffmann"), authorMisspelt},
		{"Lui", one("Hao Liu"), authorNowhere}, // three letters: another name
		{"Liu", one("Yu Sun", "Xinhao Li"), authorNowhere},
		{"Meta AI", llama, authorUnclaimed},        // the house where the paper names people
		{"Achiam", one("OpenAI"), authorUnclaimed}, // a person where the paper names the house
		{"Thistlewood", one("DeepSeek-AI", "Daya Guo"), authorNowhere},
		{"et al.", one("Yu Sun"), authorUnclaimed},
		{"Anonymous", one("Yu Sun"), authorUnclaimed},
		{"孙宇", one("Yu Sun"), authorUnclaimed},
		{"", one("Yu Sun"), authorUnclaimed},
		{"Sun", one(), authorUnclaimed},
		{"Vaswani et. al.", one("Ashish Vaswani"), authorFirst},
		{"Ashish Vaswani<sup>1</sup>", one("Ashish Vaswani"), authorFirst},
		{"Vaswani (Google)", one("Ashish Vaswani"), authorFirst},
		{"Vaswani A, Shazeer N", one("Ashish Vaswani", "Noam Shazeer"), authorFirst},
		{"de Marrais RPC", one("Robert P. C. de Marrais"), authorFirst},
		{"Achiam", one("OpenAI", ":", "Josh Achiam", "Steven Adler"), authorFirst}, // the first of the house's people
		{"Adler", one("OpenAI", ":", "Josh Achiam", "Steven Adler"), authorListed},
	} {
		if got := fitAuthor(row.claim, row.paper); got != row.want {
			first := ""
			if len(row.paper.Authors) > 0 {
				first = row.paper.Authors[0].Name
			}
			t.Errorf("%q for %s: %d, want %d", row.claim, first, got, row.want)
		}
	}
}

func TestCheckYear(t *testing.T) {
	at := func(year int) time.Time { return time.Date(year, 6, 1, 0, 0, 0, 0, time.UTC) }
	attention := &arxiv.Paper{Record: arxiv.Record{ID: "1706.03762", Version: 7, Published: at(2017), Submitted: at(2023)}}
	titans := &arxiv.Paper{Record: arxiv.Record{ID: "2501.00663", Version: 1, Published: at(2024), Submitted: at(2024)}}
	journal := &arxiv.Paper{Record: arxiv.Record{ID: "hep-th/9901001", Version: 1, Published: at(1999), Submitted: at(1999), JournalRef: "Phys.Rev. D65 (2002) 123001"}}
	doi := &arxiv.Paper{Record: arxiv.Record{ID: "2201.04740", Version: 1, Published: at(2022), Submitted: at(2022), DOIs: []string{"10.1109/NYSDS.2019.8909784"}}}
	for _, row := range []struct {
		paper *arxiv.Paper
		year  int
		want  enrich.Severity // empty for none
	}{
		{attention, 2017, ""}, {attention, 2023, ""}, {attention, 0, ""},
		{attention, 2018, enrich.SeverityInfo},    // a venue's year
		{attention, 2024, enrich.SeverityInfo},    // the year after the newest version
		{attention, 2016, enrich.SeverityWarning}, // before there was anything
		{attention, 2025, enrich.SeverityWarning},
		{titans, 2024, ""},
		{titans, 2025, ""}, // the identifier's own year
		{titans, 2026, enrich.SeverityInfo},
		{titans, 2023, enrich.SeverityWarning},
		{journal, 2002, ""}, {journal, 2001, enrich.SeverityInfo}, {journal, 1996, enrich.SeverityWarning},
		{doi, 2019, ""},                  // published before it was submitted, as the DOI says
		{doi, 2018, enrich.SeverityInfo}, // when it was published is not known
	} {
		findings := Check(Cited{Citation: seeds.Citation{ID: row.paper.ID, Claim: seeds.Claim{Year: row.year}}}, FitClaim(seeds.Claim{Year: row.year}, row.paper), "")
		got := enrich.Severity("")
		for _, f := range findings {
			if f.Kind != enrich.KindYearDiffers {
				t.Errorf("%s in %d: %s", row.paper.ID, row.year, f.Kind)
			}
			got = f.Severity
		}
		if got != row.want {
			t.Errorf("%s in %d: %q, want %q", row.paper.ID, row.year, got, row.want)
		}
	}
}

// TestWrongPaper: an error needs title and author to speak against the paper, or the paper that was meant.
func TestWrongPaper(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2205.14135", Version: 1, Title: "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
		Authors:  []arxiv.Author{{Name: "Tri Dao"}, {Name: "Daniel Y. Fu"}},
		Abstract: "Transformers are slow and memory-hungry on long sequences. We propose FlashAttention, an IO-aware exact attention algorithm that uses tiling."}}
	for _, row := range []struct {
		title, author string
		meant         arxiv.ID
		want          []enrich.Kind
	}{
		{"Attention Is All You Need", "Vaswani", "", []enrich.Kind{enrich.KindWrongPaper}},
		{"Attention Is All You Need", "Vaswani", "1706.03762", []enrich.Kind{enrich.KindWrongPaper}},
		{"FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning", "Dao", "", []enrich.Kind{enrich.KindTitleDiffers}}, // the author speaks for it
		{"FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning", "Dao", "2307.08691", []enrich.Kind{enrich.KindWrongPaper}},
		{"FlashAttention", "Vaswani", "", []enrich.Kind{enrich.KindAuthorDiffers}}, // the title speaks for it
		{"Mistral 7B", "Jiang", "", []enrich.Kind{enrich.KindWrongPaper}},          // a name of which nothing is in title or abstract
		{"Chinchilla", "Jiang", "", []enrich.Kind{enrich.KindAuthorDiffers}},       // one word is no evidence
		{"Tiling Transformers", "Jiang", "", []enrich.Kind{enrich.KindAuthorDiffers}},
		{"Denoising Diffusion Probabilistic Priors for Molecules", "", "", []enrich.Kind{enrich.KindWrongPaper}},
		{"Minerva Web Pages Dataset Release", "", "", []enrich.Kind{enrich.KindWrongPaper}},
		{"FlashAttention Kernel Benchmark Dataset Pages", "", "", []enrich.Kind{enrich.KindTitleDiffers}},                    // its first word is in the abstract
		{"here they show how diffusion of priors is denoised for molecules", "", "", []enrich.Kind{enrich.KindTitleDiffers}}, // a sentence is no title
		{"", "Vaswani", "", []enrich.Kind{enrich.KindAuthorDiffers}},
	} {
		c := Cited{List: "l", Citation: seeds.Citation{ID: p.ID, Line: 3, Column: 7, Claim: seeds.Claim{Title: row.title, FirstAuthor: row.author}}}
		findings := Check(c, FitClaim(c.Citation.Claim, p), row.meant)
		if got := kinds(findings); strings.Join(got, " ") != joinKinds(row.want) {
			t.Errorf("%q by %q: %v, want %v", row.title, row.author, got, row.want)
		}
		for _, f := range findings {
			if f.Line != 3 || f.Column != 7 || f.Key == "" || f.Message == "" {
				t.Errorf("%q: incomplete finding %+v", row.title, f)
			}
			if sentence := strings.HasPrefix(row.title, "here they"); f.Kind == enrich.KindTitleDiffers && (f.Severity == enrich.SeverityInfo) != sentence {
				t.Errorf("%q: severity %s", row.title, f.Severity)
			}
			if f.Kind == enrich.KindWrongPaper && f.Suggestion != string(row.meant) {
				t.Errorf("%q: suggestion %q, want %q", row.title, f.Suggestion, row.meant)
			}
		}
	}
}

// TestSuggestions: what to write instead is said only where the title leaves no doubt that the identifier is right.
func TestSuggestions(t *testing.T) {
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2205.14135", Version: 1, Title: "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness", Authors: []arxiv.Author{{Name: "Tri Dao"}},
		Published: time.Date(2022, 5, 27, 0, 0, 0, 0, time.UTC), Submitted: time.Date(2022, 5, 27, 0, 0, 0, 0, time.UTC)}}
	for _, row := range []struct {
		claim seeds.Claim
		want  string // the suggestions, in order
	}{
		{seeds.Claim{Title: p.Title, FirstAuthor: "Vaswani et al.", Year: 2017}, "Dao et al.; 2022"},
		{seeds.Claim{Title: "FlashAttention", FirstAuthor: "Vaswani"}, "Dao"},
		{seeds.Claim{FirstAuthor: "Vaswani", Year: 2017}, "; "},
		{seeds.Claim{Title: "FlashAttention: Quick and Memory-Efficient Exact Attention with IO-Awareness", FirstAuthor: "Dao"}, p.Title},
		{seeds.Claim{Title: "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning", FirstAuthor: "Dao", Year: 2017}, "; "},
	} {
		var got []string
		for _, f := range Check(Cited{Citation: seeds.Citation{ID: p.ID, Claim: row.claim}}, FitClaim(row.claim, p), "") {
			got = append(got, f.Suggestion)
		}
		if strings.Join(got, "; ") != row.want {
			t.Errorf("%+v: %q, want %q", row.claim, got, row.want)
		}
	}
}

func joinKinds(kinds []enrich.Kind) string {
	var all []string
	for _, kind := range kinds {
		all = append(all, string(kind))
	}
	return strings.Join(all, " ")
}

func kinds(findings []enrich.Finding) []string {
	var all []string
	for _, f := range findings {
		all = append(all, string(f.Kind))
	}
	return all
}

func TestRenameAuthor(t *testing.T) {
	for _, row := range []struct{ claim, author, want string }{
		{"Liu", "Yu Sun", "Sun"},
		{"Liu et al.", "Yu Sun", "Sun et al."},
		{"Liu, Hao and others", "Yu Sun", "Sun, Yu and others"},
		{"Liu, H.", "Yu Sun", "Sun, Y."},
		{"Goodfellow, I. J. et al.", "Ashish M. Vaswani", "Vaswani, A. M. et al."},
		{"Hao Liu", "Yu Sun", "Yu Sun"},
		{"Maaten", "Laurens van der Maaten", "van der Maaten"},
		{"Dubey", "DeepSeek-AI", "DeepSeek-AI"},
	} {
		if got := RenameAuthor(row.claim, row.author); got != row.want {
			t.Errorf("RenameAuthor(%q, %q) = %q, want %q", row.claim, row.author, got, row.want)
		}
	}
}

// FuzzFitClaim: whatever a list claims of whatever record, there is no panic; and who claims what the record says is right.
func FuzzFitClaim(f *testing.F) {
	for _, seed := range [][4]string{
		{"CLIP: Learning (x) …", "Vaswani, A. et al.", "Learning Transferable Visual Models: Part II", "Ashish Vaswani"}, {"", "", "", ""}, {": - ?", "& and", "$\\ell_1$ — a", ":"},
		{"A.", "by", "the", "The Team"}, {"[[(", "¹", ")]", "OpenAI"}, {"I II", "de", "Part", "van der"}, {"Ⱥ…", "ß", "ß: ß", "ß"},
	} {
		f.Add(seed[0], seed[1], seed[2], seed[3])
	}
	f.Fuzz(func(t *testing.T, title, author, trueTitle, trueAuthor string) {
		p := &arxiv.Paper{Record: arxiv.Record{ID: "2407.04620", Version: 1, Title: trueTitle, Abstract: title, Authors: []arxiv.Author{{Name: trueAuthor}, {Name: author}}}}
		check := func(claim seeds.Claim) []enrich.Finding {
			fit := FitClaim(claim, p)
			fit.Doubtful()
			IsMeant(claim, p)
			return Check(Cited{Citation: seeds.Citation{ID: p.ID, Claim: claim}}, fit, "")
		}
		check(seeds.Claim{Title: title, FirstAuthor: author})
		SearchTerms(title)
		for _, f := range check(seeds.Claim{Title: trueTitle, FirstAuthor: trueAuthor}) {
			if f.Severity != enrich.SeverityInfo {
				t.Errorf("%q by %q claims what is true, and is told: %s", trueTitle, trueAuthor, f.Message)
			}
		}
	})
}

// TestHugeClaims: two claims of a hundred thousand words cost as little as two of some hundred.
func TestHugeClaims(t *testing.T) {
	huge := func(word string) Judged {
		return Judged{Cited: Cited{Citation: seeds.Citation{ID: "2407.04620", Claim: seeds.Claim{Title: strings.Repeat(word+" x", 1<<17), FirstAuthor: strings.Repeat(word+" ", 1<<17)}}}}
	}
	CheckList([]Judged{huge("a"), huge("b"), huge("c")}, nil)
	p := &arxiv.Paper{Record: arxiv.Record{ID: "2407.04620", Title: strings.Repeat("b y", 1<<17), Authors: []arxiv.Author{{Name: "Yu Sun"}}}}
	Check(huge("a").Cited, FitClaim(huge("a").Citation.Claim, p), "")
}
