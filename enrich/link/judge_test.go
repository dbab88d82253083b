package link

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

const theLink = "https://www.example.org/papers/one"

var firstNight = time.Date(2026, 11, 1, 4, 30, 0, 0, time.UTC)

// look makes the probe of a night from a few words: a status, a fault, "moved URL", "temp URL", "page TITLE".
func look(t *testing.T, night int, words string) Probe {
	t.Helper()
	p := Probe{At: firstNight.AddDate(0, 0, night), FinalURL: theLink, Status: 200, Page: somePage("A paper", 1)}
	kind, rest, _ := strings.Cut(words, " ")
	switch kind {
	case "ok":
	case "304":
		p.Status, p.NotModified, p.Page = 304, true, nil
	case "moved":
		p.Hops, p.FinalURL = []Hop{{theLink, 301}}, rest
	case "hijacked":
		p.Hops, p.FinalURL, p.Page = []Hop{{theLink, 302}}, "https://casino.test/", NewPage("text/html", -1, []byte("<title>Casino slots</title><p>play"), false, false)
	case "elsewhere":
		p.Hops, p.FinalURL, p.Page, p.Elsewhere = []Hop{{theLink, 301}}, rest, nil, true
	case "temp":
		p.Hops, p.FinalURL = []Hop{{theLink, 302}}, rest
	case "another":
		p.Page = somePage(rest, 2)
	case "tls":
		p.TLS = "certificate expired on 2026-10-01"
		if to, ok := strings.CutPrefix(rest, "moved "); ok {
			p.Hops, p.FinalURL = []Hop{{theLink, 301}}, to
		}
	case "challenge":
		p.Barrier = "challenge page"
	case "fragment":
		p.Missing = rest
	case "private":
		p.Status, p.Page, p.Fault, p.Detail = 0, nil, FaultNotAllowed, "its address is not on the public internet"
	default:
		p.Page = nil
		if _, err := fmt.Sscanf(kind, "%d", &p.Status); err != nil {
			p.Status, p.Fault = 0, Fault(words)
		}
	}
	return p
}

// somePage is a page of 200 words, all of them others for another seed.
func somePage(title string, seed uint64) *Page {
	r := rand.New(rand.NewPCG(seed, 7))
	var b strings.Builder
	fmt.Fprintf(&b, "<html><head><title>%s</title></head><body>", title)
	for range 200 {
		for range 4 {
			b.WriteByte(byte('a' + r.IntN(26)))
		}
		b.WriteByte(' ')
	}
	return NewPage("text/html", -1, []byte(b.String()), false, false)
}

