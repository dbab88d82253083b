package export

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"syncer/arxiv"
)

func TestTemplate(t *testing.T) {
	hostile := paper("2001.00001", "50% of\n\x1b[31m R&D, \"x\"", "Ada Names; Émile Zola", func(p *Paper) {
		p.Versions = []arxiv.Version{{Number: 1, Title: "old\u202e"}}
		p.Key = "own"
	})
	for text, want := range map[string]string{
		`{{range .Papers}}{{.ID}} {{.Title}}{{end}}`:                               `2001.00001 50% of [31m R&D, "x"`,
		`{{range .Papers}}{{.Key}} {{tex .Title}} {{date .Published}}{{end}}`:      "own 50\\% of [31m R\\&D, ``x'' 2017-06-12",
		`{{range .Papers}}{{csv .Title}},{{join "; " .Authors}}{{end}}`:            `"50% of [31m R&D, ""x""",Ada Names; Émile Zola`,
		`{{range .Papers}}{{join "+" .Categories}} {{json .Title}}{{end}}`:         `cs.CL+cs.LG "50% of [31m R\u0026D, \"x\""`,
		`{{range .Papers}}{{range .Versions}}{{.Number}}:{{.Title}}{{end}}{{end}}`: "1:old",
	} {
		f, err := Template("t", text)
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := f.Write(&b, Source{Papers: seq([]Paper{hostile})}, Options{}); err != nil || b.String() != want {
			t.Errorf("%s gives %q, %v, want %q", text, b.String(), err, want)
		}
	}
	if _, err := Template("t.tmpl", `{{range .Papers}`); err == nil || !strings.Contains(err.Error(), "t.tmpl:1") {
		t.Errorf("broken template: %v", err)
	}
	f, err := Template("t", `{{range .Papers}}{{.Nothing}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write(io.Discard, Source{Papers: seq(nastyPapers())}, Options{}); err == nil {
		t.Error("an unknown field passes")
	}
	f, err = Template("t", `{{range .Papers}}{{.ID}}{{end}}`)
	if err != nil {
		t.Fatal(err)
	}
	broken := func(yield func(Paper, error) bool) { yield(Paper{}, io.ErrUnexpectedEOF) }
	if err := f.Write(io.Discard, Source{Papers: broken}, Options{}); err != io.ErrUnexpectedEOF {
		t.Errorf("error of the source: %v", err)
	}
}
