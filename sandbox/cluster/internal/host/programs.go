package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// Program is something that Debian provides and we start.
type Program struct {
	Name    string // looked for in PATH, or a path
	Package string
}

// Programs needed for a node, and for building images.
var (
	NodePrograms = []Program{
		{"containerd", "containerd"}, {"ctr", "containerd"}, {"runc", "runc"}, {"nft", "nftables"},
	}
	cniPlugins    = []string{"/usr/lib/cni", "/opt/cni/bin"}
	ImagePrograms = []Program{{"mmdebstrap", "mmdebstrap"}}
	StripPrograms = []Program{{"strip", "binutils"}}
)

// Install makes sure that all programs are there, with apt where they are not.
func Install(ctx context.Context, programs []Program, progress io.Writer) error {
	var missing []string
	for _, p := range programs {
		if _, err := exec.LookPath(p.Name); err != nil {
			missing = append(missing, p.Package)
		}
	}
	return installPackages(ctx, missing, progress)
}

// InstallNode makes sure that a node's programs and CNI plugins are there.
func InstallNode(ctx context.Context, progress io.Writer) error {
	if err := Install(ctx, NodePrograms, progress); err != nil {
		return err
	}
	if _, err := CNIPlugins(); err != nil {
		return installPackages(ctx, []string{"containernetworking-plugins"}, progress)
	}
	return nil
}

// CNIPlugins returns the directory of the CNI plugins.
func CNIPlugins() (string, error) {
	for _, dir := range cniPlugins {
		if len(existing([]string{filepath.Join(dir, "bridge"), filepath.Join(dir, "host-local")})) == 2 {
			return dir, nil
		}
	}
	return "", errors.New("the CNI plugins bridge and host-local are missing: apt-get install containernetworking-plugins")
}

func installPackages(ctx context.Context, packages []string, progress io.Writer) error {
	if len(packages) == 0 {
		return nil
	}
	slices.Sort(packages)
	packages = slices.Compact(packages)
	command := "apt-get install --no-install-recommends " + strings.Join(packages, " ")
	if os.Geteuid() != 0 {
		return fmt.Errorf("packages are missing: run \"sudo %s\"", command)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("not a Debian system, and these packages' programs are missing: %s", strings.Join(packages, " "))
	}
	fmt.Fprintf(progress, "installing %s ...\n", strings.Join(packages, " "))
	update := []string{"-o", "DPkg::Lock::Timeout=300", "-qq", "update"}
	install := append([]string{"-o", "DPkg::Lock::Timeout=300", "-qq", "install", "-y", "--no-install-recommends"}, packages...)
	// An old package list is often enough, so an update that fails is not the end.
	updateErr := apt(ctx, update)
	if err := apt(ctx, install); err != nil {
		return errors.Join(err, updateErr)
	}
	return nil
}

func apt(ctx context.Context, args []string) error {
	cmd := exec.CommandContext(ctx, "apt-get", args...)
	cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apt-get %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return nil
}

// MayLowerOOMScore tells whether this process may protect others from the kernel's
// out-of-memory killer (CAP_SYS_RESOURCE). Root in a container often may not, and
// then every pod would fail to start if the runtime tried.
func MayLowerOOMScore() bool {
	header := unix.CapUserHeader{Version: unix.LINUX_CAPABILITY_VERSION_3}
	var data [2]unix.CapUserData
	if err := unix.Capget(&header, &data[0]); err != nil {
		return false
	}
	return data[0].Effective&(1<<unix.CAP_SYS_RESOURCE) != 0
}

// LoadModules loads the kernel modules a node needs, where they are modules and
// not loaded. What fails shows later, with a clearer message.
func LoadModules(ctx context.Context) {
	for _, m := range []string{"overlay", "br_netfilter", "nf_conntrack", "nf_tables"} {
		if _, err := os.Stat("/sys/module/" + m); err != nil {
			_ = exec.CommandContext(ctx, "modprobe", "--quiet", m).Run()
		}
	}
}
