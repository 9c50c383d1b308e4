package netpol

import (
	"context"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	netv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"
	"sigs.k8s.io/knftables"
	"sigs.k8s.io/yaml"
)

var update = flag.Bool("update", false, "write the golden files anew")

// The pods of every case: two applications in one namespace, the name server in
// another, one pod without an address and one on the host's network.
func pods() []*corev1.Pod {
	p := func(ns, name, ip string, l map[string]string) *corev1.Pod {
		pod := &corev1.Pod{}
		pod.Namespace, pod.Name, pod.Labels, pod.Status.PodIP = ns, name, l, ip
		return pod
	}
	web := p("shop", "web", "10.88.1.2", map[string]string{"app": "web"})
	web.Spec.Containers = []corev1.Container{{Ports: []corev1.ContainerPort{{Name: "http", ContainerPort: 8080, Protocol: corev1.ProtocolTCP}}}}
	dns := p("kube-system", "dns", "10.88.1.1", map[string]string{"k8s-app": "kube-dns"})
	dns.Spec.Containers = []corev1.Container{{Ports: []corev1.ContainerPort{{Name: "dns", ContainerPort: 5353, Protocol: corev1.ProtocolUDP}}}}
	onHost := p("shop", "agent", "10.88.0.1", map[string]string{"app": "web"})
	onHost.Spec.HostNetwork = true
	ended := p("shop", "job", "10.88.1.2", map[string]string{"app": "friend"})
	ended.Status.Phase = corev1.PodSucceeded
	return []*corev1.Pod{
		web, p("shop", "friend", "10.88.1.3", map[string]string{"app": "friend"}), dns,
		p("shop", "starting", "", map[string]string{"app": "friend"}), onHost, ended,
	}
}

func policies(t *testing.T, file string) []*netv1.NetworkPolicy {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var list netv1.NetworkPolicyList
	if err := yaml.UnmarshalStrict(text, &list); err != nil {
		t.Fatal(err)
	}
	var all []*netv1.NetworkPolicy
	for i := range list.Items {
		all = append(all, &list.Items[i])
	}
	return all
}

func rendered(t *testing.T, w world) string {
	t.Helper()
	nft := knftables.NewFake(knftables.IPv4Family, Table)
	tx := nft.NewTransaction()
	render(tx, w)
	// The fake refuses rules that refer to what is not there.
	if err := nft.Run(context.Background(), tx); err != nil {
		t.Fatal(err)
	}
	return nft.Dump()
}

func TestTablesAreRenderedAsInTheGoldenFiles(t *testing.T) {
	cases, err := filepath.Glob("testdata/*.yaml")
	if err != nil || len(cases) == 0 {
		t.Fatalf("no cases: %v", err)
	}
	for _, file := range cases {
		w := world{pods: pods(), policies: policies(t, file), namespaces: map[string]labels.Set{
			"shop":        {"kubernetes.io/metadata.name": "shop"},
			"kube-system": {"kubernetes.io/metadata.name": "kube-system"},
		}}
		got := rendered(t, w)
		golden := file[:len(file)-len(".yaml")] + ".nft"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s\n(go test ./internal/netpol -update writes it anew)", file, got, want)
		}
		slices.Reverse(w.pods)
		slices.Reverse(w.policies)
		if rendered(t, w) != got {
			t.Errorf("%s: the order of pods and policies changes the table", file)
		}
	}
}
