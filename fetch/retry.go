package fetch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"syncer/arxiv"
)

const (
	// maxThrottles and maxFailures are how many tries one question gets: being asked to slow down is worth more
	// patience than a server that fails, which asking again does not mend.
	maxThrottles = 5
	maxFailures  = 3
	// maxRedirects is enough for http -> https -> a moved host.
	maxRedirects = 3
	// maxRetryAfter is how long arXiv's own Retry-After is believed: OAI-PMH once sent seconds, a date a day away
	// would be a hung night.
	maxRetryAfter = 5 * time.Minute
	// tryTimeout is for one request with its whole answer, after pacing. Answers were seen to begin after 124 s.
	tryTimeout = 150 * time.Second
	// maxBody caps the unpacked size of an answer. A hundred records are about 300 KB, two thousand 4.5 MB.
	maxBody = 16 << 20
	// accept must be sent: without it arXiv answers 406, and net/http sends none of its own accord.
	accept = "application/atom+xml, text/xml;q=0.9, */*;q=0.8"
)

var errStalled = fmt.Errorf("no complete answer within %v", tryTimeout)

// retry is the error of a try that may be made again.
type retry struct {
	reason WaitReason    // WaitThrottled or WaitRetry
	after  time.Duration // what arXiv asks for; 0 leaves it to our own back-off
	err    error
}

func (r *retry) Error() string { return r.err.Error() }

// answer is one HTTP answer, read to its end.
type answer struct {
	status int
	header http.Header
	body   []byte
}

// ask sends one question until it is answered, refused or given up. decode is handed the body of every answer that may
// be a real one; its error ends the question when it is arXiv's own word (*APIError, *OAIError), and is otherwise taken
// for a damaged answer.
func (c *Client) ask(ctx context.Context, u *url.URL, decode func(body []byte) error) error {
	wait := c.newBackOff()
	var throttles, failures, redirects int
	for {
		a, err := c.try(ctx, u)
		if err == nil && IsRedirect(a.status) {
			if redirects++; redirects > maxRedirects {
				return fmt.Errorf("more than %d redirects, the last to %s", maxRedirects, Clip(a.header.Get("Location")))
			}
			if u, err = c.follow(u, a.header.Get("Location")); err != nil {
				return err
			}
			continue
		}
		if err == nil {
			err = judge(a, time.Now(), decode)
		}
		var again *retry
		if !errors.As(err, &again) {
			return err
		}
		switch again.reason {
		case WaitThrottled:
			if throttles++; throttles == maxThrottles {
				return fmt.Errorf("%w: %d tries, the last answer: %w", ErrThrottled, throttles, again.err)
			}
		default:
			if failures++; failures == maxFailures {
				return fmt.Errorf("%d tries failed, the last: %w", failures, again.err)
			}
		}
		pause := again.after
		if pause == 0 {
			pause = min(wait.NextBackOff(), wait.MaxInterval)
		}
		if err := c.pause(ctx, WaitEvent{Reason: again.reason, For: pause, Err: again.err}); err != nil {
			return err
		}
	}
}

// newBackOff starts at five intervals (15 s at arXiv's rate) and goes up to forty (2 minutes). A 429 itself was seen to
// take 15 to 31 s to arrive, so the load that it speaks of lasts longer than that, and staff's word is to come back
// later. Counting in intervals lets a replica on loopback be asked again without minutes of waiting.
func (c *Client) newBackOff() *backoff.ExponentialBackOff {
	return &backoff.ExponentialBackOff{
		InitialInterval:     5 * c.interval,
		RandomizationFactor: 0.3,
		Multiplier:          2,
		MaxInterval:         40 * c.interval,
	}
}

