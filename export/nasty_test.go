package export

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
)

var (
	update  = flag.Bool("update", false, "write the golden files anew")
	samples = flag.String("samples", "", "directory that TestWriteSamples writes every format to, for .ci/verify-exports")
)

type testFormat struct {
	name, suffix string
	write        func(io.Writer, iter.Seq2[Paper, error], Options) error
}

// formats are the writers of text that every test of hostile text goes through.
var formats = []testFormat{
	{"jsonl", ".jsonl", JSONLines},
	{"json", ".json", JSON},
	{"csv", ".csv", CSV},
	{"bibtex", ".bib", BibTeX},
	{"biblatex", ".biblatex.bib", BibLaTeX},
	{"csl-json", ".csl.json", CSLJSON},
	{"ris", ".ris", RIS},
	{"yaml", ".yaml", YAML},
}

func stamp(s string) time.Time {
	t, err := time.Parse(time.RFC3339, s)
	if err != nil {
		panic(err)
	}
	return t
}

// paper is a test paper of 2017-06-12 with one version, authors divided by semicolons.
func paper(id, title, names string, change ...func(*Paper)) Paper {
	p := Paper{Paper: arxiv.Paper{Record: arxiv.Record{
		ID: arxiv.ID(id), Version: 1, Title: title, PrimaryCategory: "cs.CL", Categories: []string{"cs.CL", "cs.LG"},
		Published: stamp("2017-06-12T17:57:34Z"), Submitted: stamp("2017-06-12T17:57:34Z"), Abstract: "An abstract.",
	}}}
	for name := range strings.SplitSeq(names, ";") {
		if name != "" {
			p.Authors = append(p.Authors, arxiv.Author{Name: strings.TrimSpace(name)})
		}
	}
	for _, c := range change {
		c(&p)
	}
	return p
}

func venueOf(reference string, dois ...string) func(*Paper) {
	return func(p *Paper) { p.JournalRef, p.DOIs = reference, dois }
}

