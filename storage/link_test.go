package storage

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/enrich/link"
	"syncer/seeds"
)

// linkList is a list with these links, one a line.
func linkList(name string, urls ...string) seeds.List {
	list := seeds.List{Name: name, Format: seeds.Markdown}
	for i, url := range urls {
		l := seeds.Link{URL: url, AsWritten: url, Title: fmt.Sprint("Link ", i+1), Line: i + 1, Column: 3, Span: seeds.Span{Start: i, End: i + 1}}
		if id, version, ok := arxiv.ParseURL(url); ok {
			list.PaperLinks = append(list.PaperLinks, seeds.PaperLink{Link: l, ID: id, Version: version})
			list.Citations = append(list.Citations, seeds.Citation{ID: id, Version: version, AsWritten: url, Line: i + 1})
			continue
		}
		list.Links = append(list.Links, l)
	}
	return list
}

// checked is what one check of a link has seen: a status, a fault, one of them behind a redirect, or a page that many hosts show: a portal's, or a script's shell.
func checked(url string, at time.Time, words string) link.Probe {
	p := link.Probe{At: at, FinalURL: url, Page: link.NewPage("text/html", -1, []byte("<title>T</title>"+strings.Repeat("word ", 50)+url), false, false)}
	if status, to, ok := strings.Cut(words, " -> "); ok {
		p.Status, p.FinalURL = 200, to
		hop := link.Hop{URL: url, Status: 302}
		if _, err := fmt.Sscan(status, &hop.Status); err != nil {
			p.Status, p.Fault, p.Page = 0, link.Fault(status), nil
		}
		p.Hops = []link.Hop{hop}
		return p
	}
	if words == "portal" || words == "shell" {
		p.Status, p.Page = 200, link.NewPage("text/html", -1, []byte("<title>Welcome</title><p>Please accept the terms of this hotel"), false, false)
		p.Page.Script = words == "shell"
		return p
	}
	if _, err := fmt.Sscan(words, &p.Status); err != nil {
		p.Status, p.Fault, p.Page = 0, link.Fault(words), nil
	}
	return p
}

// stage keeps what a night has seen of links, given as url, words, url, words, …
func stage(t *testing.T, db *DB, r *Run, pairs ...string) {
	t.Helper()
	var checks []LinkCheck
	for i := 0; i < len(pairs); i += 2 {
		var n int64
		if err := db.read.QueryRowContext(t.Context(), "SELECT n FROM link WHERE url = ?", pairs[i]).Scan(&n); err != nil {
			t.Fatalf("%s: %v", pairs[i], err)
		}
		checks = append(checks, LinkCheck{n, pairs[i], checked(pairs[i], r.Started, pairs[i+1])})
	}
	if err := r.StageChecks(t.Context(), checks); err != nil {
		t.Fatal(err)
	}
}

var atOnce = link.Policy{AtOnce: true, Grace: link.DefaultGrace}

func settle(t *testing.T, r *Run, policy link.Policy) {
	t.Helper()
	if err := r.SettleLinks(t.Context(), policy, link.DefaultMaxAge); err != nil {
		t.Fatal(err)
	}
}

const (
	linkA = "https://a.example/one"
	linkB = "https://a.example/two#part"
	linkC = "http://c.example:8080/x"
)

// TestLinksAreJudgedWhenTheRunIsOver: staged checks change nothing until they are settled; then states, events and findings
// say so, and an equal check later is no event.
func TestLinksAreJudgedWhenTheRunIsOver(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(1), linkList("l.md", linkA, linkB, linkC))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "200", linkB, "404", linkC, "timeout")
		checkEqual(t, "before settling", rows(t, db, "SELECT DISTINCT verdict FROM links"), []string{"unchecked"})
		settle(t, r, atOnce)
		judgement, err := r.JudgeLinks(t.Context(), []string{"l.md"})
		if err == nil && (len(judgement.Opened) != 1 || judgement.Opened[0].Kind != "broken" || judgement.Opened[0].Line != 2) {
			t.Errorf("opened %+v", judgement.Opened)
		}
		return err
	})
	want := []string{linkA + "|ok||200|0", linkB + "|broken|404 Not Found|404|1", linkC + "|suspect|timeout||1"}
	checkEqual(t, "links", rows(t, db, "SELECT url, verdict, reason, status, failures FROM links ORDER BY line"), want)
	history := []string{linkC + "|unchecked|suspect|timeout", linkB + "|unchecked|broken|404 Not Found"}
	checkEqual(t, "history", rows(t, db, "SELECT url, old, new, reason FROM link_history ORDER BY reason DESC"), history)
	inRun(t, db, night(3), func(r *Run) error {
		stage(t, db, r, linkA, "200", linkB, "404", linkC, "timeout")
		settle(t, r, atOnce)
		judgement, err := r.JudgeLinks(t.Context(), []string{"l.md"})
		if err == nil && (len(judgement.Opened) != 1 || judgement.Opened[0].Kind != "suspect") { // it fails the second time
			t.Errorf("opened %+v", judgement.Opened)
		}
		return err
	})
	checkEqual(t, "history", rows(t, db, "SELECT url, old, new, reason FROM link_history ORDER BY reason DESC"), history)
	inRun(t, db, night(4), func(r *Run) error {
		stage(t, db, r, linkB, "200", linkC, "200")
		settle(t, r, atOnce)
		judgement, err := r.JudgeLinks(t.Context(), []string{"l.md"})
		if err == nil && (len(judgement.Opened) != 0 || len(judgement.Closed) != 2) {
			t.Errorf("%+v", judgement)
		}
		return err
	})
	checkEqual(t, "left over", rows(t, db, "SELECT count(*) FROM link_check"), []string{"0"})
	checkSound(t, db)
}

