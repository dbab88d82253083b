package replica

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

// stopTime is how long answers under way may take once the server is told to stop.
const stopTime = 2 * time.Second

// Serve answers on addr ("127.0.0.1:8080"; port 0: a free one) until ctx ends, then lets answers under way finish, two
// seconds at most, and returns nil. Delayed and endless answers break off at once. Addresses that are not loopback are refused: a
// stand-in must not be taken for arXiv
// by anybody else. ready, unless nil, is called once with the address that is listened on.
func Serve(ctx context.Context, addr string, s *Server, ready func(net.Addr)) error {
	if err := checkLoopback(addr); err != nil {
		return fmt.Errorf("replica: listen on %q: %w", addr, err)
	}
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("replica: %w", err)
	}
	if tcp, ok := listener.Addr().(*net.TCPAddr); !ok || !tcp.IP.IsLoopback() {
		return errors.Join(fmt.Errorf("replica: listen on %q: %w", addr, errNotLoopback), listener.Close())
	}
	answers, abandon := context.WithCancel(context.WithoutCancel(ctx)) // what delayed and endless answers listen to
	defer abandon()
	server := &http.Server{
		Handler:           s,
		ReadHeaderTimeout: 10 * time.Second,
		BaseContext:       func(net.Listener) context.Context { return answers },
		ErrorLog:          slog.NewLogLogger(s.logger.Handler(), slog.LevelDebug),
	}
	if ready != nil {
		ready(listener.Addr())
	}
	stopped := make(chan error, 1)
	go func() { stopped <- server.Serve(listener) }()
	select {
	case err := <-stopped:
		return fmt.Errorf("replica: %w", err)
	case <-ctx.Done():
	}
	abandon()
	patience, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopTime)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		if err := server.Close(); err != nil {
			return fmt.Errorf("replica: stop: %w", err)
		}
	}
	<-stopped
	return nil
}

var errNotLoopback = errors.New("not a loopback address; use 127.0.0.1, [::1] or localhost")

func checkLoopback(addr string) error {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return errNotLoopback
	}
	return nil
}
