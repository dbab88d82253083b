package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
)

func longDay(t time.Time) string { return t.UTC().Format("2 January 2006") }

// percent is a place in a drawing.
func percent(share float64) string { return fmt.Sprintf("%.2f%%", 100*share) }

// yearBars draws how many papers each year has, the years without any too, unless they span a lifetime.
func yearBars(years map[int]int) []pageBar {
	sorted := slices.Sorted(maps.Keys(years))
	if len(sorted) < 2 || sorted[len(sorted)-1]-sorted[0] > 60 {
		return nil
	}
	first, last := sorted[0], sorted[len(sorted)-1]
	most := slices.Max(slices.Collect(maps.Values(years)))
	width := 1 / float64(last-first+1)
	every := (last-first)/6 + 1
	var bars []pageBar
	for year := first; year <= last; year++ {
		height := float64(years[year]) / float64(most)
		bars = append(bars, pageBar{Year: year, Count: years[year], X: percent(float64(year-first)*width + width*0.12), Y: percent(1 - height),
			Width: percent(width * 0.76), Height: percent(height), Label: (last-year)%every == 0})
	}
	return bars
}

// timeline places the versions by their dates between 2 and 98 per cent. It is empty unless there are two with a date.
func timeline(versions []arxiv.Version) (dots []pageDot, first, last string) {
	var dated []arxiv.Version
	for _, v := range versions {
		if !v.Submitted.IsZero() {
			dated = append(dated, v)
		}
	}
	if len(dated) < 2 {
		return nil, "", ""
	}
	from, to := dated[0].Submitted, dated[len(dated)-1].Submitted
	span := max(to.Sub(from).Hours(), 1)
	var before *arxiv.Version
	for i := range dated {
		v := &dated[i]
		class := "dot"
		switch {
		case v.Withdrawn:
			class += " withdrawn"
		case before != nil && v.HasText && before.HasText && (arxiv.Text(v.Title) != arxiv.Text(before.Title) || !sameAuthors(v.Authors, before.Authors)):
			class += " renamed"
		}
		title := fmt.Sprintf("v%d, %s", v.Number, longDay(v.Submitted))
		if v.SizeKB >= 0 {
			title += fmt.Sprintf(", %d kB", v.SizeKB)
		}
		share := min(max(v.Submitted.Sub(from).Hours()/span, 0), 1) // a version may be dated before v1
		dots = append(dots, pageDot{percent(0.02 + 0.96*share), title, class})
		before = v
	}
	return dots, longDay(from), longDay(to)
}

func sameAuthors(a, b []arxiv.Author) bool {
	return slices.EqualFunc(a, b, func(a, b arxiv.Author) bool { return arxiv.Text(a.Name) == arxiv.Text(b.Name) })
}

// steps tells what each version changed, newest first.
func steps(versions []arxiv.Version) []pageStep {
	if len(versions) < 2 {
		return nil
	}
	byVersion := map[int][]enrich.VersionDiff{}
	for _, d := range enrich.DiffVersions(arxiv.Paper{Versions: versions}) {
		byVersion[d.To] = append(byVersion[d.To], d)
	}
	var out []pageStep
	var before *arxiv.Version
	for i := range versions {
		v := &versions[i]
		step := pageStep{Version: v.Number}
		if !v.Submitted.IsZero() {
			step.Day = longDay(v.Submitted)
		}
		var remarks []string
		if v.SizeKB >= 0 {
			remarks = append(remarks, fmt.Sprintf("%d kB", v.SizeKB))
		}
		if comment := plain(v.Comment); comment != "" {
			remarks = append(remarks, comment)
		}
		step.Remarks = strings.Join(remarks, " · ")
		for _, d := range byVersion[v.Number] {
			switch {
			case d.Field == "title" && before != nil:
				step.Title = diffParts(before.Title, v.Title)
			case d.Field == "abstract" && before != nil:
				step.Abstract = diffParts(before.Abstract, v.Abstract)
			case d.FirstAuthor:
				step.Notes = append(step.Notes, plain(fmt.Sprintf("First author: %s, before: %s", d.New, d.Old)))
			case d.Field == "authors":
				step.Notes = append(step.Notes, plain("Authors: "+d.New))
			default:
				step.Notes = append(step.Notes, plain(strings.ToUpper(d.New[:1])+d.New[1:]))
			}
		}
		if v.HasText {
			before = v
		}
		out = append(out, step)
	}
	slices.Reverse(out)
	return out
}

// contextWords is how many unchanged words stand around a changed one in a long text.
const contextWords = 12

// diffParts compares two texts word by word. Long unchanged stretches are cut down to what stands around the changes.
func diffParts(old, new string) []pagePart {
	diff := enrich.WordDiff(plain(old), plain(new))
	var out []pagePart
	for i, part := range diff {
		switch part.Op {
		case enrich.Insert:
			out = append(out, pagePart{"new", part.Text})
		case enrich.Delete:
			out = append(out, pagePart{"old", part.Text})
		default:
			words := strings.Fields(part.Text)
			head, tail := contextWords, contextWords
			if i == 0 {
				head = 0
			}
			if i == len(diff)-1 {
				tail = 0
			}
			if len(words) <= head+tail+contextWords {
				out = append(out, pagePart{"same", part.Text})
				continue
			}
			if head > 0 {
				out = append(out, pagePart{"same", strings.Join(words[:head], " ")})
			}
			out = append(out, pagePart{"gap", "…"})
			if tail > 0 {
				out = append(out, pagePart{"same", strings.Join(words[len(words)-tail:], " ")})
			}
		}
	}
	return out
}

// changeParts shows a change: texts word by word, everything else as old and new.
func changeParts(c enrich.Change) []pagePart {
	switch c.Kind {
	case enrich.ChangeTitle, enrich.ChangeAbstract, enrich.ChangeComment, enrich.ChangeAuthors, enrich.ChangeCategories:
		if c.Old != "" && c.New != "" {
			return diffParts(c.Old, c.New)
		}
	}
	var parts []pagePart
	if old := plain(c.Old); old != "" {
		parts = append(parts, pagePart{"old", old})
	}
	if now := plain(c.New); now != "" {
		parts = append(parts, pagePart{"new", now})
	}
	return parts
}