// TestChecksSurviveACrash: what a dead run has staged is settled by the next one, once, and those settled before the crash
// are not settled again.
func TestChecksSurviveACrash(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(1), linkList("l.md", linkA, linkB, linkC))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "404", linkB, "404", linkC, "404")
		return nil // and nothing more: as if it were killed
	})
	inRun(t, db, night(3), func(r *Run) error {
		// A crash in the middle of settling: one link is done, its check is still there.
		if _, err := db.write.ExecContext(t.Context(), "CREATE TABLE kept AS SELECT * FROM link_check"); err != nil {
			return err
		}
		settle(t, r, link.Policy{})
		if _, err := db.write.ExecContext(t.Context(), "INSERT INTO link_check SELECT * FROM kept; DROP TABLE kept"); err != nil {
			return err
		}
		settle(t, r, link.Policy{}) // which would be a second failure
		return nil
	})
	checkEqual(t, "links", rows(t, db, "SELECT DISTINCT verdict, failures, checked_at FROM links"), []string{"suspect|1|" + stamp(night(2))})
}

// TestSettlingInBatches: a host with more links than a batch is judged by all of them.
func TestSettlingInBatches(t *testing.T) {
	db := newStore(t)
	var urls, pairs []string
	for i := range settleBatch + 10 {
		url := fmt.Sprintf("https://many.example/p/%04d", i)
		urls = append(urls, url)
		words := "200"
		if i == 0 || i == settleBatch+5 {
			words = "302 -> https://many.example/" // two in different batches
		}
		pairs = append(pairs, url, words)
	}
	saveLists(t, db, night(1), linkList("l.md", urls...))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, pairs...)
		settle(t, r, atOnce)
		return nil
	})
	checkEqual(t, "verdicts", rows(t, db, "SELECT verdict, count(*) FROM links GROUP BY verdict ORDER BY verdict"), []string{"broken|2", fmt.Sprintf("ok|%d", len(urls)-2)})
}

// TestDoubtfulHosts: a host is asked for an impossible address when a page looks like an apology, or two links show the same
// page; what it answers decides.
func TestDoubtfulHosts(t *testing.T) {
	db := newStore(t)
	same := func(url string) []string { return []string{"https://" + url + "/p/one", "https://" + url + "/p/two"} }
	urls := slices.Concat(same("soft.example"), same("good.example"), []string{linkA})
	saveLists(t, db, night(1), linkList("l.md", urls...))
	sorry := link.NewPage("text/html", -1, []byte("<title>Press</title>"+strings.Repeat("the same words for any address ", 20)), false, false)
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "200", urls[2], "200", urls[3], "200")
		var checks []LinkCheck
		for i, url := range urls[:2] {
			p := checked(url, r.Started, "200")
			p.Page = sorry
			checks = append(checks, LinkCheck{int64(i + 1), url, p})
		}
		if err := r.StageChecks(t.Context(), checks); err != nil {
			return err
		}
		hosts, err := r.DoubtfulHosts(t.Context())
		checkEqual(t, "doubtful", hosts, []string{urls[0]})
		if err != nil {
			return err
		}
		random := checked("https://soft.example/p/xyzzy", r.Started, "200")
		random.Page = sorry
		if err := r.StageHost(t.Context(), "https://soft.example/p/xyzzy", random); err != nil {
			return err
		}
		if hosts, err := r.DoubtfulHosts(t.Context()); err != nil || len(hosts) > 0 {
			t.Errorf("%q is asked again (%v)", hosts, err)
		}
		settle(t, r, atOnce)
		return nil
	})
	checkEqual(t, "broken", rows(t, db, "SELECT url FROM links WHERE verdict = 'broken' AND reason LIKE 'soft 404%' ORDER BY line"), urls[:2])
	checkEqual(t, "left over", rows(t, db, "SELECT count(*) FROM host_check"), []string{"0"})
}

