package export

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"syncer/arxiv"
	"syncer/enrich/record"
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
		bars = append(
			bars,
			pageBar{Year: year, Count: years[year], X: percent(float64(year-first)*width + width*0.12), Y: percent(1 - height),
				Width: percent(width * 0.76), Height: percent(height), Label: (last-year)%every == 0},
		)
	}
	return bars
}

// timeline places the versions by their dates between 2 and 98 per cent.
func timeline(versions []arxiv.Version) (t pageTimeline) {
	dated := slices.DeleteFunc(slices.Clone(versions), func(v arxiv.Version) bool { return v.Submitted.IsZero() })
	if len(dated) < 2 {
		return t
	}
	from, to := dated[0], dated[len(dated)-1]
	span := max(to.Submitted.Sub(from.Submitted).Hours(), 1)
	var renamed []string
	for i, v := range dated {
		dot := pageDot{Class: "dot", Title: fmt.Sprintf("v%d, %s", v.Number, longDay(v.Submitted))}
		if v.SizeKB >= 0 {
			dot.Title += fmt.Sprintf(", %d kB", v.SizeKB)
		}
		switch {
		case v.Withdrawn:
			dot.Class += " withdrawn"
			dot.Title += ", withdrawn"
		case i > 0 && v.HasText && dated[i-1].HasText && (arxiv.Text(v.Title) != arxiv.Text(dated[i-1].Title) ||
			!sameAuthors(v.Authors, dated[i-1].Authors)):
			dot.Class += " renamed"
			dot.Title += ", another title or other authors"
			renamed = append(renamed, fmt.Sprintf("v%d", v.Number))
		}
		share := min(max(v.Submitted.Sub(from.Submitted).Hours()/span, 0), 1) // a version may be dated before v1
		dot.X = percent(0.02 + 0.96*share)
		t.Dots = append(t.Dots, dot)
	}
	t.First, t.Last = fmt.Sprintf("v%d, %s", from.Number, longDay(from.Submitted)), fmt.Sprintf("v%d, %s", to.Number, longDay(to.Submitted))
	if renamed != nil {
		t.Renamed = "another title or other authors since " + strings.Join(renamed, ", ")
	}
	return t
}

func sameAuthors(a, b []arxiv.Author) bool {
	return slices.EqualFunc(a, b, func(a, b arxiv.Author) bool { return arxiv.Text(a.Name) == arxiv.Text(b.Name) })
}

// steps tells what each version changed, newest first.
func steps(versions []arxiv.Version) []pageStep {
	if len(versions) < 2 {
		return nil
	}
	byVersion := map[int][]record.VersionDiff{}
	for _, d := range record.DiffVersions(arxiv.Paper{Versions: versions}) {
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
