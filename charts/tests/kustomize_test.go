package charts

import (
	"reflect"
	"testing"

	"deskfleet.dev/charts/tests/internal/generated"
	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

func kustomize(t *testing.T, folder string) []render.Object {
	t.Helper()
	text, err := tools.Run(repositoryRoot(t), nil, "kustomize", "build", "config/"+folder)
	if err != nil {
		t.Fatal(err)
	}
	objects, err := render.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// config/default is the chart's default rendering, and the namespace that Helm's
// --create-namespace makes.
func TestKustomizeBuildsTheSameObjectsAsTheChart(t *testing.T) {
	chart := map[string]map[string]any{}
	for _, object := range objects(t, "default") {
		chart[object.ID()] = comparable(object)
	}
	for _, object := range kustomize(t, "default") {
		if object.Kind() == "Namespace" {
			want(t, object.At("metadata", "labels").(map[string]any), "pod-security.kubernetes.io/enforce", "restricted")
			continue
		}
		same, known := chart[object.ID()]
		switch {
		case !known:
			t.Errorf("%s is not in the chart", object.ID())
		case !reflect.DeepEqual(comparable(object), same):
			t.Errorf("%s differs from the chart's", object.ID())
		}
		delete(chart, object.ID())
	}
	for id := range chart {
		t.Errorf("%s is missing from config/default", id)
	}
}

// comparable is the object without what only Helm adds.
func comparable(object render.Object) map[string]any {
	object = generated.WithoutHelm(object)
	if object.Kind() == "CustomResourceDefinition" {
		// The chart labels the definitions, crds/manifests does not.
		delete(object.At("metadata").(map[string]any), "labels")
	}
	return object.Fields
}

func TestKustomizeBuildsTheSamples(t *testing.T) {
	kinds := map[string]int{}
	for _, object := range kustomize(t, "samples") {
		kinds[object.Kind()]++
	}
	for _, kind := range []string{"WorkspaceAccount", "SyncSchedule"} {
		if kinds[kind] < 2 {
			t.Errorf("%d samples of %s, want a minimal and a full one", kinds[kind], kind)
		}
	}
}
