package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func TestWriteReplacesAndKeepsMode(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.txt")
	if changed, err := Write(path, text("one")); err != nil || !changed {
		t.Fatalf("new file: changed %v, error %v", changed, err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		t.Fatal(err)
	}
	if changed, err := Write(path, text("two")); err != nil || !changed {
		t.Fatalf("other content: changed %v, error %v", changed, err)
	}
	got, err := os.ReadFile(path)
	info, statErr := os.Stat(path)
	if err != nil || statErr != nil || string(got) != "two" || info.Mode().Perm() != 0o600 {
		t.Fatalf("got %q, mode %v, errors %v %v", got, info.Mode(), err, statErr)
	}
}

func TestWriteLeavesEqualContentUntouched(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out.txt")
	long := strings.Repeat("x", 1<<17)
	if _, err := Write(path, text(long)); err != nil {
		t.Fatal(err)
	}
	old := time.Date(2001, 2, 3, 4, 5, 6, 0, time.UTC)
	if err := os.Chtimes(path, old, old); err != nil {
		t.Fatal(err)
	}
	if changed, err := Write(path, text(long)); err != nil || changed {
		t.Fatalf("same content: changed %v, error %v", changed, err)
	}
	if info, _ := os.Stat(path); !info.ModTime().Equal(old) {
		t.Errorf("time stamp moved to %v", info.ModTime())
	}
	if changed, err := Write(path, text(long+"y")); err != nil || !changed {
		t.Errorf("longer content: changed %v, error %v", changed, err)
	}
}

func TestWriteFailureKeepsOldFileAndNoLitter(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out.txt")
	if _, err := Write(path, text("good")); err != nil {
		t.Fatal(err)
	}
	boom := errors.New("boom")
	if _, err := Write(path, func(w io.Writer) error { io.WriteString(w, "half"); return boom }); !errors.Is(err, boom) {
		t.Fatalf("error %v, want boom", err)
	}
	if got, _ := os.ReadFile(path); string(got) != "good" {
		t.Errorf("content %q, want the old one", got)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files left, want 1", len(entries))
	}
	if _, err := Write(dir, text("x")); err == nil {
		t.Error("a directory was replaced")
	}
}

func TestWriteFollowsSymlink(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
	if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(target, link); err != nil {
		t.Skip("no symbolic links here:", err)
	}
	if _, err := Write(link, text("new")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	got, _ := os.ReadFile(target)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || string(got) != "new" {
		t.Errorf("link mode %v, target %q, error %v", info.Mode(), got, err)
	}
}

// TestWriteLeavesDevices: a device or a pipe is written to, and stays what it is.
func TestWriteLeavesDevices(t *testing.T) {
	full := "/dev/full"
	if _, err := os.Stat(full); err != nil {
		t.Skip("no device that is always full here:", err)
	}
	dir := t.TempDir()
	link := filepath.Join(dir, "out.bib")
	if err := os.Symlink(full, link); err != nil {
		t.Fatal(err)
	}
	if _, err := Write(link, text("x")); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: error %v", err)
	}
	if info, err := os.Stat(full); err != nil || info.Mode().IsRegular() {
		t.Errorf("the device is %v now, %v", info.Mode(), err)
	}
	if entries, _ := os.ReadDir(dir); len(entries) != 1 {
		t.Errorf("%d files, want 1", len(entries))
	}
}
