package host

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/moby/sys/mountinfo"
	"github.com/opencontainers/cgroups"
	"github.com/opencontainers/cgroups/manager"
)

// CgroupRoot is the control group of all pods, given to the kubelet. Being ours
// alone, it can be emptied and removed without looking at what is in it. It lies
// at the top of the hierarchy and is driven directly (cgroup driver "cgroupfs")
// also where systemd runs, so that both kinds of hosts are handled alike.
const CgroupRoot = "/deskfleet"

// CgroupV2 tells whether the host has the unified hierarchy only.
func CgroupV2() bool { return cgroups.IsCgroup2UnifiedMode() }

// createCgroup makes CgroupRoot in every hierarchy, with all controllers.
func createCgroup() error {
	m, err := manager.New(&cgroups.Cgroup{Path: CgroupRoot, Resources: &cgroups.Resources{}})
	if err != nil {
		return fmt.Errorf("control groups: %w", err)
	}
	if err := m.Apply(-1); err != nil {
		return fmt.Errorf("create control group %s: %w", CgroupRoot, err)
	}
	return nil
}

// cgroupPaths lists the directories of CgroupRoot that exist.
func cgroupPaths() []string {
	mounts, err := mountinfo.GetMounts(mountinfo.FSTypeFilter("cgroup", "cgroup2"))
	if err != nil {
		return nil
	}
	var paths []string
	for _, m := range mounts {
		paths = append(paths, filepath.Join(m.Mountpoint, CgroupRoot))
	}
	slices.Sort(paths)
	return existing(slices.Compact(paths))
}

// KillPods kills every process in the pods' control groups and waits for their
// end. The runtime must be dead already, or it would start new ones.
func KillPods(limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		pids := podProcesses()
		if len(pids) == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d processes of pods did not end in %s", len(pids), limit)
		}
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended
		}
	}
}

func podProcesses() []int {
	var pids []int
	for _, root := range cgroupPaths() {
		_ = filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
			if err != nil || d.Name() != "cgroup.procs" {
				return nil // groups vanish while they are walked
			}
			text, _ := os.ReadFile(p)
			for word := range strings.FieldsSeq(string(text)) {
				if pid, err := strconv.Atoi(word); err == nil && pid > 0 {
					pids = append(pids, pid)
				}
			}
			return nil
		})
	}
	return pids
}

// removeCgroup removes the control groups, deepest first. The kernel may need a
// moment after the last process has ended.
func removeCgroup() error {
	for end := time.Now().Add(3 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		for _, root := range cgroupPaths() {
			removeGroups(root)
		}
		left := cgroupPaths()
		if len(left) == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s cannot be removed", strings.Join(left, ", "))
		}
	}
}

func removeGroups(dir string) {
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			removeGroups(filepath.Join(dir, e.Name()))
		}
	}
	_ = syscall.Rmdir(dir)
}

const rootControllers = "/sys/fs/cgroup/cgroup.subtree_control"

// delegated lists the controllers that children of the cgroup v2 root have.
func delegated() []string {
	text, err := os.ReadFile(rootControllers)
	if err != nil {
		return nil // cgroup v1
	}
	return strings.Fields(string(text))
}

// restoreDelegation switches off what was off before. The kernel refuses where
// somebody else has come to use a controller, and that is right.
func restoreDelegation(before []string) {
	for _, c := range delegated() {
		if !slices.Contains(before, c) {
			_ = os.WriteFile(rootControllers, []byte("-"+c), 0o644)
		}
	}
}
