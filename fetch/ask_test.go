package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"
)

var both = []string{"1706.03762", "hep-th/9901001v1"}

// wantBoth checks that a batch has the two papers of the sample feeds in the order of both.
func wantBoth(t *testing.T, b Batch, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if len(b.Records) != 2 || b.Records[0].ID != "1706.03762" || b.Records[1].ID != "hep-th/9901001" || b.Missing != nil || b.Rejected != nil {
		t.Errorf("got %+v", b)
	}
}

func TestRecords(t *testing.T) {
	tests := []struct {
		name  string
		ids   []string
		steps []step
		want  string // records / missing / rejected
		urls  []string
	}{
		{
			name: "nothing asked",
			want: " /  / ",
		},
		{
			name:  "in another order than asked",
			ids:   both,
			steps: []step{reply(200, currentFeed)},
			want:  "1706.03762v7 hep-th/9901001v1 /  / ",
			urls:  []string{"https://export.arxiv.org/api/query?id_list=1706.03762,hep-th/9901001v1&start=0&max_results=2"},
		},
		{
			name:  "current and versioned are one record, repetitions are asked once",
			ids:   []string{"1706.03762", "1706.03762v7", "1706.03762"},
			steps: []step{reply(200, currentFeed)},
			want:  "1706.03762v7 /  / ",
			urls:  []string{"https://export.arxiv.org/api/query?id_list=1706.03762,1706.03762v7&start=0&max_results=2"},
		},
		{
			name:  "another version than asked is missing",
			ids:   []string{"1706.03762v6", "hep-th/9901001", "2401.00001"},
			steps: []step{reply(200, currentFeed)},
			want:  "hep-th/9901001v1 / 1706.03762v6 2401.00001 / ",
			urls:  []string{"https://export.arxiv.org/api/query?id_list=1706.03762v6,hep-th/9901001,2401.00001&start=0&max_results=3"},
		},
		{
			name:  "an empty answer is asked for again",
			ids:   both,
			steps: []step{reply(200, emptyFeed), reply(200, currentFeed)},
			want:  "1706.03762v7 hep-th/9901001v1 /  / ",
		},
		{
			name:  "two empty answers are believed",
			ids:   both,
			steps: []step{reply(200, emptyFeed), reply(200, emptyFeed)},
			want:  " / 1706.03762 hep-th/9901001v1 / ",
		},
		{
			name:  "an answer about other papers is empty",
			ids:   []string{"2401.00001"},
			steps: []step{reply(200, currentFeed), reply(200, currentFeed)},
			want:  " / 2401.00001 / ",
		},
		{
			name: "a rejected identifier is taken out",
			ids:  []string{"1706.03762", "2401.00001", "hep-th/9901001"},
			steps: []step{
				reply(400, fmt.Sprintf(errorFeed, "2401.00001")),
				reply(200, currentFeed),
			},
			want: "1706.03762v7 hep-th/9901001v1 /  / 2401.00001",
			urls: []string{
				"https://export.arxiv.org/api/query?id_list=1706.03762,2401.00001,hep-th/9901001&start=0&max_results=3",
				"https://export.arxiv.org/api/query?id_list=1706.03762,hep-th/9901001&start=0&max_results=2",
			},
		},
		{
			name:  "all rejected, and under status 200",
			ids:   []string{"2401.00001", "2401.00002"},
			steps: []step{reply(200, fmt.Sprintf(errorFeed, "2401.00002")), reply(400, fmt.Sprintf(errorFeed, "2401.00001"))},
			want:  " /  / 2401.00002 2401.00001",
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := newClient(t, Options{}, test.steps...)
				b, err := c.Records(t.Context(), test.ids)
				if err != nil {
					t.Fatal(err)
				}
				var records []string
				for _, r := range b.Records {
					records = append(records, r.ID.Versioned(r.Version))
				}
				got := strings.Join(records, " ") + " / " + strings.Join(b.Missing, " ") + " / " + strings.Join(b.Rejected, " ")
				check(t, "records / missing / rejected", got, test.want)
				check(t, "requests", c.Requests(), len(test.steps))
				if test.urls != nil {
					if diff := cmp.Diff(test.urls, s.urls); diff != "" {
						t.Error(diff)
					}
				}
			})
		})
	}
}

