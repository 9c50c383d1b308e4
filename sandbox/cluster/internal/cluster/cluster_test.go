package cluster

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

func aCluster(t *testing.T, name string) Cluster {
	t.Helper()
	// Not t.TempDir(): its paths are longer than a state directory may be.
	base, err := os.MkdirTemp("", "c")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(base) })
	c, err := New(name, base)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestNamesAndDirectoriesThatCannotWorkAreRefused(t *testing.T) {
	for name, base := range map[string]string{
		"": "/run/a", "A": "/run/a", "a/b": "/run/a", "-a": "/run/a", "a..b": "/run/a", strings.Repeat("a", 31): "/run/a",
		"ok": "/" + strings.Repeat("long/", 20),
	} {
		if _, err := New(name, base); err == nil {
			t.Errorf("%q in %s was accepted", name, base)
		}
	}
	if _, err := New(strings.Repeat("a", 30), "/run/a"); err != nil {
		t.Error(err)
	}
}

func TestConfigurationIsRenderedAsInTheGoldenFiles(t *testing.T) {
	for kind, may := range map[string]bool{"full-root": true, "root-in-a-container": false} {
		s := settings{
			Dir: "/state/a", Node: nodeName, Bridge: bridge, Address: nodeAddress, PodCIDR: podCIDR, FirstPod: firstPod,
			DNSAddress: dnsAddress, CNINetwork: "deskfleet", CNIPlugins: "/usr/lib/cni", CgroupRoot: "/deskfleet",
			PauseImage: "localhost/pause:3.10", MayLowerOOMScore: may,
		}
		rendered, err := s.render()
		if err != nil {
			t.Fatal(err)
		}
		for name, got := range rendered {
			golden := filepath.Join("testdata", kind, name)
			if *update {
				if err := os.MkdirAll(filepath.Dir(golden), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(golden, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != string(want) {
				t.Errorf("%s differs:\n%s\n(go test ./internal/cluster -update writes it anew)", golden, got)
			}
		}
	}
}

func TestClustersBesideEachOtherGetDifferentPorts(t *testing.T) {
	first := aCluster(t, "a")
	seen := map[int]bool{}
	for _, name := range []string{"a", "b", "c", "d"} {
		c := Cluster{Name: name, Base: first.Base}
		if err := os.MkdirAll(c.Dir(), 0o700); err != nil {
			t.Fatal(err)
		}
		err := c.reservePorts(context.Background(), 50, func(ports []int) error {
			for _, p := range ports {
				if seen[p] || p < firstPort || p >= lastPort {
					t.Errorf("port %d for %s", p, name)
				}
				seen[p] = true
			}
			return c.write(Record{Name: name, Ports: ports})
		})
		if err != nil {
			t.Fatal(err)
		}
	}
}

func TestAStatusSaysTheWorstFirst(t *testing.T) {
	ready := &Record{Ready: true}
	for want, s := range map[string]Status{
		"there is no record of it":    {hasDir: true},
		"not running: etcd, kubelet":  {Record: &Record{}, Dead: []string{"etcd", "kubelet"}, Problems: []string{"x"}},
		"its start was cut off":       {Record: &Record{}},
		"the node is not ready; slow": {Record: ready, Problems: []string{"the node is not ready", "slow"}},
	} {
		if s.Healthy() || !s.Exists() || s.Problem() != want {
			t.Errorf("%q, want %q", s.Problem(), want)
		}
	}
	if s := (Status{Record: ready}); !s.Healthy() {
		t.Error("a cluster without problems is not healthy")
	}
	if s := (Status{}); s.Exists() || s.Healthy() {
		t.Error("nothing exists")
	}
}

func TestANodeIsReachedOnlyByItsOwnAddresses(t *testing.T) {
	n := network()
	if !n.Pods.Contains(n.Address) || n.Services.Contains(n.Address) || n.Pods.Contains(n.Services.IP) {
		t.Errorf("address plan %+v", n)
	}
}

func TestWithoutANodeNothingListensBeyondLoopback(t *testing.T) {
	p := plan{Cluster: aCluster(t, "a"), nodeless: true, address: "127.0.0.1", port: 20001, etcdPort: 20002, peerPort: 20003}
	for _, arg := range append(p.apiServer(), append(p.etcd(), p.controllerManager()...)...) {
		if strings.Contains(arg, nodeAddress) {
			t.Errorf("%s", arg)
		}
	}
}
