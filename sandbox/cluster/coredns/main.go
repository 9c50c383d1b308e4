// Command coredns is CoreDNS with only the plugins that the DNS of a sandbox
// cluster needs. The cloud provider plugins of the full build are most of its
// dependencies and are deliberately absent; so is forwarding, because pods have
// no way out of the host. It is a module of its own: CoreDNS and Kubernetes ask
// for different versions of client-go, etcd and gRPC.
package main

import (
	"github.com/coredns/coredns/coremain"

	_ "github.com/coredns/coredns/plugin/cache"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/health"
	_ "github.com/coredns/coredns/plugin/kubernetes"
	_ "github.com/coredns/coredns/plugin/log"
	_ "github.com/coredns/coredns/plugin/metrics"
	_ "github.com/coredns/coredns/plugin/ready"
	_ "github.com/coredns/coredns/plugin/reload"
)

func main() { coremain.Run() }