func TestRecordsRefusesBadLists(t *testing.T) {
	many := make([]string, MaxIDs+1)
	for i := range many {
		many[i] = fmt.Sprintf("2401.%05d", i+1)
	}
	c, _ := newClient(t, Options{})
	for _, ids := range [][]string{many, {"nonsense"}, {""}, {"1706.03762", "1706.03762,1706.03763"}, {" 1706.03762"}, {"https://arxiv.org/abs/1706.03762"}} {
		if _, err := c.Records(t.Context(), ids); err == nil {
			t.Errorf("%q are asked for", ids[len(ids)-1])
		}
	}
	if _, err := c.Raw(t.Context(), "1706.03762v2"); err == nil {
		t.Error("Raw takes a version")
	}
	check(t, "requests", c.Requests(), 0)
}

func TestRecordsTooManyRejected(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ids []string
		var steps []step
		for i := range maxRejected + 1 {
			ids = append(ids, fmt.Sprintf("2401.%05d", i+1))
			steps = append(steps, reply(400, fmt.Sprintf(errorFeed, ids[i])))
		}
		c, _ := newClient(t, Options{}, steps...)
		_, err := c.Records(t.Context(), append(ids, "1706.03762"))
		var apiErr *APIError
		if !errors.As(err, &apiErr) {
			t.Errorf("got %v", err)
		}
		check(t, "requests", c.Requests(), maxRejected+1)
	})
}

func TestRaw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, s := newClient(t, Options{}, reply(200, rawAnswer), reply(200, unknownAnswer))
		r, err := c.Raw(t.Context(), "math/0510544")
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(rawWant, r); diff != "" {
			t.Error(diff)
		}
		check(t, "URL", s.urls[0], "https://oaipmh.arxiv.org/oai?identifier=oai%3AarXiv.org%3Amath%2F0510544&metadataPrefix=arXivRaw&verb=GetRecord")
		if _, err := c.Raw(t.Context(), "2401.00001"); !errors.Is(err, ErrUnknownPaper) {
			t.Errorf("got %v, want ErrUnknownPaper", err)
		}
	})
}

func TestRequestHeaders(t *testing.T) {
	c, _ := newClient(t, Options{Version: "1.2.0", Contact: "jane@example.org"}, func(r *http.Request) (*http.Response, error) {
		check(t, "method", r.Method, "GET")
		check(t, "User-Agent", r.Header.Get("User-Agent"), "syncer/1.2.0 (mailto:jane@example.org)")
		check(t, "Accept", r.Header.Get("Accept"), "application/atom+xml, text/xml;q=0.9, */*;q=0.8")
		check(t, "Accept-Encoding", r.Header.Get("Accept-Encoding"), "") // left to net/http, which then unpacks too
		return reply(200, currentFeed)(r)
	})
	b, err := c.Records(t.Context(), both)
	wantBoth(t, b, err)
}

