package arxiv

import (
	"slices"
	"strings"
	"sync"
)

// Category is one of arXiv's subject categories.
type Category struct {
	Code    string // "cs.CL", "hep-th"
	Name    string // "Computation and Language"
	Archive string // "cs", "hep-th"
	// AliasOf is the other code of the same category, where arXiv keeps two: math-ph is math.MP. Empty for all others.
	AliasOf string
}

// archives are all that ever stood in front of an old-style identifier, the closed ones too (arxiv-base,
// arxiv/taxonomy/definitions.py), with their names.
var archives = map[string]string{
	"astro-ph": "Astrophysics", "cond-mat": "Condensed Matter", "cs": "Computer Science", "econ": "Economics",
	"eess":  "Electrical Engineering and Systems Science",
	"gr-qc": "General Relativity and Quantum Cosmology", "hep-ex": "High Energy Physics - Experiment",
	"hep-lat": "High Energy Physics - Lattice",
	"hep-ph":  "High Energy Physics - Phenomenology", "hep-th": "High Energy Physics - Theory", "math": "Mathematics",
	"math-ph": "Mathematical Physics",
	"nlin":    "Nonlinear Sciences", "nucl-ex": "Nuclear Experiment", "nucl-th": "Nuclear Theory", "physics": "Physics",
	"q-bio": "Quantitative Biology",
	"q-fin": "Quantitative Finance", "quant-ph": "Quantum Physics", "stat": "Statistics",
	"acc-phys": "Accelerator Physics", "adap-org": "Adaptation, Noise, and Self-Organizing Systems", "alg-geom": "Algebraic Geometry",
	"ao-sci":  "Atmospheric-Oceanic Sciences",
	"atom-ph": "Atomic, Molecular and Optical Physics", "bayes-an": "Bayesian Analysis", "chao-dyn": "Chaotic Dynamics",
	"chem-ph": "Chemical Physics",
	"cmp-lg":  "Computation and Language", "comp-gas": "Cellular Automata and Lattice Gases", "dg-ga": "Differential Geometry",
	"funct-an": "Functional Analysis",
	"mtrl-th":  "Materials Theory", "patt-sol": "Pattern Formation and Solitons", "plasm-ph": "Plasma Physics",
	"q-alg":    "Quantum Algebra and Topology",
	"solv-int": "Exactly Solvable and Integrable Systems", "supr-con": "Superconductivity", "test": "Test",
}

