package charts

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
)

// policies are the NetworkPolicies of a profile by component.
func policies(t *testing.T, profile string, args ...string) map[string]render.Object {
	t.Helper()
	found := map[string]render.Object{}
	for _, object := range objects(t, profile, args...) {
		if object.Kind() == "NetworkPolicy" {
			found[object.String("metadata", "labels", "app.kubernetes.io/component")] = object
		}
	}
	return found
}

// rules are the rules of a policy in one direction.
func rules(policy render.Object, direction string) []map[string]any {
	var found []map[string]any
	list, _ := policy.At("spec", direction).([]any)
	for _, item := range list {
		found = append(found, item.(map[string]any))
	}
	return found
}

func isForDNS(rule map[string]any) bool { return strings.Contains(fmt.Sprint(rule["ports"]), "UDP") }

// A rule without peers would let a pod send anything to anybody in the shape of DNS.
func TestDNSIsAskedOfNamedPeersOnly(t *testing.T) {
	for _, profile := range []string{"default", "external-database", "full"} {
		t.Run(profile, func(t *testing.T) {
			asked := 0
			for component, policy := range policies(t, profile) {
				for _, rule := range rules(policy, "egress") {
					if !isForDNS(rule) {
						continue
					}
					asked++
					if peers, _ := rule["to"].([]any); len(peers) == 0 {
						t.Errorf("%s may ask anybody", component)
					}
				}
			}
			if asked < 4 {
				t.Errorf("only %d policies let pods ask for names", asked)
			}
		})
	}
}

func TestWithoutDNSPeersNobodyIsAsked(t *testing.T) {
	for component, policy := range policies(t, "default", "--set", "networkPolicy.dns.peers=null") {
		for _, rule := range rules(policy, "egress") {
			if isForDNS(rule) {
				t.Errorf("%s may ask %v", component, rule["to"])
			}
		}
	}
}

// What selects everything is written by leaving it out, never by an empty selector.
func TestNoPolicyTrustsEveryNamespace(t *testing.T) {
	eachProfile(t, func(t *testing.T, profile string) {
		for component, policy := range policies(t, profile, "--set", "operator.clusterWide=true") {
			if strings.Contains(policy.Text, "namespaceSelector: {}") || strings.Contains(policy.Text, "podSelector: {}") {
				t.Errorf("%s trusts whoever is there:\n%s", component, policy.Text)
			}
		}
	})
}

// jobPods are the labels of the pods that the operator's jobs make, from its own snapshots.
func jobPods(t *testing.T) map[string]map[string]any {
	t.Helper()
	pods := map[string]map[string]any{}
	paths, err := filepath.Glob(filepath.Join(repositoryRoot(t), "operator", "src", "*", "tests", "snapshots", "*.snap"))
	if err != nil {
		t.Fatal(err)
	}
	deeper, err := filepath.Glob(filepath.Join(repositoryRoot(t), "operator", "src", "*", "*", "tests", "snapshots", "*.snap"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(paths, deeper...) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		objects, err := render.Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		for _, object := range objects {
			at := []string{"spec", "template"}
			if object.Kind() == "CronJob" {
				at = []string{"spec", "jobTemplate", "spec", "template"}
			}
			labels, _ := object.At(append(at, "metadata", "labels")...).(map[string]any)
			if component, _ := labels["app.kubernetes.io/component"].(string); component != "" {
				pods[component] = labels
			}
		}
	}
	return pods
}

// selects understands matchLabels and the operator Exists, which is all that the chart uses.
func selects(selector any, labels map[string]any) bool {
	tree, _ := selector.(map[string]any)
	wanted, _ := tree["matchLabels"].(map[string]any)
	for key, value := range wanted {
		if labels[key] != value {
			return false
		}
	}
	expressions, _ := tree["matchExpressions"].([]any)
	for _, item := range expressions {
		expression := item.(map[string]any)
		if _, there := labels[expression["key"].(string)]; !there || expression["operator"] != "Exists" {
			return false
		}
	}
	return len(wanted)+len(expressions) > 0
}

// lets says whether the bundled Postgres lets a pod in.
func lets(policy render.Object, inReleaseNamespace bool, namespace, labels map[string]any) bool {
	for _, rule := range rules(policy, "ingress") {
		peers, _ := rule["from"].([]any)
		for _, item := range peers {
			peer := item.(map[string]any)
			namespaceSelector, elsewhere := peer["namespaceSelector"]
			if elsewhere && !selects(namespaceSelector, namespace) || !elsewhere && !inReleaseNamespace {
				continue
			}
			if selects(peer["podSelector"], labels) {
				return true
			}
		}
	}
	return false
}

// The operator labels pods, the chart selects them: both have to mean the same.
func TestSyncAndPurgeReachTheDatabase(t *testing.T) {
	pods := jobPods(t)
	for _, component := range []string{"sync", "purge"} {
		labels := pods[component]
		if labels == nil {
			t.Fatalf("no snapshot of the operator shows a pod of %s, only %d others", component, len(pods))
		}
		all := policies(t, "default")
		if !selects(all["jobs"].At("spec", "podSelector"), labels) {
			t.Errorf("the policy of jobs does not select the pods of %s", component)
		}
		if !lets(all["postgresql"], true, nil, labels) {
			t.Errorf("Postgres does not let the pods of %s in", component)
		}
	}
}

func TestClusterWideOnlyMarkedNamespacesReachTheDatabase(t *testing.T) {
	const clusterWide = "operator.clusterWide=true"
	pod := jobPods(t)["sync"]
	marked, other := map[string]any{"deskfleet.dev/jobs": "true"}, map[string]any{"kubernetes.io/metadata.name": "tenant"}
	postgres := policies(t, "default", "--set", clusterWide)["postgresql"]
	if !lets(postgres, false, marked, pod) {
		t.Error("a namespace with the label is kept out")
	}
	if lets(postgres, false, other, pod) {
		t.Error("a namespace without the label is let in")
	}
	if lets(postgres, false, marked, map[string]any{"app.kubernetes.io/part-of": "deskfleet"}) {
		t.Error("a pod that is no job's is let in from elsewhere")
	}
	if lets(policies(t, "default")["postgresql"], false, marked, pod) {
		t.Error("an installation in one namespace lets another one in")
	}
}
