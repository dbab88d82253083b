package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"strings"
	"unicode/utf8"
)

// YAML writes one sequence of the objects that JSONLines writes, in block style, for static site generators and people.
// Every text is in double quotes with escapes that YAML 1.1 and 1.2 both read: no text can turn into a number,
// a date, a boolean ("no"), a tag or an alias.
func YAML(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
	empty := true
	err := stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		empty = false
		encoded, err := json.Marshal(PaperObject(p))
		if err != nil {
			return nil, err
		}
		decoder := json.NewDecoder(bytes.NewReader(encoded))
		decoder.UseNumber()
		y := yamlWriter{decoder: decoder, out: append(out, '-')}
		err = y.value(2, true)
		return y.out, err
	})
	if err == nil && empty {
		_, err = io.WriteString(w, "[]\n")
	}
	return err
}

// yamlWriter walks a JSON text and writes it as YAML, so that the shape is defined once, by PaperObject.
type yamlWriter struct {
	decoder *json.Decoder
	out     []byte
}

// value writes the next value behind the "-" of a sequence or the "key:" of a mapping; indent is the column of what
// stands below it.
func (y *yamlWriter) value(indent int, inSequence bool) error {
	token, err := y.decoder.Token()
	if err != nil {
		return err
	}
	switch token := token.(type) {
	case json.Delim:
		if err := y.collection(token, indent, inSequence); err != nil {
			return err
		}
		_, err = y.decoder.Token() // the end
		return err
	case string:
		y.out = appendYAML(append(y.out, ' '), token)
	case nil:
		y.out = append(y.out, " null"...)
	default: // a number or a boolean
		y.out = fmt.Append(append(y.out, ' '), token)
	}
	y.out = append(y.out, '\n')
	return nil
}

func (y *yamlWriter) collection(kind json.Delim, indent int, inSequence bool) error {
	if !y.decoder.More() {
		y.out = append(y.out, map[json.Delim]string{'{': " {}\n", '[': " []\n"}[kind]...)
		return nil
	}
	// The first member of a mapping stands beside the "-" of the sequence that it is in.
	beside := kind == '{' && inSequence
	if !beside {
		y.out = append(y.out, '\n')
	}
	for y.decoder.More() {
		if beside {
			y.out = append(y.out, ' ')
			beside = false
		} else {
			y.out = append(y.out, strings.Repeat(" ", indent)...)
		}
		if kind == '[' {
			y.out = append(y.out, '-')
		} else {
			key, err := y.decoder.Token()
			if err != nil {
				return err
			}
			y.out = fmt.Append(y.out, key, ":")
		}
		if err := y.value(indent+2, kind == '['); err != nil {
			return err
		}
	}
	return nil
}

// appendYAML appends s in double quotes. What YAML's reader refuses or takes for a line end is escaped, and so is what
// acts on whatever shows the file.
func appendYAML(out []byte, s string) []byte {
	out = append(out, '"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			out = append(out, '\\', byte(r))
		case r == '\n':
			out = append(out, `\n`...)
		case hostile(r) && r > 0xffff:
			out = fmt.Appendf(out, `\U%08x`, r)
		case hostile(r):
			out = fmt.Appendf(out, `\u%04x`, r)
		default:
			out = utf8.AppendRune(out, r)
		}
	}
	return append(out, '"')
}
