package main

import (
	"bufio"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// plainChecker is the plainest checker there could be: GET, the same number of requests at a time as syncer by default, the
// body read and dropped, no retries, no rests, no memory. It is a process of its own, as syncer is in the benchmarks.
func plainChecker() {
	const total, perHost = 64, 2
	byHost := map[string][]string{}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		if u, err := url.Parse(lines.Text()); err == nil {
			byHost[u.Host] = append(byHost[u.Host], u.String())
		}
	}
	client := &http.Client{Timeout: benchTimeout, Transport: &http.Transport{MaxIdleConnsPerHost: perHost, MaxIdleConns: total}}
	places := make(chan struct{}, total)
	var all sync.WaitGroup
	for _, links := range byHost {
		queue := make(chan string, len(links))
		for _, link := range links {
			queue <- link
		}
		close(queue)
		for range perHost {
			all.Go(func() {
				for link := range queue {
					places <- struct{}{}
					if response, err := client.Get(link); err == nil {
						io.Copy(io.Discard, response.Body)
						response.Body.Close()
					}
					<-places
				}
			})
		}
	}
	all.Wait()
}

// benchTimeout is syncer's own default.
const benchTimeout = 15 * time.Second

// cost is what a process has used.
type cost struct {
	wall, cpu time.Duration
	peak      float64 // MiB
}

// costOf runs a command to its end.
func costOf(b *testing.B, cmd *exec.Cmd) cost {
	b.Helper()
	start := time.Now()
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != 0 && cmd.ProcessState.ExitCode() != exitFindings {
		b.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
	c := cost{wall: time.Since(start), cpu: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()}
	if usage, ok := cmd.ProcessState.SysUsage().(*syscall.Rusage); ok {
		c.peak = float64(usage.Maxrss) / 1024
	}
	return c
}

func verifyProcess(b *testing.B, f *farm, args ...string) *exec.Cmd {
	b.Helper()
	home := b.TempDir()
	list := filepath.Join(home, "list.txt")
	if err := os.WriteFile(list, []byte(strings.Join(f.links, "\n")+"\n"), 0o644); err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(home, "syncer") // as it is delivered: a test binary is twice as large
	if out, err := exec.CommandContext(b.Context(), "go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	cmd := exec.CommandContext(b.Context(), path, append([]string{"verify", list, "--db", filepath.Join(home, "l.db"), "--allow-private", "--quiet"}, args...)...)
	cmd.Dir, cmd.Env = home, append(os.Environ(), "XDG_CACHE_HOME="+home)
	return cmd
}

// BenchmarkVerify compares a first look at 10,000 links on 100 hosts, with all that goes wrong on the web, with the plainest
// checker at the same number of requests at a time: the ratios of wall and CPU time, and the peak of memory.
func BenchmarkVerify(b *testing.B) {
	const links = 10_000
	for b.Loop() {
		f := newFarm(b, 100, links, web.kinds(links))
		f.latency, f.hang, f.asks = 50*time.Millisecond, 30*time.Second, 2
		path, err := exec.LookPath("plainchecker")
		if err != nil {
			b.Fatal(err)
		}
		plain := exec.CommandContext(b.Context(), path)
		plain.Stdin = strings.NewReader(strings.Join(f.links, "\n") + "\n")
		floor := costOf(b, plain)
		clear(f.tries)
		clear(f.rest)
		f.early = 0 // the plain checker's
		ours := costOf(b, verifyProcess(b, f))
		if f.early > 0 {
			b.Errorf("%d requests while a host wanted rest", f.early)
		}
		b.ReportMetric(ours.wall.Seconds()/floor.wall.Seconds(), "wall/floor")
		b.ReportMetric(ours.cpu.Seconds()/floor.cpu.Seconds(), "cpu/floor")
		b.ReportMetric(ours.cpu.Seconds(), "cpu-s")
		b.ReportMetric(ours.peak, "MiB")
		b.ReportMetric(floor.peak, "floor-MiB")
	}
}

// BenchmarkVerifyLimited compares a look at hosts that take five requests in a second with the least time that their links
// could take.
func BenchmarkVerifyLimited(b *testing.B) {
	const links, hosts, quota = 2000, 20, 5
	for b.Loop() {
		f := newFarm(b, hosts, links, func(int) string { return "ok" })
		f.latency, f.quota = 50*time.Millisecond, quota
		ours := costOf(b, verifyProcess(b, f))
		if f.early > 0 {
			b.Errorf("%d requests while a host wanted rest", f.early)
		}
		b.ReportMetric(ours.wall.Seconds()/(float64(links)/hosts/quota), "wall/least")
	}
}

// BenchmarkVerifyMany is the peak of memory over 200,000 links: they stream through.
func BenchmarkVerifyMany(b *testing.B) {
	const links = 200_000
	for b.Loop() {
		f := newFarm(b, 200, links, func(i int) string {
			if i%20 == 0 {
				return "notfound"
			}
			return "small"
		})
		ours := costOf(b, verifyProcess(b, f, "--host-gap", "1ms"))
		b.ReportMetric(ours.peak, "MiB")
		b.ReportMetric(ours.cpu.Seconds()/links*1e6, "cpu-µs/link")
	}
}