// nastyPapers is a corpus of everything that broke some exporter once, and of what somebody might put into a title to
// break this one.
func nastyPapers() []Paper {
	abstract := func(s string) func(*Paper) { return func(p *Paper) { p.Abstract = s } }
	return []Paper{
		paper("1706.03762", "Attention Is All You Need", "Ashish Vaswani; Noam Shazeer; Niki Parmar; Jakob Uszkoreit; Llion Jones; Aidan N. Gomez; Lukasz Kaiser; Illia Polosukhin",
			func(p *Paper) {
				p.Version, p.Submitted = 7, stamp("2023-08-02T00:41:18Z")
				p.Comment = "15 pages, 5 figures"
				p.Versions = []arxiv.Version{{Number: 1, Submitted: p.Published, SizeKB: 1102, HasText: true, Title: p.Title, Authors: p.Authors[:1]}, {Number: 2, SizeKB: -1}}
				p.Lists, p.Findings = []string{"README.md"}, []string{"citation/README.md/1706.03762"}
				p.Links = []Link{{URL: "https://example.org/a?b=1&c=<d>", Verdict: "ok", Since: stamp("2026-11-01T00:00:00Z")}}
				p.License, p.Submitter, p.FetchedAt = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/", "Llion Jones", stamp("2026-11-20T03:00:00Z")
			}),
		paper("2303.08774", "GPT-4 Technical Report", "OpenAI; Josh Achiam; Steven Adler"),
		paper("2501.12948", "DeepSeek-R1: Incentivizing Reasoning Capability in LLMs via Reinforcement Learning", "DeepSeek-AI; Daya Guo",
			venueOf("Nature volume 645, pages 633-638 (2025)", "10.1038/s41586-025-09422-z"), func(p *Paper) { p.Published = stamp("2025-01-22T15:19:35Z") }),
		paper("hep-th/9711200", "The Large N Limit of Superconformal Field Theories and Supergravity", "Juan M. Maldacena",
			venueOf("Adv.Theor.Math.Phys.2:231-252,1998", "10.1023/A:1026654312961;10.4310/ATMP.1998.v2.n2.a1"), func(p *Paper) {
				p.Published, p.PrimaryCategory, p.Categories = stamp("1997-11-27T00:00:00Z"), "hep-th", []string{"hep-th"}
			}),
		paper("math/0309136", "Ein Satz über Flächen", "Jürgen Müller", func(p *Paper) {
			p.Published, p.PrimaryCategory, p.Categories = time.Time{}, "math.GT", []string{"math.GT"}
		}),
		paper("2001.00001", "Proceedings paper", "Ada Lovelace", venueOf("Proceedings of the 34th International Conference on Machine Learning, PMLR 70:1126-1135, 2017")),
		paper("2001.00002", "A book chapter", "Ada Lovelace", venueOf("Chapter 10, Quantum Aspects of Life, Imperial College Press"), func(p *Paper) { p.Withdrawn = true }),
		// TeX
		paper("2001.00003", `On $\mathcal{O}(n \log n)$ and $k$-means: {\it ab initio} \emph{results} for $\Lambda$CDM`, "Łukasz Żółć; Ødegård Bjørn; Şerban Ţepeş"),
		paper("2001.00004", `100% of R&D costs $5-$10 #1 under_score ~tilde^caret \ <angle> |bar| "quoted"`, "Q. Smith"),
		paper("2001.00005", `Unbalanced } brace { and $ dollar and } again`, "Q. Smith", abstract(`}}}}{{{{ $$ \`)),
		paper("2001.00006", `\input{/etc/passwd} $\input{/etc/passwd}$ $\write18{id}$ \csname x\endcsname $a^b^c$ $\frac{1}$ $x_$ ${$ $}$ % comment`, "Q. Smith"),
		paper("2001.00007", `Set $\{x \mid x > 0\}$, $\left( \frac{a}{b} \right)^2$, $x'^2$, $_{\rm c}$, $\sqrt[3]{x}$, \(y^2\), $$E = mc^2$$`, "Q. Smith"),
		paper("2001.00008", `α-Divergence, ∞-categories, H₂O, 10⁻³ ≤ x → y, ℝ and Ελληνικά`, "Γιώργος Παπαδόπουλος"),
		paper("2001.00009", `A set {with {nested {braces}}} and \textbf{bold} \textbf unbraced \& escaped \% \_`, "{Braced Name}"),
		// Other scripts, combining marks, emoji
		paper("2001.00010", "🤗 Transformers 👩‍🔬: café e\u0301 Ångstrøm x\u030c", "José Álvarez; Nguyễn Văn Ước; Søren Kierkegaard"),
		paper("2001.00011", "تعلم الآلة \u202eevil\u202c والعربية", "محمد بن سلمان"),
		paper("2001.00012", "大規模言語モデル: 深層学習", "王小明; 山田 太郎; Wei Li (李伟)"),
		// Names
		paper("2001.00013", "Names", "Diego de las Casas; Johannes D. van der Waals; Teven Le Scao; William H. Press III; Martin Luther King, Jr.; José Ortega y Gasset; Quoc Van Le; Robert De Niro; Kaylee"),
		paper("2001.00014", "Organisations", "ATLAS Collaboration; The Qwen Team; BigScience Workshop; Google DeepMind & Friends; Research and Development Group, Inc.; for the CMS Collaboration; Ada Lovelace; et al."),
		paper("2001.00015", "No authors", ""),
		paper("2001.00016", "", "And Andersson; Peter And", abstract("")),
		// What acts on its reader
		paper("2001.00017", "=HYPERLINK(\"http://evil.example\",\"x\")", "@SUM(1+1)*cmd|' /C calc'!A0", abstract("+1-1\r\nER  - \r\nTY  - BOOK")),
		paper("2001.00018", "Null\x00 escape\x1b[31m red\x1b]0;title\x07 c1\u009b2J bidi\u2066x\u2069 tag\U000e0041 line\u2028sep bad\xff\xfe utf", "Eve\x00 \x1b[2JMallory"),
		paper("2001.00019", "<script>alert(1)</script> </title> ]]> <!-- -- > &amp; &lt;", "<b>Bold</b> Name"),
		paper("2001.00020", "no", "Null Island", abstract("- yaml: {a: [1, 2]}\n# comment\n--- !!python/object:os.system\n\ttab: &a *a")),
		paper("2001.00021", "Colliding key names", "Ada Names"), paper("2001.00022", "Colliding key names", "Ada Names"),
		paper("2001.00023", "A PAPER ALL IN CAPITALS ABOUT LLAMA", "J. R. R. Tolkien"),
		paper("2001.00024", "Several DOIs", "Q. Smith", venueOf("", "10.1002/x;", "10.1002/y")),
		paper("2001.00025", "DOI as URL {with} 100% trouble", "Q. Smith", venueOf("", "https://doi.org/10.1002/(SICI)1097-0258(19980815)17:15<1661::AID-SIM968>3.0.CO;2-2")),
		paper("2001.00026", "Broken DOI", "Q. Smith", venueOf("see } the @string{x} journal", "doi } \\input")),
	}
}

// largeCollaboration is a paper with 3,000 authors.
func largeCollaboration() Paper {
	p := paper("1503.07589", "Combined Measurement of the Higgs Boson Mass", "ATLAS Collaboration; CMS Collaboration")
	for i := range 3000 {
		p.Authors = append(p.Authors, arxiv.Author{Name: fmt.Sprintf("G. Author%c%c%c", 'a'+i%26, 'a'+i/26%26, 'a'+i/676)})
	}
	return p
}

func seq(papers []Paper) iter.Seq2[Paper, error] {
	return func(yield func(Paper, error) bool) {
		for _, p := range papers {
			if !yield(p, nil) {
				return
			}
		}
	}
}

func render(t *testing.T, write func(io.Writer, iter.Seq2[Paper, error], Options) error, papers []Paper, o Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b, seq(papers), o); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestGolden shows every format of the whole corpus. Read the difference before updating: go test ./export -update
func TestGolden(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			got := render(t, f.write, nastyPapers(), Options{})
			golden(t, "nasty"+f.suffix, got)
			if again := render(t, f.write, nastyPapers(), Options{}); again != got {
				t.Error("two exports of the same papers differ")
			}
		})
	}
}

