//go:build !noparquet

package export

import (
	"bytes"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/parquet-go/parquet-go"
)

var parquetSample = []testFormat{{"parquet", ".parquet", Parquet}}

// TestParquetReadsBack: every row comes back with what is nested in it, and unknown values as null.
func TestParquetReadsBack(t *testing.T) {
	papers := append(nastyPapers(), largeCollaboration())
	text := render(t, Parquet, papers, Options{})
	if again := render(t, Parquet, papers, Options{}); again != text {
		t.Error("two exports of the same papers differ")
	}
	rows, err := parquet.Read[parquetPaper](strings.NewReader(text), int64(len(text)))
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(papers) {
		t.Fatalf("%d rows, want %d", len(rows), len(papers))
	}
	for i, p := range papers {
		got, want := rows[i], parquetRow(p)
		if len(got.Authors) != len(want.Authors) || got.ID != string(p.ID) || got.Title != plain(p.Title) {
			t.Errorf("row %d is %s with %d authors", i, got.ID, len(got.Authors))
		}
	}
	first := rows[0]
	if diff := cmp.Diff([]any{first.Authors[7].Name, len(first.Versions), *first.Versions[0].SizeKB, first.Versions[1].SizeKB, first.Versions[0].Authors[0].Name,
		time.UnixMilli(first.Published).UTC(), first.Disappeared, first.Links[0].Verdict, first.Categories},
		[]any{"Illia Polosukhin", 2, int32(1102), (*int32)(nil), "Ashish Vaswani", stamp("2017-06-12T17:57:34Z"), int64(0), "ok", []string{"cs.CL", "cs.LG"}}); diff != "" {
		t.Error(diff)
	}
}

func TestParquetStreams(t *testing.T) {
	broken := func(yield func(Paper, error) bool) {
		if yield(nastyPapers()[0], nil) {
			yield(Paper{}, io.ErrUnexpectedEOF)
		}
	}
	if err := Parquet(io.Discard, broken, Options{}); err != io.ErrUnexpectedEOF {
		t.Errorf("error of the source: %v", err)
	}
	if err := Parquet(&fullDisk{room: 100}, seq(nastyPapers()), Options{}); err == nil {
		t.Error("a full disk passes")
	}
	var b bytes.Buffer
	if err := Parquet(&b, seq(nil), Options{}); err != nil || b.Len() == 0 {
		t.Errorf("no papers: %v, %d bytes", err, b.Len())
	}
}