// taxonomy is one category a line: code, name.
const taxonomy = `astro-ph.CO	Cosmology and Nongalactic Astrophysics
astro-ph.EP	Earth and Planetary Astrophysics
astro-ph.GA	Astrophysics of Galaxies
astro-ph.HE	High Energy Astrophysical Phenomena
astro-ph.IM	Instrumentation and Methods for Astrophysics
astro-ph.SR	Solar and Stellar Astrophysics
cond-mat.dis-nn	Disordered Systems and Neural Networks
cond-mat.mes-hall	Mesoscale and Nanoscale Physics
cond-mat.mtrl-sci	Materials Science
cond-mat.other	Other Condensed Matter
cond-mat.quant-gas	Quantum Gases
cond-mat.soft	Soft Condensed Matter
cond-mat.stat-mech	Statistical Mechanics
cond-mat.str-el	Strongly Correlated Electrons
cond-mat.supr-con	Superconductivity
cs.AI	Artificial Intelligence
cs.AR	Hardware Architecture
cs.CC	Computational Complexity
cs.CE	Computational Engineering, Finance, and Science
cs.CG	Computational Geometry
cs.CL	Computation and Language
cs.CR	Cryptography and Security
cs.CV	Computer Vision and Pattern Recognition
cs.CY	Computers and Society
cs.DB	Databases
cs.DC	Distributed, Parallel, and Cluster Computing
cs.DL	Digital Libraries
cs.DM	Discrete Mathematics
cs.DS	Data Structures and Algorithms
cs.ET	Emerging Technologies
cs.FL	Formal Languages and Automata Theory
cs.GL	General Literature
cs.GR	Graphics
cs.GT	Computer Science and Game Theory
cs.HC	Human-Computer Interaction
cs.IR	Information Retrieval
cs.IT	Information Theory
cs.LG	Machine Learning
cs.LO	Logic in Computer Science
cs.MA	Multiagent Systems
cs.MM	Multimedia
cs.MS	Mathematical Software
cs.NA	Numerical Analysis
cs.NE	Neural and Evolutionary Computing
cs.NI	Networking and Internet Architecture
cs.OH	Other Computer Science
cs.OS	Operating Systems
cs.PF	Performance
cs.PL	Programming Languages
cs.RO	Robotics
cs.SC	Symbolic Computation
cs.SD	Sound
cs.SE	Software Engineering
cs.SI	Social and Information Networks
cs.SY	Systems and Control
econ.EM	Econometrics
econ.GN	General Economics
econ.TH	Theoretical Economics
eess.AS	Audio and Speech Processing
eess.IV	Image and Video Processing
eess.SP	Signal Processing
eess.SY	Systems and Control
gr-qc	General Relativity and Quantum Cosmology
hep-ex	High Energy Physics - Experiment
hep-lat	High Energy Physics - Lattice
hep-ph	High Energy Physics - Phenomenology
hep-th	High Energy Physics - Theory
math-ph	Mathematical Physics
math.AC	Commutative Algebra
math.AG	Algebraic Geometry
math.AP	Analysis of PDEs
math.AT	Algebraic Topology
math.CA	Classical Analysis and ODEs
math.CO	Combinatorics
math.CT	Category Theory
math.CV	Complex Variables
math.DG	Differential Geometry
math.DS	Dynamical Systems
math.FA	Functional Analysis
math.GM	General Mathematics
math.GN	General Topology
math.GR	Group Theory
math.GT	Geometric Topology
math.HO	History and Overview
math.IT	Information Theory
math.KT	K-Theory and Homology
math.LO	Logic
math.MG	Metric Geometry
math.MP	Mathematical Physics
math.NA	Numerical Analysis
math.NT	Number Theory
math.OA	Operator Algebras
math.OC	Optimization and Control
math.PR	Probability
math.QA	Quantum Algebra
math.RA	Rings and Algebras
math.RT	Representation Theory
math.SG	Symplectic Geometry
math.SP	Spectral Theory
math.ST	Statistics Theory
nlin.AO	Adaptation and Self-Organizing Systems
nlin.CD	Chaotic Dynamics
nlin.CG	Cellular Automata and Lattice Gases
nlin.PS	Pattern Formation and Solitons
nlin.SI	Exactly Solvable and Integrable Systems
nucl-ex	Nuclear Experiment
nucl-th	Nuclear Theory
physics.acc-ph	Accelerator Physics
physics.ao-ph	Atmospheric and Oceanic Physics
physics.app-ph	Applied Physics
physics.atm-clus	Atomic and Molecular Clusters
physics.atom-ph	Atomic Physics
physics.bio-ph	Biological Physics
physics.chem-ph	Chemical Physics
physics.class-ph	Classical Physics
physics.comp-ph	Computational Physics
physics.data-an	Data Analysis, Statistics and Probability
physics.ed-ph	Physics Education
physics.flu-dyn	Fluid Dynamics
physics.gen-ph	General Physics
physics.geo-ph	Geophysics
physics.hist-ph	History and Philosophy of Physics
physics.ins-det	Instrumentation and Detectors
physics.med-ph	Medical Physics
physics.optics	Optics
physics.plasm-ph	Plasma Physics
physics.pop-ph	Popular Physics
physics.soc-ph	Physics and Society
physics.space-ph	Space Physics
q-bio.BM	Biomolecules
q-bio.CB	Cell Behavior
q-bio.GN	Genomics
q-bio.MN	Molecular Networks
q-bio.NC	Neurons and Cognition
q-bio.OT	Other Quantitative Biology
q-bio.PE	Populations and Evolution
q-bio.QM	Quantitative Methods
q-bio.SC	Subcellular Processes
q-bio.TO	Tissues and Organs
q-fin.CP	Computational Finance
q-fin.EC	Economics
q-fin.GN	General Finance
q-fin.MF	Mathematical Finance
q-fin.PM	Portfolio Management
q-fin.PR	Pricing of Securities
q-fin.RM	Risk Management
q-fin.ST	Statistical Finance
q-fin.TR	Trading and Market Microstructure
quant-ph	Quantum Physics
stat.AP	Applications
stat.CO	Computation
stat.ME	Methodology
stat.ML	Machine Learning
stat.OT	Other Statistics
stat.TH	Statistics Theory`

