package recipe

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// suite is the Debian release that images are made of. The project's own programs
// are built on the same one, so the C library fits.
const suite = "bookworm"

// tree is a root file system of unpacked Debian packages. No script of a package
// runs: what those would have made, and matters, is written here.
type tree struct {
	packages []string
	drop     []string // glob patterns of what is not needed
	users    string   // lines of /etc/passwd
	groups   string   // lines of /etc/group
}

// documentation is what no image needs.
var documentation = []string{
	"usr/share/doc", "usr/share/man", "usr/share/info", "usr/share/locale", "usr/share/lintian",
	"usr/share/bash-completion", "var/cache", "var/lib/apt", "var/lib/dpkg", "var/log", "dev",
}

// standing are the directories that programs expect to be there.
var standing = []string{"dev", "proc", "sys", "run", "var/run", "etc/ssl/certs"}

// key describes the tree completely but for the packages' versions: an image is
// rebuilt for a new Debian point release with "cluster images --rebuild".
func (t tree) key() string {
	return fmt.Sprintf("%s %q %q %q %q", suite, t.packages, t.drop, t.users, t.groups)
}

// unpack fills dir.
func (t tree) unpack(ctx context.Context, dir string) error {
	args := []string{"--quiet", "--variant=extract", "--include=" + strings.Join(t.packages, ","), suite, dir}
	if mirror := os.Getenv("DESKFLEET_DEBIAN_MIRROR"); mirror != "" {
		args = append(args, mirror)
	}
	if out, err := exec.CommandContext(ctx, "mmdebstrap", args...).CombinedOutput(); err != nil {
		return fmt.Errorf("unpack Debian packages: mmdebstrap: %w\n%s", err, out)
	}
	for _, pattern := range slices.Concat(documentation, t.drop) {
		paths, err := filepath.Glob(filepath.Join(dir, pattern))
		if err != nil {
			return fmt.Errorf("pattern %s: %w", pattern, err)
		}
		for _, p := range paths {
			if err := os.RemoveAll(p); err != nil {
				return err
			}
		}
	}
	return t.furnish(dir)
}

// furnish writes what install scripts would have written.
func (t tree) furnish(dir string) error {
	for _, d := range standing {
		// Lstat: /var/run may be a link to /run.
		if _, err := os.Lstat(filepath.Join(dir, d)); err == nil {
			continue
		}
		if err := os.MkdirAll(filepath.Join(dir, d), 0o755); err != nil {
			return err
		}
	}
	tmp := filepath.Join(dir, "tmp")
	if err := os.MkdirAll(tmp, 0o755); err != nil {
		return err
	}
	if err := os.Chmod(tmp, 0o777|os.ModeSticky); err != nil {
		return err
	}
	files := map[string]string{
		"etc/passwd":        "root:x:0:0:root:/root:/usr/sbin/nologin\n" + t.users,
		"etc/group":         "root:x:0:\n" + t.groups,
		"etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return trust(dir)
}

// trust joins the certificate authorities of package ca-certificates, if it is
// there, into the one file that TLS libraries read.
func trust(dir string) error {
	authorities, err := filepath.Glob(filepath.Join(dir, "usr/share/ca-certificates/mozilla/*.crt"))
	if err != nil || len(authorities) == 0 {
		return err
	}
	var bundle []byte
	for _, file := range authorities {
		pem, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		bundle = append(bundle, pem...)
	}
	return os.WriteFile(filepath.Join(dir, "etc/ssl/certs/ca-certificates.crt"), bundle, 0o644)
}
