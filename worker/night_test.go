package worker

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/enrich"
	"syncer/enrich/link"
	"syncer/internal/replica"
	"syncer/seeds"
	"syncer/storage"
)

// TestGoodNight: a night without a command line, over the embedded list, says what it did, in a report and while it does it; the
// run counts as the last night.
func TestGoodNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := evening()
		w := newWorker(t, newReplica(t, replica.Options{}))
		show := &told{steps: map[Phase]int{}, found: map[Phase]int{}}
		w.Progress = show
		o := options(enrich.RunSync)
		o.SkipLinks = true
		r, err := w.Run(t.Context(), []seeds.List{seeds.Landmarks()}, o)
		if err != nil {
			t.Fatal(err)
		}
		if r.Papers != 64 || r.Versions < 100 || r.Histories == 0 || r.Waiting != 64-r.Histories || len(r.NewPapers()) != 64 ||
			len(r.SortedChanges()) != 0 || len(r.Open) == 0 || len(r.Opened) != len(r.Open) || len(r.VersionDiffs) == 0 || r.Links.Asked {
			t.Errorf("%d papers, %d versions, %d histories (%d wait), %d new, %d open", r.Papers, r.Versions, r.Histories, r.Waiting,
				len(r.NewPapers()), len(r.Open))
		}
		want := []Phase{PhasePapers, PhaseMissing, PhaseVersions, PhaseDoubts, PhaseHistories}
		if !slices.Equal(show.phases, want) || show.found[PhasePapers] != 64 || show.found[PhaseVersions] != r.Versions ||
			show.steps[PhaseHistories] != r.Histories || show.waits == 0 {
			t.Errorf("told: %v, %v steps, %v found, %d waits", show.phases, show.steps, show.found, show.waits)
		}
		row := lastRun(t, w)
		if !row.Complete || row.Requests != r.Requests || !row.StartedAt.Equal(start) || !row.EndedAt.Equal(r.Ended.Truncate(time.Second)) {
			t.Errorf("run row %+v", row)
		}
		if last, err := w.LastNight(t.Context()); err != nil || !last.Equal(start) {
			t.Errorf("last night %v, %v", last, err)
		}
		plan, err := w.Plan(t.Context(), []seeds.List{seeds.Landmarks()}, o)
		if err != nil || plan.Papers != 64 || plan.Due != 0 || plan.Versions != 0 || plan.Histories != r.Waiting || plan.Unseen != 0 {
			t.Errorf("what the next would ask: %+v, %v", plan, err)
		}
	})
}

// TestDistrustedNight: when every title changes at once the error says so, the run row too, and nothing is flagged.
func TestDistrustedNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := evening()
		const papers = 40
		var file strings.Builder
		var lines []string
		for i := range papers {
			fmt.Fprintf(&file, `{"id":"2401.%05d","primary_category":"cs.CL","versions":[`+
				`{"version":1,"submitted":"2024-01-02T03:04:05Z","title":"Paper %d","authors":[{"name":"Ann Author"}]},`+
				`{"version":2,"submitted":%q,"title":"Another %d"}]}`+"\n", i+1, i, start.Add(12*time.Hour).Format(time.RFC3339), i)
			lines = append(lines, fmt.Sprintf("- arXiv:2401.%05d", i+1))
		}
		w := newWorker(t, newReplica(t, replica.Options{Papers: strings.NewReader(file.String())}))
		if _, err := w.Run(t.Context(), listOf(t, lines...), options(enrich.RunSync)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(24 * time.Hour)
		r, err := w.Run(t.Context(), listOf(t, lines...), options(enrich.RunSync))
		var distrust *DistrustError
		if !errors.As(err, &distrust) || distrust.Kind != enrich.RunSync || distrust.Why != r.Distrust || r.Distrust == "" {
			t.Fatalf("%v", err)
		}
		if row := lastRun(t, w); !row.Distrusted || row.Complete || row.Error != r.Distrust || len(r.Opened) > 0 {
			t.Errorf("run row %+v, %d findings opened", row, len(r.Opened))
		}
		time.Sleep(time.Hour)
		if r, err = w.Run(t.Context(), listOf(t, lines...), options(enrich.RunSync)); err != nil || len(r.Opened) < papers {
			t.Errorf("the next night, which finds the same: %d findings, %v", len(r.Opened), err)
		}
	})
}

