package cluster

import (
	"bytes"
	"embed"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"text/template"

	"deskfleet.dev/sandbox/cluster/internal/host"
	"deskfleet.dev/sandbox/cluster/internal/recipe"
)

// Addresses of a cluster with a node. The bridge's address is the node's and the
// API server's at once: so the Service "kubernetes" has an endpoint that pods
// reach, and pods reach processes on the host there.
const (
	nodeName     = "deskfleet"
	bridge       = "deskfleet0"
	nodeAddress  = "10.88.0.1"
	podCIDR      = "10.88.0.0/16"
	firstPod     = "10.88.1.1"
	serviceCIDR  = "10.96.0.0/16"
	apiAddress   = "10.96.0.1"
	dnsAddress   = "10.96.0.10"
	apiPort      = 6443
	storageClass = "local-path"
)

// network is the same plan for package host.
func network() host.Network {
	return host.Network{Bridge: bridge, Address: net.ParseIP(nodeAddress), Pods: mustCIDR(podCIDR), Services: mustCIDR(serviceCIDR)}
}

func mustCIDR(s string) *net.IPNet {
	_, n, err := net.ParseCIDR(s)
	if err != nil {
		panic(err) // a constant above is wrong
	}
	return n
}

// settings are what the configuration templates ask for.
type settings struct {
	Dir, Node, Bridge, Address, PodCIDR, FirstPod, DNSAddress string
	CNINetwork, CNIPlugins, CgroupRoot, PauseImage            string
	MayLowerOOMScore                                          bool
}

// detect fills the settings in for this host.
func (c Cluster) detect() (settings, error) {
	plugins, err := host.CNIPlugins()
	return settings{
		Dir: c.Dir(), Node: nodeName, Bridge: bridge, Address: nodeAddress,
		PodCIDR: podCIDR, FirstPod: firstPod, DNSAddress: dnsAddress,
		CNINetwork: host.CNINetwork, CNIPlugins: plugins, CgroupRoot: host.CgroupRoot,
		PauseImage: recipe.PauseTag, MayLowerOOMScore: host.MayLowerOOMScore(),
	}, err
}

//go:embed templates
var templates embed.FS

// files says where each rendered template goes, below the state directory.
var files = map[string]string{
	"audit.yaml":      "conf/audit.yaml",
	"containerd.toml": "conf/containerd.toml",
	"kubelet.yaml":    "conf/kubelet.yaml",
	"kube-proxy.yaml": "conf/kube-proxy.yaml",
	"resolv.conf":     "conf/resolv.conf",
	"bridge.conflist": "cni/conf/10-bridge.conflist",
}

// render returns the text of every configuration file by template name.
func (s settings) render() (map[string][]byte, error) {
	all, err := template.New("").Option("missingkey=error").ParseFS(templates, "templates/*")
	if err != nil {
		return nil, err
	}
	rendered := map[string][]byte{}
	for name := range files {
		var b bytes.Buffer
		if err := all.ExecuteTemplate(&b, name, s); err != nil {
			return nil, err
		}
		rendered[name] = b.Bytes()
	}
	return rendered, nil
}

// configure writes the configuration files.
func (c Cluster) configure(s settings) error {
	rendered, err := s.render()
	if err != nil {
		return fmt.Errorf("configuration: %w", err)
	}
	for name, target := range files {
		path := filepath.Join(c.Dir(), target)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
		if err := os.WriteFile(path, rendered[name], 0o600); err != nil {
			return err
		}
	}
	return nil
}