// TestNothingActs: no format lets through a character that acts on a terminal, an editor or a spreadsheet.
func TestNothingActs(t *testing.T) {
	for _, f := range formats {
		t.Run(f.name, func(t *testing.T) {
			for i, r := range render(t, f.write, append(nastyPapers(), largeCollaboration()), Options{}) {
				if hostile(r) && r != '\n' && r != '\r' {
					t.Fatalf("U+%04X at byte %d", r, i)
				}
			}
		})
	}
}

// TestStreams: a failing source or a full disk ends the export with its error, in every format.
func TestStreams(t *testing.T) {
	broken := func(yield func(Paper, error) bool) {
		if yield(nastyPapers()[0], nil) {
			yield(Paper{}, io.ErrUnexpectedEOF)
		}
	}
	for _, f := range formats {
		if err := f.write(io.Discard, broken, Options{}); err != io.ErrUnexpectedEOF {
			t.Errorf("%s: error of the source: %v", f.name, err)
		}
		full := &fullDisk{room: 100_000}
		many := func(yield func(Paper, error) bool) {
			for range 10_000 {
				if !yield(nastyPapers()[0], nil) {
					return
				}
				full.asked++
			}
		}
		if err := f.write(full, many, Options{}); err == nil || full.asked > 2000 {
			t.Errorf("%s: full disk: error %v after %d papers", f.name, err, full.asked)
		}
	}
}

