package storage

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// stamp is how times are stored: RFC 3339, UTC, seconds. Equal lengths make them sort as text.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// stampOrEmpty stores an unknown time as an empty text, stampOrNull as null.
func stampOrEmpty(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return stamp(t)
}

func stampOrNull(t time.Time) sql.NullString {
	return sql.NullString{String: stampOrEmpty(t), Valid: !t.IsZero()}
}

// moment reads a stored time; an empty or null one is the zero time.
func moment(text string) time.Time {
	t, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}

// storable makes a text storable: STRICT text columns take any bytes, but readers expect UTF-8, and a NUL ends a text for
// SQLite's own functions.
func storable(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(s, "\ufffd"), "\x00", "")
}

// toJSON is for values that always marshal: slices of strings and of authors.
func toJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		panic(fmt.Sprintf("marshal %T: %v", v, err))
	}
	return string(text)
}

func fromJSON[T any](text string) (v T, err error) {
	err = json.Unmarshal([]byte(text), &v)
	return v, err
}

// placeholders is "?, ?, ?" and its arguments.
func placeholders[T any](values []T) (string, []any) {
	args := make([]any, len(values))
	for i, v := range values {
		args[i] = v
	}
	return strings.TrimSuffix(strings.Repeat("?, ", len(values)), ", "), args
}
