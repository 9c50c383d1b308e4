package cluster

import (
	"context"
	_ "embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"deskfleet.dev/sandbox/cluster/internal/component"
	"deskfleet.dev/sandbox/cluster/internal/host"
	"deskfleet.dev/sandbox/cluster/internal/pki"
	"deskfleet.dev/sandbox/cluster/internal/process"
)

// system.yaml is applied to clusters with a node.
//
//go:embed system.yaml
var systemManifest []byte

// start is one run of Up.
type start struct {
	plan
	options UpOptions
	began   time.Time
	group   process.Group

	mu      sync.Mutex // images are imported beside the rest
	started []*process.Started
}

// run is the whole start. What does not depend on each other goes side by side:
// images are unpacked while the control plane starts.
func (s *start) run(ctx context.Context) error {
	if err := s.prepare(ctx); err != nil {
		return err
	}
	if err := s.startStores(ctx); err != nil {
		return err
	}
	images, imagesCtx := errgroup.WithContext(ctx)
	systemImages := make(chan struct{})
	if !s.nodeless {
		images.Go(func() error { return s.importImages(imagesCtx, systemImages) })
	}
	api, err := s.waitForAPI(ctx)
	if err != nil {
		return err
	}
	if err := s.startControl(); err != nil {
		return err
	}
	if !s.nodeless {
		if err := s.startNode(ctx, systemImages, imagesCtx); err != nil {
			return preferCause(err, images)
		}
		if err := s.waitForNode(ctx, api); err != nil {
			return err
		}
	}
	if err := s.waitForDefaultAccount(ctx, api); err != nil {
		return err
	}
	if err := images.Wait(); err != nil {
		return err
	}
	return s.finish()
}

// preferCause returns why images could not be imported, if that is what stopped
// the start.
func preferCause(err error, images *errgroup.Group) error {
	if cause := images.Wait(); cause != nil {
		return cause
	}
	return err
}

// prepare writes everything that the processes read, and readies the host.
func (s *start) prepare(ctx context.Context) error {
	if err := os.MkdirAll(s.Logs(), 0o700); err != nil {
		return err
	}
	if err := s.reserve(ctx); err != nil {
		return err
	}
	if err := s.prepareConfiguration(); err != nil {
		return err
	}
	err := pki.Write(pki.Request{
		Dir: filepath.Join(s.Dir(), "pki"), Cluster: s.Name, Server: s.server(), Node: nodeName,
		Address: net.ParseIP(s.address), ServiceIP: net.ParseIP(apiAddress), AdminConfig: s.Kubeconfig(),
	})
	if err != nil {
		return fmt.Errorf("certificates: %w", err)
	}
	if s.nodeless {
		return nil
	}
	return s.prepareHost(ctx)
}

// reserve chooses addresses and ports and records the cluster.
func (s *start) reserve(ctx context.Context) error {
	return s.reservePorts(ctx, 3, func(ports []int) error {
		s.etcdPort, s.peerPort = ports[0], ports[1]
		s.address, s.port = "127.0.0.1", ports[2]
		if !s.nodeless {
			s.address, s.port = nodeAddress, apiPort
		}
		return s.write(Record{Name: s.Name, Nodeless: s.nodeless, Server: s.server(), Ports: ports, Started: s.began.UTC()})
	})
}

func (s *start) prepareConfiguration() error {
	var host settings
	if !s.nodeless {
		var err error
		if host, err = s.detect(); err != nil {
			return err
		}
	}
	host.Dir = s.Dir()
	return s.configure(host)
}

func (s *start) prepareHost(ctx context.Context) error {
	host.LoadModules(ctx)
	if err := host.CheckAddresses(network()); err != nil {
		return err
	}
	if _, err := host.Take(s.Name, s.Dir()); err != nil {
		return err
	}
	if err := host.Prepare(network()); err != nil {
		return fmt.Errorf("prepare the host: %w", err)
	}
	return nil
}

// startStores starts what everything else talks to.
func (s *start) startStores(context.Context) error {
	if !s.nodeless {
		if err := s.startContainerd(); err != nil {
			return err
		}
	}
	if err := s.component(component.Etcd, s.etcd()); err != nil {
		return err
	}
	return s.component(component.APIServer, s.apiServer())
}

func (s *start) startControl() error {
	if err := s.component(component.ControllerManager, s.controllerManager()); err != nil {
		return err
	}
	if s.nodeless {
		return nil
	}
	if err := s.component(component.Scheduler, s.scheduler()); err != nil {
		return err
	}
	if err := s.component(component.Kubelet, s.kubelet()); err != nil {
		return err
	}
	return s.component(component.Proxy, s.proxy())
}

// startNode applies the manifest when its images are there (a kubelet that misses
// one asks again only after 10 s), then starts the controllers it gives rights to.
func (s *start) startNode(ctx context.Context, systemImages <-chan struct{}, importing context.Context) error {
	select {
	case <-systemImages:
	case <-importing.Done():
		return importing.Err()
	}
	if err := s.apply(ctx, systemManifest); err != nil {
		return err
	}
	if err := s.component(component.LocalPV, s.localPV()); err != nil {
		return err
	}
	return s.component(component.Netpol, s.netpol())
}

// finish records that the cluster is complete.
func (s *start) finish() error {
	r, err := s.read()
	if err != nil {
		return err
	}
	r.Ready, r.Took = true, time.Since(s.began).Seconds()
	return s.write(*r)
}
