// Package localpv is the storage provisioner of the sandbox. A pending claim of
// its class gets a directory on the node and a volume of type "local" bound to
// it; a volume whose claim is gone is removed with its directory. "local" is used
// because it honours fsGroup, which "hostPath" does not.
//
// In: claims and volumes. Out: directories and volumes. Absent: size limits,
// snapshots, more than one node.
package localpv

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"deskfleet.dev/sandbox/cluster/internal/onchange"
)

// Run serves one storage class until the process is told to stop.
func Run(args []string) error {
	flags := flag.NewFlagSet("localpv", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "kubeconfig file")
	var place Place
	flags.StringVar(&place.Root, "root", "", "directory that holds the volumes")
	flags.StringVar(&place.Node, "node", "", "name of the node the directory is on")
	flags.StringVar(&place.Class, "class", "", "storage class to serve")
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
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	factory := informers.NewSharedInformerFactory(client, 0)
	core := factory.Core().V1()
	claims, volumes := core.PersistentVolumeClaims(), core.PersistentVolumes()
	provision := func(ctx context.Context) error {
		allClaims, err := claims.Lister().List(labels.Everything())
		if err != nil {
			return err
		}
		allVolumes, err := volumes.Lister().List(labels.Everything())
		if err != nil {
			return err
		}
		return carryOut(ctx, client, place, decide(place, allClaims, allVolumes))
	}
	return onchange.Run(ctx, "localpv", factory, provision, claims.Informer(), volumes.Informer())
}

// carryOut makes the directories and volumes of a plan and removes what it drops.
func carryOut(ctx context.Context, client kubernetes.Interface, place Place, plan plan) error {
	volumes := client.CoreV1().PersistentVolumes()
	for _, volume := range plan.create {
		dir := volume.Spec.Local.Path
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return fmt.Errorf("create %s: %w", dir, err)
		}
		// Past the umask: pods of any user may write where no fsGroup is asked for.
		if err := os.Chmod(dir, 0o777); err != nil {
			return fmt.Errorf("open %s: %w", dir, err)
		}
		if _, err := volumes.Create(ctx, volume, metav1.CreateOptions{}); err != nil && !apierrors.IsAlreadyExists(err) {
			return fmt.Errorf("create volume %s: %w", volume.Name, err)
		}
	}
	for _, name := range plan.remove {
		if err := os.RemoveAll(filepath.Join(place.Root, name)); err != nil {
			return fmt.Errorf("empty volume %s: %w", name, err)
		}
		if err := volumes.Delete(ctx, name, metav1.DeleteOptions{}); err != nil && !apierrors.IsNotFound(err) {
			return fmt.Errorf("delete volume %s: %w", name, err)
		}
	}
	return nil
}
