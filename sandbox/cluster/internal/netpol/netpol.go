// Package netpol enforces NetworkPolicy objects for the pods of a one-node
// cluster; the CNI bridge plugin does not. After every change it renders one
// nftables table from what it knows and loads it in one transaction.
//
// In: pods, namespaces, policies. Out: the table. Absent: IPv6, which the sandbox
// does not have. Traffic that starts on the node itself (probes, the API server)
// is always let in, as the usual network plugins do.
package netpol

import (
	"context"
	"flag"
	"os/signal"
	"syscall"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/knftables"

	"deskfleet.dev/sandbox/cluster/internal/onchange"
)

// Table is the name of the nftables table (family ip) that holds everything.
const Table = "deskfleet-netpol"

// Run enforces the policies until the process is told to stop. The table stays:
// a restart must not open what is closed.
func Run(args []string) error {
	flags := flag.NewFlagSet("netpol", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig file")
	if err := flags.Parse(args); err != nil {
		return err
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	nft, err := knftables.New(knftables.IPv4Family, Table)
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	factory := informers.NewSharedInformerFactory(client, 0)
	enforcer := enforcer{factory: factory, nft: nft}
	return onchange.Run(ctx, "netpol", factory, enforcer.enforce,
		factory.Core().V1().Pods().Informer(),
		factory.Core().V1().Namespaces().Informer(),
		factory.Networking().V1().NetworkPolicies().Informer())
}

type enforcer struct {
	factory informers.SharedInformerFactory
	nft     knftables.Interface
	loaded  string // the transaction that was loaded last
}

// enforce loads the table if it differs from the loaded one.
func (e *enforcer) enforce(ctx context.Context) error {
	var w world
	var err error
	core := e.factory.Core().V1()
	if w.pods, err = core.Pods().Lister().List(labels.Everything()); err != nil {
		return err
	}
	namespaces, err := core.Namespaces().Lister().List(labels.Everything())
	if err != nil {
		return err
	}
	w.namespaces = map[string]labels.Set{}
	for _, ns := range namespaces {
		w.namespaces[ns.Name] = ns.Labels
	}
	if w.policies, err = e.factory.Networking().V1().NetworkPolicies().Lister().List(labels.Everything()); err != nil {
		return err
	}
	tx := e.nft.NewTransaction()
	render(tx, w)
	text := tx.String()
	if text == e.loaded {
		return nil
	}
	if err := e.nft.Run(ctx, tx); err != nil {
		return err
	}
	e.loaded = text
	return nil
}
