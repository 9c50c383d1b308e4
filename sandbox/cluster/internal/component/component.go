// Package component runs one part of the cluster inside this process: the
// upstream commands of Kubernetes, an embedded etcd, and the sandbox's own
// controllers. In: a component's name and its arguments. Out: its exit status.
// How the parts are wired together is package cluster's business.
package component

import (
	"context"
	"fmt"
	"os"

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	// Log format and metrics that the upstream main packages register.
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubectlutil "k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllers "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"

	"deskfleet.dev/sandbox/cluster/internal/localpv"
	"deskfleet.dev/sandbox/cluster/internal/netpol"
)

// Names of the components, as they appear in process lists and log file names.
const (
	Etcd              = "etcd"
	APIServer         = "kube-apiserver"
	ControllerManager = "kube-controller-manager"
	Scheduler         = "kube-scheduler"
	Kubelet           = "kubelet"
	Proxy             = "kube-proxy"
	Kubectl           = "kubectl"
	LocalPV           = "localpv"
	Netpol            = "netpol"
)

// upstream are the parts that Kubernetes publishes as cobra commands.
var upstream = map[string]func() *cobra.Command{
	APIServer:         apiserver.NewAPIServerCommand,
	ControllerManager: controllers.NewControllerManagerCommand,
	Scheduler:         func() *cobra.Command { return scheduler.NewSchedulerCommand() },
	Proxy:             proxy.NewProxyCommand,
	Kubelet:           func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) },
	Kubectl:           kubectl.NewDefaultKubectlCommand,
}

// own are the parts that are written here.
var own = map[string]func(args []string) error{
	Etcd:    runEtcd,
	LocalPV: localpv.Run,
	Netpol:  netpol.Run,
}

// Known tells whether a component has this name.
func Known(name string) bool { return upstream[name] != nil || own[name] != nil }

// Run runs the component until it ends and returns its exit status.
func Run(name string, args []string) int {
	if run := own[name]; run != nil {
		if err := run(args); err != nil {
			fmt.Fprintf(os.Stderr, "%s: %v\n", name, err)
			return 1
		}
		return 0
	}
	build := upstream[name]
	if build == nil {
		fmt.Fprintf(os.Stderr, "unknown component %q\n", name)
		return 2
	}
	// The commands read os.Args themselves, so it must look as if each were a
	// program of its own, and before it is built: kubectl looks for plugins then.
	os.Args = append([]string{name}, args...)
	if name == Kubectl {
		// kubectl prints its own errors and chooses its own exit status.
		kubectlutil.CheckErr(cli.RunNoErrOutput(build()))
		return 0
	}
	return cli.Run(build())
}