// TestOutage: when nothing at all answers, no link is judged, by a night either, and what was known stays.
func TestOutage(t *testing.T) {
	for _, kind := range []enrich.RunKind{enrich.RunVerify, enrich.RunSync} {
		synctest.Test(t, func(t *testing.T) {
			evening()
			list := listOf(t, "- [A](https://a.example/1)", "- [B](https://b.example/1)", "- [C](https://c.example/1)",
				"- [D](https://d.example/1)")
			w := newWorker(t, noNetwork)
			r, err := w.Run(t.Context(), list, options(kind))
			var outage *OutageError
			if !errors.As(err, &outage) || outage.Kind != kind || outage.Why != r.Links.Outage ||
				!strings.HasSuffix(err.Error(), "; no link is judged") {
				t.Fatalf("%v", err)
			}
			if row := lastRun(t, w); !row.Distrusted || row.Complete || r.Links.Verdicts[link.Unchecked] != 4 {
				t.Errorf("run row %+v, verdicts %v", row, r.Links.Verdicts)
			}
		})
	}
}

// TestCancelledNight: the error is the context's, the run row is closed all the same, and the next night goes on.
func TestCancelledNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		ctx, cancel := context.WithCancel(t.Context())
		inner, asked := newReplica(t, replica.Options{}), 0
		w := newWorker(t, roundTripper(func(r *http.Request) (*http.Response, error) {
			if asked++; asked == 3 {
				cancel()
				<-r.Context().Done()
				return nil, r.Context().Err()
			}
			return inner.RoundTrip(r)
		}))
		o := options(enrich.RunSync)
		o.SkipLinks = true
		r, err := w.Run(ctx, []seeds.List{seeds.Landmarks()}, o)
		if !errors.Is(err, context.Canceled) || r == nil || r.Papers != 64 || r.Err == nil {
			t.Fatalf("%v: %+v", err, r)
		}
		if row := lastRun(t, w); row.EndedAt.IsZero() || row.Complete || row.Error != "stopped by a signal" {
			t.Errorf("run row %+v", row)
		}
		if r, err = w.Run(t.Context(), []seeds.List{seeds.Landmarks()}, o); err != nil || r.Fresh != 64 || r.Versions == 0 {
			t.Errorf("the next: %v, %d fresh, %d versions", err, r.Fresh, r.Versions)
		}
	})
}

// TestWaitingHosts: what a host does not let us ask is left for another time, and a look at links says so.
func TestWaitingHosts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		w := newWorker(t, played(newReplica(t, replica.Options{}), map[string]string{
			"https://a.example/1": "429 3600", "https://a.example/2": "429 3600", "https://a.example/3": "429 3600", "https://b.example/1": "200 B",
		}))
		o := options(enrich.RunVerify)
		o.Links.PerHost = 1
		list := listOf(t, "- [A](https://a.example/1)", "- [A](https://a.example/2)", "- [A](https://a.example/3)", "- [B](https://b.example/1)")
		r, err := w.Run(t.Context(), list, o)
		var waiting *WaitingError
		if !errors.As(err, &waiting) || waiting.Links != r.Links.Waiting || waiting.Links == 0 || r.Links.Verdicts[link.OK] != 1 {
			t.Errorf("%v: %+v", err, r.Links)
		}
	})
}

// TestHeld: a second night over the same database is refused while the first goes on.
func TestHeld(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		inner := newReplica(t, replica.Options{})
		w := newWorker(t, inner)
		second := *w
		var secondErr error
		w.Transport = roundTripper(func(r *http.Request) (*http.Response, error) {
			if secondErr == nil {
				_, secondErr = second.Run(t.Context(), listOf(t, "- arXiv:1706.03762"), options(enrich.RunSync))
			}
			return inner.RoundTrip(r)
		})
		if _, err := w.Run(t.Context(), listOf(t, "- arXiv:1706.03762"), options(enrich.RunSync)); err != nil {
			t.Error(err)
		}
		var held *storage.HeldError
		if !errors.As(secondErr, &held) {
			t.Errorf("%v", secondErr)
		}
	})
}

// TestBadOptions: what cannot be is refused before anything is made.
func TestBadOptions(t *testing.T) {
	for name, spoil := range map[string]func(*Worker, *Options){
		"contact":  func(w *Worker, _ *Options) { w.Contact = "nobody" },
		"interval": func(w *Worker, _ *Options) { w.Interval = time.Second },
		"kind":     func(_ *Worker, o *Options) { o.Kind = "dinner" },
		"budget":   func(_ *Worker, o *Options) { o.Budget = -1 },
	} {
		w, o := newWorker(t, noNetwork), options(enrich.RunSync)
		spoil(w, &o)
		r, err := w.Run(t.Context(), listOf(t, "- arXiv:1706.03762"), o)
		var option *OptionError
		if !errors.As(err, &option) || r != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(w.DB); err == nil {
			t.Errorf("%s: a database was made", name)
		}
	}
}
