package citation

import (
	"time"

	"syncer/arxiv"
)

// tonight is when the tests judge.
var tonight = time.Date(2026, 11, 24, 4, 30, 0, 0, time.UTC)

func at(date string) time.Time {
	t, err := time.Parse(time.DateOnly, date)
	if err != nil {
		panic(err)
	}
	return t
}

func names(list ...string) []arxiv.Author {
	authors := make([]arxiv.Author, len(list))
	for i, name := range list {
		authors[i] = arxiv.Author{Name: name}
	}
	return authors
}

// version is a version with its own texts.
func version(number int, title, abstract string, authors ...string) arxiv.Version {
	return arxiv.Version{Number: number, Title: title, Abstract: abstract, Authors: names(authors...), HasText: true}
}