// TestFailures plays what goes wrong, and counts tries and the time spent.
func TestFailures(t *testing.T) {
	ok := reply(200, currentFeed)
	throttle := reply(429, "Rate exceeded.")
	type span struct{ min, max time.Duration }
	// The back-off: 15 s, 30 s, 60 s, 120 s, each three tenths more or less, none above 120 s.
	backOff := []span{{10500 * time.Millisecond, 19500 * time.Millisecond}, {21 * time.Second, 39 * time.Second}, {42 * time.Second, 78 * time.Second}, {84 * time.Second, 2 * time.Minute}}
	pace := span{3 * time.Second, 3*time.Second + 2*paceSlack}
	exactly := func(d time.Duration) span { return span{d, d + 2*paceSlack} }
	inTwoMinutes := func(r *http.Request) (*http.Response, error) {
		return reply(503, "", "Retry-After", time.Now().Add(2*time.Minute).UTC().Format(http.TimeFormat))(r)
	}
	stalled := late(time.Hour, ok)
	tests := []struct {
		name  string
		steps []step
		gaps  []span // between the requests
		want  string // in the error; empty for none
		is    error
	}{
		{"429", []step{throttle, ok}, backOff[:1], "", nil},
		{"Rate exceeded. with status 200", []step{reply(200, "Rate exceeded."), ok}, backOff[:1], "", nil},
		{"406", []step{reply(406, "Not Acceptable"), ok}, backOff[:1], "", nil},
		{"503 with seconds", []step{reply(503, "", "Retry-After", "40"), ok}, []span{exactly(40 * time.Second)}, "", nil},
		{"503 with fewer seconds than the interval", []step{reply(503, "", "Retry-After", "1"), ok}, []span{pace}, "", nil},
		{"503 with 0", []step{reply(503, "", "Retry-After", "0"), ok}, backOff[:1], "", nil},
		{"503 with a date", []step{inTwoMinutes, ok}, []span{{2*time.Minute - time.Second, 2 * time.Minute}}, "", nil},
		{"503 with a day", []step{reply(503, "", "Retry-After", "86400"), ok}, []span{exactly(5 * time.Minute)}, "", nil},
		{"throttled for good", []step{throttle, throttle, throttle, throttle, throttle}, backOff, `ask arXiv for 2 papers (1706.03762 .. hep-th/9901001v1): arXiv asks to slow down: 5 tries, the last answer: status 429 Too Many Requests: "Rate exceeded."`, ErrThrottled},
		{"refused", []step{reply(403, "Access denied")}, nil, "refuses to answer (403)", ErrRefused},
		{"500 once", []step{reply(500, "oops"), ok}, backOff[:1], "", nil},
		{"500 for good", []step{reply(500, "oops"), reply(502, ""), reply(504, "")}, backOff[:2], "3 tries failed, the last: status 504", nil},
		{"a page that says what is wrong", slices.Repeat([]step{reply(503, "<!DOCTYPE html><html><head>\n<title>first byte\n timeout</title></head><body>"+strings.Repeat("x", 1000))}, 5), backOff, `status 503 Service Unavailable: "first byte timeout"`, ErrThrottled},
		{"failures and throttles are counted apart", []step{reply(500, ""), throttle, reply(500, ""), throttle, ok}, backOff, "", nil},
		{"network", []step{fail(errors.New("connection reset")), ok}, backOff[:1], "", nil},
		{"network for good", []step{fail(errors.New("a")), fail(errors.New("b")), fail(errors.New("connection reset"))}, backOff[:2], "3 tries failed, the last: connection reset", nil},
		{"cut body", []step{cut(currentFeed[:500]), ok}, backOff[:1], "", nil},
		{"cut body for good", []step{cut("<feed"), cut("<feed"), cut("<feed")}, backOff[:2], "breaks off after 5 bytes", io.ErrUnexpectedEOF},
		{"a feed that is cut unnoticed", []step{reply(200, currentFeed[:900]), ok}, backOff[:1], "", nil},
		{"HTML", []step{reply(200, "<html>"), reply(200, "<html>"), reply(200, "<html>")}, backOff[:2], "<html> markup and no Atom feed", nil},
		{"slow, but in time", []step{late(124*time.Second, ok)}, nil, "", nil},
		{"stalled", []step{stalled, ok}, []span{{tryTimeout + backOff[0].min, tryTimeout + backOff[0].max}}, "", nil},
		{"404", []step{reply(404, "gone")}, nil, `status 404 Not Found: "gone"`, nil},
		{"414", []step{reply(414, "")}, nil, "status 414 Request URI Too Long: empty answer", nil},
		{"400 without a feed", []step{reply(400, "<html>")}, nil, "status 400", nil},
		{"400 that names nobody", []step{reply(400, fmt.Sprintf(errorFeed, "abc"))}, nil, "arXiv answers: incorrect id format for abc", nil},
		{"400 with papers", []step{reply(400, currentFeed)}, nil, "status 400", nil},
		{"redirect", []step{reply(301, "", "Location", "https://arxiv.org/api/query?x"), ok}, []span{pace}, "", nil},
		{"redirects without end", []step{reply(302, "", "Location", "/a"), reply(307, "", "Location", "/b"), reply(308, "", "Location", "/c"), reply(301, "", "Location", "/d")}, []span{pace, pace, pace}, "more than 3 redirects", nil},
		{"redirect elsewhere", []step{reply(301, "", "Location", "https://example.org/")}, nil, "leads away from arXiv", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, s := newClient(t, Options{}, test.steps...)
				b, err := c.Records(t.Context(), both)
				switch {
				case test.want == "":
					wantBoth(t, b, err)
				case err == nil || !strings.Contains(err.Error(), test.want):
					t.Errorf("error %v, want %q in it", err, test.want)
				}
				if test.is != nil && !errors.Is(err, test.is) {
					t.Errorf("%v is not %v", err, test.is)
				}
				check(t, "requests", c.Requests(), len(test.steps))
				gaps := s.gaps()
				if len(gaps) != len(test.gaps) {
					t.Fatalf("gaps %v, want %v", gaps, test.gaps)
				}
				for i, gap := range gaps {
					if gap < test.gaps[i].min || gap > test.gaps[i].max {
						t.Errorf("gap %d is %v, want %v", i, gap, test.gaps[i])
					}
				}
			})
		})
	}
}

