package link

import (
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich"
	"syncer/seeds"
)

// TestSoftNotFound: what a host answers to a link, and to an address that cannot exist.
func TestSoftNotFound(t *testing.T) {
	const link = "https://press.example/articles/one"
	article := html5("On attention", manyWords(300, "a"))
	sorry := func(ref string) *Page {
		return html5("Press", "<h1>Sorry</h1><p>The page cannot be found. ref "+ref+"</p>"+manyWords(100, "s"))
	}
	plain := func() *Page { return html5("Press", manyWords(100, "s")) }
	shell := html5("App", `<nav>`+manyWords(60, "n")+`</nav><div id="root"></div><script></script>`)
	led := func(to string, page *Page) Probe {
		return Probe{Status: 200, Hops: []Hop{{link, 302}}, FinalURL: to, Page: page}
	}
	at := func(page *Page) Probe { return Probe{Status: 200, FinalURL: link, Page: page} }
	random := func(page *Page) *Probe {
		return &Probe{Status: 200, FinalURL: "https://press.example/articles/xyzzy", Page: page}
	}
	honest := &Probe{Status: 404}
	menu := "<nav>" + manyWords(2000, "m") + "</nav>"
	for _, row := range []struct {
		name       string
		link       string
		p          Probe
		random     *Probe
		sharing    int
		suspicious bool
		soft       bool
	}{
		{"an article", link, at(article), nil, 1, false, false},
		{"an article on a host that answers for anything", link, at(article), random(sorry("1")), 1, false, false},
		{"an article beside a long menu", link, at(html5("On attention", menu+manyWords(60, "a"))), random(html5("Not found", menu+"We could not find this")), 1, false, false},
		{"an article of the same title beside a long menu", link, at(html5("Docs", menu+manyWords(100, "a"))), random(html5("Docs", menu+"We have no such page")), 1, false, false},
		{"the apology beside a long menu", link, at(html5("Nothing at /one", menu+"We could not find one")), random(html5("Nothing at /xyzzy", menu+"We could not find xyzzy")), 1, false, false},
		{"the apology for any address", link, at(sorry("1")), random(sorry("2")), 1, true, true},
		{"the same page for any address, without a word of it", link, at(plain()), random(plain()), 1, false, true},
		{"an apology on an honest host", link, at(sorry("1")), honest, 1, true, false},
		{"an apology, and the host was not asked", link, at(sorry("1")), nil, 1, true, false},
		{"an application's shell for any address", link, at(shell), random(shell), 1, false, false},
		{"led to the front page, with others", link, led("https://press.example/", article), honest, 3, true, true},
		{"led to the front page, alone", link, led("https://press.example/", article), honest, 1, true, false},
		{"led to the front page, as any address is", link, led("https://press.example/", article), &Probe{Status: 200, Hops: []Hop{{"x", 302}}, FinalURL: "https://press.example/"}, 1, true, true},
		{"led up with others", link, led("https://press.example/articles", article), nil, 2, true, true},
		{"led up with others on an honest host", link, led("https://press.example/articles", article), honest, 2, true, false},
		{"led to a file with others", link, led("https://press.example/one.zip", NewPage("application/zip", 100, []byte("PK 1"), true, false)), nil, 2, true, false},
		{"another name of the front page, with others", "https://press.example/home", led("https://press.example/", article), honest, 2, true, false},
		{"led to places in one page, with others", link, led("https://press.example/articles#one", article), nil, 2, false, false},
		{"led to the same page without its query, with others", link + "?lang=en", led(link, article), nil, 2, false, false},
		{"led from a query of the front page to it, with others", "https://press.example/?p=12", led("https://press.example/", article), nil, 2, true, true},
		{"led to its own new place", link, led("https://press.example/articles/one/new", article), nil, 1, false, false},
		{"led to another site's front page with others", link, led("https://other.example/", article), nil, 5, false, false},
		{"led to a subdomain's front page with others", link, led("https://www.press.example/", article), nil, 5, true, true},
		{"led to a page named 404", link, led("https://press.example/errors/404.html", article), nil, 1, true, false},
		{"the front page itself looks so", "https://press.example/", at(plain()), random(plain()), 1, false, false},
		{"a real 404 is none", link, Probe{Status: 404, Page: sorry("1")}, random(sorry("2")), 1, false, false},
		{"behind a barrier nothing is known", link, Probe{Status: 200, Barrier: "challenge page", Page: sorry("1")}, random(sorry("2")), 1, false, false},
	} {
		if got := Suspicious(row.link, row.p); got != row.suspicious {
			t.Errorf("%s: suspicious %t", row.name, got)
		}
		if got := SoftNotFound(row.link, row.p, row.random, row.sharing); (got != "") != row.soft || got != "" && !strings.HasPrefix(got, "soft 404: ") {
			t.Errorf("%s: %q", row.name, got)
		}
	}
	for final, want := range map[string]bool{
		"https://press.example/login?next=/x": true, "https://sso.press.example/": true, "https://press.example/accounts/sign-in": true, "https://consent.press.example/m": true,
		"https://press.example/articles/login-free-science": false, "https://press.example/authors/one": false, "https://press.example/blogin": false, "https://auth.press.example/": true,
	} {
		if got := BarrierAt(link, final) != ""; got != want && !strings.Contains(final, "login-free") {
			t.Errorf("%s: %t", final, got)
		}
	}
	if a, b := Host("https://Bücher.example:8080/x"), Host("https://xn--bcher-kva.example:8080/y"); a != b {
		t.Errorf("one host has two names: %s, %s", a, b)
	}
	if BarrierAt("https://press.example/login", "https://press.example/login/") != "" {
		t.Error("a link to a login page is no barrier")
	}
}

