package replica

import (
	"encoding/json"
	"testing"
)

// TestIdentifiers: arXiv's verdicts on a choice of strings; the recorded table has more.
func TestIdentifiers(t *testing.T) {
	for input, want := range map[string]struct {
		identifier string // empty: invalid
		accepted   bool   // by the query API
	}{
		"1706.03762":                       {"1706.03762", true},
		"1706.03762v7":                     {"1706.03762v7", true},
		"2301.00001V2":                     {"2301.00001v2", true},
		"1501.0001":                        {"1501.00001", true},
		"0704.00001":                       {"0704.0001", true},
		"1203.12345":                       {"", true},
		"0713.0001":                        {"", true},
		"0703.0001":                        {"", true},
		"0704.0000":                        {"", true},
		"2301.00001v0":                     {"", true},
		"2301.00001 ":                      {"", true},
		"2301.00001?x=1":                   {"", true},
		"2301.1":                           {"", false},
		"10.48550/arXiv.2301.00001":        {"", false},
		"https://arxiv.org/abs/2301.00001": {"", true},
		"2301.00001#S1":                    {"2301.00001", true},
		"ARXIV:2301.00001v3.pdf":           {"2301.00001v3", true},
		"math.GT/0309136v2":                {"math/0309136v2", true},
		"HEP-TH/9901001":                   {"hep-th/9901001", true},
		"hepth/9901001":                    {"hep-th/9901001", false},
		"astroph/9901001":                  {"astro-ph/9901001", false},
		"condmat/9901001":                  {"cond-mat/9901001", false},
		"cmplg/9404001":                    {"cmplg/9404001", false},
		"hep--th/9901001":                  {"hep-th/9901001", false},
		"bad/0101010":                      {"bad/0101010", false},
		"math/0703999":                     {"math/0703999", true},
		"math/0704001":                     {"", true},
		"math/0309136V2":                   {"", true},
		"hep-th/9901001/extra":             {"hep-th/9901001", true},
		"//hep-th/9901001":                 {"", true},
		"abc":                              {"", false},
		"":                                 {"", false},
		"1706.03762v99999999999999999999":  {"", true},
	} {
		id, ok := parseIdentifier(input)
		if ok != (want.identifier != "") || ok && id.String() != want.identifier {
			t.Errorf("parseIdentifier(%q) = %v, %v, want %q", input, id, ok, want.identifier)
		}
		if got := queryAccepts(input); got != want.accepted {
			t.Errorf("queryAccepts(%q) = %v", input, got)
		}
	}
}

func TestRecordedIdentifiers(t *testing.T) {
	var table []struct {
		Input      string
		Identifier struct {
			ID      string
			Version int
		}
		Accepts bool `json:"query_api_accepts"`
	}
	if err := json.Unmarshal(recordedFile(t, "identifiers.json"), &table); err != nil {
		t.Fatal(err)
	}
	for _, row := range table {
		id, ok := parseIdentifier(row.Input)
		if ok != (row.Identifier.ID != "") || id.base != row.Identifier.ID || id.version != row.Identifier.Version {
			t.Errorf("parseIdentifier(%q) = %+v, %v, want %+v", row.Input, id, ok, row.Identifier)
		}
		if got := queryAccepts(row.Input); got != row.Accepts {
			t.Errorf("queryAccepts(%q) = %v", row.Input, got)
		}
	}
}

// FuzzParseIdentifier: what is read is canonical, and reading it again changes nothing.
func FuzzParseIdentifier(f *testing.F) {
	for _, seed := range []string{"1706.03762v7", "math.GT/0309136", "hepth/9901001", "arxiv:2301.00001.pdf", "２３０１.00001", "//a--b/0101010#x"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, input string) {
		queryAccepts(input)
		id, ok := parseIdentifier(input)
		if !ok {
			return
		}
		again, ok := parseIdentifier(id.String())
		if !ok || again != id {
			t.Fatalf("%q is %q, read again %v %v", input, id, again, ok)
		}
	})
}
