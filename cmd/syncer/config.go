package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"syncer/fetch"
	"syncer/worker"
)

// settings are the common flags after flag, environment, file and default were merged.
type settings struct {
	config              string
	db                  string
	arxivAPI, arxivOAI  string
	contact             string
	interval            time.Duration
	failOn              []string
	json, force, dryRun bool
	quiet, verbose      bool
	logFormat           string
	noProgress          bool
	allowPrivate        bool
	color               string
	lists               []string      // only from the file or the environment: on the command line lists are arguments
	exports             []exportFlags // after each complete sync; only from the file
}

func (a *app) addCommonFlags(f *pflag.FlagSet) {
	s := &a.set
	f.StringVar(&s.config, "config", "", "configuration `FILE` (default: syncer.toml here, then in the user's configuration directory)")
	f.StringVar(&s.db, "db", "syncer.db", "the SQLite database `PATH`; made when missing")
	f.StringVar(&s.arxivAPI, "arxiv-api", fetch.DefaultAPI, "base `URL` of arXiv's query API")
	f.StringVar(&s.arxivOAI, "arxiv-oai", fetch.DefaultOAI, "base `URL` of arXiv's OAI-PMH")
	f.StringVar(&s.contact, "contact", "", "your e-mail or https URL, told to arXiv in the User-Agent")
	f.DurationVar(&s.interval, "interval", fetch.MinInterval, "least time between two requests to arXiv; under 3s only for loopback")
	f.BoolVar(&s.allowPrivate, "allow-private", false, "let the link prober talk to loopback, private and link-local addresses")
	f.BoolVar(&s.json, "json", false, "machine-readable: one JSON object a line on stdout")
	f.BoolVar(&s.force, "force", false, "ask again even for what is fresh")
	f.BoolVar(&s.dryRun, "dry-run", false, "say what would be asked and written; ask and write nothing")
	f.StringSliceVar(&s.failOn, "fail-on", nil, "finding `KINDS` (or error, warning, any) that make the exit code 3")
	f.BoolVar(&s.quiet, "quiet", false, "only errors and results")
	f.BoolVar(&s.verbose, "verbose", false, "say each request on stderr")
	f.StringVar(&s.logFormat, "log-format", "text", "log as text or json")
	f.BoolVar(&s.noProgress, "no-progress", false, "no progress on stderr")
	f.StringVar(&s.color, "color", "auto", "auto, always or never")
}

// loadSettings fills every flag that the command line left alone from the environment, then from the file, and checks
// what can be checked before anything is opened.
func (a *app) loadSettings(cmd *cobra.Command) error {
	if cmd.Name() == "completion" || cmd.Name() == "help" || cmd.HasParent() && cmd.Parent().Name() == "completion" {
		return nil
	}
	if !cmd.Flags().Changed("config") {
		a.set.config = os.Getenv("SYNCER_CONFIG")
	}
	file, err := readConfig(a.set.config)
	if err != nil {
		return err
	}
	if err := file.checkKeys(cmd.Root()); err != nil {
		return err
	}
	var failed error
	cmd.Flags().VisitAll(func(f *pflag.Flag) {
		if f.Changed || f.Name == "help" || f.Name == "version" || f.Name == "config" || failed != nil {
			return
		}
		name := "SYNCER_" + strings.ToUpper(strings.ReplaceAll(f.Name, "-", "_"))
		value, where := os.Getenv(name), "environment: "+name
		if value == "" {
			v, ok := file.keys[f.Name]
			if !ok {
				return
			}
			failed = setFlag(f, v, file.path+": "+f.Name)
			return
		}
		failed = setFlag(f, value, where)
	})
	if failed != nil {
		return failed
	}
	if lists, ok := file.keys["lists"]; ok {
		a.set.lists = configTexts(lists)
	}
	if env := os.Getenv("SYNCER_LISTS"); env != "" {
		a.set.lists = nil
		for name := range strings.SplitSeq(env, ",") {
			a.set.lists = append(a.set.lists, strings.TrimSpace(name))
		}
	}
	if err := a.checkSettings(); err != nil {
		return err
	}
	a.set.exports, err = a.configuredExports(file)
	return err
}

func (a *app) checkSettings() error {
	s := &a.set
	if s.db == "" {
		return usageError("the default is syncer.db", "read flags: --db: names no file")
	}
	if !slices.Contains([]string{"text", "json"}, s.logFormat) {
		return usageError("text or json", "read flags: --log-format: %q is not known", s.logFormat)
	}
	if !slices.Contains([]string{"auto", "always", "never"}, s.color) {
		return usageError("auto, always or never", "read flags: --color: %q is not known", s.color)
	}
	for _, kind := range s.failOn {
		if !slices.Contains(worker.FindingWords(), kind) {
			return usageError("error, warning, any, or a kind such as withdrawn, unknown-id, replaced",
				"read flags: --fail-on: %q is no finding kind", kind)
		}
	}
	return nil
}

