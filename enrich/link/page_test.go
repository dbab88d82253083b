package link

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

func html5(title, body string) *Page {
	return NewPage("text/html; charset=utf-8", -1, []byte("<!doctype html><html><head><title>"+title+"</title></head><body>"+body+"</body></html>"), false, true)
}

// words are n different words.
func manyWords(n int, stem string) string {
	var b strings.Builder
	for i := range n {
		// Letters only: a word with a digit is masked.
		fmt.Fprintf(&b, "%s%c%c%c ", stem, 'a'+i%26, 'a'+i/26%26, 'a'+i/676%26)
	}
	return b.String()
}

// TestNewPage: what is read of a page.
func TestNewPage(t *testing.T) {
	p := html5("A  <b>Paper</b>\n on &amp; off", "<script>var word = 'hidden'</script><style>p{}</style><h1 id=start>Hello</h1><p>one <i>two</i> three</p><!-- four -->")
	if p.Title != "A <b>Paper</b> on & off" || p.Words != 4 || p.Type != "text/html" {
		t.Errorf("%+v", p)
	}
	for _, row := range []struct {
		contentType, body, wantType string
		text                        bool
	}{
		{"text/plain", "three small words", "text/plain", true},
		{"application/pdf", "%PDF-1.5 bytes", "application/pdf", false},
		{"", "%PDF-1.5 bytes", "application/pdf", false},
		{"", "  <HTML><p>x", "text/html", true},
		{"", "plain words", "text/plain", true},
		{"", "\x00\x01", "application/octet-stream", false},
		{"Text/HTML;charset", "<p>x", "text/html", true},
		{"application/json", `{"a": "word"}`, "application/json", true},
	} {
		p := NewPage(row.contentType, 5, []byte(row.body), false, false)
		if p.Type != row.wantType || p.Words > 0 != row.text || p.Text == 0 || p.Length != 5 {
			t.Errorf("%q %q: %+v", row.contentType, row.body, p)
		}
	}
	// A title in another encoding, named by the server or by the page.
	latin := NewPage("text/html; charset=iso-8859-1", -1, []byte("<title>Caf\xe9</title>"), false, false)
	meta := NewPage("text/html", -1, []byte("<meta charset=windows-1251><title>\xcc\xe8\xf0</title>"), false, false)
	if latin.Title != "Café" || meta.Title != "Мир" {
		t.Errorf("titles %q and %q", latin.Title, meta.Title)
	}
	if long := html5(strings.Repeat("ä", 500), ""); len(long.Title) > maxTitle {
		t.Errorf("a title of %d bytes is kept", len(long.Title))
	}
}

// TestMask: what is different on every answer makes no difference, what a person wrote does.
func TestMask(t *testing.T) {
	base := html5("T", "<p>"+manyWords(300, "x")+"</p><p>Served 2026-11-01, visitor 4711, nonce 5f3a</p>")
	noise := html5("T", "<p>"+manyWords(300, "x")+"</p><p>Served 2027-02-28, visitor 98, nonce 77ab9</p>")
	edit := html5("T", "<p>"+manyWords(300, "x")+"</p><p>Served 2026-11-01, visitor 4711, nonce 5f3a. The bound was wrong.</p>")
	other := html5("T", "<p>"+manyWords(300, "y")+"</p>")
	upper := html5("T", "<DIV>"+strings.ToUpper(manyWords(300, "x"))+"</DIV><p>Served 2026-11-01, visitor 4711, nonce 5F3A</p>")
	switch {
	case base.Text == noise.Text || base.Masked != noise.Masked:
		t.Error("noise is seen as text, or not at all")
	case base.Masked == edit.Masked:
		t.Error("a new sentence is not seen")
	case base.similarity(edit) < sameText:
		t.Errorf("a new sentence leaves %.2f", base.similarity(edit))
	case base.similarity(other) > foreignText:
		t.Errorf("another text is alike to %.2f", base.similarity(other))
	case base.Text != upper.Text:
		t.Error("case or tags count as text")
	}
	half := html5("T", "<p>"+manyWords(150, "x")+manyWords(150, "z")+"</p>")
	if s := base.similarity(half); s < 0.1 || s > 0.6 {
		t.Errorf("a page half replaced is alike to %.2f", s)
	}
	// Scripts without blanks between words: each character counts.
	han := NewPage("text/plain", -1, []byte(strings.Repeat("深度学习是机器学习的分支", 20)), false, false)
	if han.Words < 200 {
		t.Errorf("%d words in 240 characters", han.Words)
	}
}

// TestPageSurvivesStorage: a page is the same after it was kept.
func TestPageSurvivesStorage(t *testing.T) {
	p := html5("T", manyWords(100, "k"))
	text, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	var back Page
	if err := json.Unmarshal(text, &back); err != nil || back.similarity(p) != 1 || back.Text != p.Text || len(back.Sketch) != sketchSize {
		t.Errorf("%v: %+v", err, back)
	}
	if len(text) > 700 {
		t.Errorf("a page takes %d bytes", len(text))
	}
}

