package export

import (
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/template"
	"time"

	"syncer/arxiv"
)

// Template is a format of the user's own making: a text/template over {{range .Papers}}. Its texts are plain: without line
// ends and without characters that act on their reader. What else a format needs its functions do: tex, csv, json, join,
// date. The error says what is wrong with the template, and where.
func Template(name, text string) (Format, error) {
	parsed, err := template.New(name).Option("missingkey=error").Funcs(templateFunctions).Parse(text)
	if err != nil {
		return Format{}, err
	}
	return Format{Name: "template", Keys: true, Write: func(w io.Writer, s Source, o Options) error {
		var failed error
		keys := newKeyring(o)
		papers := func(yield func(Paper) bool) {
			for p, err := range s.Papers {
				if failed = err; err != nil {
					return
				}
				p.Key = keys.key(p)
				if !yield(plainPaper(p)) {
					return
				}
			}
		}
		if err := parsed.Execute(w, struct{ Papers iter.Seq[Paper] }{papers}); err != nil {
			return err
		}
		return failed
	}}, nil
}

var templateFunctions = template.FuncMap{
	"tex": func(s string) string { return tex(s, texStyle{ascii: true}) },
	"csv": func(s string) string { return `"` + strings.ReplaceAll(inertCell(s), `"`, `""`) + `"` },
	"json": func(v any) (string, error) {
		if p, ok := v.(Paper); ok {
			v = PaperObject(p)
		}
		encoded, err := json.Marshal(v)
		return string(escapeHostile(encoded)), err
	},
	"join": func(separator string, list any) (string, error) {
		switch list := list.(type) {
		case []string:
			return strings.Join(list, separator), nil
		case []arxiv.Author:
			names := make([]string, len(list))
			for i, a := range list {
				names[i] = a.Name
			}
			return strings.Join(names, separator), nil
		}
		return "", fmt.Errorf("join takes texts or authors, not %T", list)
	},
	"date": func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.UTC().Format(time.DateOnly)
	},
}