// configFile is one syncer.toml; the zero value is an absent one.
type configFile struct {
	path string
	keys map[string]any
}

// readConfig reads the named file, or the first syncer.toml of the usual places. Only a named file must exist.
func readConfig(named string) (configFile, error) {
	paths := []string{named}
	if named == "" {
		paths = []string{"syncer.toml"}
		if dir, err := os.UserConfigDir(); err == nil {
			paths = append(paths, filepath.Join(dir, "syncer", "syncer.toml"), filepath.Join(dir, "syncer.toml"))
		}
	}
	for _, path := range paths {
		keys := map[string]any{}
		_, err := toml.DecodeFile(path, &keys)
		if errors.Is(err, fs.ErrNotExist) && named == "" {
			continue
		}
		if err != nil {
			return configFile{}, usageError("", "read configuration: %s: %s", path, firstLine(configReason(err)))
		}
		return configFile{path, keys}, nil
	}
	return configFile{}, nil
}

// configReason drops what the caller says anyway (the path) and keeps line and reason of a syntax error.
func configReason(err error) string {
	var syntax toml.ParseError
	var path *fs.PathError
	switch {
	case errors.As(err, &syntax):
		return fmt.Sprintf("line %d: %s", syntax.Position.Line, syntax.Message)
	case errors.As(err, &path):
		return path.Err.Error()
	}
	return err.Error()
}

// checkKeys refuses a key that no flag of any command has: a misspelt key that is silently ignored is worse than none.
func (c configFile) checkKeys(root *cobra.Command) error {
	known := map[string]bool{}
	var collect func(*cobra.Command)
	collect = func(cmd *cobra.Command) {
		add := func(f *pflag.Flag) { known[f.Name] = true }
		cmd.Flags().VisitAll(add)
		cmd.PersistentFlags().VisitAll(add)
		for _, sub := range cmd.Commands() {
			collect(sub)
		}
	}
	collect(root)
	known["lists"], known["export"], known["help"], known["version"] = true, true, false, false
	for key := range c.keys {
		if !known[key] {
			return usageError("keys are the long flag names without dashes in front, lists, and the table export",
				"read configuration: %s: unknown key %q", c.path, key)
		}
	}
	return nil
}

// configuredExports reads the table [export], or several as [[export]]: the keys are the flags of the command export. They
// are checked here, before a night is spent on papers that could not be written in the end.
func (a *app) configuredExports(file configFile) ([]exportFlags, error) {
	var tables []map[string]any
	switch v := file.keys["export"].(type) {
	case nil:
	case map[string]any:
		tables = append(tables, v)
	case []map[string]any:
		tables = v
	default:
		return nil, usageError("[export] and below it output = [\"refs.bib\"]", "read configuration: %s: export is no table", file.path)
	}
	var exports []exportFlags
	for _, table := range tables {
		var flags exportFlags
		set := pflag.NewFlagSet("export", pflag.ContinueOnError)
		addExportFlags(set, &flags)
		for _, key := range slices.Sorted(maps.Keys(table)) {
			flag := set.Lookup(key)
			if flag == nil {
				return nil, usageError("keys are the long flag names of syncer export", "read configuration: %s: unknown key \"export.%s\"",
					file.path, key)
			}
			if err := setFlag(flag, table[key], file.path+": export."+key); err != nil {
				return nil, err
			}
		}
		if len(flags.outputs) == 0 || slices.Contains(flags.outputs, "-") {
			return nil, usageError("output = [\"refs.bib\"]", "read configuration: %s: export names no output file", file.path)
		}
		if _, err := a.exportJob(flags); err != nil {
			var usage *exitError
			if errors.As(err, &usage) {
				return nil, usageError(usage.hint, "read configuration: %s: export: %s", file.path,
					strings.TrimPrefix(err.Error(), "read flags: "))
			}
			return nil, err
		}
		exports = append(exports, flags)
	}
	return exports, nil
}

// setFlag sets a flag to a value of the configuration; one that may be given several times takes each of a list.
func setFlag(f *pflag.Flag, v any, where string) error {
	values := configTexts(v)
	if f.Value.Type() != "stringArray" {
		values = []string{strings.Join(values, ",")}
	}
	for _, value := range values {
		if err := f.Value.Set(value); err != nil {
			return usageError("", "read configuration: %s: %q is not valid: %v", where, value, err)
		}
	}
	f.Changed = true
	return nil
}

// configTexts are the values of a TOML list, or one value, as a flag's Set takes them.
func configTexts(v any) []string {
	list, ok := v.([]any)
	if !ok {
		return []string{fmt.Sprint(v)}
	}
	texts := make([]string, len(list))
	for i, item := range list {
		texts[i] = fmt.Sprint(item)
	}
	return texts
}
