package patch

import (
	"os"
	"path/filepath"
	"testing"
)

func TestName(t *testing.T) {
	t.Chdir(t.TempDir())
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string][2]string{
		"a.md": {"a.md"}, "./b/../a.md": {"a.md"}, "b/my list.md": {"b/my list.md\t"}, filepath.Join(here, "b", "a.md"): {"b/a.md"},
		"../b/a.md": {"a.md", "../b"}, filepath.Join(here, "..", "a.md"): {"a.md", ".."},
	} {
		if name, dir := Name(path); name != want[0] || dir != want[1] {
			t.Errorf("%s: %q in %q, want %q", path, name, dir, want)
		}
	}
}
