// Package atomicfile replaces a file in one step: a reader sees the old content or the new, never a part, and a crash
// leaves the old one and at most a temporary file beside it.
package atomicfile

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
)

// Write gives path the content that write produces and says whether that changed anything. The new file keeps the mode
// of the old one (0644 for a new file). An equal content leaves the old file untouched, its time stamp too, so that make,
// git and rsync stay quiet. A symbolic link is followed, not replaced. What is no regular file (a device, a named pipe) is
// written to as it is, since a file in its place would take it away from everybody.
func Write(path string, write func(io.Writer) error) (changed bool, err error) {
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target
	}
	mode := fs.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		switch {
		case info.IsDir():
			return false, errors.New("is a directory")
		case !info.Mode().IsRegular():
			return true, writeThrough(path, write)
		}
		mode = info.Mode().Perm()
	}
	temp, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return false, err
	}
	defer func() {
		temp.Close()
		if err != nil || !changed {
			os.Remove(temp.Name())
		}
	}()
	if err := writeBuffered(temp, write); err != nil {
		return false, err
	}
	if same, err := sameContent(path, temp); err != nil || same {
		return false, err
	}
	if err := temp.Chmod(mode); err != nil {
		return false, err
	}
	// The content must be on disk before the name points to it (ext4's delayed allocation would leave an empty file).
	if err := temp.Sync(); err != nil {
		return false, err
	}
	if err := temp.Close(); err != nil {
		return false, err
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return false, err
	}
	return true, nil
}

func writeThrough(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return errors.Join(writeBuffered(f, write), f.Close())
}

func writeBuffered(w io.Writer, write func(io.Writer) error) error {
	buffered := bufio.NewWriterSize(w, 1<<16)
	if err := write(buffered); err != nil {
		return err
	}
	return buffered.Flush()
}

// sameContent compares the file at path with the temporary file, block by block.
func sameContent(path string, temp *os.File) (bool, error) {
	old, err := os.Open(path)
	if err != nil {
		return false, nil // nothing to compare with: the rename will say what is wrong, if anything is
	}
	defer old.Close()
	if _, err := temp.Seek(0, io.SeekStart); err != nil {
		return false, err
	}
	a, b := make([]byte, 1<<16), make([]byte, 1<<16)
	for {
		n, errA := io.ReadFull(old, a)
		m, errB := io.ReadFull(temp, b)
		if !bytes.Equal(a[:n], b[:m]) {
			return false, nil
		}
		if errA != nil || errB != nil {
			return (errA == io.EOF || errA == io.ErrUnexpectedEOF) && errA == errB, nil
		}
	}
}
