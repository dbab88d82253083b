package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// parseSince reads a date, a time or a duration back from now; empty is the beginning of time.
func parseSince(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	for _, layout := range []string{time.DateOnly, time.RFC3339} {
		if t, err := time.Parse(layout, text); err == nil {
			return t, nil
		}
	}
	if d, err := parseSpan(text); err == nil {
		return now.Add(-d), nil
	}
	return time.Time{}, usageError("a date such as 2026-11-01, or a duration such as 36h or 7d", "read flags: --since: %q is neither", text)
}

// parseSpan reads a duration as Go does, or in whole days ("7d").
func parseSpan(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if days, ok := strings.CutSuffix(text, "d"); ok {
		var n int
		if n, err = strconv.Atoi(days); err == nil {
			d = time.Duration(n) * 24 * time.Hour
		}
	}
	if err != nil || d < 0 {
		return 0, errors.New("a duration such as 36h or 7d")
	}
	return d, nil
}

// span is a duration flag that takes days as well.
type span time.Duration

func (s *span) String() string {
	if d := time.Duration(*s); d > 0 && d%(24*time.Hour) == 0 {
		return fmt.Sprintf("%dd", d/(24*time.Hour))
	}
	return time.Duration(*s).String()
}

func (s *span) Set(text string) error {
	d, err := parseSpan(text)
	*s = span(d)
	return err
}

func (s *span) Type() string { return "duration" }
