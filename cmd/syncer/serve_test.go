package main

import (
	"bytes"
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"syncer/internal/replica"
)

// TestServeRunsEveryNight: serve catches up at once with an empty database, then runs at 04:30 UTC each day, and stops
// when its context ends.
func TestServeRunsEveryNight(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		start := evening()
		wire := &recorder{next: newReplica(t, replica.Options{Now: time.Now}).RoundTripper()}
		db := filepath.Join(t.TempDir(), "syncer.db")
		ctx, stop := context.WithCancel(t.Context())
		var out, errs bytes.Buffer
		done := make(chan int)
		go func() {
			done <- run(ctx, []string{"serve", "--db", db, "--no-progress"}, strings.NewReader(""), &out, &errs, played(wire))
		}()
		time.Sleep(50 * time.Hour)
		stop()
		if code := <-done; code != 0 {
			t.Errorf("exit code %d: %s", code, errs.String())
		}
		nights := map[string]bool{}
		for _, at := range wire.times {
			nights[at.UTC().Format("2006-01-02")] = true
			if at.Sub(start)%(24*time.Hour) > time.Hour {
				t.Errorf("a request at %v", at)
			}
		}
		if len(nights) != 3 {
			t.Errorf("requests on %d days, want 3", len(nights))
		}
		if n := strings.Count(out.String(), "Night of "); n != 3 {
			t.Errorf("%d reports, want 3", n)
		}
		if !strings.Contains(errs.String(), "next run at 2026-11-27 04:30 UTC") {
			t.Errorf("stderr: %s", errs.String())
		}
	})
}

// TestServeSkipsWhatIsFresh: started again an hour after a good run, it waits for the schedule.
func TestServeSkipsWhatIsFresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		evening()
		wire := &recorder{next: newReplica(t, replica.Options{Now: time.Now}).RoundTripper()}
		db := filepath.Join(t.TempDir(), "syncer.db")
		if code, _, errs := syncer(t, wire, "sync", "--db", db, "--budget", "0"); code != 0 {
			t.Fatal(errs)
		}
		wire.reset()
		ctx, stop := context.WithTimeout(t.Context(), time.Hour)
		defer stop()
		var out, errs bytes.Buffer
		if code := run(ctx, []string{"serve", "--db", db}, strings.NewReader(""), &out, &errs, played(wire)); code != 0 {
			t.Errorf("exit code %d: %s", code, errs.String())
		}
		if len(wire.times) != 0 {
			t.Errorf("%d requests within an hour of a good run", len(wire.times))
		}
	})
}

func TestParseSchedule(t *testing.T) {
	now := time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)
	for _, test := range []struct{ spec, next string }{
		{defaultSchedule, "2026-11-25T04:30:00Z"},
		{"@daily", "2026-11-25T00:00:00Z"},
		{"0 6 * * 1-5", "2026-11-25T06:00:00Z"},
		{"CRON_TZ=Europe/Berlin 30 6 * * *", "2026-11-25T05:30:00Z"},
		{"@every 6h", "2026-11-24T18:00:00Z"},
		{"0 0 31 2 *", ""},
		{"TZ=UTC", ""},
		{"CRON_TZ=Nowhere/Land 0 0 * * *", ""},
		{"61 * * * *", ""},
		{"", ""},
	} {
		timetable, err := parseSchedule(test.spec, now)
		got := ""
		if err == nil {
			got = timetable.Next(now).UTC().Format(time.RFC3339)
		}
		if got != test.next {
			t.Errorf("%q: next %q (%v), want %q", test.spec, got, err, test.next)
		}
	}
}

func TestLocalHazard(t *testing.T) {
	for spec, want := range map[string]bool{
		"30 2 * * *":                       false, // UTC
		"CRON_TZ=UTC 30 2 * * *":           false,
		"CRON_TZ=Europe/Berlin 30 2 * * *": true,
		"CRON_TZ=Europe/Berlin 30 4 * * *": false,
		"CRON_TZ=Europe/Berlin 30 * * * *": true,
	} {
		if got := localHazard(spec); got != want {
			t.Errorf("%q: %v, want %v", spec, got, want)
		}
	}
}
