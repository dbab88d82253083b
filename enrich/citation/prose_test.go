package citation

import (
	"testing"

	"syncer/arxiv"
	"syncer/seeds"
)

// prose is text that speaks of papers with their right identifiers, in five kinds: survey, blog, changelog, lecture notes and a
// dump of links under headings.
const prose = `# Attention and what came of it

The recurrent models of the 2010s gave way after the *Transformer* was introduced by Vaswani and colleagues
([here](https://arxiv.org/abs/1706.03762)); **BERT** (Devlin et al., [2018](https://arxiv.org/abs/1810.04805)) and its kin
followed. Unlike *Generative Pre-trained Transformers*, which are read from left to right, it sees both sides, and
[ALBERT](https://arxiv.org/abs/1909.11942) shares its parameters. Scaling was studied by Kaplan et al. (2020) in
[their well-known work](https://arxiv.org/abs/2001.08361), and few-shot learning in "the GPT-3 paper"
(https://arxiv.org/abs/2005.14165).

In the **ImageNet Large Scale Visual Recognition Challenge** of 2012 nobody used attention; see https://arxiv.org/abs/1706.03762
for what changed. Jürgen Schmidhuber (1991) had the *Fast Weight Programmers* before, as is said of
[linear attention](https://arxiv.org/abs/1706.03762).

# My week with long contexts

Last week I tried *Ring Attention*, and **it works**! The authors of [this preprint](https://arxiv.org/abs/2310.01889) pass
blocks around. As Tri Dao writes on *The Gradient Blog*, memory is the bottleneck: [FlashAttention](https://arxiv.org/abs/2205.14135)
was the first to say so. **Stanford University** has a course on it. Compare *Efficient Transformers: A Survey of Many Things* by
other people with [Mamba](https://arxiv.org/abs/2312.00752).

# Changelog

- **2.1.0** (2024-03-02): Added *Rotary Position Embeddings* as default, see https://arxiv.org/abs/2104.09864
- **2.0.3** Fixed *Gradient Checkpointing With Mixed Precision*, thanks to Jane Doe and Richard Roe. LoRA adapters
  ([paper](https://arxiv.org/abs/2106.09685)) are loaded lazily now
- (Jan 2023) Removed the **Legacy Attention Kernel For Old Cards**; the new one follows [Dao et al.](https://arxiv.org/abs/2205.14135)

# Lecture 5. Diffusion

1. Sohl-Dickstein et al. (2015) began with *Deep Unsupervised Learning using Nonequilibrium Thermodynamics*; today's form is that of
   https://arxiv.org/abs/2006.11239
2. Exercise 3 (2023). Read arXiv:2006.11239 and derive equation 7. Hint by A. Teacher: use Jensen's inequality
3. Where does *Classifier-Free Guidance at Inference Time* come from? (not in [DDPM](https://arxiv.org/abs/2006.11239))

# Links

## Reinforcement Learning From Human Feedback

Some Great Resources For Getting Started https://arxiv.org/abs/1706.03741

## Weekly Reading Group at Some Great University (2023)

Presenter: Maja Muster. Paper: https://arxiv.org/abs/2203.02155

| Date | Presenter | Paper |
|---|---|---|
| 2023-02-01 | Maja Muster | [InstructGPT](https://arxiv.org/abs/2203.02155) |
| 2023-02-08 | Hans Beispiel, Erika Exempel | https://arxiv.org/abs/2212.08073 |
`

// TestProse: text that talks about papers, and about other things beside them, is no claim about them.
func TestProse(t *testing.T) {
	papers := map[arxiv.ID]*arxiv.Paper{}
	for _, p := range corpus(t) {
		papers[p.ID] = p
	}
	list, err := seeds.Read("l.md", seeds.Markdown, []byte(prose))
	if err != nil {
		t.Fatal(err)
	}
	judged := 0
	for _, c := range list.Citations {
		p := papers[c.ID]
		if p == nil {
			continue
		}
		judged++
		for _, f := range Check(Cited{Citation: c}, FitCitation(c, p), "") {
			if isAlarm(f) {
				t.Errorf("line %d: %s: %s\n\tclaim %q by %q in %d", c.Line, f.Kind, f.Message, c.Claim.Title, c.Claim.FirstAuthor, c.Claim.Year)
			}
		}
	}
	if judged < 18 {
		t.Errorf("%d citations judged of %d", judged, len(list.Citations))
	}
}
