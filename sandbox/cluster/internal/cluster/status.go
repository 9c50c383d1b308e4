package cluster

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"deskfleet.dev/sandbox/cluster/internal/component"
	"deskfleet.dev/sandbox/cluster/internal/process"
)

// statusLimit is how long a cluster may take to say that it is well.
const statusLimit = 5 * time.Second

// Status is how a cluster is at one moment.
type Status struct {
	Record     *Record          // nil: it was never started, or is down
	Components []process.Member // living ones, without their children
	Children   int              // shims and the like
	Dead       []string         // components that should live
	Problems   []string         // what living components lack
	hasDir     bool
}

// Exists tells whether there is anything of the cluster.
func (s Status) Exists() bool { return s.Record != nil || s.hasDir || len(s.Components)+s.Children > 0 }

// Healthy tells whether the cluster can be used.
func (s Status) Healthy() bool {
	return s.Complete() && len(s.Problems) == 0
}

// Complete tells whether the cluster was started and all its components live.
func (s Status) Complete() bool { return s.Record != nil && s.Record.Ready && len(s.Dead) == 0 }

// Problem says in a few words why the cluster is not healthy.
func (s Status) Problem() string {
	switch {
	case s.Record == nil:
		return "there is no record of it"
	case len(s.Dead) > 0:
		return "not running: " + strings.Join(s.Dead, ", ")
	case !s.Record.Ready:
		return "its start was cut off"
	default:
		return strings.Join(s.Problems, "; ")
	}
}

// Kind says what kind of cluster it is.
func (s Status) Kind() string {
	if s.Record.Nodeless {
		return "without a node"
	}
	return "with a node"
}

// expected are the components of a kind of cluster, in the order of their start.
func expected(nodeless bool) []string {
	control := []string{component.Etcd, component.APIServer, component.ControllerManager}
	if nodeless {
		return control
	}
	return append(append([]string{containerdName}, control...),
		component.Scheduler, component.Kubelet, component.Proxy, component.LocalPV, component.Netpol)
}

// Status looks at record, processes and API.
func (c Cluster) Status(ctx context.Context) (Status, error) {
	var s Status
	var err error
	if s.Record, err = c.read(); err != nil {
		return s, err
	}
	_, statErr := os.Stat(c.Dir())
	s.hasDir = statErr == nil
	members, err := process.Group{Dir: c.Dir()}.Members()
	if err != nil {
		return s, err
	}
	for _, m := range members {
		if m.Own {
			s.Components = append(s.Components, m)
		} else {
			s.Children++
		}
	}
	if s.Record == nil {
		return s, nil
	}
	for _, name := range expected(s.Record.Nodeless) {
		if !slices.ContainsFunc(s.Components, func(m process.Member) bool { return m.Name == name }) {
			s.Dead = append(s.Dead, name)
		}
	}
	if len(s.Dead) == 0 {
		s.Problems = c.ask(ctx, s.Record.Nodeless)
	}
	return s, nil
}

// ask lists what the API server says is wrong.
func (c Cluster) ask(ctx context.Context, nodeless bool) []string {
	ctx, cancel := context.WithTimeout(ctx, statusLimit)
	defer cancel()
	api, err := c.connect()
	if err != nil {
		return []string{err.Error()}
	}
	if err := ready(ctx, api); err != nil {
		return []string{fmt.Sprintf("the API server is not ready: %v", err)}
	}
	if nodeless {
		return nil
	}
	var problems []string
	if err := nodeReady(ctx, api); err != nil {
		problems = append(problems, fmt.Sprintf("the node is not ready: %v", err))
	}
	if err := dnsReady(ctx, api); err != nil {
		problems = append(problems, fmt.Sprintf("cluster DNS is not ready: %v", err))
	}
	return problems
}
