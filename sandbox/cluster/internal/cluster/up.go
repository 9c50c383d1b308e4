package cluster

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"deskfleet.dev/sandbox/cluster/internal/host"
	"deskfleet.dev/sandbox/cluster/internal/lock"
	"deskfleet.dev/sandbox/cluster/internal/process"
)

// UpOptions say what kind of cluster is wanted.
type UpOptions struct {
	Nodeless bool
	// SystemImages are archives without which the node does not get ready; Images
	// are imported beside its start. Both are for clusters with a node.
	SystemImages, Images []string
	// FailedLogs is a folder for the logs of a start that failed.
	FailedLogs string
	Progress   io.Writer
}

// Up starts the cluster and returns when it can be used: API ready, and, with a
// node, node ready, DNS answering, images there. A cluster that is already up is
// left alone; one that is broken or was left half-way is removed first. When Up
// fails or ctx ends, nothing of the cluster stays but copies of its logs.
func (c Cluster) Up(ctx context.Context, o UpOptions) error {
	unlock, err := c.lock(ctx, !o.Nodeless, o.Progress)
	if err != nil {
		return err
	}
	defer unlock()
	if done, err := c.settle(ctx, o); done || err != nil {
		return err
	}
	r := &start{options: o, began: time.Now(), group: process.Group{Dir: c.Dir()}}
	r.plan.Cluster, r.plan.nodeless = c, o.Nodeless
	if err := r.run(ctx); err != nil {
		err = c.withLogs(err, o.FailedLogs)
		fmt.Fprintln(o.Progress, "the cluster did not start: removing it")
		if _, downErr := c.remove(o.Nodeless); downErr != nil {
			fmt.Fprintln(o.Progress, downErr)
		}
		return err
	}
	return nil
}

// lock keeps others from starting or stopping this cluster, and any other node.
func (c Cluster) lock(ctx context.Context, node bool, progress io.Writer) (unlock func(), err error) {
	waiting := func() { fmt.Fprintln(progress, "another command starts or stops a cluster: waiting for it") }
	own, err := lock.Acquire(ctx, c.lockFile(), waiting)
	if err != nil {
		return nil, err
	}
	if !node {
		return own.Release, nil
	}
	nodes, err := lock.Acquire(ctx, host.LockFile, waiting)
	if err != nil {
		own.Release()
		return nil, err
	}
	return func() { nodes.Release(); own.Release() }, nil
}

// settle looks at what is there already. It is done when the cluster is up as
// wanted, and refuses what cannot be.
func (c Cluster) settle(ctx context.Context, o UpOptions) (done bool, err error) {
	s, err := c.settledStatus(ctx)
	if err != nil {
		return false, err
	}
	if s.Record != nil && s.Record.Nodeless != o.Nodeless {
		return false, fmt.Errorf("there is a cluster %s already, %s: stop it with %q, or choose another name with --name", c.Name, s.Kind(), c.downCommand())
	}
	if s.Healthy() {
		fmt.Fprintf(o.Progress, "cluster %s is already up, %s\n", c.Name, s.Kind())
		return true, nil
	}
	if s.Complete() {
		return false, fmt.Errorf("cluster %s is up but not well (%s): look at its logs in %s, or stop it with %q", c.Name, s.Problem(), c.Logs(), c.downCommand())
	}
	if s.Exists() {
		fmt.Fprintf(o.Progress, "cluster %s is there but not healthy (%s): removing it first\n", c.Name, s.Problem())
		if _, err := c.remove(o.Nodeless); err != nil {
			return false, err
		}
	}
	if o.Nodeless {
		return false, nil
	}
	return false, c.refuseSecondNode(o.Progress)
}

// settledStatus gives a cluster whose components all live the time to get well:
// on a busy machine it is slow to answer, and that is no reason to remove it.
func (c Cluster) settledStatus(ctx context.Context) (Status, error) {
	for end := time.Now().Add(patience); ; {
		s, err := c.Status(ctx)
		if err != nil || !s.Complete() || s.Healthy() || time.Now().After(end) || ctx.Err() != nil {
			return s, err
		}
	}
}

// refuseSecondNode fails when another cluster has the host's node, and clears up
// after one whose state directory was deleted by hand.
func (c Cluster) refuseSecondNode(progress io.Writer) error {
	claim, err := host.ReadClaim()
	if err != nil || claim == nil {
		return err
	}
	other := Cluster{Name: claim.Name, Base: filepath.Dir(claim.Dir)}
	if _, err := os.Stat(claim.Dir); err == nil {
		return fmt.Errorf("cluster %q has its node on this host, and only one can: stop it with %q, or start this one with --nodeless", claim.Name, other.downCommand())
	}
	fmt.Fprintf(progress, "clearing up after cluster %s, whose state was deleted\n", claim.Name)
	_, err = other.remove(false)
	return err
}

// downCommand is what a user types to stop this cluster.
func (c Cluster) downCommand() string {
	command := "cluster down --name " + c.Name
	if c.Base != DefaultBase() {
		command += " --state " + c.Base
	}
	return command
}

// withLogs copies the logs out of the state directory and says where they are.
func (c Cluster) withLogs(err error, folder string) error {
	if folder == "" {
		return err
	}
	kept := filepath.Join(folder, c.Name)
	if os.RemoveAll(kept) != nil || os.MkdirAll(folder, 0o700) != nil || os.CopyFS(kept, os.DirFS(c.Logs())) != nil {
		return err
	}
	return fmt.Errorf("%w\nall logs: %s", err, kept)
}