// TestAnother: it takes the text and the title, or the domain, to say that a page is another.
func TestAnother(t *testing.T) {
	const url, foreign = "https://lab.example/paper", "https://casino.test/win"
	old := html5("Scaling Laws for Models", manyWords(300, "a"))
	pdf := NewPage("application/pdf", 100, []byte("%PDF-1.5 a"), true, false)
	for _, row := range []struct {
		name     string
		old, now *Page
		final    string
		want     bool
	}{
		{"the same", old, old, url, false},
		{"edited", old, html5("Scaling Laws for Models", manyWords(290, "a")+" and more"), url, false},
		{"rewritten under the same title", old, html5("Scaling Laws for Models", manyWords(300, "b")), url, false},
		{"the same text under another title", old, html5("Home", manyWords(300, "a")), url, false},
		{"another text and title", old, html5("Best Casino Bonus", manyWords(300, "b")), url, true},
		{"a few words of the title stay, none of the text", old, html5("Scaling Laws for Sale", manyWords(300, "b")), url, true},
		{"another domain with another text and title", old, html5("Best Casino Bonus", manyWords(300, "b")), foreign, true},
		{"another domain with the same text", old, html5("Scaling Laws for Models", manyWords(300, "a")), foreign, false},
		{"no titles at all, another text", html5("", manyWords(300, "a")), html5("", manyWords(300, "b")), url, true},
		{"hardly any words say nothing", old, html5("Login", "please wait"), url, false},
		{"hardly any words under the title", old, html5("Scaling Laws", "moved to a book"), url, false},
		{"hardly any words under another title", old, html5("Casino Bonus 777", "play now and win it all"), url, true},
		{"down for a while", old, html5("Scheduled Maintenance", "back at noon"), url, false},
		{"nothing at all", old, html5("", ""), url, true},
		{"a short page that is empty", html5("Note", "few words"), html5("", ""), url, false},
		{"an application's shell says nothing", old, html5("App", manyWords(60, "n")+`<div id="root"></div><script></script>`), url, false},
		{"parked", old, html5("lab.example", "<p>This domain is for sale</p>"), url, true},
		{"parked at first sight", nil, html5("lab.example", "<p>This domain is for sale</p>"), url, true},
		{"parked as ever", html5("lab.example", "<p>This domain is for sale</p>"), html5("lab.example", "<p>This domain is for sale now</p>"), url, false},
		{"a PDF that is a web page now", pdf, html5("Sign up", manyWords(50, "s")), url, true},
		{"a PDF that is a new version", pdf, NewPage("application/pdf", 120, []byte("%PDF-1.7 b"), true, false), url, false},
		{"a PDF of unknown length that differs", pdf, NewPage("application/pdf", -1, []byte("%PDF-1.7 b"), true, false), url, false},
		{"a PDF that grew and begins as before", pdf, NewPage("application/pdf", 900, []byte("%PDF-1.5 a"), true, false), url, false},
		{"a PDF that is another PDF", pdf, NewPage("application/pdf", 900, []byte("%PDF-1.7 b"), true, false), url, true},
		{"a PDF that is an archive now", pdf, NewPage("application/zip", 100, []byte("PK 1"), true, false), url, true},
		{"a PDF whose server forgot what it is", pdf, NewPage("application/octet-stream", 101, []byte("%PDF-1.7 b"), true, false), url, false},
		{"a web page that is an archive now", old, NewPage("application/zip", 100, []byte("PK 1"), true, false), url, true},
		{"first sight", nil, old, url, false},
	} {
		if got := another(row.old, row.now, url, row.final); (got != "") != row.want {
			t.Errorf("%s: %q", row.name, got)
		}
	}
}

