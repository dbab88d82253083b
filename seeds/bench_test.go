package seeds

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// markdownList makes a reading list of about size bytes, as people write them: headings, items with claims and links, a table.
func markdownList(size int) []byte {
	var b bytes.Buffer
	for i := 0; b.Len() < size; i++ {
		if i%50 == 0 {
			fmt.Fprintf(&b, "\n## Section %d\n\nSome words on what follows, with a [link](https://example.org/%d) and *emphasis*.\n\n", i/50, i)
		}
		id := fmt.Sprintf("23%02d.%05d", i%12+1, i%99999+1)
		switch i % 3 {
		case 0:
			fmt.Fprintf(&b, "- Hoffmann et al. (2022) **Training Compute-Optimal Large Language Models %d** — arxiv `%s`\n", i, id)
		case 1:
			fmt.Fprintf(&b, "- [Scaling Laws for Neural Language Models %d](https://arxiv.org/abs/%s) [[Code](https://github.com/x/y%d)]\n", i, id, i)
		case 2:
			fmt.Fprintf(&b, "- *\"On a Thing & Another %d\"*. Ashish Vaswani, et al. arXiv:%s, 2023. [pdf](https://arxiv.org/pdf/%s.pdf)\n", i, id, id)
		}
	}
	return b.Bytes()
}

// BenchmarkMarkdown compares reading a list of 5 MB with goldmark's parsing alone of the same bytes. The last of the three
// does both by turns and reports how many times longer Read takes.
func BenchmarkMarkdown(b *testing.B) {
	src := markdownList(5 << 20)
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Linkify, extension.Strikethrough))
	bare := func(b *testing.B) {
		if md.Parser().Parse(text.NewReader(src)).ChildCount() == 0 {
			b.Fatal("nothing was parsed")
		}
	}
	ours := func(b *testing.B) {
		if list, err := Read("l.md", "", src); err != nil || len(list.Citations) < 40000 {
			b.Fatal(err, len(list.Citations))
		}
	}
	b.Run("goldmark", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			bare(b)
		}
	})
	b.Run("Read", func(b *testing.B) {
		b.SetBytes(int64(len(src)))
		for b.Loop() {
			ours(b)
		}
	})
	b.Run("ratio", func(b *testing.B) {
		var tookOurs, tookBare time.Duration
		for b.Loop() {
			start := time.Now()
			ours(b)
			middle := time.Now()
			bare(b)
			tookOurs += middle.Sub(start)
			tookBare += time.Since(middle)
		}
		b.ReportMetric(float64(tookOurs)/float64(tookBare), "x-goldmark")
	})
}

// BenchmarkBibTeX reads a bibliography of 5 MB.
func BenchmarkBibTeX(b *testing.B) {
	var buffer bytes.Buffer
	for i := 0; buffer.Len() < 5<<20; i++ {
		fmt.Fprintf(&buffer, "@article{key%d,\n  title = {A {Title} of \\\"Ubung %d},\n  author = {Vaswani, Ashish and Shazeer, Noam},\n  journal = {arXiv preprint arXiv:23%02d.%05d},\n  year = {2023}\n}\n\n", i, i, i%12+1, i%99999+1)
	}
	b.SetBytes(int64(buffer.Len()))
	for b.Loop() {
		if list, err := Read("l.bib", "", buffer.Bytes()); err != nil || len(list.Citations) < 20000 {
			b.Fatal(err, len(list.Citations))
		}
	}
}
