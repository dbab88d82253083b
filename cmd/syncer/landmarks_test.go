package main

import (
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"syncer/export"
	"syncer/internal/replica"
)

// adjudicated are the findings of the embedded list's first night, each read by a person against the true records, with
// the reason why it is worth a line. What is not here must not be reported: among the other 140 mentions are short names
// with no word of the title ("GPT-3", "Chinchilla", "Codex"), titles with a nickname in front or behind ("CLIP: …",
// "… (DDPM)"), titles cut short ("AWQ: Activation-aware Weight Quantization", "Mamba 2: Transformers are SSMs"), a capital
// letter ("Mixture of a Million Experts"), an organisation without its suffix ("DeepSeek"), two authors ("Gu & Dao"), a name
// in full beside a family name ("Tri Dao"), and years of the second version (2112.10752 in 2022, 2212.09748 in 2023).
var adjudicated = []struct {
	line                         int
	kind, severity, message, why string
}{
	{27, "title-differs", "info", `left out: "of Large Language Models"`, "the words are left out without a mark; everything else is the title"},
	{33, "author-differs", "warning", "Liu is not an author of any of the 4 versions; the first is Yu Sun (also line 57)", "no Liu is among the authors of any version"},
	{40, "authors-changed", "info", "Abhimanyu Dubey is right for v1; since v2 it is Aaron Grattafiori (also line 93)", "right when it was written: v1 named Dubey first"},
	{44, "title-differs", "warning", `"with" for "from"`, "every version on arXiv says from human feedback"},
	{65, "wrong-paper", "error", `not "MMR1: Advancing Multimodal Reasoning with Reinforcement Learning" (also line 152)`, "the identifier is a paper on mathematical problem solving by other people; line 152 says MMR1 of the same one"},
	{69, "inconsistent", "info", `announces 30 papers, here are 31`, "thirty papers on arXiv and GPT-2, which is not; the last is numbered 31"},
	{98, "inconsistent", "info", "2025 here, 2024 on line 34", "submitted on the last day of 2024 under an identifier of 2025: both are right, and differ"},
}

func TestLandmarksAdjudicated(t *testing.T) {
	db := filepath.Join(t.TempDir(), "syncer.db")
	transport := newReplica(t, replica.Options{}).RoundTripper()
	if code, _, errs := syncer(t, transport, "sync", "--db", db, "--interval", "1ms", "--arxiv-api", "http://127.0.0.1/api/query", "--arxiv-oai", "http://127.0.0.1/oai"); code != 0 {
		t.Fatal(errs)
	}
	_, out, _ := syncer(t, transport, "findings", "--json", "--db", db)
	var got []export.FindingJSON
	for line := range strings.Lines(out) {
		var f export.FindingJSON
		if err := json.Unmarshal([]byte(line), &f); err != nil {
			t.Fatal(err)
		}
		got = append(got, f)
	}
	for i, f := range got {
		if i >= len(adjudicated) {
			t.Errorf("not adjudicated: line %d: %s: %s", f.Line, f.Kind, f.Message)
			continue
		}
		want := adjudicated[i]
		if f.Line != want.line || string(f.Kind) != want.kind || string(f.Severity) != want.severity || !strings.Contains(f.Message, want.message) {
			t.Errorf("line %d: %s: %s: %s\nwant line %d: %s: %s: … %s …\nsince %s", f.Line, f.Severity, f.Kind, f.Message, want.line, want.severity, want.kind, want.message, want.why)
		}
	}
	if len(got) < len(adjudicated) {
		t.Errorf("%d findings, want %d", len(got), len(adjudicated))
	}
}
