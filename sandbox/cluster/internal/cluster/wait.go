package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"

	"deskfleet.dev/sandbox/cluster/internal/component"
)

const (
	// patience is how long each step of the start may take. Steps take about a
	// second; on a busy machine with cold files many more.
	patience = 2 * time.Minute
	// poll is the pause between two looks.
	poll = 50 * time.Millisecond
	// tailLines is how much of a log is shown when a component fails.
	tailLines = 15
)

// until waits for a condition. It gives up when a component ends, because none
// ever should, or patience does; watched names the log to show then.
func (s *start) until(ctx context.Context, what, watched string, check func(context.Context) error) error {
	limit, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	for {
		err := check(limit)
		if err == nil {
			fmt.Fprintf(s.options.Progress, "%5.1f s  %s\n", time.Since(s.began).Seconds(), what)
			return nil
		}
		if p, how := s.ended(); p != nil {
			return fmt.Errorf("%s ended (%s) before: %s\n%s", p.Name, how, what, tail(p.Log))
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-limit.Done():
			return fmt.Errorf("waited %s for: %s: %w\n%s", patience, what, err, tail(filepath.Join(s.Logs(), watched+".log")))
		case <-time.After(poll):
		}
	}
}

func (s *start) waitForAPI(ctx context.Context) (kubernetes.Interface, error) {
	api, err := s.connect()
	if err != nil {
		return nil, err
	}
	return api, s.until(ctx, "API server ready", component.APIServer, func(ctx context.Context) error {
		return ready(ctx, api)
	})
}

// connect makes an administrator's client without a rate limit of its own.
func (c Cluster) connect() (kubernetes.Interface, error) {
	config, err := clientcmd.BuildConfigFromFlags("", c.Kubeconfig())
	if err != nil {
		return nil, err
	}
	config.QPS = -1
	return kubernetes.NewForConfig(config)
}

func ready(ctx context.Context, api kubernetes.Interface) error {
	return api.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
}

// waitForDefaultAccount waits for the service account that pods need: the sign
// that the controllers work.
func (s *start) waitForDefaultAccount(ctx context.Context, api kubernetes.Interface) error {
	return s.until(ctx, "controllers at work", component.ControllerManager, func(ctx context.Context) error {
		_, err := api.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err
	})
}

func (s *start) waitForNode(ctx context.Context, api kubernetes.Interface) error {
	err := s.until(ctx, "node ready", component.Kubelet, func(ctx context.Context) error { return nodeReady(ctx, api) })
	if err != nil {
		return err
	}
	return s.until(ctx, "cluster DNS ready", component.Kubelet, func(ctx context.Context) error { return dnsReady(ctx, api) })
}

func nodeReady(ctx context.Context, api kubernetes.Interface) error {
	node, err := api.CoreV1().Nodes().Get(ctx, nodeName, metav1.GetOptions{})
	if err != nil {
		return err
	}
	for _, condition := range node.Status.Conditions {
		if condition.Type == corev1.NodeReady {
			if condition.Status == corev1.ConditionTrue {
				return nil
			}
			return errors.New(condition.Message)
		}
	}
	return errors.New("the kubelet has not reported yet")
}

func dnsReady(ctx context.Context, api kubernetes.Interface) error {
	dns, err := api.AppsV1().Deployments(metav1.NamespaceSystem).Get(ctx, "coredns", metav1.GetOptions{})
	if err != nil {
		return err
	}
	if dns.Status.AvailableReplicas == 0 {
		return errors.New("no CoreDNS pod is available")
	}
	return nil
}

// tail returns the end of a log, with its name.
func tail(file string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return err.Error()
	}
	lines := slices.Collect(strings.Lines(string(text)))
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return "last lines of " + filepath.Base(file) + ":\n  " + strings.TrimRight(strings.Join(lines, "  "), "\n")
}