// TestJudgeNights: what a link is after each of a row of nights, each with one check.
func TestJudgeNights(t *testing.T) {
	const to = "https://www.example.org/new/one"
	tests := []struct {
		name   string
		checks string // one a night, separated by ", "; "-" is a night without a check
		want   string // the verdict after each
	}{
		{"good stays good", "ok, ok, 304", "ok, ok, ok"},
		{"led to another domain, and to another page", "ok, hijacked, hijacked, hijacked, ok", "ok, ok, changed, changed, ok"},
		{"a 404 is believed at the third check over two days", "ok, 404, 404, 404, 404", "ok, suspect, suspect, broken, broken"},
		{"three checks in one day are not enough", "404 +0h, 404 +1h, 404 +2h, 404 +48h", "suspect, suspect, suspect, broken"},
		{"a good check in between begins anew", "404, 404, ok, 404, 404, 404", "suspect, suspect, ok, suspect, suspect, broken"},
		{"a 410 needs two", "410, 410", "suspect, broken"},
		{"no such host", "no such host, no such host, no such host", "suspect, suspect, broken"},
		{"refused", "connection refused, connection refused, connection refused", "suspect, suspect, broken"},
		{"a loop", "redirect loop, redirect loop, redirect loop", "suspect, suspect, broken"},
		{"different plain failures count together", "404, no such host, 404", "suspect, suspect, broken"},
		{"a fault that may pass neither confirms nor clears", "404, 500, 404, 404", "suspect, suspect, suspect, broken"},
		{"transient faults within the week of grace", "500, timeout, connection reset, 503, name servers fail, 502", "suspect, suspect, suspect, suspect, suspect, suspect"},
		{"a barrier is somebody: the week begins anew", "500, 500, 500, 500, 403, 500, 500, 500, 500", "suspect, suspect, suspect, suspect, blocked, suspect, suspect, suspect, suspect"},
		{"and after it", "500, 500, 500, 500, 500, 500, 500, 500", "suspect, suspect, suspect, suspect, suspect, suspect, suspect, broken"},
		{"a week between two checks is no week of failures", "500, -, -, -, -, -, -, 500, 500", "suspect, , , , , , , suspect, broken"},
		{"flaky is never broken", "500, ok, 500, ok, timeout, ok, 500, ok, 503, ok", "suspect, ok, suspect, ok, suspect, ok, suspect, ok, suspect, ok"},
		{"what is broken does not become less so by a fault", "410, 410, 503, timeout, ok", "suspect, broken, broken, broken, ok"},
		{"but it cannot be judged behind a barrier", "410, 410, 403", "suspect, broken, blocked"},
		{"blocked in whatever way", "401, 402, 403, 407, 429, 451, 999, challenge", "blocked, blocked, blocked, blocked, blocked, blocked, blocked, blocked"},
		{"blocked neither confirms nor clears", "404, 404, 429, 404", "suspect, suspect, blocked, broken"},
		{"moved at the second check with the same end", "ok, moved " + to + ", moved " + to, "ok, ok, moved"},
		{"an end that changes is none", "moved " + to + ", moved " + to + "2, moved " + to + "3", "ok, ok, ok"},
		{"moved, and the end moves on: the first is believed until the second is", "moved A, moved A, moved B, moved B", "ok, moved, moved, moved"},
		{"temporary redirects are good", "temp " + to + ", temp " + to, "ok, ok"},
		{"scheme, www and slash are housekeeping", "moved http://example.org/papers/one/, moved http://example.org/papers/one/", "ok, ok"},
		{"led to the front page", "temp https://www.example.org/, temp https://www.example.org/", "ok, changed"},
		{"another page at the second check", "ok, another Casino, another Casino, another Casino", "ok, ok, changed, changed"},
		{"a page for one bad night is none", "ok, another Maintenance, ok, another Maintenance", "ok, ok, ok, ok"},
		{"the page is back", "ok, another Casino, another Casino, ok", "ok, ok, changed, ok"},
		{"a missing section", "fragment methods, fragment methods", "ok, changed"},
		{"a bad certificate", "ok, tls, ok", "ok, insecure, ok"},
		{"a redirect behind a bad certificate proves nothing", "tls moved " + to + ", tls moved " + to, "insecure, insecure"},
		{"never broken for what may not be asked", "ok, private, 404", "ok, unchecked, suspect"},
	}
	for _, row := range tests {
		state := State{URL: theLink, Verdict: Unchecked}
		var got []string
		for night, words := range strings.Split(row.checks, ", ") {
			if words == "-" {
				got = append(got, "")
				continue
			}
			words, hours, ok := strings.Cut(words, " +")
			p := look(t, night, words)
			if ok {
				d, err := time.ParseDuration(hours)
				if err != nil {
					t.Fatal(err)
				}
				p.At = firstNight.Add(d)
			}
			state = Judge(state, p, "", Policy{Grace: DefaultGrace})
			got = append(got, string(state.Verdict))
		}
		if text := strings.Join(got, ", "); text != row.want {
			t.Errorf("%s: %s\ngot  %s\nwant %s", row.name, row.checks, text, row.want)
		}
	}
}

