// Package command is the command line of the orchestrator: it reads flags, calls
// package cluster, image or recipe, and prints what they say. Results go to
// standard output, progress to standard error, so that scripts can use both.
package command

import (
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"golang.org/x/sys/unix"

	"deskfleet.dev/sandbox/cluster/internal/cluster"
	"deskfleet.dev/sandbox/cluster/internal/recipe"
)

// errUnhealthy makes the exit status 1 without another word.
var errUnhealthy = errors.New("unhealthy")

// Run runs one command and returns its exit status.
func Run(args []string) int {
	// Image trees and volumes must not depend on the caller's umask; what is secret
	// is created with its own mode.
	syscall.Umask(0o022)
	// What the caller has open (a lock, a pipe) must not stay open in components.
	_ = unix.CloseRange(3, math.MaxUint32, unix.CLOSE_RANGE_CLOEXEC) // Linux 5.11
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	switch {
	case err == nil:
		return 0
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "cluster: interrupted")
		return 130
	case errors.Is(err, errUnhealthy):
		return 1
	default:
		fmt.Fprintln(os.Stderr, "cluster:", err)
		return 1
	}
}

// place is where the cluster's state is: the flags that most commands share.
type place struct{ name, state string }

func (p place) cluster() (cluster.Cluster, error) { return cluster.New(p.name, p.state) }

func newRoot() *cobra.Command {
	var p place
	root := &cobra.Command{
		Use:           "cluster",
		Short:         "A one-node Kubernetes of your own, up in seconds and gone without a trace",
		SilenceErrors: true, SilenceUsage: true,
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
	}
	flags := root.PersistentFlags()
	flags.StringVar(&p.name, "name", fromEnvironment("DESKFLEET_CLUSTER_NAME", "deskfleet"), "name of the cluster (DESKFLEET_CLUSTER_NAME)")
	flags.StringVar(&p.state, "state", fromEnvironment("DESKFLEET_CLUSTER_STATE", cluster.DefaultBase()), "directory that holds the state of clusters (DESKFLEET_CLUSTER_STATE)")
	// Kubernetes' packages put a --version for their own programs on every command.
	if version := pflag.CommandLine.Lookup("version"); version != nil {
		version.Hidden = true
	}
	root.AddCommand(newUp(&p), newDown(&p), newStatus(&p), newKubeconfig(&p), newKubectl(),
		newLoad(&p), newImages(), newImage(), newImageDeskfleet())
	return root
}

func fromEnvironment(name, fallback string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return fallback
}

// cacheDir is where archives and the logs of failed starts are kept.
func cacheDir() string {
	if dir := os.Getenv("DESKFLEET_CACHE"); dir != "" {
		return filepath.Join(dir, "cluster")
	}
	base := fromEnvironment("XDG_CACHE_HOME", filepath.Join(os.Getenv("HOME"), ".cache"))
	return filepath.Join(base, "deskfleet", "cluster")
}

func store() recipe.Store {
	return recipe.Store{Dir: filepath.Join(cacheDir(), "images"), Progress: os.Stderr}
}

// beside returns a program that was built into the same folder as this one.
func beside(name string) (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", err
	}
	return filepath.Join(filepath.Dir(self), name), nil
}
