// Command deskfleet-cluster is a complete one-node Kubernetes in one static
// binary: etcd, the control plane, the kubelet, kube-proxy and kubectl, two small
// controllers of the sandbox (storage, network policies), and the orchestrator
// that starts, watches and removes them.
//
// Called by the name of a component (or with it as first argument) it is that
// component; called otherwise it is the orchestrator. See README.md.
package main

import (
	"os"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/command"
	"deskfleet.dev/sandbox/cluster/internal/component"
)

func main() {
	name, args := filepath.Base(os.Args[0]), os.Args[1:]
	if component.Known(name) {
		os.Exit(component.Run(name, args))
	}
	os.Exit(command.Run(args))
}
