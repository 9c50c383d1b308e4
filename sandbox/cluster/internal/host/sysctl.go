package host

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// needed are the kernel settings a node cannot work without. Bridged packets
// must pass the packet rules, or neither Services nor policies hold between pods.
var needed = map[string]string{
	"net/ipv4/ip_forward":                 "1",
	"net/bridge/bridge-nf-call-iptables":  "1",
	"net/bridge/bridge-nf-call-ip6tables": "1",
}

// touched are further settings that the kubelet or the kernel changes with them:
// ip_forward also switches forwarding of every device.
var touched = []string{
	"net/ipv4/conf/*/forwarding",
	"vm/overcommit_memory", "vm/panic_on_oom",
	"kernel/panic", "kernel/panic_on_oops",
	"kernel/keys/root_maxkeys", "kernel/keys/root_maxbytes",
}

const sysctlRoot = "/proc/sys"

// readSysctls returns the values of all settings that a node may change.
func readSysctls() (map[string]string, error) {
	values := map[string]string{}
	for _, pattern := range slices.Concat(slices.Collect(maps.Keys(needed)), touched) {
		paths, err := filepath.Glob(filepath.Join(sysctlRoot, pattern))
		if err != nil {
			return nil, err
		}
		for _, p := range paths {
			text, err := os.ReadFile(p)
			if err != nil {
				continue // a device that has just gone
			}
			values[strings.TrimPrefix(p, sysctlRoot+"/")] = strings.TrimSpace(string(text))
		}
	}
	return values, nil
}

// writeSysctls sets what differs. Settings of devices that are gone are skipped.
// The general ip_forward goes first, because it overwrites those of devices.
func writeSysctls(values map[string]string) error {
	keys := slices.Sorted(maps.Keys(values))
	slices.SortStableFunc(keys, func(a, b string) int { return order(a) - order(b) })
	for _, key := range keys {
		path := filepath.Join(sysctlRoot, key)
		now, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			if values[key] == needed[key] && strings.HasPrefix(key, "net/bridge/") {
				return fmt.Errorf("kernel setting %s does not exist: load the module with \"modprobe br_netfilter\"", key)
			}
			continue
		}
		if err != nil {
			return err
		}
		if strings.TrimSpace(string(now)) == values[key] {
			continue
		}
		if err := os.WriteFile(path, []byte(values[key]), 0o644); err != nil {
			return fmt.Errorf("set %s to %s: %w", key, values[key], err)
		}
	}
	return nil
}

func order(key string) int {
	if key == "net/ipv4/ip_forward" {
		return 0
	}
	return 1
}