// TestReach counts hosts by name, whatever the port, and not those that could not be asked.
func TestReach(t *testing.T) {
	db := newStore(t)
	urls := []string{linkA, linkB, linkC, "http://c.example:1/y", "http://10.0.0.1/", "https://d.example/", "https://e.example/", "https://f.example/"}
	saveLists(t, db, night(1), linkList("l.md", urls...))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "timeout", linkB, "200", linkC, "200", urls[3], "connection refused", urls[4], string(link.FaultNotAllowed),
			urls[5], "no such host", urls[6], "timeout", urls[7], "302 -> https://portal.example/login")
		reach, err := r.Reach(t.Context())
		if want := (link.Reach{Hosts: 5, Silent: 1, Dead: 2, Portal: 1}); reach != want {
			t.Errorf("%+v, want %+v", reach, want)
		}
		if err == nil {
			err = r.DropChecks(t.Context())
		}
		return err
	})
	checkEqual(t, "verdicts", rows(t, db, "SELECT DISTINCT verdict FROM links"), []string{"unchecked"})
	// A portal may lead to a port or an address that is not asked for, and may show itself at every address.
	for name, answer := range map[string]string{"forbidden": string(link.FaultNotAllowed) + " -> http://192.168.1.1:8000/login", "shown": "portal"} {
		inRun(t, db, night(2), func(r *Run) error {
			stage(t, db, r, linkA, answer, linkC, answer, urls[5], answer, urls[6], answer, urls[7], answer)
			reach, err := r.Reach(t.Context())
			if want := (link.Reach{Hosts: 5, Portal: 5}); reach != want {
				t.Errorf("a portal that is %s: %+v, want %+v", name, reach, want)
			}
			if err == nil {
				err = r.DropChecks(t.Context())
			}
			return err
		})
	}
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "shell", linkC, "shell", urls[5], "shell", urls[6], "shell", urls[7], "shell")
		reach, err := r.Reach(t.Context())
		if want := (link.Reach{Hosts: 5}); reach != want {
			t.Errorf("pages that a script writes: %+v, want %+v", reach, want)
		}
		if err == nil {
			err = r.DropChecks(t.Context())
		}
		return err
	})
	// Hosts that failed before say nothing of tonight's network.
	inRun(t, db, night(3), func(r *Run) error {
		stage(t, db, r, linkA, "timeout", linkB, "200", urls[6], "timeout")
		settle(t, r, atOnce)
		return nil
	})
	inRun(t, db, night(4), func(r *Run) error {
		stage(t, db, r, linkA, "timeout", linkB, "200", urls[6], "timeout", urls[5], "timeout")
		reach, err := r.Reach(t.Context())
		if want := (link.Reach{Hosts: 2, Silent: 1, Dead: 1}); reach != want {
			t.Errorf("after a night of failures: %+v, want %+v", reach, want)
		}
		return err
	})
}

// TestDueLinks: what is asked for when, a host and a few links at a time.
func TestDueLinks(t *testing.T) {
	db := newStore(t)
	saveLists(t, db, night(1), linkList("l.md", linkA, linkB, linkC, "https://arxiv.org/abs/2001.00001", "https://huggingface.co/papers/2001.00001"), linkList("other.md", "https://z.example/"))
	inRun(t, db, night(2), func(r *Run) error {
		stage(t, db, r, linkA, "200", linkC, "500")
		settle(t, r, link.Policy{})
		return nil
	})
	due := func(s LinkScope) (urls []string) {
		t.Helper()
		s.Lists = []string{"l.md"}
		for after := ""; ; {
			hosts, err := db.DueHosts(t.Context(), s, after, 1)
			if err != nil {
				t.Fatal(err)
			}
			if len(hosts) == 0 {
				break
			}
			after = hosts[0].Host
			n := 0
			for last := int64(0); ; {
				links, err := db.DueLinks(t.Context(), s, after, last, 1)
				if err != nil {
					t.Fatal(err)
				}
				if len(links) == 0 {
					break
				}
				last, n = links[0].N, n+1
				urls = append(urls, links[0].URL)
			}
			if n != hosts[0].Due {
				t.Errorf("%s has %d due links, not %d", after, n, hosts[0].Due)
			}
		}
		count, err := db.CountLinks(t.Context(), s)
		if err != nil || count.Due != len(urls) {
			t.Errorf("%+v, %v; want %d", count, err, len(urls))
		}
		return urls
	}
	const other = "https://huggingface.co/papers/2001.00001" // of a paper, and not arXiv's
	checkEqual(t, "right after", due(LinkScope{Now: night(2)}), []string{linkB, other})
	checkEqual(t, "right after, by force", due(LinkScope{Now: night(2), Force: true}), []string{linkA, linkB, linkC, other})
	checkEqual(t, "nightly, right after", due(LinkScope{Now: night(2), Nightly: true}), []string{linkB, other})
	checkEqual(t, "the next night", due(LinkScope{Now: night(3), Nightly: true}), []string{linkA, linkB, linkC, other})
	checkEqual(t, "arXiv's own pages", due(LinkScope{Now: night(2), Pages: true}), []string{linkB, "https://arxiv.org/abs/2001.00001", other})
	saveLists(t, db, night(4), linkList("l.md", linkA))
	checkEqual(t, "after the others have left the list", due(LinkScope{Now: night(9)}), []string{linkA})
}

