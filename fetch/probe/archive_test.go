package probe

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/fetch"
)

// TestSnapshot: what the Internet Archive's answers come to.
func TestSnapshot(t *testing.T) {
	closest := func(available, address, status string) string {
		return `{"archived_snapshots": {"closest": {"available": ` + available + `, "url": "` + address + `", "status": "` + status + `"}}}`
	}
	const copied = "http://web.archive.org/web/2020/http://a.example/"
	for _, row := range []struct {
		name   string
		answer step
		want   string // the copy, or the end of the error
	}{
		{"a copy", reply(200, closest("true", copied, "200")), "https://web.archive.org/web/2020/http://a.example/"},
		{"a copy of a failure", reply(200, closest("true", copied, "404")), ""},
		{"not available", reply(200, closest("false", copied, "200")), ""},
		{"no address", reply(200, closest("true", "javascript:alert(1)", "200")), ""},
		{"a long address", reply(200, closest("true", copied+strings.Repeat("x", maxLocation), "200")), ""},
		{"none", reply(200, `{"archived_snapshots": {}}`), ""},
		{"429", reply(429, "", "Retry-After", "60"), ErrArchiveBusy.Error()},
		{"503", reply(503, "<html>"), ErrArchiveBusy.Error()},
		{"500", reply(500, ""), "http://a.example/: status 500"},
		{"a page", reply(200, "<title>Offline</title>"), `the answer is no JSON: "Offline"`},
	} {
		synctest.Test(t, func(t *testing.T) {
			var asked *http.Request
			archive, err := NewArchive("", fetch.Options{Version: "1.2", Contact: "who@example.org",
				Transport: roundTripper(func(r *http.Request) (*http.Response, error) {
					asked = r
					return row.answer(r)
				})})
			if err != nil {
				t.Fatal(err)
			}
			got, err := archive.Snapshot(t.Context(), "http://a.example/", time.Date(2020, 1, 2, 3, 4, 5, 0, time.UTC))
			if err != nil {
				got = err.Error()
			}
			if !strings.HasSuffix(got, row.want) || row.want == "" && got != "" {
				t.Errorf("%s: %q, want %q", row.name, got, row.want)
			}
			if strings.Contains(row.want, ErrArchiveBusy.Error()) != errors.Is(err, ErrArchiveBusy) {
				t.Errorf("%s: %v", row.name, err)
			}
			const question = DefaultArchive + "?timestamp=20200102030405&url=http%3A%2F%2Fa.example%2F"
			if asked.URL.String() != question || asked.UserAgent() != "syncer/1.2 (mailto:who@example.org)" {
				t.Errorf("%s: asked for %s as %s", row.name, asked.URL, asked.UserAgent())
			}
		})
	}
}

// TestArchivePace: four questions a minute, and no more.
func TestArchivePace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		archive, err := NewArchive("", fetch.Options{Transport: roundTripper(reply(200, "{}"))})
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		for range 5 {
			if _, err := archive.Snapshot(t.Context(), "http://a.example/", time.Time{}); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(began); took < time.Minute || took > time.Minute+time.Second {
			t.Errorf("five questions took %v", took)
		}
	})
}
