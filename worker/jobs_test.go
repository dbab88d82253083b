package worker

import (
	"errors"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/export"
	"syncer/internal/replica"
	"syncer/storage"
)

// TestSoftNotFound: a host that shows the same words for a page and for an address that nobody has made has not got the page, and
// that address is made by the chance that was given.
func TestSoftNotFound(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		const gone = "https://a.example/papers/old.html"
		var made []string
		inner := newReplica(t, replica.Options{})
		pages := map[string]string{gone: "200 The page cannot be found"}
		w := newWorker(t, played(roundTripper(func(r *http.Request) (*http.Response, error) {
			if r.URL.Host != "a.example" || r.URL.Path == "/robots.txt" {
				return inner.RoundTrip(r)
			}
			made = append(made, r.URL.String())
			return played(nil, map[string]string{r.URL.String(): pages[gone]}).RoundTrip(r)
		}), pages))
		r, err := w.Run(t.Context(), listOf(t, "- [Old]("+gone+")"), options(enrich.RunVerify))
		if err != nil || r.Links.Verdicts["broken"] != 1 {
			t.Errorf("%v: %v", err, r.Links.Verdicts)
		}
		want, ok := impossible(gone, rand.New(rand.NewPCG(1, 2)))
		if !ok || len(made) != 1 || made[0] != want || !strings.HasPrefix(want, "https://a.example/papers/") {
			t.Errorf("asked for %v, want %s", made, want)
		}
	})
}

// TestJobsOfTheStore: what reads wants a database, an export names what there is, a finding can be ignored, a list corrected.
func TestJobsOfTheStore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		w := newWorker(t, newReplica(t, replica.Options{}))
		nothing := func(Exported) error { t.Error("called"); return nil }
		if err := w.Export(t.Context(), ExportJob{}, nothing); !errors.Is(err, ErrNoDatabase) {
			t.Errorf("export: %v", err)
		}
		if last, err := w.LastNight(t.Context()); err != nil || !last.IsZero() {
			t.Errorf("last night: %v, %v", last, err)
		}
		text := "- Vaswani (2012) **Attention Is All You Need**, [x](http://arxiv.org/abs/1706.03762)"
		list := listOf(t, text)
		plan, err := w.Plan(t.Context(), list, options(enrich.RunSync))
		if err != nil || plan.Due != 1 || plan.Unseen != 1 || plan.Requests != 1 {
			t.Errorf("plan: %+v, %v", plan, err)
		}
		r, err := w.Run(t.Context(), list, options(enrich.RunSync))
		if err != nil || len(r.Open) != 1 || r.Open[0].Kind != enrich.KindYearDiffers {
			t.Fatalf("%v: %+v", err, r.Open)
		}

		key := r.Open[0].Key
		if open, err := w.IsOpen(t.Context(), key, false); err != nil || !open {
			t.Errorf("the finding is open: %v, %v", open, err)
		}
		if err := w.Unignore(t.Context(), key); !errors.Is(err, storage.ErrNoFinding) {
			t.Errorf("unignore: %v", err)
		}
		if err := w.Ignore(t.Context(), key, "known", time.Time{}); err != nil {
			t.Error(err)
		}
		if ignored, err := w.IsOpen(t.Context(), key, true); err != nil || !ignored {
			t.Errorf("the finding is ignored: %v, %v", ignored, err)
		}
		if err := w.Unignore(t.Context(), key); err != nil {
			t.Error(err)
		}

		for what, filter := range map[string]storage.PaperFilter{
			"list": {List: "none.md"}, "paper": {IDs: []arxiv.ID{"2301.99999"}}, "category": {Categories: []string{"xx.YY"}},
		} {
			var absent *AbsentError
			if err := w.Export(t.Context(), ExportJob{Filter: filter}, nothing); !errors.As(err, &absent) || absent.What != what {
				t.Errorf("%s: %v", what, err)
			}
		}
		var out strings.Builder
		format, _ := export.FormatNamed("bibtex")
		err = w.Export(t.Context(), ExportJob{Keys: true}, func(e Exported) error {
			return format.Write(&out, e.Source, export.Options{Taken: e.Taken})
		})
		if err != nil || !strings.Contains(out.String(), "Attention") {
			t.Errorf("%v: %s", err, out.String())
		}

		db, err := w.OpenReader(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		c, err := w.Correct(t.Context(), db, "list.md", []byte(text+"\n"), CorrectOptions{})
		want := "- Vaswani (2017) **Attention Is All You Need**, [x](https://arxiv.org/abs/1706.03762)\n"
		if err != nil || string(c.After) != want || len(c.Corrections) != 2 || c.Cited != 1 || c.Unasked != 0 {
			t.Errorf("%v: %+v\n%s", err, c.Corrections, c.After)
		}
		binary := []byte{0x7f, 'E', 'L', 'F', 0, 1}
		if _, err := w.Correct(t.Context(), db, "list.md", binary, CorrectOptions{}); !errors.Is(err, ErrUnreadableList) {
			t.Errorf("no list: %v", err)
		}
	})
}
