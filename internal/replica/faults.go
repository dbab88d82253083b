package replica

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Fault is something that goes wrong with certain requests.
type Fault struct {
	// Endpoint is api, oai, abs, pdf, other, or any. Requests are counted for each endpoint alone, from 1; with "any" all
	// requests are counted together. Requests that came too early (Options.MinGap) count as well.
	Endpoint string
	// First and Last are the numbers of the requests it happens to; or Every is n, and it happens to each nth.
	First, Last, Every int

	Delay      time.Duration // before anything is answered
	Status     int           // answer with this status, and "Rate exceeded." as the body of a 429; 0: as usual
	RetryAfter int           // seconds in a Retry-After header beside Status; -1: no such header
	Cut        int           // break the connection after so many bytes of the body; -1: never
	Garbage    bool          // answer 200 with an HTML page that has nothing to do with the question
	Endless    bool          // let the body never end: white space follows until the client leaves or 256 MiB are sent
	Reset      bool          // break the connection without any answer
	Empty      bool          // query API: a sound feed without entries, as arXiv has sent by mistake for years
}

// ParseFault reads "ENDPOINT:REQUESTS:ACTION[,ACTION...]".
//
// ENDPOINT is api, oai, abs, pdf, other or any; REQUESTS is a number, a range "2-4", "5-" for the fifth and all after,
// "/3" for each third, or "*"; ACTION is status=N, retry-after=SECONDS, delay=DURATION, cut=BYTES, garbage, endless,
// reset or empty. Examples: "api:3:status=503,retry-after=2", "oai:*:delay=200ms", "any:/10:reset".
func ParseFault(s string) (Fault, error) {
	parts := strings.SplitN(s, ":", 3)
	if len(parts) != 3 {
		return Fault{}, fmt.Errorf("fault %q: want ENDPOINT:REQUESTS:ACTIONS, such as api:3:status=503", s)
	}
	fault := Fault{Endpoint: parts[0], RetryAfter: -1, Cut: -1}
	if err := fault.parseRequests(parts[1]); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", s, err)
	}
	for action := range strings.SplitSeq(parts[2], ",") {
		if err := fault.parseAction(action); err != nil {
			return Fault{}, fmt.Errorf("fault %q: %w", s, err)
		}
	}
	if err := fault.check(); err != nil {
		return Fault{}, fmt.Errorf("fault %q: %w", s, err)
	}
	return fault, nil
}

// ParseFaults reads a script: one fault a line, as ParseFault takes it. Blank lines and lines that start with # do not
// count.
func ParseFaults(r io.Reader) ([]Fault, error) {
	var faults []Fault
	scanner := bufio.NewScanner(r)
	for number := 1; scanner.Scan(); number++ {
		line := strings.TrimSpace(scanner.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		fault, err := ParseFault(line)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", number, err)
		}
		faults = append(faults, fault)
	}
	if err := scanner.Err(); err != nil {
		return nil, err
	}
	return faults, nil
}

func (f *Fault) parseRequests(s string) error {
	var err error
	switch {
	case s == "*":
		f.First, f.Last = 1, math.MaxInt
	case strings.HasPrefix(s, "/"):
		f.Every, err = strconv.Atoi(s[1:])
	case strings.HasSuffix(s, "-"):
		f.First, err = strconv.Atoi(s[:len(s)-1])
		f.Last = math.MaxInt
	case strings.Contains(s, "-"):
		first, last, _ := strings.Cut(s, "-")
		if f.First, err = strconv.Atoi(first); err == nil {
			f.Last, err = strconv.Atoi(last)
		}
	default:
		f.First, err = strconv.Atoi(s)
		f.Last = f.First
	}
	if err != nil {
		return fmt.Errorf("requests %q: want a number, a range 2-4, 5-, /3 or *", s)
	}
	return nil
}

func (f *Fault) parseAction(action string) error {
	name, value, hasValue := strings.Cut(action, "=")
	var err error
	switch name {
	case "status":
		f.Status, err = strconv.Atoi(value)
	case "retry-after":
		f.RetryAfter, err = strconv.Atoi(value)
	case "cut":
		f.Cut, err = strconv.Atoi(value)
	case "delay":
		f.Delay, err = time.ParseDuration(value)
	case "garbage":
		f.Garbage = true
	case "endless":
		f.Endless = true
	case "reset":
		f.Reset = true
	case "empty":
		f.Empty = true
	default:
		return fmt.Errorf("unknown action %q", action)
	}
	needsValue := name == "status" || name == "retry-after" || name == "cut" || name == "delay"
	if err != nil || hasValue != needsValue {
		return fmt.Errorf("cannot read action %q", action)
	}
	return nil
}

func (f Fault) check() error {
	switch f.Endpoint {
	case "api", "oai", "abs", "pdf", "other", "any":
	default:
		return fmt.Errorf("unknown endpoint %q: want api, oai, abs, pdf, other or any", f.Endpoint)
	}
	switch {
	case f.Every < 0 || f.Every == 0 && (f.First < 1 || f.Last < f.First):
		return errors.New("requests are counted from 1, ranges go upwards")
	case f.Status != 0 && (f.Status < 200 || f.Status > 599):
		return fmt.Errorf("status %d is outside 200 to 599", f.Status)
	case f.Delay < 0 || f.Cut < -1 || f.RetryAfter < -1:
		return errors.New("delay, cut and retry-after must not be negative")
	}
	return nil
}

func (f Fault) fits(endpoint string, count, total int) bool {
	if f.Endpoint == "any" {
		count = total
	} else if f.Endpoint != endpoint {
		return false
	}
	if f.Every > 0 {
		return count%f.Every == 0
	}
	return count >= f.First && count <= f.Last
}

// instead is the answer of a fault that does not care for the question.
func (f Fault) instead() (response, bool) {
	var answer response
	switch {
	case f.Garbage:
		answer = page(http.StatusOK, "text/html; charset=utf-8", htmlPage("Welcome", "Please log in to use this network."))
	case f.Status == http.StatusTooManyRequests:
		answer = rateExceeded()
	case f.Status != 0:
		text := fmt.Sprintf("%d %s", f.Status, http.StatusText(f.Status))
		answer = page(f.Status, "text/html; charset=utf-8", htmlPage(text, "Guru Meditation"))
	default:
		return response{}, false
	}
	if f.RetryAfter >= 0 {
		answer.header.Set("Retry-After", strconv.Itoa(f.RetryAfter))
	}
	return answer, true
}

// rateExceeded is the throttling answer as recorded: 14 bytes, plain text, no Retry-After.
func rateExceeded() response {
	return page(http.StatusTooManyRequests, "text/plain; charset=utf-8", "Rate exceeded.")
}