func TestEndlessBody(t *testing.T) {
	body := &endless{}
	c, _ := newClient(t, Options{}, func(r *http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(body), Request: r}, nil
	})
	_, err := c.Records(t.Context(), both)
	if err == nil || !strings.Contains(err.Error(), "larger than 16 MiB") {
		t.Errorf("got %v", err)
	}
	if body.read > 2*maxBody {
		t.Errorf("%d bytes were read", body.read)
	}
}

// TestCancel cancels in every place where a question can be waiting.
func TestCancel(t *testing.T) {
	tests := []struct {
		name  string
		steps []step
		after time.Duration
		sent  int
	}{
		{"while pacing", []step{reply(200, currentFeed)}, time.Second, 1},
		{"while waiting for the answer", []step{reply(200, currentFeed), late(time.Minute, reply(200, currentFeed))}, 5 * time.Second, 2},
		{"while backing off", []step{reply(200, currentFeed), reply(429, "Rate exceeded.")}, 5 * time.Second, 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _ := newClient(t, Options{}, test.steps...)
				b, err := c.Records(t.Context(), both)
				wantBoth(t, b, err)
				ctx, cancel := context.WithCancel(t.Context())
				start := time.Now()
				time.AfterFunc(test.after, cancel)
				_, err = c.Records(ctx, both)
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
				check(t, "time until the return", time.Since(start), test.after)
				check(t, "requests", c.Requests(), test.sent)
			})
		})
	}
}

// TestDeadlineTooNear gives up at once, and says why, when the interval will not be over before the deadline.
func TestDeadlineTooNear(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c, _ := newClient(t, Options{}, reply(200, currentFeed))
		b, err := c.Records(t.Context(), both)
		wantBoth(t, b, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err = c.Records(ctx, both); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
	})
}

func TestWaitEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var events []string
		c, _ := newClient(t, Options{
			PaceFile: filepath.Join(t.TempDir(), "pace"),
			OnWait: func(e WaitEvent) {
				events = append(events, strconv.Itoa(int(e.Reason))+" "+e.For.String()+" "+fmt.Sprint(e.Err))
			},
		}, reply(503, "", "Retry-After", "1"), reply(200, currentFeed))
		b, err := c.Records(t.Context(), both)
		wantBoth(t, b, err)
		want := []string{
			fmt.Sprint(int(WaitThrottled), " 1s status 503 Service Unavailable: empty answer"),
			fmt.Sprint(int(WaitPace), " 2s <nil>"),
		}
		if diff := cmp.Diff(want, events); diff != "" {
			t.Error(diff)
		}
	})
}
