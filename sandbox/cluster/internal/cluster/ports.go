package cluster

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/lock"
)

// Ports are taken from below the range that the kernel gives to outgoing
// connections, so none of those can come between choosing and listening.
const (
	firstPort = 20000
	lastPort  = 32000
)

// reservePorts chooses n free loopback ports and stores them with the cluster's
// record, so that clusters which start at the same time get different ones.
func (c Cluster) reservePorts(ctx context.Context, n int, store func(ports []int) error) error {
	held, err := lock.Acquire(ctx, filepath.Join(c.Base, ".ports.lock"), nil)
	if err != nil {
		return err
	}
	defer held.Release()
	taken := c.takenPorts()
	var ports []int
	for range 1000 {
		port := firstPort + rand.IntN(lastPort-firstPort)
		if !taken[port] && isFree(port) {
			taken[port] = true
			ports = append(ports, port)
		}
		if len(ports) == n {
			return store(ports)
		}
	}
	return fmt.Errorf("no %d free ports between %d and %d on loopback", n, firstPort, lastPort)
}

// takenPorts are those of all recorded clusters, whether they listen yet or not.
func (c Cluster) takenPorts() map[int]bool {
	taken := map[int]bool{}
	entries, err := os.ReadDir(c.Base)
	if errors.Is(err, os.ErrNotExist) {
		return taken
	}
	for _, e := range entries {
		if r, err := (Cluster{Name: e.Name(), Base: c.Base}).read(); err == nil && r != nil {
			for _, p := range r.Ports {
				taken[p] = true
			}
		}
	}
	return taken
}

func isFree(port int) bool {
	l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	if err != nil {
		return false
	}
	l.Close()
	return true
}
