package main

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"syncer/internal/replica"
)

// TestMain lets this test binary be syncer: testscript and the kill -9 test run it as a process of its own.
func TestMain(m *testing.M) {
	testscript.Main(undisturbed{m}, map[string]func(){"syncer": main, "plainchecker": plainChecker})
}

// undisturbed runs the tests without the settings of whoever runs them.
type undisturbed struct{ *testing.M }

func (u undisturbed) Run() int {
	for _, variable := range os.Environ() {
		if name, _, _ := strings.Cut(variable, "="); strings.HasPrefix(name, "SYNCER_") {
			os.Unsetenv(name)
		}
	}
	dir, err := os.MkdirTemp("", "syncer-test-")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	os.Setenv("XDG_CONFIG_HOME", dir)
	return u.M.Run()
}

// newReplica is a fresh stand-in for arXiv over the embedded landmarks.
func newReplica(t testing.TB, o replica.Options) *replica.Server {
	t.Helper()
	server, err := replica.New(o)
	if err != nil {
		t.Fatal(err)
	}
	return server
}

// TestScripts types what a person types. Each script has a replica of its own; its address, a short interval and an
// empty home are in the environment.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: filepath.Join("testdata", "script"),
		Setup: func(env *testscript.Env) error {
			handler, err := replica.New(replica.Options{})
			if err != nil {
				return err
			}
			server := httptest.NewServer(handler)
			env.Defer(server.Close)
			web := httptest.NewServer(http.HandlerFunc(somePages))
			env.Defer(web.Close)
			env.Vars = append(env.Vars, append(arxivEnvironment(server.URL, env.WorkDir), "WEB="+web.URL)...)
			// A txtar archive holds text only: the two files that are no text are made here.
			for name, content := range map[string]string{"latin1.txt": "1706.03762 caf\xe9\n", "binary.md": "\x7fELF\x00\x01\x02\x00\x00"} {
				if err := os.WriteFile(filepath.Join(env.WorkDir, name), []byte(content), 0o644); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"makefile": makeFile,
			"exitcode": exitCodeIs,
		},
	})
}

// somePages are a few pages outside arXiv: good, moved for good, and gone.
func somePages(w http.ResponseWriter, r *http.Request) {
	switch {
	case strings.HasPrefix(r.URL.Path, "/good"):
		fmt.Fprintf(w, "<title>Page %s</title><p>Some words about it.", r.URL.Path)
	case strings.HasPrefix(r.URL.Path, "/moved"):
		http.Redirect(w, r, "/good"+r.URL.Path, http.StatusMovedPermanently)
	default:
		http.NotFound(w, r)
	}
}

// arxivEnvironment points a syncer process at a replica and keeps it away from the user's own files.
func arxivEnvironment(url, home string) []string {
	return []string{
		"SYNCER_ARXIV_API=" + url + "/api/query", "SYNCER_ARXIV_OAI=" + url + "/oai", "SYNCER_INTERVAL=1ms",
		"XDG_CACHE_HOME=" + filepath.Join(home, ".cache"), "XDG_CONFIG_HOME=" + filepath.Join(home, ".config"), "HOME=" + home,
	}
}

// makeFile is `makefile NAME BYTES`: a sparse file of that size.
func makeFile(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 2 {
		ts.Fatalf("usage: makefile NAME BYTES")
	}
	var size int64
	for _, digit := range args[1] {
		size = size*10 + int64(digit-'0')
	}
	f, err := os.Create(ts.MkAbs(args[0]))
	ts.Check(err)
	ts.Check(f.Truncate(size))
	ts.Check(f.Close())
}

// exitCodeIs is `exitcode N COMMAND ARGS...`: the command must end with exactly that code.
func exitCodeIs(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) < 2 {
		ts.Fatalf("usage: exitcode N COMMAND ARGS...")
	}
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec(args[1], args[2:]...)
	got := 0
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		got = exit.ExitCode()
	} else if err != nil {
		ts.Fatalf("%v", err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}
