package export

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
)

// JSONLines writes one JSON object a line, in the order of papers, in the shape that PaperObject documents.
func JSONLines(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
	encode := newEncoder()
	return stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		encoded, err := encode(PaperObject(p))
		return append(append(out, encoded...), '\n'), err
	})
}

// JSON writes one array of the objects that JSONLines writes one a line.
func JSON(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
	return array(w, papers, PaperObject)
}

// array writes one JSON array, one element a line.
func array(w io.Writer, papers iter.Seq2[Paper, error], object func(Paper) any) error {
	if _, err := io.WriteString(w, "["); err != nil {
		return err
	}
	separator := "\n"
	encode := newEncoder()
	err := stream(w, papers, func(out []byte, p Paper) ([]byte, error) {
		encoded, err := encode(object(p))
		out = append(append(out, separator...), encoded...)
		separator = ",\n"
		return out, err
	})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, "\n]\n")
	return err
}

// newEncoder gives a function that encodes one value after the other into one buffer: what it returns holds until the next
// call. Angle brackets stay readable; what acts on a terminal or an editor is escaped.
func newEncoder() func(any) ([]byte, error) {
	var buffer bytes.Buffer
	encoder := json.NewEncoder(&buffer)
	encoder.SetEscapeHTML(false)
	return func(v any) ([]byte, error) {
		buffer.Reset()
		err := encoder.Encode(v)
		return escapeHostile(bytes.TrimSpace(buffer.Bytes())), err
	}
}
