package seeds

import "testing"

// TestReferenceStyles: a reference gives its title, first author and year in every style that lists are written in, with a
// link or an identifier behind it; prose, labels and venues give no title.
func TestReferenceStyles(t *testing.T) {
	const id = "arXiv:1706.03762"
	const link = "[Paper](https://arxiv.org/abs/1706.03762)"
	for _, c := range []struct {
		text, title, author string
		year                int
	}{
		// APA
		{"Vaswani, A., Shazeer, N. (2017). Attention is all you need. *Advances in NeurIPS*, 30. " + id, "Attention is all you need", "Vaswani, A.", 2017},
		{"van den Oord, A., Li, Y., & Vinyals, O. (2018). Representation learning with contrastive predictive coding. " + id, "Representation learning with contrastive predictive coding", "van den Oord, A.", 2018},
		{"Hu, E. J., et al. (2021). Lora: Low-rank adaptation. *ICLR*. https://arxiv.org/abs/1706.03762", "Lora: Low-rank adaptation", "Hu, E. J.", 2021},
		// ACM
		{"Kaplan, J., McCandlish, S. 2020. Scaling laws for neural language models. *arXiv preprint* " + id, "Scaling laws for neural language models", "Kaplan, J.", 2020},
		{"[12] Ashish Vaswani, Noam Shazeer, and Niki Parmar. 2017. Attention is all you need. " + id, "Attention is all you need", "Ashish Vaswani", 2017},
		{"Jared Kaplan and Sam McCandlish. 2020. Scaling laws for neural language models. " + id, "Scaling laws for neural language models", "Jared Kaplan", 2020},
		// Vancouver
		{"Wei J, Wang X, Schuurmans D, et al. Chain-of-thought prompting elicits reasoning. In: *Proc. NeurIPS 2022*; 2022. " + id, "Chain-of-thought prompting elicits reasoning", "Wei J", 2022},
		{"Ho J, Jain A, Abbeel P. Denoising diffusion probabilistic models. " + id, "Denoising diffusion probabilistic models", "Ho J", 0},
		{"3. Goodfellow I, Bengio Y. Generative adversarial nets. " + id, "Generative adversarial nets", "Goodfellow I", 0},
		// IEEE without quotation marks, and with them
		{"J. Ho, A. Jain, and P. Abbeel, \"Denoising diffusion probabilistic models,\" in *NeurIPS*, 2020. " + id, "Denoising diffusion probabilistic models", "J. Ho", 2020},
		{"S. Ioffe and C. Szegedy. Batch normalization: Accelerating deep network training. " + id, "Batch normalization: Accelerating deep network training", "S. Ioffe", 0},
		{"1. A. Vaswani, N. Shazeer, et al., \"Attention is all you need,\" in *NeurIPS*, 2017. " + id, "Attention is all you need", "A. Vaswani", 2017},
		// the title first
		{"Denoising Diffusion Probabilistic Models (2020), J. Ho et al. " + link, "Denoising Diffusion Probabilistic Models", "J. Ho", 2020},
		{"Attention Is All You Need. Ashish Vaswani, Noam Shazeer. NeurIPS 2017. " + link, "Attention Is All You Need", "Ashish Vaswani", 2017},
		{"[" + "Attention Is All You Need](https://arxiv.org/abs/1706.03762). _Ashish Vaswani, Noam Shazeer, Niki Parmar._ NeurIPS 2017.", "Attention Is All You Need", "Ashish Vaswani", 2017},
		// a plain title in front of a link
		{"(ICLR 2022) LoRA: Low-Rank Adaptation of Large Language Models " + link, "LoRA: Low-Rank Adaptation of Large Language Models", "", 2022},
		{"[2023/12] Mamba: Linear-Time Sequence Modeling with Selective State Spaces [[arXiv](https://arxiv.org/abs/1706.03762)]", "Mamba: Linear-Time Sequence Modeling with Selective State Spaces", "", 0},
		{"Self-Instruct: Aligning Language Models, ACL, 2023 [[Paper](https://arxiv.org/abs/1706.03762)]", "Self-Instruct: Aligning Language Models", "", 2023},
		// neither a title nor a name
		{"We follow the recipe of the authors and train for longer " + link, "", "", 0},
		{"Good intro to attention: [this paper](https://arxiv.org/abs/1706.03762). Highly recommended!", "", "", 0},
		{"*The Illustrated Transformer* explains https://arxiv.org/abs/1706.03762 well", "", "", 0},
		{"**Stanford University**, [arxiv](https://arxiv.org/abs/1706.03762)", "", "", 0},
		{"[Tri Dao's FlashAttention](https://arxiv.org/abs/1706.03762), see also the slides", "", "", 0},
		{"Trained on the Common Crawl by Meta AI " + id, "", "", 0},
	} {
		t.Run(c.text, func(t *testing.T) {
			list, err := Read("l.md", Markdown, []byte("- "+c.text+"\n"))
			if err != nil || len(list.Citations) != 1 {
				t.Fatalf("%+v, %v", list.Citations, err)
			}
			got := list.Citations[0].Claim
			if got.Title != c.title || got.FirstAuthor != c.author || got.Year != c.year {
				t.Errorf("got %q by %q in %d\nwant %q by %q in %d", got.Title, got.FirstAuthor, got.Year, c.title, c.author, c.year)
			}
		})
	}
}
