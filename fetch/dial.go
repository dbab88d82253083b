package fetch

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"
	"syscall"
	"time"

	"code.dny.dev/ssrf"
)

// guard knows the addresses of the public internet: no loopback, private, link-local, shared, multicast or otherwise special
// one (IANA's special-purpose registries), nor IPv4 hidden in IPv6.
var guard = ssrf.New(ssrf.WithAnyPort())

// nat64 are the addresses through which networks without IPv4 reach it; the last four bytes say where they lead.
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// ErrNotPublic is why an address was not dialled.
var ErrNotPublic = errors.New("not on the public internet")

// isPublic says whether an address is on the public internet.
func isPublic(to netip.Addr) bool {
	to = to.Unmap().WithZone("")
	if nat64.Contains(to) {
		bytes := to.As16()
		to = netip.AddrFrom4([4]byte(bytes[12:]))
	}
	return to.IsValid() && guard.SafeAddr(to) == nil
}

// PublicDialer dials nothing else than the public internet. It looks at the address that is dialled, after the name was
// resolved: a name that resolves to another address the second time gains nothing.
func PublicDialer(timeout time.Duration) *net.Dialer {
	return &net.Dialer{Timeout: timeout, Control: func(_, address string, _ syscall.RawConn) error {
		if to, err := netip.ParseAddrPort(address); err != nil || !isPublic(to.Addr()) {
			return ErrNotPublic
		}
		return nil
	}}
}

// literalAddress reads a host that is an address, also in the forms that browsers and the C library still take
// (inet_aton: 127.1, 2130706433, 0x7f.0.0.1, 017700000001); ok is false for a name.
func literalAddress(host string) (addr netip.Addr, ok bool) {
	if addr, err := netip.ParseAddr(strings.Trim(host, "[]")); err == nil {
		return addr.WithZone(""), true
	}
	parts := strings.Split(strings.TrimSuffix(host, "."), ".")
	if len(parts) > 4 {
		return netip.Addr{}, false
	}
	var value uint64
	for i, part := range parts {
		// Base 0 takes 0x and a leading 0 as C does, and underscores, 0b and 0o as C does not.
		n, err := strconv.ParseUint(part, 0, 32)
		if err != nil || strings.Contains(part, "_") || len(part) > 1 && strings.ContainsAny(part[1:2], "oObB") {
			return netip.Addr{}, false
		}
		bits := 8
		if i == len(parts)-1 {
			bits = 8 * (5 - len(parts)) // the last part fills what is left
		}
		if n >= 1<<bits {
			return netip.Addr{}, false
		}
		value = value<<bits | n
	}
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)}), true
}

// MayAsk says why a link must not be asked for as it stands, before any name is resolved; nil when it may. ports are those
// that the list itself names, beside the standard ones.
func MayAsk(scheme, host, port string, allowPrivate bool, ports ...string) error {
	if scheme != "http" && scheme != "https" {
		return fmt.Errorf("%q addresses are not asked for", Clip(scheme))
	}
	if host == "" {
		return errors.New("the address names no host")
	}
	switch port {
	case "", "80", "443":
	default:
		allowed := false
		for _, p := range ports {
			allowed = allowed || p == port
		}
		if !allowed {
			return fmt.Errorf("a redirect to port %s is not followed", Clip(port))
		}
	}
	if addr, ok := literalAddress(host); ok && !allowPrivate && !isPublic(addr) {
		return fmt.Errorf("%s is %w", Clip(host), ErrNotPublic)
	}
	return nil
}