// TestPaperLinksByRecord: links to papers at arXiv follow the papers, and an unchanged one is not written.
func TestPaperLinksByRecord(t *testing.T) {
	db := newStore(t)
	const abs, pdf, mirror, unknown = "https://arxiv.org/abs/2001.00001v9", "http://arxiv.org/pdf/2001.00001.pdf", "http://xxx.lanl.gov/abs/2001.00001", "https://arxiv.org/abs/2002.00002"
	saveLists(t, db, night(1), linkList("l.md", abs, pdf, mirror, unknown))
	merge(t, db, night(1), recordOf("2001.00001", 2))
	judge := func(now time.Time, touch bool) {
		inRun(t, db, now, func(r *Run) error {
			if _, err := r.MarkUnknown(t.Context(), []arxiv.ID{"2002.00002"}); err != nil {
				return err
			}
			if err := r.JudgePaperLinks(t.Context(), LinkScope{Lists: []string{"l.md"}, Nightly: !touch}); err != nil {
				return err
			}
			_, err := r.JudgeLinks(t.Context(), []string{"l.md"})
			return err
		})
	}
	judge(night(2), false)
	want := []string{abs + "|broken|there is no v9, the newest is v2", pdf + "|ok|", mirror + "|broken|this mirror of arXiv is closed", unknown + "|broken|arXiv has no such paper"}
	checkEqual(t, "links", rows(t, db, "SELECT url, verdict, reason FROM links ORDER BY line"), want)
	checkEqual(t, "findings", rows(t, db, "SELECT subject, suggestion FROM findings WHERE kind = 'broken'"), []string{mirror + "|https://arxiv.org/abs/2001.00001"})
	judge(night(3), false)
	checkEqual(t, "checked", rows(t, db, "SELECT DISTINCT checked_at FROM links"), []string{stamp(night(2))})
	judge(night(4), true)
	checkEqual(t, "checked", rows(t, db, "SELECT DISTINCT checked_at FROM links"), []string{stamp(night(4))})
	if ids := (func() (ids []arxiv.ID) {
		inRun(t, db, night(5), func(r *Run) (err error) { ids, err = r.PapersOfLinks(t.Context(), []string{"l.md"}); return err })
		return ids
	})(); !slices.Equal(ids, []arxiv.ID{"2001.00001", "2002.00002"}) {
		t.Errorf("%q", ids)
	}
}

// TestLinksAreMigrated: links of a database from before they had a memory keep their mentions and verdicts.
func TestLinksAreMigrated(t *testing.T) {
	path := t.TempDir() + "/old.db"
	old, err := sql.Open("sqlite", dsn(path, nil))
	if err != nil {
		t.Fatal(err)
	}
	files, err := migrations()
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{files[0], files[1], "PRAGMA user_version = 2",
		"INSERT INTO list VALUES ('l.md', 'markdown', '2026-01-01T00:00:00Z')",
		"INSERT INTO link (url, verdict) VALUES ('" + linkA + "', 'ok'), ('" + linkB + "', 'unchecked')",
		`INSERT INTO link_mention (list, url, rank, as_written, title, line, col, section, first_seen) VALUES
			('l.md', '` + linkA + `', 0, 'x', 'One', 4, 1, 'S', '2026-01-01T00:00:00Z'), ('l.md', '` + linkB + `', 0, 'y', 'Two', 5, 1, 'S', '2026-01-01T00:00:00Z')`} {
		if _, err := old.ExecContext(t.Context(), text); err != nil {
			t.Fatal(err)
		}
	}
	if err := old.Close(); err != nil {
		t.Fatal(err)
	}
	db := openStore(t, path)
	checkEqual(t, "links", rows(t, db, "SELECT list, url, verdict, title, line FROM links ORDER BY line"), []string{"l.md|" + linkA + "|ok|One|4", "l.md|" + linkB + "|unchecked|Two|5"})
	if change := saveLists(t, db, night(1), linkList("l.md", linkA)); change["l.md"].Gone != 1 {
		t.Errorf("%+v", change)
	}
	checkEqual(t, "host", rows(t, db, "SELECT host FROM link WHERE url = ?", linkA), []string{"a.example"})
	checkSound(t, db)
}
