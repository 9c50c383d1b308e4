package charts

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
)

// eachPod runs test for every object that makes pods, in every profile.
func eachPod(t *testing.T, test func(t *testing.T, object render.Object, spec map[string]any)) {
	t.Helper()
	eachProfile(t, func(t *testing.T, profile string) {
		pods := 0
		for _, object := range objects(t, profile) {
			if spec := object.PodSpec(); spec != nil {
				pods++
				t.Run(object.Kind()+" "+object.Name(), func(t *testing.T) { test(t, object, spec) })
			}
		}
		if pods == 0 {
			t.Error("no object makes pods")
		}
	})
}

func TestEveryPodFitsTheRestrictedStandard(t *testing.T) {
	eachPod(t, func(t *testing.T, _ render.Object, spec map[string]any) {
		pod, _ := spec["securityContext"].(map[string]any)
		want(t, pod, "runAsNonRoot", true)
		want(t, pod, "seccompProfile", map[string]any{"type": "RuntimeDefault"})
		for _, shared := range []string{"hostNetwork", "hostPID", "hostIPC"} {
			want(t, spec, shared, nil)
		}
		for _, container := range render.Containers(spec) {
			context, _ := container["securityContext"].(map[string]any)
			want(t, context, "allowPrivilegeEscalation", false)
			want(t, context, "readOnlyRootFilesystem", true)
			want(t, context, "runAsNonRoot", true)
			want(t, context, "capabilities", map[string]any{"drop": []any{"ALL"}})
		}
		volumes, _ := spec["volumes"].([]any)
		for _, volume := range volumes {
			want(t, volume.(map[string]any), "hostPath", nil)
		}
	})
}

func TestEveryContainerHasRequestsAndLimits(t *testing.T) {
	eachPod(t, func(t *testing.T, _ render.Object, spec map[string]any) {
		for _, container := range render.Containers(spec) {
			for _, list := range []string{"requests", "limits"} {
				for _, resource := range []string{"cpu", "memory", "ephemeral-storage"} {
					resources, _ := container["resources"].(map[string]any)
					amounts, _ := resources[list].(map[string]any)
					if amounts[resource] == nil {
						t.Errorf("container %v has no %s in %s", container["name"], resource, list)
					}
				}
			}
		}
	})
}

// Whoever needs no Kubernetes API gets no token for it.
func TestOnlyOperatorAndSetupHaveAToken(t *testing.T) {
	eachPod(t, func(t *testing.T, object render.Object, spec map[string]any) {
		component := object.String("metadata", "labels", "app.kubernetes.io/component")
		want(t, spec, "automountServiceAccountToken", component == "operator" || component == "setup")
		want(t, spec, "enableServiceLinks", false)
	})
	for _, object := range objects(t, "full") {
		if object.Kind() == "ServiceAccount" {
			want(t, object.Fields, "automountServiceAccountToken", false)
		}
	}
}

// Secrets reach programs as files only: an environment shows up in dumps and child processes.
func TestNoEnvironmentVariableComesFromASecret(t *testing.T) {
	eachPod(t, func(t *testing.T, _ render.Object, spec map[string]any) {
		for _, container := range render.Containers(spec) {
			want(t, container, "envFrom", nil)
			env, _ := container["env"].([]any)
			for _, item := range env {
				variable := item.(map[string]any)
				from, _ := variable["valueFrom"].(map[string]any)
				want(t, from, "secretKeyRef", nil)
			}
		}
	})
}

// Whoever can write the audit trail must not be able to sign it.
func TestOnlyCheckpointsMountTheSigningKey(t *testing.T) {
	signing := 0
	eachPod(t, func(t *testing.T, object render.Object, spec map[string]any) {
		volumes, _ := spec["volumes"].([]any)
		for _, item := range volumes {
			secret, _ := item.(map[string]any)["secret"].(map[string]any)
			if secret["secretName"] != "deskfleet-audit-signing" {
				continue
			}
			signing++
			if component := object.String("metadata", "labels", "app.kubernetes.io/component"); component != "checkpoint" {
				t.Errorf("%s mounts the key", object.ID())
			}
		}
	})
	if signing == 0 {
		t.Error("nothing mounts it")
	}
}

// The operator has no verb on Secrets; setup may create them and read the one whose
// password it must repeat; nobody has a wildcard.
func TestRightsAreLeast(t *testing.T) {
	eachProfile(t, func(t *testing.T, profile string) {
		for _, object := range objects(t, profile) {
			if object.Kind() != "Role" && object.Kind() != "ClusterRole" {
				continue
			}
			component := object.String("metadata", "labels", "app.kubernetes.io/component")
			rules, _ := object.At("rules").([]any)
			if len(rules) == 0 {
				t.Errorf("%s has no rules", object.ID())
			}
			for _, item := range rules {
				rule := item.(map[string]any)
				if text := fmt.Sprint(rule); strings.Contains(text, "*") {
					t.Errorf("%s has a wildcard: %s", object.ID(), text)
				}
				resources, _ := rule["resources"].([]any)
				if slices.Contains(resources, any("secrets")) && !setupRule(component, rule) {
					t.Errorf("%s has %v on Secrets", object.ID(), rule["verbs"])
				}
			}
		}
	})
}

func setupRule(component string, rule map[string]any) bool {
	verbs, names := fmt.Sprint(rule["verbs"]), fmt.Sprint(rule["resourceNames"])
	return component == "setup" && (verbs == "[create]" || verbs == "[get]" && names == "[deskfleet-postgresql]")
}

func TestANamespacedInstallationMakesNothingClusterWide(t *testing.T) {
	for _, object := range objects(t, "default") {
		if strings.HasPrefix(object.Kind(), "Cluster") {
			t.Errorf("%s is cluster-scoped", object.ID())
		}
	}
}

// Whatever pods a profile makes, some policy limits what reaches them and what they reach.
func TestEveryPodHasANetworkPolicyForBothDirections(t *testing.T) {
	for _, profile := range []string{"default", "external-database", "full"} {
		t.Run(profile, func(t *testing.T) {
			guarded := map[string]bool{}
			all := objects(t, profile)
			for _, object := range all {
				if object.Kind() == "NetworkPolicy" && fmt.Sprint(object.At("spec", "policyTypes")) == "[Ingress Egress]" {
					guarded[fmt.Sprint(object.At("spec", "podSelector", "matchLabels"))] = true
				}
			}
			for _, object := range all {
				if object.PodSpec() != nil && !guarded[selectorOf(object)] {
					t.Errorf("no policy guards the pods of %s", object.ID())
				}
			}
		})
	}
}

func selectorOf(object render.Object) string {
	labels := object.PodLabels()
	selector := map[string]any{}
	for _, key := range []string{"name", "instance", "component"} {
		selector["app.kubernetes.io/"+key] = labels["app.kubernetes.io/"+key]
	}
	return fmt.Sprint(selector)
}

func want(t *testing.T, tree map[string]any, key string, value any) {
	t.Helper()
	if fmt.Sprint(tree[key]) != fmt.Sprint(value) {
		t.Errorf("%s is %v, must be %v", key, tree[key], value)
	}
}
