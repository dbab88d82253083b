package export

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// BibTeX styles set titles in sentence case: they lower every letter outside of braces. Braces around a whole title
// would forbid the style its choice; so only the words that are never written without their capitals get them.

// properWords are names that keep their capital in every title; a title in capitals does not show them otherwise.
var properWords = wordSet(
	`Bayes Bayesian Bernoulli Boltzmann Bose Boolean Brownian Burgers Calabi Cauchy Chern Chebyshev Coulomb Dirac Dirichlet
	Einstein Euclidean Euler Eulerian Fermi Feynman Fourier Galois Gauss Gaussian Gibbs Green's Green’s Hamilton Hamiltonian Hausdorff Heisenberg Hermite
	Hermitian Hessian Higgs Hilbert Hubble Ising Jacobi Jacobian Kerr Kolmogorov Lagrange Lagrangian Laplace Laplacian Langevin Lie Lipschitz
	Lorentz Lorentzian Lyapunov Markov Markovian Maxwell Milky Minkowski Monte Carlo Nash Newton Newtonian Noether Pareto Planck Poincare Poincaré
	Poisson Ramsey Riemann Riemannian Rydberg Schrodinger Schrödinger Schwarzschild Shannon Sobolev Stokes Navier Taylor Turing Wasserstein Weyl
	Wigner Yang Mills Zeeman
	Africa African America American Arabic Asia Asian Britain British Bulgarian Chinese China Czech Danish Dutch England English Europe European
	Finnish France French German Germany Greek Hebrew Hindi Hungarian India Indian Italian Italy Japan Japanese Korea Korean Latin Norwegian Persian
	Polish Portuguese Romanian Russia Russian Spain Spanish Swedish Turkish Ukrainian Vietnamese
	Android Bluetooth Bitcoin Earth Ethereum Facebook Google Internet Jupiter Kubernetes Linux Mars Mercury Moon Neptune Python Rust Saturn Twitter
	Uranus Venus Wikipedia Llama Claude Gemini Mistral Qwen Mamba`,
)

// protectedWords says for each token whether its capitals must stay.
func protectedWords(tokens []texToken) []bool {
	protect := make([]bool, len(tokens))
	sentence, shouting := titleCase(tokens)
	if shouting {
		return protect // a title all in capitals tells nothing about its words
	}
	// kept: styles leave this letter alone, it is the first or stands behind a colon. starts: a capital here says nothing.
	kept, starts := true, true
	for i, t := range tokens {
		switch t.kind {
		case texWordToken:
			protect[i] = needsBraces(t.text, kept, sentence && !starts)
			kept, starts = false, false
		case texFormula:
			kept, starts = false, false
		case texSign:
			kept = kept || t.text == ":"
			starts = starts || strings.Contains(":?!.", t.text)
		}
	}
	return protect
}

// needsBraces says whether a style would spoil word. kept: its first letter is safe; name: its capital can only be that
// of a name.
func needsBraces(word string, kept, name bool) bool {
	initial, n := utf8.DecodeRuneInString(word)
	if n == len(word) {
		// "A" is mostly the article; "I", "N", "Z" mean themselves.
		return unicode.IsUpper(initial) && initial != 'A'
	}
	if strings.IndexFunc(word[n:], unicode.IsUpper) >= 0 {
		return true // BERT, LLaMA, mRNA, 3D
	}
	if !unicode.IsUpper(initial) || kept {
		return false
	}
	return name || strings.ContainsFunc(word, unicode.IsDigit) /* R1, T5 */ || properWords[word] ||
		properWords[strings.TrimSuffix(strings.TrimSuffix(word, "'s"), "’s")]
}

// titleCase says how a title uses capitals: sentence, as in running text, so that every capital inside is a name's;
// shouting, all of it in capitals. A title with most words capitalised is neither.
func titleCase(tokens []texToken) (sentence, shouting bool) {
	lower, capital, upper := 0, 0, 0
	first := true
	for _, t := range tokens {
		if t.kind == texSign && strings.Contains(":?!.", t.text) {
			first = true
		}
		if t.kind != texWordToken {
			continue
		}
		if utf8.RuneCountInString(t.text) >= 4 {
			initial, n := utf8.DecodeRuneInString(t.text)
			switch {
			case unicode.IsLower(initial):
				lower++
			case strings.ToUpper(t.text[n:]) == t.text[n:] && unicode.IsUpper(initial):
				upper++
			case unicode.IsUpper(initial) && !first:
				capital++
			}
		}
		first = false
	}
	return lower >= 2 && lower > capital, upper >= 3 && lower+capital == 0
}