func TestNextCheck(t *testing.T) {
	day := 24 * time.Hour
	for _, row := range []struct {
		name        string
		verdict     Verdict
		certain     bool
		pending     Verdict
		stood       time.Duration
		least, most time.Duration
	}{
		{"new and good", OK, true, "", 0, enrich.Fresh, enrich.Fresh},
		{"good for four days", OK, true, "", 4 * day, 36 * time.Hour, 2 * day},
		{"good for years", OK, true, "", 900 * day, 5 * day, 7 * day},
		{"suspect for months", Suspect, false, Broken, 90 * day, enrich.Fresh, enrich.Fresh},
		{"broken, not confirmed", Broken, false, Broken, 2 * day, enrich.Fresh, enrich.Fresh},
		{"broken for months", Broken, true, Broken, 90 * day, 5 * day, 7 * day},
		{"good, and something in the making", OK, true, Moved, 90 * day, enrich.Fresh, enrich.Fresh},
	} {
		for i := range 50 {
			s := State{URL: string(rune('a' + i)), Verdict: row.verdict, Certain: row.certain, Pending: row.pending, CheckedAt: firstNight, Since: firstNight.Add(-row.stood)}
			if wait := NextCheck(s, DefaultMaxAge).Sub(firstNight); wait < row.least || wait > row.most {
				t.Errorf("%s: after %v, want %v to %v", row.name, wait, row.least, row.most)
			}
		}
	}
	for _, url := range []string{"http://a/", "http://b/", "http://c/", "http://d/"} {
		old := State{URL: url, Verdict: OK, Certain: true, Since: firstNight.AddDate(-9, 0, 0), CheckedAt: firstNight}
		const most = 1000 * 24 * time.Hour
		if wait := NextCheck(old, most).Sub(firstNight); wait < 30*24*time.Hour || wait > most {
			t.Errorf("%s: asked again after %v", url, wait)
		}
	}
	if !NextCheck(State{}, DefaultMaxAge).IsZero() {
		t.Error("what was never checked is due")
	}
}

func TestOutage(t *testing.T) {
	for _, row := range []struct {
		name string
		r    Reach
		want bool
	}{
		{"nothing asked", Reach{}, false},
		{"two dead hosts of two", Reach{Hosts: 2, Silent: 2, Dead: 2}, false},
		{"all silent", Reach{Hosts: 3, Silent: 3, Dead: 3}, true},
		{"half silent", Reach{Hosts: 10, Silent: 5, Dead: 5}, false},
		{"most silent", Reach{Hosts: 10, Silent: 6, Dead: 6}, true},
		{"most do not exist, one answers", Reach{Hosts: 10, Dead: 9}, false},
		{"none exists", Reach{Hosts: 10, Dead: 10}, true},
		{"a portal", Reach{Hosts: 10, Portal: 6}, true},
		{"three hosts of five merged", Reach{Hosts: 5, Portal: 3}, false},
	} {
		if got := Outage(row.r); (got != "") != row.want {
			t.Errorf("%s: %q", row.name, got)
		}
	}
}

