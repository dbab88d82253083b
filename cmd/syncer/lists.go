package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/pflag"

	"syncer/fetch"
	"syncer/seeds"
)

// landmarks is the name of the embedded list.
const landmarks = "landmarks"

// listFormats maps what --list-format takes.
var listFormats = map[string]seeds.Format{
	"": "", "markdown": seeds.Markdown, "bibtex": seeds.BibTeX, "html": seeds.HTML, "latex": seeds.LaTeX, "csv": seeds.CSV, "plain": seeds.Plain,
}

func addListFormat(f *pflag.FlagSet, format *string) {
	f.StringVar(format, "list-format", "", "read the lists as `FORMAT`: markdown, bibtex, html, latex, csv or plain (default: told by name and content)")
}

// readLists reads the lists of a command line: the arguments, else those of the configuration, else the landmarks.
// Nothing is asked of arXiv and nothing is written before all of them could be read.
func (a *app) readLists(ctx context.Context, args []string, format string) ([]seeds.List, error) {
	f, ok := listFormats[format]
	if !ok {
		return nil, usageError("markdown, bibtex, html, latex, csv or plain", "read flags: --list-format: %q is not known", format)
	}
	if len(args) == 0 {
		args = a.set.lists
	}
	if len(args) == 0 {
		args = []string{landmarks}
	}
	var lists []seeds.List
	seen := map[string]bool{}
	for _, arg := range args {
		if seen[arg] {
			continue
		}
		seen[arg] = true
		list, err := a.readList(ctx, arg, f)
		if err != nil {
			return nil, err
		}
		lists = append(lists, list)
	}
	return lists, nil
}

// A list is the largest thing that is ever held in memory. With lists of up to smallList bytes (200,000 plain links have 7 MB)
// garbage is collected more eagerly, so that all of a run stays under 128 MiB.
const smallList, smallMemory = 8 << 20, 80 << 20

// boundMemory sets how much memory the program means to use, once it has a list of so many bytes. A user's GOMEMLIMIT stands.
func (a *app) boundMemory(size int) {
	if os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	if a.largeLists = a.largeLists || size > smallList; a.largeLists {
		debug.SetMemoryLimit(math.MaxInt64)
		return
	}
	debug.SetMemoryLimit(smallMemory)
}

func (a *app) readList(ctx context.Context, arg string, format seeds.Format) (seeds.List, error) {
	if arg == landmarks {
		return seeds.Landmarks(), nil
	}
	src, err := a.readSource(ctx, arg)
	if err != nil {
		return seeds.List{}, err
	}
	a.boundMemory(len(src))
	list, err := seeds.Read(arg, format, src)
	switch {
	case errors.Is(err, seeds.ErrNothing):
		return seeds.List{}, usageError("--list-format reads it as another kind of list", "read list: %s: %w", arg, err)
	case err != nil:
		return seeds.List{}, usageError("a list is a text: Markdown, BibTeX, HTML, LaTeX, CSV or plain ids", "read list: %s: %w", arg, err)
	}
	a.warnOfMarks(list)
	return list, nil
}

// readSource gives the bytes of a LIST argument, never more than seeds.MaxSize of them.
func (a *app) readSource(ctx context.Context, arg string) ([]byte, error) {
	if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
		src, err := fetch.Document(ctx, fetch.Options{Version: version(), Contact: a.set.contact, Transport: a.transport}, arg, seeds.MaxSize)
		if err != nil && ctx.Err() == nil {
			return nil, usageError("is the address right? A file works as well", "read list: %s: %w", arg, err)
		}
		return src, err
	}
	if arg == "-" {
		return readCapped(arg, a.stdin)
	}
	f, err := os.Open(arg)
	if err != nil {
		hint := ""
		if errors.Is(err, fs.ErrNotExist) {
			hint = "a LIST is a file, an http(s) URL, - for stdin, or landmarks; syncer help shows the commands"
		}
		return nil, usageError(hint, "read list: %s: %w", arg, reason(err))
	}
	defer f.Close()
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, usageError("name the files in it", "read list: %s: is a directory", arg)
	}
	return readCapped(arg, f)
}

func readCapped(name string, r io.Reader) ([]byte, error) {
	src, err := io.ReadAll(io.LimitReader(r, seeds.MaxSize+1))
	if err != nil {
		return nil, usageError("", "read list: %s: %w", name, reason(err))
	}
	if len(src) > seeds.MaxSize {
		return nil, usageError("split it into several lists", "read list: %s: larger than %d MiB", name, seeds.MaxSize>>20)
	}
	return src, nil
}

// reason drops the operation and path that the standard library puts in front: the message names them already.
func reason(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
