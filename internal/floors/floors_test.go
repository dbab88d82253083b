// Package floors holds the test that keeps the house standing: an import may only go down a floor, and a third-party
// part stays in its room. It reads the imports of every Go file, so that the rule does not depend on good will.
package floors

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// house are all rooms of the way that data takes, the lowest first, and what each may import. What is
// not named here is above it or beside it.
var house = []struct {
	room string
	may  []string
}{
	{"arxiv", nil},
	{"seeds", []string{"arxiv"}},
	{"enrich", []string{"arxiv", "seeds"}},
	{"enrich/record", pure()},
	{"enrich/citation", pure("enrich/record")},
	{"enrich/link", pure()},
	{"enrich/source", pure()},
	{"fetch", decisions()},
	{"fetch/probe", decisions("fetch")},
	{"fetch/source", decisions("fetch")},
	{"storage", decisions()},
	{"export", decisions()},
	{"worker", decisions("fetch", "fetch/probe", "fetch/source", "storage", "export")},
	{"web", decisions("storage", "export", "worker")},
	{"cmd/syncer", decisions("fetch", "storage", "export", "worker", "web", "internal/replica", "internal/progress",
		"internal/atomicfile", "internal/patch")},
	{"internal/replica", []string{"arxiv"}},
	{"internal/progress", nil},
	{"internal/atomicfile", nil},
	{"internal/patch", nil},
	{"internal/floors", nil},
}

// pure is what a room of enrich may import, decisions what a room above them may.
func pure(more ...string) []string { return append([]string{"arxiv", "seeds", "enrich"}, more...) }

func decisions(more ...string) []string {
	return append(pure("enrich/record", "enrich/citation", "enrich/link", "enrich/source"), more...)
}

// testsMay are what the tests of a room may import besides: a night without a command line runs against the stand-in.
var testsMay = map[string][]string{"worker": {"internal/replica"}}

// parts says where a third-party module may be imported; those not named may be used anywhere.
var parts = map[string][]string{
	"github.com/mmcdole/gofeed":   {"fetch"},
	"golang.org/x/time":           {"fetch"},
	"code.dny.dev/ssrf":           {"fetch"},
	"github.com/cenkalti/backoff": {"fetch"},
	"github.com/temoto/robotstxt": {"fetch/probe"},
	"modernc.org/sqlite":          {"storage"},
	"github.com/gofrs/flock":      {"fetch", "storage"},
	"github.com/parquet-go":       {"export"},
	"github.com/yuin/goldmark":    {"seeds"},
	"github.com/robfig/cron":      {"cmd/syncer"},
	"github.com/spf13/cobra":      {"cmd/syncer"},
	"github.com/spf13/pflag":      {"cmd/syncer"},
	"github.com/BurntSushi/toml":  {"cmd/syncer"},
	"golang.org/x/term":           {"cmd/syncer"},
	"github.com/vbauerster/mpb":   {"internal/progress"},
}

// banned are the parts of the standard library that a room does without: the ground floors are pure, and a job is given the
// world by whoever starts it.
var banned = map[string][]string{
	"arxiv": impure, "seeds": impure, "enrich": impure, "enrich/record": impure, "enrich/citation": impure, "enrich/link": impure,
	"enrich/source": impure,
	"export":        {"os", "net/http", "database/sql", "log", "log/slog"},
	"worker":        {"os", "os/signal", "flag", "log", "runtime", "runtime/debug", "database/sql"},
}

var impure = []string{"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"}

func TestImportsGoDownAFloor(t *testing.T) {
	root := filepath.Join("..", "..")
	files := 0
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() && strings.HasPrefix(entry.Name(), ".") && path != root {
			return fs.SkipDir
		}
		if entry.IsDir() || !strings.HasSuffix(path, ".go") {
			return nil
		}
		rel, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		files++
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		var imports []string
		for _, spec := range file.Imports {
			imported, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			imports = append(imports, imported)
		}
		for _, complaint := range check(filepath.ToSlash(rel), imports) {
			t.Error(complaint)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d Go files seen: is the root right?", files)
	}
}

// check gives what is wrong with the imports of a file, which is named from the root.
func check(name string, imports []string) (complaints []string) {
	room := name[:max(strings.LastIndex(name, "/"), 0)]
	isTest := strings.HasSuffix(name, "_test.go")
	floor := -1
	for i, h := range house {
		if h.room == room {
			floor = i
		}
	}
	if floor < 0 {
		return []string{name + ": room " + strconv.Quote(room) + " is not in the plan of the house"}
	}
	for _, imported := range imports {
		if ours, ok := strings.CutPrefix(imported, "syncer/"); ok {
			allowed := ours == room || slices.Contains(house[floor].may, ours) || isTest && slices.Contains(testsMay[room], ours)
			if !allowed {
				complaints = append(complaints, name+" imports "+ours+": that is not below it")
			}
			continue
		}
		if isTest {
			continue // what a test needs besides, it may have
		}
		for module, places := range parts {
			if (imported == module || strings.HasPrefix(imported, module+"/")) && !slices.Contains(places, room) {
				complaints = append(complaints, name+" imports "+imported+", which belongs to "+strings.Join(places, ", "))
			}
		}
		if slices.Contains(banned[room], imported) {
			complaints = append(complaints, name+" imports "+imported+", which this floor does without")
		}
	}
	return complaints
}

// TestCheckComplains: the rule is no good when nothing breaks it.
func TestCheckComplains(t *testing.T) {
	for _, wrong := range []struct{ name, imports string }{
		{"arxiv/x.go", "syncer/seeds"},
		{"seeds/x.go", "os"},
		{"enrich/x.go", "syncer/enrich/link"},
		{"enrich/link/x.go", "syncer/enrich/record"},
		{"enrich/record/x.go", "syncer/enrich/citation"},
		{"enrich/citation/x.go", "context"},
		{"fetch/x.go", "syncer/storage"},
		{"fetch/x.go", "syncer/fetch/probe"},
		{"fetch/probe/x.go", "syncer/fetch/source"},
		{"storage/x.go", "syncer/fetch"},
		{"storage/x_test.go", "syncer/worker"},
		{"export/x.go", "syncer/storage"},
		{"export/x_test.go", "syncer/storage"},
		{"worker/x.go", "syncer/web"},
		{"worker/x.go", "syncer/internal/progress"},
		{"worker/x.go", "github.com/spf13/cobra"},
		{"worker/x.go", "github.com/spf13/pflag"},
		{"worker/x.go", "github.com/vbauerster/mpb/v8"},
		{"worker/x.go", "os"},
		{"worker/x.go", "runtime"},
		{"web/x.go", "syncer/fetch"},
		{"web/x.go", "syncer/cmd/syncer"},
		{"cmd/syncer/x.go", "modernc.org/sqlite"},
		{"attic/x.go", "fmt"},
	} {
		if len(check(wrong.name, []string{wrong.imports})) == 0 {
			t.Errorf("%s may import %s", wrong.name, wrong.imports)
		}
	}
	for _, right := range []struct{ name, imports string }{
		{"enrich/citation/x.go", "syncer/enrich/record"}, {"worker/x.go", "syncer/storage"}, {"web/x.go", "syncer/worker"},
		{"worker/x_test.go", "syncer/internal/replica"}, {"cmd/syncer/x.go", "syncer/worker"},
	} {
		if complaints := check(right.name, []string{right.imports}); len(complaints) > 0 {
			t.Error(complaints)
		}
	}
}
