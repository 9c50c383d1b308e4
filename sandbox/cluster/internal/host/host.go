package host

import (
	"errors"
	"fmt"
	"net"
	"slices"
)

// Network is the address plan of a node.
type Network struct {
	Bridge   string     // device the pods hang on
	Address  net.IP     // the bridge's, which is also the node's and the API server's
	Pods     *net.IPNet // Address lies in it
	Services *net.IPNet // exists only in packet rules
}

// Prepare makes the changes a node needs. The host must have been claimed.
func Prepare(n Network) error {
	if err := writeSysctls(needed); err != nil {
		return err
	}
	if err := addBridge(n); err != nil {
		return err
	}
	if err := openForward(n.Bridge); err != nil {
		return err
	}
	return createCgroup()
}

// Restore takes back what a node changed. The cluster's processes must be gone,
// those of its pods too (KillPods). It does as much as it can and reports all
// that failed. c may be nil: then only what has a name of ours is removed.
func Restore(c *Claim, n Network, dir string) error {
	var failed []error
	step := func(what string, err error) {
		if err != nil {
			failed = append(failed, fmt.Errorf("%s: %w", what, err))
		}
	}
	step("remove shim sockets", removeShimSockets(dir))
	step("unmount", unmountBelow(dir))
	step("remove bridge", removeBridge(n.Bridge))
	step("close forwarding", closeForward(n.Bridge))
	step("remove control groups", removeCgroup())
	if c != nil {
		step("restore kernel settings", writeSysctls(c.Before.Sysctls))
		step("remove packet rules", removeTables(c.Before.Tables))
		step("remove paths", removeFixedPaths(dir, c.Before.Paths))
		restoreDelegation(c.Before.Controllers)
	}
	if len(failed) > 0 {
		return errors.Join(failed...)
	}
	return drop()
}

// Residue lists what is left of a cluster's node, a sentence each: the self-check
// of Restore, made with other means than Restore's where there are any.
func Residue(c *Claim, n Network, dir string) []string {
	var left []string
	add := func(format string, args ...any) { left = append(left, fmt.Sprintf(format, args...)) }
	for _, m := range mountsBelow(dir) {
		add("%s is still mounted", m)
	}
	if _, err := net.InterfaceByName(n.Bridge); err == nil {
		add("network device %s is still there", n.Bridge)
	}
	for _, path := range cgroupPaths() {
		add("control group %s is still there", path)
	}
	if forwards(n.Bridge) {
		add("iptables still has rules for %s", n.Bridge)
	}
	tables, err := listTables()
	if err != nil {
		add("packet rules cannot be listed: %v", err)
	}
	if c != nil {
		for _, p := range existing(fixedPaths) {
			if !slices.Contains(c.Before.Paths, p) {
				add("%s was not there before", p)
			}
		}
		for _, t := range newTables(tables, c.Before.Tables) {
			add("nftables table %s was not there before", t)
		}
		now, err := readSysctls()
		if err != nil {
			add("kernel settings cannot be read: %v", err)
		}
		for key, value := range c.Before.Sysctls {
			if now[key] != value {
				add("kernel setting %s is %s, was %s", key, now[key], value)
			}
		}
	}
	return left
}
