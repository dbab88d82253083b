package main

import (
	"testing"
	"time"
)

func TestCleanNeutralisesTerminalControl(t *testing.T) {
	for in, want := range map[string]string{
		"plain – Ünïcode 論文":        "plain – Ünïcode 論文",
		"\x1b[31mred\x1b[0m":        "[31mred[0m",
		"title\x07\x00\u009b2J":     "title2J",
		"a\nb\tc\rd":                "a b c d",
		"abc\u202edef\u2066x\u2069": "abcdefx",
		"\ufeffbom\u2028line":       "bomline",
	} {
		if got := printable(in); got != want {
			t.Errorf("%q: %q, want %q", in, got, want)
		}
	}
}

func TestParseSince(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for in, want := range map[string]string{
		"2026-11-01":           "2026-11-01T00:00:00Z",
		"2026-11-01T02:00:00Z": "2026-11-01T02:00:00Z",
		"36h":                  "2026-11-23T00:00:00Z",
		"7d":                   "2026-11-17T12:00:00Z",
		"yesterday":            "",
		"-3h":                  "",
		"1.5d":                 "",
	} {
		got, err := parseSince(in, now)
		if wanted, wrong := time.Parse(time.RFC3339, want); !got.Equal(wanted) || (err == nil) != (wrong == nil) {
			t.Errorf("%q: %s, error %v, want %q", in, got, err, want)
		}
	}
}