// TestJudgeAtOnce: a single look believes what is plain, says that it is not certain, and never believes what may pass.
func TestJudgeAtOnce(t *testing.T) {
	for _, row := range []struct {
		check   string
		verdict Verdict
		reason  string
	}{
		{"ok", OK, ""},
		{"404", Broken, "404 Not Found"},
		{"410", Broken, "410 Gone"},
		{"no such host", Broken, "no such host"},
		{"connection refused", Broken, "connection refused"},
		{"redirect loop", Broken, "redirect loop"},
		{"500", Suspect, "500 Internal Server Error"},
		{"timeout", Suspect, "timeout"},
		{"connection reset", Suspect, "connection reset"},
		{"name servers fail", Suspect, "name servers fail"},
		{"answer cut off", Suspect, "answer cut off"},
		{"418", Suspect, "418 I'm a teapot"},
		{"403", Blocked, "403 Forbidden"},
		{"moved https://other.example/x", Moved, "moved permanently to https://other.example/x"},
		{"elsewhere https://arxiv.org/abs/1706.03762v99", Moved, "moved permanently to https://arxiv.org/abs/1706.03762v99, which was not asked for"},
		{"private", Unchecked, "its address is not on the public internet"},
	} {
		s := Judge(State{URL: theLink, Verdict: Unchecked}, look(t, 0, row.check), "", Policy{AtOnce: true, Grace: DefaultGrace})
		if s.Verdict != row.verdict || s.Reason != row.reason {
			t.Errorf("%s: %s %q, want %s %q", row.check, s.Verdict, s.Reason, row.verdict, row.reason)
		}
		if certain := row.verdict != Broken && row.verdict != Moved; s.Certain != certain {
			t.Errorf("%s: certain is %t", row.check, s.Certain)
		}
	}
	s := Judge(State{URL: theLink, Verdict: Unchecked}, look(t, 0, "ok"), "soft 404: as always", Policy{AtOnce: true})
	if s.Verdict != Broken || s.Reason != "soft 404: as always" {
		t.Errorf("a soft 404 is %s: %s", s.Verdict, s.Reason)
	}
	s = Judge(State{URL: theLink + "#part", Verdict: Unchecked}, look(t, 0, "moved https://other.example/x"), "", Policy{AtOnce: true})
	if s.Target != "https://other.example/x#part" {
		t.Errorf("moved to %s: the fragment must stay", s.Target)
	}
}

// TestJudgeLaws holds for any row of checks: one transient failure never makes a good link broken, a broken one has failed,
// since never lies behind the check, and the same verdict keeps its since.
func TestJudgeLaws(t *testing.T) {
	kinds := []string{"ok", "304", "404", "410", "500", "timeout", "connection reset", "403", "moved https://x.example/a", "temp https://x.example/a", "another Thing", "tls",
		"no such host", "private", "challenge", "answer cut off"}
	transient := map[string]bool{"500": true, "timeout": true, "connection reset": true, "answer cut off": true, "name servers fail": true}
	r := rand.New(rand.NewPCG(1, 2))
	for range 2000 {
		state := State{URL: theLink, Verdict: Unchecked}
		policy := Policy{AtOnce: r.IntN(2) == 0, Grace: DefaultGrace}
		for night := range 12 {
			kind := kinds[r.IntN(len(kinds))]
			p := look(t, night, kind)
			now := Judge(state, p, "", policy)
			switch {
			case state.Verdict == OK && transient[kind] && now.Verdict == Broken:
				t.Fatalf("night %d: %s made a good link broken", night, kind)
			case now.Verdict == Broken && now.Failures == 0:
				t.Fatalf("night %d: %s: broken without a failure: %+v", night, kind, now)
			case now.Since.After(now.CheckedAt) || now.Since.IsZero():
				t.Fatalf("night %d: %s: since %v, checked %v", night, kind, now.Since, now.CheckedAt)
			case now.Verdict == state.Verdict && !state.Since.IsZero() && now.Since != state.Since:
				t.Fatalf("night %d: %s: the verdict stays and since is another", night, kind)
			case now.Verdict != Moved && now.Target != "":
				t.Fatalf("night %d: %s: %s with a target", night, kind, now.Verdict)
			}
			state = now
		}
	}
}

// TestValidators: a page that was good is asked for by its validators six times in a row, then read again.
func TestValidators(t *testing.T) {
	state := State{URL: theLink, Verdict: Unchecked}
	asked := ""
	for night := range 15 {
		etag, _ := state.Validators()
		words := "304"
		if etag == "" {
			words = "ok"
		}
		asked += words[:1]
		p := look(t, night, words)
		if p.Page != nil {
			p.Page.ETag = `"1"`
		}
		state = Judge(state, p, "", Policy{})
	}
	if asked != "o333333o333333o" {
		t.Errorf("asked %s: want a whole page every seventh time", asked)
	}
	state.Verdict = Changed
	if etag, _ := state.Validators(); etag != "" {
		t.Error("a page that is not what it was must be read")
	}
}
