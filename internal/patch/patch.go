// Package patch writes unified diffs that git apply and patch take.
package patch

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
)

// Diff is the diff of a file that goes by a name (Name gives it); empty when nothing differs.
func Diff(name string, before, after []byte) []byte {
	text := diff.Diff("a/"+name, before, "b/"+name, after)
	_, text, _ = bytes.Cut(text, []byte("\n")) // the line "diff a b", which only git writes, and in another form
	return text
}

// Name is how a diff names a file: from the working directory, or, for a file that is not below it and that neither git
// apply nor patch would reach from there, from the file's own, which is dir then. A tab stands behind a name with a blank, by
// which patch knows its end (as GNU diff writes it).
func Name(path string) (name, dir string) {
	if here, err := os.Getwd(); err == nil && filepath.IsAbs(path) {
		if below, err := filepath.Rel(here, path); err == nil {
			path = below
		}
	}
	if path = filepath.Clean(path); !filepath.IsLocal(path) {
		dir, path = filepath.Dir(path), filepath.Base(path)
	}
	name = filepath.ToSlash(path)
	if strings.Contains(name, " ") {
		name += "\t"
	}
	return name, dir
}
