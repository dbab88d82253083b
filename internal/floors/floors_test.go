// Package floors holds the test that keeps the house standing: an import may only go down a floor, and a third-party
// part stays in its room. It reads the imports of every Go file, so that the rule does not depend on good will.
package floors

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
)

// may says which of our packages each room may import. internal packages may be used by whoever is named there.
var may = map[string][]string{
	"arxiv":               {},
	"seeds":               {"arxiv"},
	"enrich":              {"arxiv", "seeds"},
	"enrich/record":       {"arxiv", "seeds", "enrich"},
	"enrich/citation":     {"arxiv", "seeds", "enrich", "enrich/record"},
	"enrich/link":         {"arxiv", "seeds", "enrich"},
	"fetch":               {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link"},
	"fetch/probe":         {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link", "fetch"},
	"storage":             {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link"},
	"export":              {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link"},
	"web":                 {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link", "fetch", "fetch/probe", "storage", "export"},
	"internal/replica":    {"arxiv"},
	"internal/progress":   {},
	"internal/atomicfile": {},
	"internal/floors":     {},
	"cmd/syncer":          {"arxiv", "seeds", "enrich", "enrich/record", "enrich/citation", "enrich/link", "fetch", "fetch/probe", "storage", "export", "web", "internal/replica", "internal/progress", "internal/atomicfile"},
}

// rooms says where a third-party module may be imported; those not named may be used anywhere.
var rooms = map[string][]string{
	"github.com/mmcdole/gofeed":   {"fetch"},
	"golang.org/x/time":           {"fetch"},
	"code.dny.dev/ssrf":           {"fetch"},
	"github.com/temoto/robotstxt": {"fetch/probe"},
	"modernc.org/sqlite":          {"storage"},
	"github.com/robfig/cron":      {"cmd/syncer"},
	"github.com/spf13/cobra":      {"cmd/syncer"},
	"github.com/BurntSushi/toml":  {"cmd/syncer"},
	"github.com/yuin/goldmark":    {"seeds"},
	"github.com/vbauerster/mpb":   {"internal/progress"},
	"github.com/parquet-go":       {"export"},
	"github.com/gofrs/flock":      {"fetch", "storage"},
	"github.com/cenkalti/backoff": {"fetch"},
}

// banned keeps the ground floors pure: no I/O, no clock, no context.
var banned = map[string][]string{
	"arxiv":           {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"seeds":           {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"enrich":          {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"enrich/record":   {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"enrich/citation": {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"enrich/link":     {"os", "net/http", "io/fs", "context", "log", "log/slog", "database/sql"},
	"export":          {"os", "net/http", "database/sql", "log", "log/slog"},
}

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
		checkFile(t, path, filepath.ToSlash(rel))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if files < 20 {
		t.Errorf("only %d Go files seen: is the root right?", files)
	}
}

func checkFile(t *testing.T, path, rel string) {
	room := rel[:max(strings.LastIndex(rel, "/"), 0)]
	isTest := strings.HasSuffix(rel, "_test.go")
	allowed, known := may[room]
	if !known {
		t.Errorf("%s: room %q is not in the plan of the house", rel, room)
		return
	}
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.ImportsOnly)
	if err != nil {
		t.Error(err)
		return
	}
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Error(err)
			continue
		}
		if ours, ok := strings.CutPrefix(imported, "syncer/"); ok {
			if ours != room && !contains(allowed, ours) && !isTest {
				t.Errorf("%s imports %s: that is not below it", rel, ours)
			}
			continue
		}
		for module, places := range rooms {
			if (imported == module || strings.HasPrefix(imported, module+"/")) && !contains(places, room) && !isTest {
				t.Errorf("%s imports %s, which belongs to %v", rel, imported, places)
			}
		}
		if contains(banned[room], imported) && !isTest {
			t.Errorf("%s imports %s: this floor is pure", rel, imported)
		}
	}
}

func contains(list []string, s string) bool {
	for _, item := range list {
		if item == s {
			return true
		}
	}
	return false
}
