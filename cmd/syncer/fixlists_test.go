package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"syncer/arxiv"
	"syncer/seeds"
	"syncer/storage"
	"syncer/worker"
)

// awkwardLists are files whose bytes are easily lost: line ends, marks, tabs, a missing last line end, odd names.
var awkwardLists = map[string]string{
	"crlf.md":       "# L\r\n\r\n- Vaswani (2012) **Attention Is All You Need for Testing Lists**, [x](http://arxiv.org/pdf/1706.03762.pdf)\r\n\ttab, nbsp\u00a0here\r\n- *B* [2005.14165](https://arxiv.org/abs/2005.14165v2)\r\n",
	"bom.md":        "\ufeff- [Some Title That Is Long Enough to Be Told](https://arxiv.org/abs/2001.00003) \xc2\xa0 trailing  \n\n\n",
	"no newline.md": "- Doe et al. (2020) **Some Title That Is Long Enough to Be Told**, arXiv:2001.00005",
	"grüße.md":      "| a | b |\n|---|---|\n| Müller et al. **Größe und Maß von Titeln in Listen** | [p](https://www.arxiv.org/abs/2001.00004v1) |\n",
	"tabs.bib":      "@article{a,\r\n\ttitle\t= {{S}ome {\\'E}tude of $\\beta$ and Other Long Titles},\r\n\tauthor={M{\\\"u}ller, Hans and Doe, J. and others},\r\n\tjournal = \"arXiv preprint arXiv:2001.00006\",\r\n\tyear = 2011\r\n}\r\n@misc{b,title={The Other {One} of Some Length Here},eprint={2001.00007},author={Doe, J.}}",
	"quoted.csv":    "title,authors,arxiv,year\r\n\"Some \"\"Quoted\"\" Title, with a Comma in It\",\"Doe, J.; Roe, R.\",2001.00008,2011\r\nAnother Title of Enough Words Here,Doe,2001.00009,2020",
	"page.html":     "<ul>\n<li><a href='http://xxx.lanl.gov/abs/hep-th/9901001'>A &amp; B of Strings and Things Untold</a>\n<li>x</ul>",
	"refs.tex":      "\\begin{thebibliography}{9}\n\\bibitem{a} J.~Doe, \\emph{Some Title That Is Long Enough}, arXiv:2001.00010 (2011).\n\\end{thebibliography}\n",
	"ids.txt":       "1706.03762\r\nhttp://arxiv.org/abs/1706.03762v1\r\n",
}

// TestFixLists corrects real and awkward lists against records that contradict them in every way: the diff is one that git
// and patch take, writing in place gives the same bytes, a second run finds nothing, and what is left reads as it did but
// for the corrections.
func TestFixLists(t *testing.T) {
	lists := map[string][]byte{}
	for name, text := range awkwardLists {
		lists[name] = []byte(text)
	}
	recorded, _ := filepath.Glob("../../../shared/data/lists/*")
	for _, path := range recorded {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		lists[filepath.Base(path)] = beginning(src)
	}
	if len(recorded) == 0 {
		t.Log("no ../shared/data/lists beside the checkout: only the awkward lists are corrected")
	}
	t.Chdir(t.TempDir())
	db := contradicting(t, lists)
	corrected := map[string]int{} // certain corrections, by kind
	for name, src := range lists {
		if err := os.WriteFile(name, src, 0o640); err != nil {
			t.Fatal(err)
		}
		fix := func(args ...string) string {
			code, out, errs := syncer(t, nil, append([]string{"fix", "--db", db, "--complete", "--published", name}, args...)...)
			if code != 0 {
				t.Fatalf("%s: %s", name, errs)
			}
			return out
		}
		patch := fix()
		corrections := map[string]int{}
		for line := range strings.Lines(fix("--write")) {
			if _, what, ok := strings.Cut(line, ": corrected: "); ok {
				kind, _, _ := strings.Cut(what, ":")
				corrections[kind]++
				corrected[kind]++
			}
		}
		after, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if info, err := os.Stat(name); err != nil || info.Mode().Perm() != 0o640 {
			t.Errorf("%s: mode %v, %v", name, info.Mode(), err)
		}
		checkPatch(t, name, src, patch, after)
		if again := fix(); strings.Contains(again, "\n@@") {
			t.Errorf("%s: a second run corrects once more:\n%.2000s", name, again)
		}
		checkReadsAlike(t, name, src, after, corrections)
	}
	t.Logf("corrected in %d lists: %v", len(lists), corrected)
	for _, kind := range []string{"wrong-paper", "title-differs", "author-differs", "year-differs", "link-form", "complete", "published"} {
		if corrected[kind] == 0 {
			t.Errorf("nothing of the kind %s was corrected", kind)
		}
	}
}

// beginning is as much of a list as keeps the test short, up to the end of an entry.
func beginning(src []byte) []byte {
	const most = 60 << 10
	if len(src) <= most {
		return src
	}
	if end := bytes.Index(src[most:], []byte("\n\n")); end >= 0 {
		return src[:most+end+1]
	}
	return src[:most+bytes.IndexByte(src[most:], '\n')+1]
}

