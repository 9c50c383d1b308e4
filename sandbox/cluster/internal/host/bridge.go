package host

import (
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/vishvananda/netlink"
)

// CheckAddresses refuses an address plan that clashes with what the host already
// uses (podman's default network, for one, has the same addresses).
func CheckAddresses(n Network) error {
	if _, err := net.InterfaceByName(n.Bridge); err == nil {
		return fmt.Errorf("network device %s exists though no cluster is recorded: remove it with \"ip link delete %s\"", n.Bridge, n.Bridge)
	}
	routes, err := netlink.RouteList(nil, netlink.FAMILY_V4)
	if err != nil {
		return fmt.Errorf("list routes: %w", err)
	}
	for _, r := range routes {
		if r.Dst == nil || isDefault(r.Dst) {
			continue
		}
		for _, wanted := range []*net.IPNet{n.Pods, n.Services} {
			if r.Dst.Contains(wanted.IP) || wanted.Contains(r.Dst.IP) {
				return fmt.Errorf("the cluster needs %s, but this host has a route to %s on %s: take that network down first", wanted, r.Dst, deviceName(r.LinkIndex))
			}
		}
	}
	return nil
}

func isDefault(n *net.IPNet) bool {
	ones, _ := n.Mask.Size()
	return ones == 0
}

func deviceName(index int) string {
	link, err := netlink.LinkByIndex(index)
	if err != nil {
		return fmt.Sprintf("device %d", index)
	}
	return link.Attrs().Name
}

// addBridge makes the bridge with the node's address. The CNI plugin hangs pods
// on it; their way to the host leads to that address.
func addBridge(n Network) error {
	attrs := netlink.NewLinkAttrs()
	attrs.Name = n.Bridge
	bridge := &netlink.Bridge{LinkAttrs: attrs}
	if err := netlink.LinkAdd(bridge); err != nil {
		return fmt.Errorf("add network device %s: %w", n.Bridge, err)
	}
	address := &netlink.Addr{IPNet: &net.IPNet{IP: n.Address, Mask: n.Pods.Mask}}
	if err := netlink.AddrAdd(bridge, address); err != nil {
		return fmt.Errorf("give %s the address %s: %w", n.Bridge, address, err)
	}
	return netlink.LinkSetUp(bridge)
}

// removeBridge waits until the pods' devices are gone, which the kernel removes
// a moment after their network namespaces, and removes those that stay.
func removeBridge(name string) error {
	bridge, err := netlink.LinkByName(name)
	if errors.As(err, &netlink.LinkNotFoundError{}) {
		return nil
	}
	if err != nil {
		return err
	}
	for end := time.Now().Add(3 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		ports, err := portsOf(bridge)
		if err != nil {
			return err
		}
		if len(ports) == 0 {
			break
		}
		if time.Now().Before(end) {
			continue
		}
		for _, p := range ports {
			if err := netlink.LinkDel(p); err != nil && !errors.As(err, &netlink.LinkNotFoundError{}) {
				return err
			}
		}
		break
	}
	return netlink.LinkDel(bridge)
}

func portsOf(bridge netlink.Link) ([]netlink.Link, error) {
	links, err := netlink.LinkList()
	if err != nil {
		return nil, err
	}
	var ports []netlink.Link
	for _, l := range links {
		if l.Attrs().MasterIndex == bridge.Attrs().Index {
			ports = append(ports, l)
		}
	}
	return ports, nil
}
