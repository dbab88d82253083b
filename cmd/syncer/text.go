package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode"

	"syncer/enrich"
)

// printable makes text from outside safe for a terminal: no escape sequences, no bidi controls that reorder a line, no
// NULs, line ends as blanks.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			return ' '
		case unicode.IsControl(r), unicode.Is(unicode.Bidi_Control, r), r == '\u2028', r == '\u2029', r == '\ufeff':
			return -1
		}
		return r
	}, s)
}

// count is "1 paper", "2 papers".
func count(n int, noun string) string {
	return plural(n, noun, noun+"s")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

// shorten cuts a text to n runes for a line of a report.
func shorten(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	return strings.TrimRight(string(runes[:n-1]), " ,.;:") + "…"
}

// day is a time as a person reads it.
func day(t time.Time) string {
	if t.IsZero() {
		return "unknown date"
	}
	return t.UTC().Format(time.DateOnly)
}

// jsonLines writes one JSON object a line.
type jsonLines struct{ encoder *json.Encoder }

func newJSONLines(w io.Writer) jsonLines {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	return jsonLines{encoder}
}

func (j jsonLines) write(v any) error {
	if err := j.encoder.Encode(v); err != nil {
		return fmt.Errorf("write JSON: stdout: %w", err)
	}
	return nil
}

// paint wraps text in a colour when colours are on. Colour never carries a meaning that the words do not.
func (a *app) paint(code, text string) string {
	on := a.set.color == "always" || a.set.color == "auto" && isTerminal(a.stdout) && os.Getenv("NO_COLOR") == ""
	if !on {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

const (
	bold   = "1"
	red    = "31"
	yellow = "33"
	cyan   = "36"
)

func severityColor(severity enrich.Severity) string {
	switch severity {
	case enrich.SeverityError:
		return red
	case enrich.SeverityWarning:
		return yellow
	}
	return cyan
}
