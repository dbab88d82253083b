package main

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"syncer/internal/replica"
)

// TestUnusableDatabases: every command says in one line what is wrong with the file, with exit code 2, and leaves it alone.
func TestUnusableDatabases(t *testing.T) {
	transport := newReplica(t, replica.Options{}).RoundTripper()
	sound := filepath.Join(t.TempDir(), "sound.db")
	if code, _, errs := syncer(t, transport, "sync", "--db", sound, "--budget", "0"); code != 0 {
		t.Fatal(errs)
	}
	content, err := os.ReadFile(sound)
	if err != nil {
		t.Fatal(err)
	}
	const userVersion = 60 // sqlite.org/fileformat.html, section 1.3
	for _, row := range []struct {
		name   string
		change func([]byte) []byte
		want   string
	}{
		{"newer", func(b []byte) []byte { binary.BigEndian.PutUint32(b[userVersion:], 9999); return b }, "written by a newer syncer"},
		{"of another program", func(b []byte) []byte { binary.BigEndian.PutUint32(b[userVersion:], 0); return b }, "another program"},
		{"cut off", func(b []byte) []byte { return b[:5000] }, "not a sound SQLite database"},
		{"scribbled over", func(b []byte) []byte {
			for i := 200; i < len(b)/2; i++ {
				b[i] = 'x'
			}
			return b
		}, "not a sound SQLite database"},
		{"no database", func([]byte) []byte { return []byte(strings.Repeat("a text, and a long one\n", 100)) }, "not a sound SQLite database"},
	} {
		for _, args := range [][]string{{"sync", "--force"}, {"findings"}, {"export"}, {"status"}, {"show", "1706.03762"}} {
			path := filepath.Join(t.TempDir(), "bad.db")
			bad := row.change(append([]byte(nil), content...))
			if err := os.WriteFile(path, bad, 0o644); err != nil {
				t.Fatal(err)
			}
			code, _, errs := syncer(t, transport, append(args, "--db", path)...)
			line := ""
			for l := range strings.Lines(errs) {
				if strings.HasPrefix(l, "syncer: ") {
					line = l
				}
			}
			if code != 2 || !strings.Contains(line, row.want) || !strings.Contains(line, "bad.db") || !strings.Contains(errs, "hint: ") {
				t.Errorf("%s: %s: exit code %d, %q, want 2 and one line with %q and a hint", row.name, args[0], code, errs, row.want)
			}
			if after, err := os.ReadFile(path); err != nil || string(after) != string(bad) {
				t.Errorf("%s: %s has changed the file (%v)", row.name, args[0], err)
			}
		}
	}
}
