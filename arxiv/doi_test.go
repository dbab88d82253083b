package arxiv

import (
	"strings"
	"testing"
)

func TestBareDOI(t *testing.T) {
	for text, want := range map[string]string{
		"10.1038/nature14539":                   "10.1038/nature14539",
		" https://doi.org/10.1038/nature14539 ": "10.1038/nature14539",
		"http://dx.doi.org/10.1145/3292500":     "10.1145/3292500",
		"doi:10.1145/3292500":                   "10.1145/3292500",
		"DOI: 10.1145/3292500":                  "10.1145/3292500",
		"doi.org/10.1145/3292500":               "10.1145/3292500",
		"10.48550/arXiv.1706.03762":             "10.48550/arXiv.1706.03762",
		"10.1038/a 10.1038/b":                   "",
		"https://example.org/10.1145/3292500":   "",
		"10.1145":                               "",
		`10.1007/978-3-030\_5`:                  "",
		"":                                      "",
	} {
		got, ok := BareDOI(text)
		if got != want || ok != (want != "") {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
		if own := strings.Contains(want, "48550"); IsOwnDOI(text) != own {
			t.Errorf("%q: arXiv's own is %t", text, !own)
		}
	}
}

func TestDOIsIn(t *testing.T) {
	for field, want := range map[string]string{
		"10.1038/nature14539":                                         "10.1038/nature14539",
		"10.1002/x; 10.1002/y":                                        "10.1002/x 10.1002/y",
		"https://doi.org/10.1002/x, 10.1002/y.":                       "10.1002/x 10.1002/y",
		"10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2": "10.1002/(SICI)1097-0258(19980815)17:15<1661::AID>3.0.CO;2-2",
		"in press": "",
	} {
		if got := strings.Join(DOIsIn(field), " "); got != want {
			t.Errorf("%q: %q, want %q", field, got, want)
		}
	}
}
