package cluster

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/component"
	"deskfleet.dev/sandbox/cluster/internal/process"
)

// containerdName is the one component that is not in this binary.
const containerdName = "containerd"

// component starts a part of this binary.
func (s *start) component(name string, args []string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	return s.process(process.Spec{Name: name, Path: self, Args: args})
}

func (s *start) startContainerd() error {
	path, err := exec.LookPath(containerdName)
	if err != nil {
		return err
	}
	return s.process(process.Spec{Name: containerdName, Path: path, Args: s.containerd()})
}

func (s *start) process(spec process.Spec) error {
	spec.Log = filepath.Join(s.Logs(), spec.Name+".log")
	p, err := s.group.Start(spec)
	if err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.started = append(s.started, p)
	return nil
}

// ended returns a component that is no longer there, and how it went.
func (s *start) ended() (*process.Started, string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.started {
		if how, died := p.Died(); died {
			return p, how
		}
	}
	return nil, ""
}

// apply hands a manifest to kubectl.
func (s *start) apply(ctx context.Context, manifest []byte) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "apply", "--server-side", "-f", "-")
	cmd.Args[0] = component.Kubectl
	cmd.Env = append(os.Environ(), "KUBECONFIG="+s.Kubeconfig())
	cmd.Stdin = bytes.NewReader(manifest)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("apply the system manifest: %w\n%s", err, out)
	}
	return nil
}
