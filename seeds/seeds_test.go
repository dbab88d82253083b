package seeds

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"syncer/arxiv"
)

// sample is a small list and what is to be read of it, one line an item, as show writes it.
type sample struct {
	name, src, want string
}

// testSamples reads each sample and compares; it also checks what holds for every list.
func testSamples(t *testing.T, f Format, samples []sample) {
	t.Helper()
	for _, s := range samples {
		t.Run(s.name, func(t *testing.T) {
			list, err := Read("sample", f, []byte(s.src))
			got := show(list)
			if err != nil {
				got = "error: " + err.Error()
			}
			if want := strings.TrimSpace(s.want); got != want {
				t.Errorf("%s\n--- got\n%s\n--- want\n%s", s.src, got, want)
			}
			checkList(t, []byte(s.src), list)
		})
	}
}

// show writes a list one line an item: citations, links, malformed. Empty fields are left out.
func show(list List) string {
	var b strings.Builder
	field := func(name, value string) {
		if value != "" {
			fmt.Fprintf(&b, " %s=%s", name, value)
		}
	}
	for _, c := range list.Citations {
		fmt.Fprintf(&b, "%d %s", c.Line, c.ID.Versioned(c.Version))
		if !strings.Contains(c.AsWritten, string(c.ID)) {
			field("written", c.AsWritten)
		}
		field("title", c.Claim.Title)
		field("author", c.Claim.FirstAuthor)
		if c.Claim.Year != 0 {
			fmt.Fprintf(&b, " year=%d", c.Claim.Year)
		}
		field("section", c.Section)
		field("key", c.Key)
		if len(c.Also) > 0 {
			fmt.Fprintf(&b, " also=%d", len(c.Also))
		}
		b.WriteByte('\n')
	}
	for _, l := range list.Links {
		fmt.Fprintf(&b, "%d link %s", l.Line, l.URL)
		field("title", l.Title)
		field("section", l.Section)
		b.WriteByte('\n')
	}
	for _, m := range list.Malformed {
		fmt.Fprintf(&b, "%d malformed %s: %s", m.Line, m.AsWritten, m.Reason)
		field("section", m.Section)
		b.WriteByte('\n')
	}
	return strings.TrimSpace(b.String())
}

// checkList checks what holds for every list that was read, since corrections are made by its spans: each lies in the
// source and says what the list says that it says, and everything comes in the order of the source.
func checkList(t *testing.T, src []byte, list List) {
	t.Helper()
	last := 0
	at := func(what string, s Span, asWritten string, line, column int) {
		t.Helper()
		if s.Start < 0 || s.End <= s.Start || s.End > len(src) {
			t.Fatalf("%s: span %v of %d bytes", what, s, len(src))
		}
		if string(src[s.Start:s.End]) != asWritten {
			t.Fatalf("%s: written %q, span holds %q", what, asWritten, src[s.Start:s.End])
		}
		if s.Start < last {
			t.Fatalf("%s at %d, behind %d", what, s.Start, last)
		}
		last = s.Start
		start := bytes.LastIndexByte(src[:s.Start], '\n') + 1
		if want := bytes.Count(src[:s.Start], []byte("\n")) + 1; line != want || column != s.Start-start+1 {
			t.Fatalf("%s: line %d column %d, want %d and %d", what, line, column, want, s.Start-start+1)
		}
	}
	for _, c := range list.Citations {
		what := fmt.Sprintf("citation %s line %d", c.ID, c.Line)
		at(what, c.Span, c.AsWritten, c.Line, c.Column)
		if id, version, err := arxiv.Parse(string(c.ID)); err != nil || id != c.ID || version != 0 || c.Version < 0 {
			t.Errorf("%s: no canonical identifier: %v", what, err)
		}
		places := slices.SortedFunc(slices.Values(append([]Span{c.Span}, c.Also...)), func(a, b Span) int { return a.Start - b.Start })
		for i, s := range places {
			if s.Start < 0 || s.End <= s.Start || s.End > len(src) || i > 0 && s.Start < places[i-1].End {
				t.Errorf("%s: places %v", what, places)
				break
			}
		}
		checkClaim(t, what, src, c.Claim)
	}
	last = 0
	for _, l := range list.Links {
		at("link "+l.URL, l.Span, l.AsWritten, l.Line, l.Column)
		if _, ok := normalURL(l.URL); !ok {
			t.Errorf("link %q cannot be asked", l.URL)
		}
	}
	last = 0
	for _, m := range list.Malformed {
		at("malformed "+m.AsWritten, m.Span, m.AsWritten, m.Line, m.Column)
		if m.Reason == "" {
			t.Errorf("malformed %q without a reason", m.AsWritten)
		}
	}
}

// checkClaim checks that the places of a claim hold it.
func checkClaim(t *testing.T, what string, src []byte, c Claim) {
	t.Helper()
	for _, part := range []struct {
		name, claim string
		span        Span
	}{{"title", c.Title, c.TitleSpan}, {"author", c.FirstAuthor, c.AuthorSpan}, {"year", fmt.Sprint(c.Year), c.YearSpan}} {
		if part.span == (Span{}) {
			continue
		}
		if part.span.Start < 0 || part.span.End < part.span.Start || part.span.End > len(src) {
			t.Fatalf("%s: %s at %v of %d bytes", what, part.name, part.span, len(src))
		}
		written := string(src[part.span.Start:part.span.End])
		if reads := strings.Join(strings.Fields(written), " "); reads != part.claim && readable(written) != part.claim && strings.TrimRight(readable(written), ",. ") != part.claim {
			t.Errorf("%s: %s %q, but its place holds %q", what, part.name, part.claim, written)
		}
	}
}