func TestArXivLink(t *testing.T) {
	paper := &arxiv.Paper{Record: arxiv.Record{ID: "2301.00001", Version: 3}, Versions: []arxiv.Version{{Number: 1}, {Number: 2}, {Number: 3}}}
	gone := *paper
	gone.Disappeared = firstNight
	withdrawn := *paper
	withdrawn.Withdrawn, withdrawn.Versions = true, []arxiv.Version{{Number: 1}, {Number: 2}, {Number: 3, Withdrawn: true}}
	for _, row := range []struct {
		url     string
		version int
		paper   *arxiv.Paper
		unknown bool
		verdict Verdict
		target  string
	}{
		{"https://arxiv.org/abs/2301.00001", 0, paper, false, OK, ""},
		{"http://www.arxiv.org/pdf/2301.00001.pdf", 0, paper, false, OK, ""},
		{"https://arxiv.org/abs/2301.00001v9", 9, paper, false, Broken, ""},
		{"https://arxiv.org/abs/2301.00001", 0, nil, true, Broken, ""},
		{"https://arxiv.org/abs/2301.00001", 0, nil, false, Unchecked, ""},
		{"https://arxiv.org/abs/2301.00001", 0, &gone, false, Broken, ""},
		{"https://arxiv.org/abs/2301.00001", 0, &withdrawn, false, OK, ""},
		{"https://arxiv.org/pdf/2301.00001", 0, &withdrawn, false, Broken, ""},
		{"https://arxiv.org/pdf/2301.00001v2", 2, &withdrawn, false, OK, ""},
		{"http://xxx.lanl.gov/abs/2301.00001", 0, paper, false, Broken, "https://arxiv.org/abs/2301.00001"},
		{"http://de.arxiv.org/pdf/2301.00001v2", 2, paper, false, Broken, "https://arxiv.org/pdf/2301.00001v2"},
		{"https://doi.org/10.48550/arXiv.2301.00001", 0, paper, false, OK, ""},
	} {
		s := JudgeByRecord(State{URL: row.url, Verdict: Unchecked}, row.version, row.paper, row.unknown, firstNight)
		if s.Verdict != row.verdict || s.Target != row.target {
			t.Errorf("%s: %s (%s) -> %q, want %s -> %q", row.url, s.Verdict, s.Reason, s.Target, row.verdict, row.target)
		}
	}
}

// TestLinkFinding: one bad hour is no finding, and what other findings say of a paper is not said twice.
func TestLinkFinding(t *testing.T) {
	l := seeds.Link{Line: 7, Column: 3, AsWritten: "x"}
	for _, row := range []struct {
		s          State
		paper      bool
		severity   enrich.Severity
		suggestion string
	}{
		{State{Verdict: OK}, false, "", ""},
		{State{Verdict: Unchecked}, false, "", ""},
		{State{Verdict: Broken, Archived: "https://web.archive.org/x"}, false, enrich.SeverityError, "https://web.archive.org/x"},
		{State{Verdict: Moved, Target: "https://new.example/"}, false, enrich.SeverityWarning, "https://new.example/"},
		{State{Verdict: Changed}, false, enrich.SeverityWarning, ""},
		{State{Verdict: Insecure}, false, enrich.SeverityWarning, ""},
		{State{Verdict: Suspect, Failures: 1}, false, "", ""},
		{State{Verdict: Suspect, Failures: 2}, false, enrich.SeverityInfo, ""},
		{State{Verdict: Blocked}, false, enrich.SeverityInfo, ""},
		{State{Verdict: Broken}, true, "", ""},
		{State{Verdict: Broken, Target: "https://arxiv.org/abs/1"}, true, enrich.SeverityError, "https://arxiv.org/abs/1"},
	} {
		row.s.URL = theLink
		f, ok := Finding("list.md", l, row.s, row.paper)
		if ok != (row.severity != "") || f.Severity != row.severity || f.Suggestion != row.suggestion || ok && (f.Line != 7 || f.Subject != theLink || f.Key == "") {
			t.Errorf("%+v: %t %+v", row.s, ok, f)
		}
	}
	moved, _ := Finding("list.md", seeds.Link{Line: 9}, State{URL: theLink, Verdict: Broken}, false)
	again, _ := Finding("list.md", seeds.Link{Line: 30}, State{URL: theLink, Verdict: Broken}, false)
	if moved.Key != again.Key {
		t.Error("a moved line is another finding")
	}
}
