package host

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// CNINetwork is the name of the pod network; CNI keeps results under it.
const CNINetwork = "deskfleet"

// fixedPaths are directories that the kubelet, containerd or CNI make at places
// which no setting moves, parents last. They are removed if they were not there
// before and are empty.
var fixedPaths = []string{
	"/run/containerd/s", "/run/containerd/runc/k8s.io", "/run/containerd/runc", "/run/containerd",
	"/var/log/containers", "/var/log/pods",
	"/var/lib/cni/results", "/var/lib/cni/cache", "/var/lib/cni",
	"/var/lib/kubelet/device-plugins", "/var/lib/kubelet/plugins_registry", "/var/lib/kubelet/plugins", "/var/lib/kubelet",
	"/usr/libexec/kubernetes/kubelet-plugins/volume/exec", "/usr/libexec/kubernetes/kubelet-plugins/volume",
	"/usr/libexec/kubernetes/kubelet-plugins", "/usr/libexec/kubernetes",
	"/run/netns",
}

func existing(paths []string) []string {
	var there []string
	for _, p := range paths {
		if _, err := os.Stat(p); err == nil {
			there = append(there, p)
		}
	}
	return there
}

// removeFixedPaths removes our files at places we cannot choose, then the
// directories that were not there before.
func removeFixedPaths(dir string, before []string) error {
	if err := removeLogLinks(dir); err != nil {
		return err
	}
	for _, p := range append(cniResults(), "/var/lib/kubelet/device-plugins/kubelet.sock") {
		if err := os.Remove(p); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	for _, p := range fixedPaths {
		if !slices.Contains(before, p) {
			_ = os.Remove(p) // stays when somebody else has put something there
		}
	}
	return nil
}

// cniResults lists what CNI noted about our pods: one file for the pod network,
// and one for the loopback device, which has the same container in its name.
func cniResults() []string {
	const dir = "/var/lib/cni/results/"
	ours, _ := filepath.Glob(dir + CNINetwork + "-*") // the patterns are well-formed
	var all []string
	for _, p := range ours {
		container, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(p), CNINetwork+"-"), "-")
		loopback, _ := filepath.Glob(dir + "cni-loopback-" + container + "-*")
		all = append(append(all, p), loopback...)
	}
	return all
}

// removeLogLinks removes the kubelet's links to pod logs below dir.
func removeLogLinks(dir string) error {
	entries, err := os.ReadDir("/var/log/containers")
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, e := range entries {
		link := filepath.Join("/var/log/containers", e.Name())
		if target, err := os.Readlink(link); err == nil && strings.HasPrefix(target, dir+"/") {
			if err := os.Remove(link); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeShimSockets removes the sockets of killed container shims: containerd
// puts them in /run/containerd/s, and notes the address in each shim's folder.
func removeShimSockets(dir string) error {
	notes, err := filepath.Glob(filepath.Join(dir, "containerd/state/io.containerd.runtime.v2.task/*/*/address"))
	if err != nil {
		return err
	}
	for _, note := range notes {
		address, err := os.ReadFile(note)
		if err != nil {
			continue
		}
		socket, ok := strings.CutPrefix(strings.TrimSpace(string(address)), "unix://")
		if !ok || !strings.HasPrefix(socket, "/run/containerd/s/") {
			continue
		}
		if err := os.Remove(socket); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove %s: %w", socket, err)
		}
	}
	return nil
}