// TestPageSigns: apologies, challenges, offers and pages that a script writes.
func TestPageSigns(t *testing.T) {
	long := manyWords(500, "q")
	for _, row := range []struct {
		name, title, body                  string
		apology, challenge, parked, script bool
	}{
		{"an article", "Attention", long, false, false, false, false},
		{"not found in the title", "Page Not Found | Press", long, true, false, false, false},
		{"in the headline", "Press", "<h1>Sorry, this page can't be found</h1>" + long, true, false, false, false},
		{"in a short text", "Press", "<p>The page you are looking for does not exist.</p>", true, false, false, false},
		{"far down in a long text", "HTTP", long + "<p>404 Not Found</p>", false, false, false, false},
		{"at the start of a long text", "HTTP", "<p>404 Not Found is a status.</p>" + long, false, false, false, false},
		{"in German", "Seite nicht gefunden", "", true, false, false, false},
		{"in Chinese", "页面不存在", "", true, false, false, false},
		{"in Russian", "Страница не найдена", "", true, false, false, false},
		{"in Korean", "페이지를 찾을 수 없습니다", "", true, false, false, false},
		{"a number that has 404 in it", "Room 14041", "", false, false, false, false},
		{"a challenge", "Just a moment...", "<p>Enable JavaScript and cookies to continue</p>", false, true, false, false},
		{"captchas as a subject", "On web security", "<p>A captcha is a test.</p>" + long, false, false, false, false},
		{"captchas as the subject of a long page", "CAPTCHA - An encyclopaedia", long, false, false, false, false},
		{"domains as the subject of a long page", "Domain for sale: the history of a phrase", long, false, false, false, false},
		{"for sale", "example.org", "<p>This domain is for sale! Buy this domain.</p>", false, false, true, false},
		{"domains as a subject", "On names", "<p>When a domain is for sale</p>" + long, false, false, false, false},
		{"an application's shell", "App", `<div id="root"></div><script src=x.js></script><noscript>You need JavaScript.</noscript>`, false, false, false, true},
		{"a shell with menus", "Docs", `<nav>` + manyWords(80, "m") + `</nav><div id="__next"></div><script></script>`, false, false, false, true},
		{"a short page without script", "Note", "<p>Moved to a friend.</p>", false, false, false, false},
	} {
		p := html5(row.title, row.body)
		if p.Apology != row.apology || p.Barrier != "" != row.challenge || p.Parked != row.parked || p.Script != row.script {
			t.Errorf("%s: apology %t, barrier %q, parked %t, script %t", row.name, p.Apology, p.Barrier, p.Parked, p.Script)
		}
	}
}

// TestHasFragment: only a page that was read whole can lack a place.
func TestHasFragment(t *testing.T) {
	body := `<h2 id="methods">M</h2><a name="old">x</a><div id="user-content-readme"></div>` + manyWords(100, "w")
	whole := html5("T", body)
	cut := NewPage("text/html", -1, []byte(body), true, true)
	shell := html5("T", `<div id="root"></div><script></script>`)
	for _, row := range []struct {
		page       *Page
		fragment   string
		has, known bool
	}{
		{whole, "methods", true, true}, {whole, "old", true, true}, {whole, "readme", true, true}, {whole, "nothing", false, true},
		{whole, "", true, false}, {whole, "Top", true, false}, {whole, "/route/1", true, false}, {whole, "!/x", true, false}, {whole, ":~:text=a", true, false}, {whole, "page=3", true, false}, {whole, "L10", true, false}, {whole, "L10-L20", true, false},
		{cut, "nothing", false, false}, {shell, "nothing", false, false}, {nil, "nothing", false, false},
		{NewPage("application/pdf", -1, []byte("%PDF"), false, true), "page", false, false},
		{NewPage("application/xhtml+xml", -1, []byte(`<script src="x.js"/>`+body), false, true), "methods", true, true}, // closed in XML
	} {
		if has, known := row.page.HasFragment(row.fragment); has != row.has || known != row.known {
			t.Errorf("#%s: %t, %t; want %t, %t", row.fragment, has, known, row.has, row.known)
		}
	}
}

// FuzzNewPage: any bytes are read, in whatever encoding, and keep the laws of likeness.
func FuzzNewPage(f *testing.F) {
	f.Add("text/html", "<title>x</title><p id=a>b <script>c</script>")
	f.Add("", "\xff\xfe\x00<")
	f.Add("text/plain", "深度 word \u0301 404 not found")
	f.Add("text/html; charset=utf-16", "<h1><h1><h1></h1></h2></title><textarea><title>")
	f.Fuzz(func(t *testing.T, contentType, body string) {
		p := NewPage(contentType, -1, []byte(body), false, true)
		if p.similarity(p) != 1 || len(p.Sketch) > sketchSize || len(p.Title) > maxTitle || strings.ContainsAny(p.Title, "\n\r\t") {
			t.Errorf("%+v", p)
		}
		q := NewPage(contentType, -1, []byte(body+" more words behind it"), false, false)
		if s := p.similarity(q); s < 0 || s > 1 || s != q.similarity(p) {
			t.Errorf("likeness %v and %v", s, q.similarity(p))
		}
	})
}
