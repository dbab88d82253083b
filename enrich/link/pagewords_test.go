package link

import (
	"fmt"
	"strings"
	"testing"
)

// TestWordHashWhole: a word has the same hash wherever it stands in a text, in whatever case, and read whole or byte by byte.
// What is stored of a page must not depend on how fast it was read.
func TestWordHashWhole(t *testing.T) {
	const letters = "aBcDeFgHiJkLm9oPqRsTuVwXyZ"
	for length := 1; length < len(letters); length++ {
		word := letters[:length]
		var slow wordHash
		for _, c := range []byte(word) {
			slow.add(c)
		}
		want, digit := slow.end()
		for _, behind := range []string{"", " ", " behind it more"} {
			for _, before := range []string{"", "x"} {
				raw := []byte(before + strings.ToUpper(word) + behind)
				var fast wordHash
				fast.addAll(raw, len(before), len(before)+length)
				fast.digit = digit
				if got, _ := fast.end(); got != want {
					t.Errorf("%q in %q: %x, byte by byte %x", word, raw, got, want)
				}
			}
		}
	}
}

// TestWordHashStays: hashes are stored, and compared with those of pages read years later.
func TestWordHashStays(t *testing.T) {
	for text, want := range map[string]string{
		"Attention is all you need, 2017":       "bf83a3c9387c1d16 91a77f96661c3c4f 6 [ae3986cf bda82d70 cfc55cc2 dcd91285]",
		"naïve Übersetzungen und Grüße, längst": "89eb67e525a1f86b 89eb67e525a1f86b 5 [10fcff48 dd5f03ed f1992b92]",
		"深度学习 of neural networks":               "bc0a7cd9958d4089 bc0a7cd9958d4089 7 [44706572 48155e56 73ed73da 9ea8f051 c777950d]",
	} {
		var w wordReader
		w.write([]byte(text))
		if got := fmt.Sprintf("%x %x %d %x", w.text, w.masked, w.words, w.sketch); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
