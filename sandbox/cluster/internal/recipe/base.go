package recipe

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

// baseTree is what a dynamically linked Rust program needs: the C library, the
// unwinder, certificate authorities, time zones.
var baseTree = tree{
	packages: []string{"base-files", "libc6", "libgcc-s1", "ca-certificates", "tzdata"},
	drop:     []string{"usr/lib/*-linux-gnu/gconv", "usr/sbin/update-ca-certificates"},
	users:    "nonroot:x:65532:65532::/tmp:/usr/sbin/nologin\n",
	groups:   "nonroot:x:65532:\n",
}

// Base is the image that programs with the GNU C library are put upon.
func Base() Recipe { return fromTree("base", BaseTag, baseTree, nil) }

// busyboxTree has a shell and the usual tools for tests, linked statically.
var busyboxTree = tree{
	packages: []string{"busybox-static"},
	users:    "nonroot:x:65532:65532::/tmp:/bin/sh\n",
	groups:   "nonroot:x:65532:\n",
}

// Busybox is the image of test pods.
func Busybox() Recipe {
	return fromTree("busybox", BusyboxTag, busyboxTree, func(ctx context.Context, root string) error {
		program := filepath.Join(root, "bin", "busybox")
		out, err := exec.CommandContext(ctx, program, "--list").Output()
		if err != nil {
			return fmt.Errorf("list the applets of busybox: %w", err)
		}
		for applet := range strings.FieldsSeq(string(out)) {
			if applet == "busybox" { // it names itself, too
				continue
			}
			if err := os.Symlink("busybox", filepath.Join(root, "bin", applet)); err != nil && !os.IsExist(err) {
				return err
			}
		}
		return nil
	})
}

// fromTree is an image of one tree; finish may change it before it is packed.
func fromTree(name, tag string, t tree, finish func(ctx context.Context, root string) error) Recipe {
	return Recipe{
		Name: name, Tag: tag,
		key: func() (string, error) { return t.key(), nil },
		make: func(ctx context.Context, tmp string) (image.Spec, error) {
			root := filepath.Join(tmp, "root")
			if err := t.unpack(ctx, root); err != nil {
				return image.Spec{}, err
			}
			if finish != nil {
				if err := finish(ctx, root); err != nil {
					return image.Spec{}, err
				}
			}
			layer, err := image.Path(root)
			return image.Spec{User: nobody, WorkingDir: "/", Layers: []image.Layer{layer}}, err
		},
	}
}
