package progress

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
)

// night shows a run of three phases: one request, none, and forty with two waits.
func night(d *Display) {
	d.Phase("papers", 1, 3*time.Second)
	d.Step("64 papers")
	d.Phase("versions", 0, 3*time.Second)
	d.Phase("licences", 40, 3*time.Second)
	for i := range 40 {
		switch i {
		case 5:
			d.Wait("status 503", 15*time.Second)
		case 6:
			d.Wait("another syncer is asking arXiv", 0)
			d.Wait("connection refused", 5*time.Millisecond)
		}
		d.Step(fmt.Sprintf("%d papers", i+1))
	}
	d.Close()
}

func TestLines(t *testing.T) {
	var b bytes.Buffer
	night(New(&b, Lines))
	want := `papers: 1 of 1 requests, 64 papers
licences: 4 of 40 requests, 4 papers
licences: waiting 15s: status 503
licences: waiting: another syncer is asking arXiv
licences: waiting 5ms: connection refused
licences: 8 of 40 requests, 8 papers
licences: 12 of 40 requests, 12 papers
`
	if got := b.String(); !strings.HasPrefix(got, want) || !strings.HasSuffix(got, "licences: 40 of 40 requests, 40 papers\n") || strings.Count(got, "\n") != 14 {
		t.Errorf("got\n%s\nwant the beginning\n%s", got, want)
	}
}

func TestSilent(t *testing.T) {
	var b bytes.Buffer
	night(New(&b, Silent))
	if b.Len() > 0 {
		t.Errorf("%q", b.String())
	}
}

// TestBar: what is no terminal gets no bar, and the display ends, in the middle of a phase too.
func TestBar(t *testing.T) {
	var b bytes.Buffer
	night(New(&b, Bar))
	d := New(&b, Bar)
	d.Phase("papers", 3, time.Second)
	d.Step("1 paper")
	d.Close()
	if strings.Contains(b.String(), "\r") || strings.Contains(b.String(), "\x1b") {
		t.Errorf("%q", b.String())
	}
}
