package netpol

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
	"sigs.k8s.io/knftables"
)

// Maps from a pod's address to the chain that judges it.
const (
	ingressMap = "ingress"
	egressMap  = "egress"
)

// render writes the whole table into the transaction, replacing what was there.
// A pod that a policy isolates gets a chain per direction, which returns for what
// is allowed and drops the rest.
func render(tx *knftables.Transaction, w world) {
	tx.Add(&knftables.Table{})
	tx.Delete(&knftables.Table{})
	tx.Add(&knftables.Table{})
	for _, name := range []string{egressMap, ingressMap} {
		tx.Add(&knftables.Map{Name: name, Type: "ipv4_addr : verdict"})
	}
	addHooks(tx)
	pods := w.addressed()
	for _, p := range pods {
		var in, out []string
		isolatedIn, isolatedOut := false, false
		for _, np := range w.policiesOf(p) {
			if slices.Contains(np.Spec.PolicyTypes, netv1.PolicyTypeIngress) {
				isolatedIn = true
				for _, r := range np.Spec.Ingress {
					in = append(in, matchers(w, pods, side{"ip saddr", np.Namespace, p}, r.From, r.Ports)...)
				}
			}
			if slices.Contains(np.Spec.PolicyTypes, netv1.PolicyTypeEgress) {
				isolatedOut = true
				for _, r := range np.Spec.Egress {
					out = append(out, matchers(w, pods, side{"ip daddr", np.Namespace, nil}, r.To, r.Ports)...)
				}
			}
		}
		if isolatedIn {
			addChain(tx, ingressMap, p, in)
		}
		if isolatedOut {
			addChain(tx, egressMap, p, out)
		}
	}
}

// addHooks joins the maps to the kernel's path, behind the translation of Service
// addresses (priority filter+10), so policies see endpoints, as they must.
//
// Only answers pass without a look. What a client sends is judged for every
// packet, so a new policy also cuts connections that are already open.
func addHooks(tx *knftables.Transaction) {
	hooks := []struct {
		hook  knftables.BaseChainHook
		rules []string
	}{
		{knftables.ForwardHook, []string{"ip saddr vmap @" + egressMap, "ip daddr vmap @" + ingressMap}},
		// To the node itself, as to the API server: only egress rules apply.
		{knftables.InputHook, []string{"ip saddr vmap @" + egressMap}},
	}
	for _, h := range hooks {
		name := string(h.hook)
		tx.Add(&knftables.Chain{
			Name: name, Type: knftables.PtrTo(knftables.FilterType),
			Hook: knftables.PtrTo(h.hook), Priority: knftables.PtrTo(knftables.FilterPriority + "+10"),
		})
		answers := []string{"ct state related accept", "ct direction reply ct state established accept"}
		for _, r := range append(answers, h.rules...) {
			tx.Add(&knftables.Rule{Chain: name, Rule: r})
		}
	}
}

// addChain adds the chain of one pod and direction and points the map to it.
func addChain(tx *knftables.Transaction, direction string, p *corev1.Pod, allowed []string) {
	name := direction + "-" + p.Status.PodIP
	tx.Add(&knftables.Chain{Name: name, Comment: knftables.PtrTo(p.Namespace + "/" + p.Name)})
	for _, match := range allowed {
		tx.Add(&knftables.Rule{Chain: name, Rule: knftables.Concat(match, "return")})
	}
	tx.Add(&knftables.Rule{Chain: name, Rule: "counter drop"})
	tx.Add(&knftables.Element{Map: direction, Key: []string{p.Status.PodIP}, Value: []string{"jump " + name}})
}

// side is the view of one direction: where the peer's address stands in a packet,
// the policy's namespace, and whose containers named ports belong to (nil: the
// peer's).
type side struct {
	field     string
	namespace string
	owner     *corev1.Pod
}

// matchers renders one policy rule: every peer with every port. No peers means
// anybody, no ports means any.
func matchers(w world, pods []*corev1.Pod, s side, peers []netv1.NetworkPolicyPeer, ports []netv1.NetworkPolicyPort) []string {
	if len(peers) == 0 {
		return withPorts("", ports, s.owner)
	}
	var out []string
	for _, peer := range peers {
		if peer.IPBlock != nil && !isIPv6(peer.IPBlock.CIDR) {
			out = append(out, withPorts(s.block(peer.IPBlock), ports, s.owner)...)
		}
		for _, p := range pods {
			if !w.isPeer(peer, s.namespace, p) {
				continue
			}
			owner := s.owner
			if owner == nil {
				owner = p
			}
			out = append(out, withPorts(s.field+" "+p.Status.PodIP, ports, owner)...)
		}
	}
	return out
}

// isIPv6 tells address blocks apart that cannot occur here: pods have IPv4 only.
func isIPv6(cidr string) bool { return strings.Contains(cidr, ":") }

func (s side) block(b *netv1.IPBlock) string {
	match := s.field + " " + b.CIDR
	if len(b.Except) > 0 {
		match += fmt.Sprintf(" %s != { %s }", s.field, strings.Join(b.Except, ", "))
	}
	return match
}

// withPorts narrows an address match to each of the ports.
func withPorts(address string, ports []netv1.NetworkPolicyPort, owner *corev1.Pod) []string {
	if len(ports) == 0 {
		return []string{address}
	}
	var out []string
	for _, port := range ports {
		if match, ok := portMatch(port, owner); ok {
			out = append(out, knftables.Concat(address, match))
		}
	}
	return out
}

// portMatch is false for a named port that the owner does not have: it means
// nothing then, as the API says.
func portMatch(port netv1.NetworkPolicyPort, owner *corev1.Pod) (string, bool) {
	protocol := corev1.ProtocolTCP
	if port.Protocol != nil {
		protocol = *port.Protocol
	}
	l4 := strings.ToLower(string(protocol))
	switch {
	case port.Port == nil:
		return "meta l4proto " + l4, true
	case port.Port.Type == intstr.String:
		number := namedPort(owner, port.Port.StrVal, protocol)
		return fmt.Sprintf("%s dport %d", l4, number), number != 0
	case port.EndPort != nil:
		return fmt.Sprintf("%s dport %d-%d", l4, port.Port.IntVal, *port.EndPort), true
	default:
		return fmt.Sprintf("%s dport %d", l4, port.Port.IntVal), true
	}
}
