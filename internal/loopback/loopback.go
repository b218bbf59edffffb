// Package loopback tells which hosts are this machine itself.
package loopback

import (
	"net"
	"net/netip"
	"strings"
)

// Is tells whether a host, with or without a port as the Host header of a request
// and an address to listen on have it, is "localhost" or a loopback address. Any
// other name is none, whatever it resolves to: that can change.
func Is(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip, err := netip.ParseAddr(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"))
	return err == nil && ip.IsLoopback()
}
