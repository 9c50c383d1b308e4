package command

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"deskfleet.dev/sandbox/cluster/internal/cluster"
	"deskfleet.dev/sandbox/cluster/internal/component"
	"deskfleet.dev/sandbox/cluster/internal/host"
)

func newUp(p *place) *cobra.Command {
	var nodeless bool
	cmd := &cobra.Command{
		Use:   "up",
		Short: "Start the cluster and wait until it can be used",
		Long: `Start the cluster and wait until it can be used. A cluster that is up is left alone.

With a node (needs root; one on a host): pods run, Services, DNS, volumes and
network policies work. With --nodeless: etcd, API server and controllers on
loopback; nothing runs pods; any number side by side, told apart by --name.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.cluster()
			if err != nil {
				return err
			}
			o := cluster.UpOptions{Nodeless: nodeless, Progress: os.Stderr, FailedLogs: filepath.Join(cacheDir(), "failed")}
			if !nodeless {
				if err := readyHost(cmd.Context(), &o); err != nil {
					return err
				}
			}
			if err := c.Up(cmd.Context(), o); err != nil {
				return err
			}
			fmt.Printf("export KUBECONFIG=%s\n", c.Kubeconfig())
			return nil
		},
	}
	cmd.Flags().BoolVar(&nodeless, "nodeless", false, "no node: only etcd, API server and controllers")
	return cmd
}

// readyHost installs and builds what a cluster with a node needs, once.
func readyHost(ctx context.Context, o *cluster.UpOptions) error {
	if os.Geteuid() != 0 {
		return errors.New("a cluster with a node needs root, for its bridge, mounts and control groups: use sudo, or --nodeless, which does not")
	}
	if err := host.InstallNode(ctx, os.Stderr); err != nil {
		return err
	}
	if err := host.Install(ctx, host.ImagePrograms, os.Stderr); err != nil {
		return err
	}
	system, others, err := recipes()
	if err != nil {
		return err
	}
	if o.SystemImages, err = ensure(ctx, system); err != nil {
		return err
	}
	o.Images, err = ensure(ctx, others)
	return err
}

func newDown(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "down",
		Short: "Remove the cluster and everything it left on the host",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.cluster()
			if err != nil {
				return err
			}
			return c.Down(cmd.Context(), os.Stderr)
		},
	}
}

func newKubeconfig(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "kubeconfig",
		Short: "Print the path of the administrator's kubeconfig",
		Args:  cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			c, err := p.cluster()
			if err != nil {
				return err
			}
			if err := exists(c); err != nil {
				return err
			}
			fmt.Println(c.Kubeconfig())
			return nil
		},
	}
}

// exists fails with a hint when there is no such cluster.
func exists(c cluster.Cluster) error {
	if _, err := os.Stat(c.Kubeconfig()); err != nil {
		return fmt.Errorf("cluster %s is not up: start it with \"cluster up --name %s\"", c.Name, c.Name)
	}
	return nil
}

// newKubectl leaves all flags to kubectl; the cluster comes from the environment.
func newKubectl() *cobra.Command {
	return &cobra.Command{
		Use:                "kubectl ARGUMENTS...",
		Short:              "Run kubectl on the cluster (chosen by DESKFLEET_CLUSTER_NAME, _STATE)",
		DisableFlagParsing: true,
		RunE: func(_ *cobra.Command, args []string) error {
			p := place{
				name:  fromEnvironment("DESKFLEET_CLUSTER_NAME", "deskfleet"),
				state: fromEnvironment("DESKFLEET_CLUSTER_STATE", cluster.DefaultBase()),
			}
			c, err := p.cluster()
			if err != nil {
				return err
			}
			if err := exists(c); err != nil {
				return err
			}
			// Always this cluster, whatever KUBECONFIG says: it may name a real one.
			if err := os.Setenv("KUBECONFIG", c.Kubeconfig()); err != nil {
				return err
			}
			self, err := os.Executable()
			if err != nil {
				return err
			}
			return syscall.Exec(self, append([]string{component.Kubectl}, args...), os.Environ())
		},
	}
}

func newStatus(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "status",
		Short: "Show whether the cluster is well, and its processes (exit status 1 if not)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.cluster()
			if err != nil {
				return err
			}
			s, err := c.Status(cmd.Context())
			if err != nil {
				return err
			}
			printStatus(c, s)
			if !s.Healthy() {
				return errUnhealthy
			}
			return nil
		},
	}
}

func printStatus(c cluster.Cluster, s cluster.Status) {
	switch {
	case !s.Exists():
		fmt.Printf("cluster %s is not up\n", c.Name)
		return
	case s.Healthy():
		fmt.Printf("cluster %s is up, %s, for %s (was ready after %.1f s)\n",
			c.Name, s.Kind(), time.Since(s.Record.Started).Round(time.Second), s.Record.Took)
	default:
		fmt.Printf("cluster %s is not healthy: %s\n", c.Name, s.Problem())
	}
	if s.Record != nil {
		fmt.Printf("api         %s\nkubeconfig  %s\nlogs        %s\n", s.Record.Server, c.Kubeconfig(), c.Logs())
	}
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "\nCOMPONENT\tPID\tRSS")
	for _, m := range s.Components {
		fmt.Fprintf(w, "%s\t%d\t%d MiB\n", m.Name, m.PID, m.RSS>>20)
	}
	for _, name := range s.Dead {
		fmt.Fprintf(w, "%s\tdead\t\n", name)
	}
	w.Flush()
}
