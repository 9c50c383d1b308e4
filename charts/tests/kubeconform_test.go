package charts

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/schemas"
	"deskfleet.dev/charts/tests/internal/tools"
)

// schemaFolder makes the schemas of one Kubernetes version and of our definitions.
func schemaFolder(t *testing.T, version string) string {
	t.Helper()
	dir := t.TempDir()
	swagger, err := schemas.Swagger(version)
	if err != nil {
		t.Fatal(err)
	}
	if err := schemas.WriteKubernetes(swagger, dir); err != nil {
		t.Fatal(err)
	}
	for _, manifest := range definitions(t) {
		text, err := os.ReadFile(manifest)
		if err != nil {
			t.Fatal(err)
		}
		if err := schemas.WriteDefinition(text, dir); err != nil {
			t.Fatalf("%s: %v", manifest, err)
		}
	}
	return dir
}

// definitions are the paths of our CustomResourceDefinitions.
func definitions(t *testing.T) []string {
	t.Helper()
	var found []string
	all, err := filepath.Glob(filepath.Join(repositoryRoot(t), "crds", "manifests", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range all {
		if filepath.Base(path) != "kustomization.yaml" {
			found = append(found, path)
		}
	}
	if len(found) == 0 {
		t.Fatal("crds/manifests holds no definition: run `make generate`")
	}
	return found
}

func conform(schemaDir string, manifests []byte) error {
	_, err := tools.Run(schemaDir, manifests, "kubeconform", "-strict", "-summary",
		"-schema-location", schemas.Location(schemaDir),
		// A kind of the Prometheus operator: no schema of it is part of Kubernetes.
		"-skip", "ServiceMonitor", "-")
	return err
}

// One run a version: compiling Kubernetes' schemas takes most of the time.
func TestEveryKubernetesVersionKnowsEveryField(t *testing.T) {
	var all bytes.Buffer
	for _, profile := range render.Profiles {
		text, err := render.Chart(profile)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, text := range samples(t) {
		all.WriteString("\n---\n")
		all.Write(text)
	}
	for _, version := range schemas.Versions {
		t.Run(version, func(t *testing.T) {
			if err := conform(schemaFolder(t, version), all.Bytes()); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestAMisspeltFieldIsRefused(t *testing.T) {
	dir := schemaFolder(t, schemas.Versions[1])
	refusedNaming(t, conform(dir, []byte("apiVersion: v1\nkind: Service\nmetadata: {name: x}\nspec: {selectors: {a: b}}\n")), "selectors")
	for path, text := range samples(t) {
		inSpec := bytes.Replace(text, []byte("\nspec:\n"), []byte("\nspec:\n  misspelt: true\n"), 1)
		if bytes.Equal(inSpec, text) {
			t.Errorf("%s has no spec", path)
		}
		refusedNaming(t, conform(dir, inSpec), "misspelt")
		inMetadata := bytes.Replace(text, []byte("\nmetadata:\n"), []byte("\nmetadata:\n  lables: {}\n"), 1)
		refusedNaming(t, conform(dir, inMetadata), "lables")
	}
}

func refusedNaming(t *testing.T, err error, field string) {
	t.Helper()
	var failure *tools.Failure
	if !errors.As(err, &failure) || !strings.Contains(failure.Stdout, field) {
		t.Errorf("%s was not refused by name: %v", field, err)
	}
}

// samples are the texts of config/samples by path.
func samples(t *testing.T) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(repositoryRoot(t), "config", "samples", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string][]byte{}
	for _, path := range paths {
		if filepath.Base(path) == "kustomization.yaml" {
			continue
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = text
	}
	if len(texts) == 0 {
		t.Fatal("config/samples is empty")
	}
	return texts
}
