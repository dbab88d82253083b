package fetch

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"
	"time"
)

// bigPage is a page of n entries of ordinary size, with facts made up by number.
func bigPage(n int) []byte {
	var b strings.Builder
	b.WriteString(feedHead)
	abstract := strings.Repeat("We show that a made-up abstract of ordinary length is read &amp; understood. ", 15)
	for i := range n {
		id := fmt.Sprintf("2401.%05dv2", i+1)
		fmt.Fprintf(&b, `  <entry>
    <id>http://arxiv.org/abs/%[1]s</id>
    <title>A made-up paper, number %[2]d</title>
    <updated>2024-02-02T00:00:00Z</updated>
    <link href="https://arxiv.org/abs/%[1]s" rel="alternate" type="text/html"/>
    <link href="https://arxiv.org/pdf/%[1]s" rel="related" type="application/pdf" title="pdf"/>
    <summary>%[3]s</summary>
    <category term="cs.LG" scheme="http://arxiv.org/schemas/atom"/>
    <category term="stat.ML" scheme="http://arxiv.org/schemas/atom"/>
    <published>2024-01-01T00:00:00Z</published>
    <arxiv:comment>%[2]d pages</arxiv:comment>
    <arxiv:primary_category term="cs.LG"/>
`, id, i, abstract)
		for a := range 6 {
			fmt.Fprintf(&b, "    <author>\n      <name>Author Number %d</name>\n    </author>\n", a)
		}
		b.WriteString("  </entry>\n")
	}
	b.WriteString("</feed>\n")
	return []byte(b.String())
}

// BenchmarkParseAtom reads a page of 2,000 entries, the largest that arXiv allows, with ParseAtom and with bare
// encoding/xml. The last of the three does both by turns and reports how many times longer ParseAtom takes.
func BenchmarkParseAtom(b *testing.B) {
	data := bigPage(2000)
	ours := func(b *testing.B) {
		if page, err := ParseAtom(data); err != nil || len(page.Records) != 2000 {
			b.Fatalf("%d records, %v", len(page.Records), err)
		}
	}
	bare := func(b *testing.B) {
		var feed bareFeed
		if err := xml.Unmarshal(data, &feed); err != nil || len(feed.Entries) != 2000 {
			b.Fatalf("%d entries, %v", len(feed.Entries), err)
		}
	}
	b.Run("ParseAtom", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			ours(b)
		}
	})
	b.Run("encoding-xml", func(b *testing.B) {
		b.SetBytes(int64(len(data)))
		for b.Loop() {
			bare(b)
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
		b.ReportMetric(float64(tookOurs)/float64(tookBare), "x-encoding/xml")
	})
}
