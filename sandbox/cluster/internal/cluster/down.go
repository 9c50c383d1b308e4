package cluster

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"deskfleet.dev/sandbox/cluster/internal/host"
	"deskfleet.dev/sandbox/cluster/internal/process"
)

// deathLimit is how long killed processes may take to be gone.
const deathLimit = 20 * time.Second

// Down removes the cluster, whatever state it is in, and checks that nothing of
// it is left. It needs no part of the cluster alive. Nothing to remove is fine.
func (c Cluster) Down(ctx context.Context, progress io.Writer) error {
	r, err := c.read()
	if err != nil {
		return err
	}
	nodeless := r != nil && r.Nodeless || os.Geteuid() != 0
	unlock, err := c.lock(ctx, !nodeless, progress)
	if err != nil {
		return err
	}
	defer unlock()
	began := time.Now()
	found, err := c.remove(nodeless)
	switch {
	case err != nil:
		return err
	case !found:
		fmt.Fprintf(progress, "cluster %s is not up\n", c.Name)
	default:
		fmt.Fprintf(progress, "cluster %s is down, nothing left behind (%.1f s)\n", c.Name, time.Since(began).Seconds())
	}
	return nil
}

// remove does the work of Down; the locks are held, that of the node unless
// nodeless: then the host is not touched.
func (c Cluster) remove(nodeless bool) (found bool, err error) {
	claim, err := c.ownClaim(nodeless)
	if err != nil {
		return false, err
	}
	group := process.Group{Dir: c.Dir()}
	members, err := group.Members()
	if err != nil {
		return false, err
	}
	_, statErr := os.Stat(c.Dir())
	found = len(members) > 0 || statErr == nil || claim.claim != nil
	if err := group.KillAll(deathLimit); err != nil {
		return found, fmt.Errorf("stop cluster %s: %w", c.Name, err)
	}
	if claim.ours {
		if err := c.restoreHost(claim.claim); err != nil {
			return found, err
		}
	}
	if err := os.RemoveAll(c.Dir()); err != nil {
		return found, fmt.Errorf("remove the state of cluster %s: %w", c.Name, err)
	}
	return found, c.selfCheck(group, claim)
}

// hostClaim tells whether the host's node is this cluster's to remove.
type hostClaim struct {
	ours  bool
	claim *host.Claim // nil: nobody claims the node; then only what has our names is removed
}

func (c Cluster) ownClaim(nodeless bool) (hostClaim, error) {
	if nodeless {
		return hostClaim{}, nil
	}
	claim, err := host.ReadClaim()
	if err != nil {
		return hostClaim{}, err
	}
	if claim == nil || claim.Dir == c.Dir() {
		return hostClaim{ours: true, claim: claim}, nil
	}
	return hostClaim{}, nil
}

func (c Cluster) restoreHost(claim *host.Claim) error {
	if err := host.KillPods(deathLimit); err != nil {
		return fmt.Errorf("stop the pods of cluster %s: %w", c.Name, err)
	}
	if err := host.Restore(claim, network(), c.Dir()); err != nil {
		return fmt.Errorf("restore the host after cluster %s: %w", c.Name, err)
	}
	return nil
}

// selfCheck looks whether anything is left.
func (c Cluster) selfCheck(group process.Group, claim hostClaim) error {
	var left []string
	members, err := group.Members()
	if err != nil {
		return err
	}
	for _, m := range members {
		left = append(left, fmt.Sprintf("process %d (%s) is still there", m.PID, m.Name))
	}
	if claim.ours {
		left = append(left, host.Residue(claim.claim, network(), c.Dir())...)
	}
	if len(left) > 0 {
		return errors.New("the cluster is down, but not without a trace:\n  " + strings.Join(left, "\n  "))
	}
	return nil
}
