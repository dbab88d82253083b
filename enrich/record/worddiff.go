package record

import "strings"

// DiffOp says what happened to a part of a text.
type DiffOp int

// The operations: a part of both texts, of the new one only, of the old one only.
const (
	Equal DiffOp = iota
	Insert
	Delete
)

// DiffPart is a run of words with one fate. The Equal and Delete parts joined by blanks are the old text's words, the
// Equal and Insert parts the new text's.
type DiffPart struct {
	Op   DiffOp
	Text string
}

// maxDiffCells bounds the work of one diff: beyond it (two texts of a thousand differing words each) the differing
// middle is told as one deletion and one insertion.
const maxDiffCells = 1 << 20

// WordDiff compares two texts word by word by their longest common subsequence. Words are what white space separates.
func WordDiff(old, new string) []DiffPart {
	a, b := strings.Fields(old), strings.Fields(new)
	start := 0
	for start < len(a) && start < len(b) && a[start] == b[start] {
		start++
	}
	end := 0
	for end < len(a)-start && end < len(b)-start && a[len(a)-1-end] == b[len(b)-1-end] {
		end++
	}
	var d differ
	d.add(Equal, a[:start])
	d.middle(a[start:len(a)-end], b[start:len(b)-end])
	d.add(Equal, a[len(a)-end:])
	return d.parts
}

type differ struct{ parts []DiffPart }

func (d *differ) add(op DiffOp, words []string) {
	if len(words) > 0 {
		d.parts = append(d.parts, DiffPart{op, strings.Join(words, " ")})
	}
}

// middle is the textbook table of common subsequence lengths, walked from the start so that parts come in order.
func (d *differ) middle(a, b []string) {
	if len(a) == 0 || len(b) == 0 || len(a)*len(b) > maxDiffCells {
		d.add(Delete, a)
		d.add(Insert, b)
		return
	}
	width := len(b) + 1
	longest := make([]int32, (len(a)+1)*width)
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			if a[i] == b[j] {
				longest[i*width+j] = longest[(i+1)*width+j+1] + 1
			} else {
				longest[i*width+j] = max(longest[(i+1)*width+j], longest[i*width+j+1])
			}
		}
	}
	// A whole run of one fate is one part. The ends of a and b differ, so none goes on with what is the same around them.
	i, j := 0, 0
	for i < len(a) || j < len(b) {
		fromI, fromJ := i, j
		switch {
		case i < len(a) && j < len(b) && a[i] == b[j]:
			for i < len(a) && j < len(b) && a[i] == b[j] {
				i, j = i+1, j+1
			}
			d.add(Equal, a[fromI:i])
		case j == len(b) || i < len(a) && longest[(i+1)*width+j] >= longest[i*width+j+1]:
			for i < len(a) && (j == len(b) || a[i] != b[j] && longest[(i+1)*width+j] >= longest[i*width+j+1]) {
				i++
			}
			d.add(Delete, a[fromI:i])
		default:
			for j < len(b) && (i == len(a) || a[i] != b[j] && longest[(i+1)*width+j] < longest[i*width+j+1]) {
				j++
			}
			d.add(Insert, b[fromJ:j])
		}
	}
}

// Run is a run of words in which two lists of words differ: a[OldStart:OldEnd] is b[NewStart:NewEnd]. One of the two may be empty.
type Run struct{ OldStart, OldEnd, NewStart, NewEnd int }

// DifferingRuns compares two lists of words. Words that are one word in the other list ("self generated") do not differ.
func DifferingRuns(a, b []string) []Run {
	var runs []Run
	var now Run
	end := func() {
		if strings.Join(a[now.OldStart:now.OldEnd], "") != strings.Join(b[now.NewStart:now.NewEnd], "") {
			runs = append(runs, now)
		}
	}
	for _, part := range WordDiff(strings.Join(a, " "), strings.Join(b, " ")) {
		switch n := strings.Count(part.Text, " ") + 1; part.Op {
		case Delete:
			now.OldEnd += n
		case Insert:
			now.NewEnd += n
		case Equal:
			end()
			now = Run{now.OldEnd + n, now.OldEnd + n, now.NewEnd + n, now.NewEnd + n}
		}
	}
	end()
	return runs
}