// pause announces a wait and lets it pass.
func (c *Client) pause(ctx context.Context, e WaitEvent) error {
	c.onWait(e)
	timer := time.NewTimer(e.For)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// try sends one request in its turn and reads the answer. A *retry error is one that another try may mend.
func (c *Client) try(ctx context.Context, u *url.URL) (a answer, err error) {
	turn, err := c.pacer.Begin(ctx)
	if err != nil {
		return answer{}, err
	}
	defer func() { err = errors.Join(err, turn.End()) }()
	if u.Host != c.lastHost {
		// One connection at a time, over all of arXiv: none is kept open to the other interface.
		c.http.CloseIdleConnections()
		c.lastHost = u.Host
	}
	// The deadline starts here, after the pacing, and covers the body.
	attempt, cancel := context.WithTimeoutCause(ctx, tryTimeout, errStalled)
	defer cancel()
	req, err := http.NewRequestWithContext(attempt, http.MethodGet, u.String(), nil)
	if err != nil {
		return answer{}, err
	}
	req.Header.Set("User-Agent", c.userAgent)
	req.Header.Set("Accept", accept)

	// Marked before sending as well, for the case that this process is killed while it waits for the answer.
	if err := turn.Mark(); err != nil {
		return answer{}, err
	}
	start := time.Now()
	c.requests.Add(1)
	resp, err := c.http.Do(req)
	markErr := turn.Mark()
	if err == nil {
		a = answer{status: resp.StatusCode, header: resp.Header}
		a.body, err = readBody(resp.Body)
	}
	c.log.Debug("request", "url", Clip(u.String()), "status", a.status, "bytes", len(a.body),
		"took", time.Since(start).Round(time.Millisecond), "err", err)
	switch {
	case err != nil && ctx.Err() != nil:
		return answer{}, ctx.Err()
	case err != nil && errors.Is(err, errTooLarge):
		return answer{}, err
	case err != nil && attempt.Err() != nil:
		return answer{}, &retry{reason: WaitRetry, err: errStalled}
	case err != nil:
		return answer{}, &retry{reason: WaitRetry, err: withoutURL(err)}
	}
	return a, markErr
}

var errTooLarge = fmt.Errorf("the answer is larger than %d MiB and was not read further", maxBody>>20)

// readBody reads at most maxBody bytes, counted after unpacking, and closes body.
func readBody(body io.ReadCloser) ([]byte, error) {
	defer body.Close()
	data, err := io.ReadAll(io.LimitReader(body, maxBody+1))
	if err != nil {
		return data, fmt.Errorf("the answer breaks off after %d bytes: %w", len(data), err)
	}
	if len(data) > maxBody {
		return nil, errTooLarge
	}
	return data, nil
}

// withoutURL takes the method and the URL, as long as a hundred identifiers, out of an error of http.Client.
func withoutURL(err error) error {
	var uerr *url.Error
	if errors.As(err, &uerr) {
		return uerr.Err
	}
	return err
}

// judge says what an answer is worth: nil when decode took it, a *retry when it pays to ask again, another error when not.
func judge(a answer, now time.Time, decode func([]byte) error) error {
	status := fmt.Sprintf("status %d %s", a.status, http.StatusText(a.status))
	switch {
	case a.status == http.StatusForbidden:
		return fmt.Errorf("%w: %s", ErrRefused, Excerpt(a.body))
	case isThrottle(a):
		return &retry{
			reason: WaitThrottled,
			after:  retryAfter(a.header.Get("Retry-After"), now),
			err:    fmt.Errorf("%s: %s", status, Excerpt(a.body)),
		}
	case a.status >= 500 || a.status == http.StatusRequestTimeout:
		return &retry{reason: WaitRetry, err: fmt.Errorf("%s: %s", status, Excerpt(a.body))}
	case a.status != http.StatusOK && a.status != http.StatusBadRequest:
		return fmt.Errorf("%s: %s", status, Excerpt(a.body))
	}
	err := decode(a.body)
	var api *APIError
	var oai *OAIError
	switch {
	case errors.As(err, &api) || errors.As(err, &oai):
		return err
	case a.status != http.StatusOK:
		return fmt.Errorf("%s: %s", status, Excerpt(a.body))
	case err != nil:
		return &retry{reason: WaitRetry, err: err}
	}
	return nil
}

// isThrottle knows the forms in which arXiv asks to slow down: 429 and its plain text body, which may come under any
// status; 503 from the edge; and 406, which in bad hours goes to every client whatever it accepts.
func isThrottle(a answer) bool {
	switch a.status {
	case http.StatusTooManyRequests, http.StatusServiceUnavailable, http.StatusNotAcceptable:
		return true
	}
	return len(a.body) < 64 && strings.TrimSpace(string(a.body)) == "Rate exceeded."
}

// retryAfter is how long a Retry-After header asks to wait, at most maxRetryAfter. 0 means that our own back-off is to be
// used: the header is missing, unreadable, in the past, or 0 as arXiv's edge sends it.
func retryAfter(value string, now time.Time) time.Duration {
	return min(AskedToWait(value, now), maxRetryAfter)
}

// AskedToWait reads a Retry-After header (RFC 9110 section 10.2.3): seconds or a date.
func AskedToWait(value string, now time.Time) time.Duration {
	value = strings.TrimSpace(value)
	if value == "" {
		return 0
	}
	if strings.Trim(value, "0123456789") == "" {
		seconds, err := strconv.ParseInt(value, 10, 64)
		if err != nil || seconds > int64(math.MaxInt64/time.Second) {
			return math.MaxInt64
		}
		return time.Duration(seconds) * time.Second
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0
	}
	return max(at.Sub(now), 0)
}

func IsRedirect(status int) bool {
	switch status {
	case http.StatusMovedPermanently, http.StatusFound, http.StatusSeeOther,
		http.StatusTemporaryRedirect, http.StatusPermanentRedirect:
		return true
	}
	return false
}

// follow says where a redirect leads, and only lets it lead to the host that was asked or to arXiv over https. A client
// that is faster than arXiv allows, because it asks a loopback host, is not led to arXiv.
func (c *Client) follow(from *url.URL, location string) (*url.URL, error) {
	to, err := from.Parse(location)
	if err != nil || location == "" {
		return nil, fmt.Errorf("redirect to %q, which is no URL", Clip(location))
	}
	switch {
	case to.Scheme == from.Scheme && to.Host == from.Host:
	case to.Scheme == "https" && strings.EqualFold(to.Hostname(), from.Hostname()):
	case to.Scheme == "https" && arxiv.IsHost(to.Hostname()) && c.interval >= MinInterval:
	default:
		return nil, fmt.Errorf("redirect to %s is not followed: it leads away from arXiv", Clip(to.String()))
	}
	return to, nil
}

// pageTitle says more of an error page than its first bytes do.
var pageTitle = regexp.MustCompile(`(?is)<title[^>]*>([^<]*)</title>`)

// Excerpt quotes the title of a page, or the beginning of any other body, for an error message.
func Excerpt(body []byte) string {
	if len(body) == 0 {
		return "empty answer"
	}
	if m := pageTitle.FindSubmatch(body[:min(len(body), 4096)]); m != nil {
		body = []byte(oneLine(string(m[1])))
	}
	return strconv.QuoteToASCII(Clip(string(body[:min(len(body), 200)])))
}

// Clip shortens text from outside for messages and logs.
func Clip(s string) string {
	const limit = 160
	if len(s) <= limit {
		return s
	}
	return strings.ToValidUTF8(s[:limit], "") + "…"
}
