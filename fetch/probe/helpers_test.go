package probe

import (
	"io"
	"net/http"
	"strings"
)

// step is how a host of these tests answers one request.
type step func(*http.Request) (*http.Response, error)

// reply answers with a status, a body and headers (name, value, ...).
func reply(status int, body string, headers ...string) step {
	return func(r *http.Request) (*http.Response, error) {
		h := http.Header{}
		for i := 0; i < len(headers); i += 2 {
			h.Set(headers[i], headers[i+1])
		}
		return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
	}
}

// raw answers with bytes as they are, HTTP or not, and hangs up.
func raw(answer string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		io.WriteString(connection, answer)
		connection.Close()
	}
}

func header(name, value, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set(name, value)
		io.WriteString(w, body)
	}
}