type fullDisk struct{ room, asked int }

func (d *fullDisk) Write(p []byte) (int, error) {
	if d.room -= len(p); d.room < 0 {
		return 0, io.ErrShortWrite
	}
	return len(p), nil
}

// landmarkPapers are the facts of the embedded list's papers, as the replica tells them.
func landmarkPapers(t *testing.T) []Paper {
	t.Helper()
	file, err := os.Open("../internal/replica/landmarks.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	var papers []Paper
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var fact struct {
			ID         string   `json:"id"`
			Primary    string   `json:"primary_category"`
			Categories []string `json:"categories"`
			DOI        []string `json:"doi"`
			JournalRef string   `json:"journal_ref"`
			Versions   []struct {
				Version   int            `json:"version"`
				Submitted time.Time      `json:"submitted"`
				Title     string         `json:"title"`
				Authors   []arxiv.Author `json:"authors"`
				Comment   string         `json:"comment"`
			} `json:"versions"`
		}
		if err := json.Unmarshal(lines.Bytes(), &fact); err != nil {
			t.Fatal(err)
		}
		p := Paper{Paper: arxiv.Paper{Record: arxiv.Record{ID: arxiv.ID(fact.ID), DOIs: fact.DOI, JournalRef: fact.JournalRef, PrimaryCategory: fact.Primary, Categories: fact.Categories}}}
		if p.Categories == nil {
			p.Categories = []string{fact.Primary}
		}
		for _, v := range fact.Versions {
			p.Version, p.Submitted = v.Version, v.Submitted
			if v.Title != "" {
				p.Title = v.Title
			}
			if v.Authors != nil {
				p.Authors = v.Authors
			}
			if v.Comment != "" {
				p.Comment = v.Comment
			}
			p.Versions = append(p.Versions, arxiv.Version{Number: v.Version, Submitted: v.Submitted, SizeKB: -1})
		}
		p.Published = fact.Versions[0].Submitted
		papers = append(papers, p)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
	return papers
}

// TestWriteSamples writes the landmarks and the nasty corpus in every format for the verifiers of other people, with
// what they should read: go test ./export -run TestWriteSamples -samples DIR
func TestWriteSamples(t *testing.T) {
	if *samples == "" {
		t.Skip("no -samples DIR given: nothing to write")
	}
	for _, f := range Formats() {
		if !slices.Contains([]string{"html", "markdown", "atom", "json-feed"}, f.Name) {
			continue
		}
		if err := os.WriteFile(filepath.Join(*samples, "nasty"+f.Suffixes[0]), []byte(renderSource(t, f.Write, feedSource())), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, papers := range map[string][]Paper{"landmarks": landmarkPapers(t), "nasty": append(nastyPapers(), largeCollaboration())} {
		for _, f := range slices.Concat(formats, parquetSample) {
			if err := os.WriteFile(filepath.Join(*samples, name+f.suffix), []byte(render(t, f.write, papers, Options{})), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		var facts []map[string]any
		keys := newKeyring(Options{})
		for _, p := range papers {
			c := Options{}.cite(p, keys.key(p))
			fact := map[string]any{"key": c.Key, "id": c.ID, "title": c.Title, "year": c.Year, "doi": c.DOI, "authors": len(c.Authors), "venue": c.Venue.Title}
			distinct, joined := map[string]bool{}, false
			for _, n := range c.Authors {
				distinct[n.inverted()] = true
				joined = joined || strings.Contains(n.Literal, "&") || strings.Contains(n.Literal, " and ")
			}
			fact["distinct"], fact["joined"] = len(distinct), joined
			if len(c.Authors) > 0 {
				fact["family"], fact["literal"] = c.Authors[0].Family, c.Authors[0].Literal
			}
			facts = append(facts, fact)
		}
		encoded, err := json.MarshalIndent(facts, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(*samples, name+".facts.json"), encoded, 0o644); err != nil {
			t.Fatal(err)
		}
	}
}