// aliases are the pairs of codes of one category, in both directions.
var aliases = [][2]string{
	{
		"math.MP",
		"math-ph",
	}, {"math.IT", "cs.IT"}, {"cs.NA", "math.NA"}, {"stat.TH", "math.ST"}, {"q-fin.EC", "econ.GN"}, {"cs.SY", "eess.SY"},
}

// categories is the taxonomy by code, made at its first use: the archives that are categories of their own too, and the
// closed ones, which old papers still carry.
var categories = sync.OnceValue(func() map[string]Category {
	byCode := map[string]Category{}
	for code, name := range archives {
		byCode[code] = Category{Code: code, Name: name, Archive: code}
	}
	for line := range strings.SplitSeq(taxonomy, "\n") {
		code, name, _ := strings.Cut(line, "\t")
		archive, _, _ := strings.Cut(code, ".")
		byCode[code] = Category{Code: code, Name: name, Archive: archive}
	}
	for _, pair := range aliases {
		alias := byCode[pair[0]]
		alias.AliasOf = pair[1]
		byCode[pair[0]] = alias
	}
	return byCode
})

// LookupCategory gives a category, or a closed archive that old papers carry as one, by its code.
func LookupCategory(code string) (Category, bool) {
	category, ok := categories()[code]
	return category, ok
}

// Categories gives all of them, ordered by code.
func Categories() []Category {
	var all []Category
	for _, category := range categories() {
		all = append(all, category)
	}
	slices.SortFunc(all, func(a, b Category) int { return strings.Compare(a.Code, b.Code) })
	return all
}

// licenses are the ones that arXiv has offered (info.arxiv.org/help/license), without scheme and trailing slash.
var licenses = map[string]string{
	"creativecommons.org/licenses/by/4.0": "CC BY 4.0", "creativecommons.org/licenses/by-sa/4.0": "CC BY-SA 4.0",
	"creativecommons.org/licenses/by-nc-sa/4.0": "CC BY-NC-SA 4.0",
	"creativecommons.org/licenses/by-nc-nd/4.0": "CC BY-NC-ND 4.0", "creativecommons.org/publicdomain/zero/1.0": "CC0 1.0",
	"creativecommons.org/licenses/by/3.0": "CC BY 3.0", "creativecommons.org/licenses/by-nc-sa/3.0": "CC BY-NC-SA 3.0",
	"creativecommons.org/licenses/publicdomain":   "Public Domain",
	"arxiv.org/licenses/nonexclusive-distrib/1.0": "arXiv non-exclusive", "arxiv.org/licenses/assumed-1991-2003": "arXiv assumed 1991-2003",
}

// LicenseName is the short name of a licence URL, empty when it is not one that arXiv has offered.
func LicenseName(url string) string {
	_, rest, ok := strings.Cut(url, "://")
	if !ok {
		return ""
	}
	return licenses[strings.TrimSuffix(strings.TrimPrefix(rest, "www."), "/")]
}
