package link

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// article is a page of about 8 KiB of ordinary words, for benchmarks and comparisons.
func article(seed uint64) []byte {
	r := rand.New(rand.NewPCG(seed, 1))
	var b strings.Builder
	fmt.Fprintf(&b, "<!DOCTYPE html><html><head><title>Article %d of a journal</title></head><body><nav>Home | About</nav><h1 id=\"intro\">Article %d</h1>\n", seed, seed)
	for b.Len() < 8<<10 {
		b.WriteString("<p>")
		for range 60 {
			for range 3 + r.IntN(7) {
				b.WriteByte(byte('a' + r.IntN(26)))
			}
			b.WriteByte(' ')
		}
		b.WriteString("</p>\n")
	}
	b.WriteString("<footer>A press</footer></body></html>\n")
	return []byte(b.String())
}

// BenchmarkNewPage compares the fingerprint of a page with reading its tags alone.
func BenchmarkNewPage(b *testing.B) {
	body := article(1)
	b.Run("fingerprint", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			if NewPage("text/html; charset=utf-8", -1, body, false, false).Words < 1000 {
				b.Fatal("words are missing")
			}
		}
	})
	b.Run("tags", func(b *testing.B) {
		b.SetBytes(int64(len(body)))
		b.ReportAllocs()
		for b.Loop() {
			z := html.NewTokenizer(strings.NewReader(string(body)))
			for z.Next() != html.ErrorToken {
			}
		}
	})
}
