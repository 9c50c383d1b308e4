// Package gitops asks the tools that judge our objects from outside what they make of them:
// kstatus, which Flux and `kubectl wait` stand on, and the health script that Argo CD is given.
//
// The objects are in states.json, made by the operator's own stages, each with what a person
// expects of it; a difference between the tools is on purpose where it says why.
package gitops

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

type state struct {
	Name    string
	Kstatus string
	Argo    string
	Differs string
	Object  json.RawMessage
}

// What each verdict of kstatus is in Argo CD's words.
var agreeing = map[string]string{
	"Current":     "Healthy",
	"InProgress":  "Progressing",
	"Terminating": "Progressing",
	"Failed":      "Degraded",
}

func states(t *testing.T) []state {
	t.Helper()
	text, err := os.ReadFile("states.json")
	if err != nil {
		t.Fatal(err)
	}
	var all []state
	if err := json.Unmarshal(text, &all); err != nil {
		t.Fatal(err)
	}
	if len(all) < 30 {
		t.Fatalf("%d states are too few to prove anything", len(all))
	}
	return all
}

func (s state) object(t *testing.T) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	if err := object.UnmarshalJSON(s.Object); err != nil {
		t.Fatal(err)
	}
	return object
}

func (s state) in(t *testing.T) string { return s.object(t).GetKind() + " " + s.Name }

func TestFluxSeesEachState(t *testing.T) {
	for _, state := range states(t) {
		result, err := status.Compute(state.object(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := result.Status.String(); got != state.Kstatus {
			t.Errorf("%s: kstatus says %s (%s), expected %s", state.in(t), got, result.Message, state.Kstatus)
		}
	}
}

func TestArgoSeesEachState(t *testing.T) {
	script, err := os.ReadFile("../../config/gitops/health.lua")
	if err != nil {
		t.Fatal(err)
	}
	for _, state := range states(t) {
		health, err := evaluate(string(script), state.object(t).Object)
		if err != nil {
			t.Fatalf("%s: %v", state.in(t), err)
		}
		if health.Status != state.Argo {
			t.Errorf("%s: the script says %s (%s), expected %s", state.in(t), health.Status, health.Message, state.Argo)
		}
		if health.Message == "" {
			t.Errorf("%s: the script says nothing", state.in(t))
		}
	}
}

func TestTheToolsAgreeOrTheTableSaysWhyNot(t *testing.T) {
	for _, state := range states(t) {
		if agree := agreeing[state.Kstatus] == state.Argo; agree == (state.Differs != "") {
			t.Errorf("%s: kstatus %s, Argo CD %s, and the reason is %q", state.in(t), state.Kstatus, state.Argo, state.Differs)
		}
	}
}

// `kubectl wait --for=condition=Ready` ends where Ready is True for the present generation.
func TestReadyIsWaitedForAsLongAsFluxWaits(t *testing.T) {
	for _, state := range states(t) {
		object := state.object(t)
		ready := isReady(object)
		if ready && state.Kstatus != "Current" && state.Kstatus != "Terminating" {
			t.Errorf("%s: Ready is True, but kstatus says %s", state.in(t), state.Kstatus)
		}
		if !ready && state.Kstatus == "Current" && state.Differs == "" {
			t.Errorf("%s: kstatus says Current, but kubectl would wait", state.in(t))
		}
	}
}

func isReady(object *unstructured.Unstructured) bool {
	conditions, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	for _, each := range conditions {
		condition := each.(map[string]any)
		if condition["type"] == "Ready" {
			observed, _ := condition["observedGeneration"].(int64)
			return condition["status"] == "True" && observed == object.GetGeneration()
		}
	}
	return false
}

func TestEveryKindHasTheScript(t *testing.T) {
	kustomization, err := os.ReadFile("../../config/gitops/kustomization.yaml")
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := filepath.Glob("../../crds/manifests/*.yaml")
	if err != nil || len(manifests) == 0 {
		t.Fatalf("no definitions: %v", err)
	}
	seen := map[string]bool{}
	for _, state := range states(t) {
		seen[state.object(t).GetKind()] = true
	}
	for _, manifest := range manifests {
		text, err := os.ReadFile(manifest)
		if err != nil {
			t.Fatal(err)
		}
		var definition struct {
			Kind string
			Spec struct {
				Group string
				Names struct{ Kind string }
			}
		}
		if err := yaml.Unmarshal(text, &definition); err != nil {
			t.Fatal(err)
		}
		if definition.Kind != "CustomResourceDefinition" {
			continue
		}
		kind := definition.Spec.Names.Kind
		key := "resource.customizations.health." + definition.Spec.Group + "_" + kind + "=health.lua"
		if !strings.Contains(string(kustomization), key) {
			t.Errorf("config/gitops/kustomization.yaml lacks %s: Argo CD takes a kind without a script for healthy", key)
		}
		if !seen[kind] {
			t.Errorf("states.json has no %s", kind)
		}
	}
}
