package host

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/moby/sys/mountinfo"
	"golang.org/x/sys/unix"
)

// mountsBelow lists mount points under dir, the last mounted first. Container
// root file systems, secrets, volumes and network namespaces all lie there.
func mountsBelow(dir string) []string {
	mounts, err := mountinfo.GetMounts(nil)
	if err != nil {
		return nil
	}
	var points []string
	for _, m := range mounts {
		if strings.HasPrefix(m.Mountpoint, dir+"/") {
			points = append(points, m.Mountpoint)
		}
	}
	slices.Reverse(points)
	return points
}

// unmountBelow unmounts everything under dir; what is busy is detached.
func unmountBelow(dir string) error {
	for range 5 { // mounts can be stacked, and hide others
		points := mountsBelow(dir)
		if len(points) == 0 {
			return nil
		}
		for _, p := range points {
			if err := unix.Unmount(p, 0); err != nil && !errors.Is(err, unix.EINVAL) {
				_ = unix.Unmount(p, unix.MNT_DETACH) // looked at again below
			}
		}
	}
	if left := mountsBelow(dir); len(left) > 0 {
		return fmt.Errorf("%d mounts stay, one is %s", len(left), left[0])
	}
	return nil
}
