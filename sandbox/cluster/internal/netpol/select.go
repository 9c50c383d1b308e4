package netpol

import (
	"cmp"
	"slices"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// world is everything a table is rendered from.
type world struct {
	pods       []*corev1.Pod
	namespaces map[string]labels.Set // labels by name
	policies   []*netv1.NetworkPolicy
}

// addressed returns the pods that own a pod address, in its order. Pods on the
// host's network share the node's, ended ones have given theirs back.
func (w world) addressed() []*corev1.Pod {
	var pods []*corev1.Pod
	for _, p := range w.pods {
		ended := p.Status.Phase == corev1.PodSucceeded || p.Status.Phase == corev1.PodFailed
		if !p.Spec.HostNetwork && !ended && p.Status.PodIP != "" {
			pods = append(pods, p)
		}
	}
	slices.SortFunc(pods, func(a, b *corev1.Pod) int { return cmp.Compare(a.Status.PodIP, b.Status.PodIP) })
	return pods
}

// policiesOf returns the policies that select the pod, by name.
func (w world) policiesOf(p *corev1.Pod) []*netv1.NetworkPolicy {
	var policies []*netv1.NetworkPolicy
	for _, np := range w.policies {
		if np.Namespace == p.Namespace && matches(&np.Spec.PodSelector, p.Labels) {
			policies = append(policies, np)
		}
	}
	slices.SortFunc(policies, func(a, b *netv1.NetworkPolicy) int { return cmp.Compare(a.Name, b.Name) })
	return policies
}

// isPeer tells whether a peer of a policy in namespace ns means the pod. Peers
// that are address blocks mean no pod.
func (w world) isPeer(peer netv1.NetworkPolicyPeer, ns string, p *corev1.Pod) bool {
	if peer.IPBlock != nil {
		return false
	}
	if peer.NamespaceSelector == nil && p.Namespace != ns {
		return false
	}
	if peer.NamespaceSelector != nil && !matches(peer.NamespaceSelector, w.namespaces[p.Namespace]) {
		return false
	}
	return peer.PodSelector == nil || matches(peer.PodSelector, p.Labels)
}

func matches(s *metav1.LabelSelector, l labels.Set) bool {
	selector, err := metav1.LabelSelectorAsSelector(s)
	// The API server has validated the selector; if it cannot be read it matches
	// nothing.
	return err == nil && selector.Matches(l)
}

// namedPort looks a container port up; 0 means the pod has none of that name.
func namedPort(p *corev1.Pod, name string, protocol corev1.Protocol) int32 {
	if p == nil {
		return 0
	}
	for _, c := range p.Spec.Containers {
		for _, port := range c.Ports {
			if port.Name == name && port.Protocol == protocol {
				return port.ContainerPort
			}
		}
	}
	return 0
}