// contradicting is a store with a record for each paper that the lists cite: as claimed, or with another word in the title,
// another first author, another year; or of another paper, while the claimed one has another identifier.
func contradicting(t *testing.T, lists map[string][]byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "syncer.db")
	db, err := storage.Open(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	now := time.Date(2026, 11, 1, 0, 0, 0, 0, time.UTC)
	run, err := db.Begin(t.Context(), "sync", nil, now)
	if err != nil {
		t.Fatal(err)
	}
	records := map[arxiv.ID]arxiv.Record{}
	add := func(id arxiv.ID, title, author string, submitted time.Time, dois ...string) {
		records[id] = arxiv.Record{ID: id, Version: 1, Title: title, Authors: []arxiv.Author{{Name: author}, {Name: "Second Author"}, {Name: "Third O. Author"}},
			PrimaryCategory: "cs.LG", Categories: []string{"cs.LG"}, DOIs: dois, Published: submitted, Submitted: submitted}
	}
	for name, src := range lists {
		list, err := seeds.Read(name, "", src)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, c := range list.Citations {
			if _, ok := records[c.ID]; ok {
				continue
			}
			title, author := c.Claim.Title, c.Claim.FirstAuthor
			if family, given, ok := strings.Cut(author, ", "); ok {
				author = given + " " + family
			}
			if author == "" {
				author = "Some Body"
			}
			submitted := time.Date(c.ID.Year(), time.Month(max(c.ID.Month(), 1)), 10, 0, 0, 0, 0, time.UTC)
			words := strings.Fields(title)
			dois := []string{"10.1000/" + string(c.ID)}
			switch hash := fnv.New32a(); {
			case title == "":
				title = "A Paper That Nobody Claims Anything Of"
			default:
				fmt.Fprint(hash, c.ID)
				switch kind := hash.Sum32() % 8; {
				case kind == 0 && len(words) > 4:
					words[len(words)/2] = "changed"
					title = strings.Join(words, " ")
				case kind == 1:
					author = "Truly R. Firstname"
				case kind == 2 && len(words) > 5:
					add(arxiv.ID(fmt.Sprintf("2401.%05d", 50_000+len(records)%40_000)), title, author, submitted)
					title, author = "Gardens, Kitchens and Unrelated Matters of the Year", "Other Fellow"
				case kind == 3 && c.Claim.Year != 0:
					submitted, dois = submitted.AddDate(3, 0, 0), nil
				}
			}
			add(c.ID, title, author, submitted, dois...)
		}
	}
	var all []arxiv.Record
	for _, r := range records {
		all = append(all, r)
	}
	if _, err := run.MergeRecords(t.Context(), all); err != nil {
		t.Fatal(err)
	}
	if err := run.End(t.Context(), now, storage.Result{Complete: true}); err != nil {
		t.Fatal(err)
	}
	return path
}

// checkPatch applies the patch with the programs that people use, where they are installed.
func checkPatch(t *testing.T, name string, before []byte, patch string, after []byte) {
	t.Helper()
	if bytes.Equal(before, after) {
		if strings.Contains(patch, "\n@@") {
			t.Errorf("%s: a diff, but nothing was written", name)
		}
		return
	}
	for _, command := range [][]string{{"git", "apply", "-"}, {"patch", "-p1", "--silent"}} {
		if _, err := exec.LookPath(command[0]); err != nil {
			t.Logf("no %s here: the diff is not applied by it", command[0])
			continue
		}
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, name), before, 0o644); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(command[0], command[1:]...)
		cmd.Dir, cmd.Stdin = dir, strings.NewReader(patch)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %s: %v: %s", name, command[0], err, out)
			continue
		}
		got, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil || !bytes.Equal(got, after) {
			t.Errorf("%s: %s makes other bytes of it than --write: %v", name, command[0], err)
		}
	}
}

// checkReadsAlike compares what the list says before and after: as much of it has changed as was corrected.
func checkReadsAlike(t *testing.T, name string, before, after []byte, corrections map[string]int) {
	t.Helper()
	old, err := seeds.Read(name, "", before)
	if err != nil {
		t.Fatal(err)
	}
	now, err := seeds.Read(name, "", after)
	if err != nil {
		t.Fatal(err)
	}
	if len(now.Citations) != len(old.Citations) || len(now.Malformed) != len(old.Malformed) {
		t.Errorf("%s: %d citations and %d malformed identifiers, were %d and %d", name, len(now.Citations), len(now.Malformed), len(old.Citations), len(old.Malformed))
		return
	}
	changed := map[string]int{}
	for i, c := range now.Citations {
		was := old.Citations[i]
		for field, differs := range map[string]bool{"wrong-paper": c.ID != was.ID, "title-differs": c.Claim.Title != was.Claim.Title,
			"author-differs": c.Claim.FirstAuthor != was.Claim.FirstAuthor, "year-differs": c.Claim.Year != was.Claim.Year} {
			if differs {
				changed[field]++
			}
		}
	}
	for kind, n := range changed {
		if n > corrections[kind] {
			t.Errorf("%s: %d citations read otherwise in what %s corrects, and %d were corrected", name, n, kind, corrections[kind])
		}
	}
}

// TestWriteFixed: a file that somebody changed meanwhile stays theirs, a link stays a link.
func TestWriteFixed(t *testing.T) {
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("target.md", "old")
	if err := os.Symlink("target.md", "link.md"); err != nil {
		t.Fatal(err)
	}
	if err := writeFixed(fixed{"link.md", worker.Corrected{Before: []byte("old"), After: []byte("new")}}); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat("link.md"); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link is a file now: %v", err)
	}
	write("target.md", "somebody's")
	err := writeFixed(fixed{"link.md", worker.Corrected{Before: []byte("new"), After: []byte("newer")}})
	if err == nil || !strings.Contains(err.Error(), "changed while it was read") {
		t.Errorf("written over somebody's change: %v", err)
	}
	if got, _ := os.ReadFile("target.md"); string(got) != "somebody's" {
		t.Errorf("now it is %q", got)
	}
}
