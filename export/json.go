package export

import (
	"io"
	"iter"
)

// JSON writes one array of the objects that JSONLines writes one a line.
func JSON(w io.Writer, papers iter.Seq2[Paper, error], _ Options) error {
	return array(w, papers, PaperObject)
}
