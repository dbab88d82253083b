package main

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"

	"github.com/spf13/pflag"

	"syncer/seeds"
	"syncer/worker"
)

// landmarks is the name of the embedded list.
const landmarks = "landmarks"

// listFormats maps what --list-format takes.
var listFormats = map[string]seeds.Format{
	"": "", "markdown": seeds.Markdown, "bibtex": seeds.BibTeX, "html": seeds.HTML, "latex": seeds.LaTeX,
	"csv": seeds.CSV, "plain": seeds.Plain,
}

func addListFormat(f *pflag.FlagSet, format *string) {
	f.StringVar(format, "list-format", "",
		"read the lists as `FORMAT`: markdown, bibtex, html, latex, csv or plain (default: told by name and content)")
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

func (a *app) readList(ctx context.Context, arg string, format seeds.Format) (seeds.List, error) {
	if arg == landmarks {
		return seeds.Landmarks(), nil
	}
	src, err := a.readSource(ctx, arg)
	if err != nil {
		return seeds.List{}, err
	}
	a.outside.process.haveList(len(src))
	list, err := seeds.Read(arg, format, src)
	switch {
	case errors.Is(err, seeds.ErrNothing):
		return seeds.List{}, usageError("--list-format reads it as another kind of list", "read list: %s: %w", arg, err)
	case err != nil:
		return seeds.List{}, usageError("a list is a text: Markdown, BibTeX, HTML, LaTeX, CSV or plain ids", "read list: %s: %w", arg, err)
	}
	for _, mark := range worker.UselessMarks(list) {
		a.log.Warn("syncer-ignore names no kind of finding: nothing is ignored", "list", list.Name, "line", mark.Line, "named", mark.Named)
	}
	return list, nil
}

// readSource gives the bytes of a LIST argument, never more than seeds.MaxSize of them.
func (a *app) readSource(ctx context.Context, arg string) ([]byte, error) {
	if strings.HasPrefix(arg, "http://") || strings.HasPrefix(arg, "https://") {
		src, err := a.reader().ReadList(ctx, arg)
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
		return nil, usageError(hint, "read list: %s: %w", arg, withoutPath(err))
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
		return nil, usageError("", "read list: %s: %w", name, withoutPath(err))
	}
	if len(src) > seeds.MaxSize {
		return nil, usageError("split it into several lists", "read list: %s: larger than %d MiB", name, seeds.MaxSize>>20)
	}
	return src, nil
}

// withoutPath drops the operation and path that the standard library puts in front: the message names them already.
func withoutPath(err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		return path.Err
	}
	return err
}
