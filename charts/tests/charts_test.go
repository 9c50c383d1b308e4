// Package charts tests the charts and config/ without a cluster: they are rendered by the
// real helm and kustomize and judged by kubeconform, kube-score and rules of our own.
// Installing them is tested end to end in tests/e2e.
package charts

import (
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

func repositoryRoot(t *testing.T) string {
	t.Helper()
	root, err := tools.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// objects renders a profile of values, and fails the test where that is not possible.
func objects(t *testing.T, profile string, args ...string) []render.Object {
	t.Helper()
	objects, err := render.Objects(profile, args...)
	if err != nil {
		t.Fatal(err)
	}
	if len(objects) == 0 {
		t.Fatalf("%s renders no object", profile)
	}
	return objects
}

// eachProfile runs a subtest for every profile.
func eachProfile(t *testing.T, test func(t *testing.T, profile string)) {
	t.Helper()
	for _, profile := range render.Profiles {
		t.Run(profile, func(t *testing.T) { test(t, profile) })
	}
}
