package replica

import (
	"bytes"
	"context"
	"io"
	"net"
	"net/http"
	"strconv"
	"syscall"
)

// endlessCap is where an endless body stops after all: a client that reads so far has no limit of its own.
const endlessCap = 256 << 20

// ServeHTTP answers over a connection.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, err := s.handle(r)
	if err != nil {
		panic(http.ErrAbortHandler) // the client left: the documented way to end without an answer
	}
	if answer.reset {
		breakConnection(w)
		return
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	if length := answer.contentLength(r.Method); length >= 0 {
		w.Header().Set("Content-Length", strconv.FormatInt(length, 10))
	}
	w.WriteHeader(answer.status)
	if r.Method == http.MethodHead {
		return
	}
	controller := http.NewResponseController(w)
	ctx := r.Context()
	if !answer.endless {
		ctx = context.WithoutCancel(ctx) // a server that stops sends to the end what it has
	}
	body := answer.open(ctx)
	if _, err := io.Copy(w, body); err != nil {
		_ = controller.Flush() // what is sent so far arrives, then the connection breaks
		panic(http.ErrAbortHandler)
	}
	if answer.chunked {
		_ = controller.Flush()
	}
}

// breakConnection closes the connection so that the client sees a reset.
func breakConnection(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // RST instead of FIN
	}
	_ = conn.Close()
}

// RoundTripper gives a transport that hands requests to the server in the calling goroutine, whatever host they are
// meant for. It opens no connection and starts no goroutine, so it can be used inside a testing/synctest bubble; delays,
// cut, endless and reset answers reach the client as they would over a connection.
func (s *Server) RoundTripper() http.RoundTripper {
	return memoryTransport{s}
}

type memoryTransport struct{ server *Server }

func (t memoryTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		defer r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	answer, err := t.server.handle(r)
	if err != nil {
		return nil, err
	}
	if answer.reset {
		return nil, &net.OpError{Op: "read", Net: "memory", Err: syscall.ECONNRESET}
	}
	response := &http.Response{
		Status:     strconv.Itoa(answer.status) + " " + http.StatusText(answer.status),
		StatusCode: answer.status,
		Proto:      "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header:        answer.header,
		ContentLength: answer.contentLength(r.Method),
		Body:          http.NoBody,
		Request:       r,
	}
	if response.ContentLength >= 0 {
		response.Header.Set("Content-Length", strconv.FormatInt(response.ContentLength, 10))
	}
	if r.Method != http.MethodHead {
		response.Body = answer.open(r.Context())
	}
	return response, nil
}

// contentLength is -1 when the answer is sent in chunks.
func (a response) contentLength(method string) int64 {
	if a.endless || a.chunked && method != http.MethodHead {
		return -1
	}
	if a.status == http.StatusNotModified || a.status == http.StatusNoContent {
		return -1
	}
	return int64(len(a.body))
}

// open gives the body as the client will see it.
func (a response) open(ctx context.Context) io.ReadCloser {
	body := &answerBody{ctx: ctx, reader: bytes.NewReader(a.body)}
	switch {
	case a.cut >= 0:
		body.reader, body.end = bytes.NewReader(a.body[:a.cut]), io.ErrUnexpectedEOF
	case a.endless:
		body.reader = io.MultiReader(body.reader, io.LimitReader(blanks{}, endlessCap))
	}
	return body
}

// answerBody reads an answer until it ends, the client's context does, or the client closes it.
type answerBody struct {
	ctx    context.Context
	reader io.Reader
	end    error // what a cut body ends with; nil: io.EOF
	closed bool
}

func (b *answerBody) Read(p []byte) (int, error) {
	if b.closed {
		return 0, http.ErrBodyReadAfterClose
	}
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := b.reader.Read(p)
	if err == io.EOF && b.end != nil {
		err = b.end
	}
	return n, err
}

func (b *answerBody) Close() error {
	b.closed = true
	return nil
}

// blanks is white space without end: an XML parser waits for more of it.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}
