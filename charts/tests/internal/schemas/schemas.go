// Package schemas makes the JSON schemas that kubeconform judges objects by.
//
// In: Kubernetes' own OpenAPI v2 document (api/openapi-spec/swagger.json of module
// k8s.io/kubernetes, the same that an API server of that version serves), and our
// definitions. Out: a folder of closed schemas, one file a kind: an unknown field is an
// error, as under `kubectl apply --validate=strict`. Deliberately absent: a network of
// schema servers, and a running cluster.
package schemas

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// Versions are the Kubernetes versions that rendered objects must fit: the oldest and the
// newest that the chart promises, and the one that every other test runs on.
var Versions = []string{"v1.33.6", "v1.36.3", "v1.37.2"}

// Location is kubeconform's -schema-location for a folder made here.
func Location(dir string) string {
	return filepath.Join(dir, "{{.ResourceKind}}{{.KindSuffix}}.json")
}

const (
	definitionsFile = "_definitions.json"
	intOrString     = "io.k8s.apimachinery.pkg.util.intstr.IntOrString"
	quantity        = "io.k8s.apimachinery.pkg.api.resource.Quantity"
	objectMeta      = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"
	preserveUnknown = "x-kubernetes-preserve-unknown-fields"
)

type kind struct {
	Group   string `json:"group"`
	Version string `json:"version"`
	Kind    string `json:"kind"`
}

// Swagger is the path of Kubernetes' OpenAPI v2 document, from the Go module cache.
func Swagger(version string) (string, error) {
	command := exec.Command("go", "mod", "download", "-json", "k8s.io/kubernetes@"+version)
	command.Dir = os.TempDir() // outside any module, so that no go.mod is touched
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("download of k8s.io/kubernetes %s: %w\n%s", version, err, out)
	}
	var module struct{ Dir string }
	if err := json.Unmarshal(out, &module); err != nil {
		return "", err
	}
	return filepath.Join(module.Dir, "api", "openapi-spec", "swagger.json"), nil
}

// WriteKubernetes writes the schemas of Kubernetes' own kinds into dir.
func WriteKubernetes(swagger, dir string) error {
	text, err := os.ReadFile(swagger)
	if err != nil {
		return err
	}
	var document struct {
		Definitions map[string]map[string]any `json:"definitions"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		return err
	}
	closed := map[string]any{}
	for name, definition := range document.Definitions {
		closed[name] = closeObjects(definition)
	}
	textOrNumber := map[string]any{"oneOf": []any{map[string]any{"type": "string"}, map[string]any{"type": "number"}}}
	closed[intOrString], closed[quantity] = textOrNumber, textOrNumber
	if err := write(dir, definitionsFile, map[string]any{"definitions": closed}); err != nil {
		return err
	}
	for name, definition := range document.Definitions {
		kinds, err := kindsOf(definition)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if len(kinds) != 1 {
			continue // shared by many groups (DeleteOptions, WatchEvent), or no kind at all
		}
		if err := writeKind(dir, kinds[0], closed[name].(map[string]any)); err != nil {
			return err
		}
	}
	return nil
}

// WriteDefinition writes the schemas of one CustomResourceDefinition into dir.
func WriteDefinition(manifest []byte, dir string) error {
	var definition struct {
		Kind string `json:"kind"`
		Spec struct {
			Group string `json:"group"`
			Names struct {
				Kind string `json:"kind"`
			} `json:"names"`
			Versions []struct {
				Name   string `json:"name"`
				Schema struct {
					OpenAPIV3Schema map[string]any `json:"openAPIV3Schema"`
				} `json:"schema"`
			} `json:"versions"`
		} `json:"spec"`
	}
	if err := yaml.Unmarshal(manifest, &definition); err != nil {
		return err
	}
	if definition.Kind != "CustomResourceDefinition" {
		return fmt.Errorf("kind %q is no CustomResourceDefinition", definition.Kind)
	}
	for _, version := range definition.Spec.Versions {
		schema := closeObjects(version.Schema.OpenAPIV3Schema).(map[string]any)
		// The API server adds the metadata that a definition leaves out.
		schema["properties"].(map[string]any)["metadata"] = map[string]any{"$ref": definitionsFile + "#/definitions/" + objectMeta}
		of := kind{definition.Spec.Group, version.Name, definition.Spec.Names.Kind}
		if err := writeKind(dir, of, schema); err != nil {
			return err
		}
	}
	return nil
}

func kindsOf(definition map[string]any) ([]kind, error) {
	text, err := json.Marshal(definition["x-kubernetes-group-version-kind"])
	if err != nil {
		return nil, err
	}
	var kinds []kind
	return kinds, json.Unmarshal(text, &kinds)
}

// writeKind writes a kind's schema under the name that Location gives it.
func writeKind(dir string, of kind, schema map[string]any) error {
	apiVersion, parts := of.Version, []string{strings.ToLower(of.Kind)}
	if of.Group != "" {
		apiVersion = of.Group + "/" + of.Version
		group, _, _ := strings.Cut(of.Group, ".")
		parts = append(parts, group)
	}
	properties := map[string]any{}
	if known, ok := schema["properties"].(map[string]any); ok {
		for name, property := range known {
			properties[name] = property
		}
	}
	properties["apiVersion"] = map[string]any{"type": "string", "enum": []any{apiVersion}}
	properties["kind"] = map[string]any{"type": "string", "enum": []any{of.Kind}}
	top := map[string]any{}
	for name, value := range schema {
		top[name] = value
	}
	top["properties"] = properties
	return write(dir, strings.Join(append(parts, of.Version), "-")+".json", top)
}

// closeObjects refuses unknown properties wherever properties are listed, and drops
// Kubernetes' extensions, which JSON Schema does not know.
func closeObjects(node any) any {
	schema, ok := node.(map[string]any)
	if !ok {
		return node
	}
	if reference, ok := schema["$ref"].(string); ok {
		return map[string]any{"$ref": strings.Replace(reference, "#/definitions/", definitionsFile+"#/definitions/", 1)}
	}
	out := map[string]any{}
	for name, value := range schema {
		switch {
		case strings.HasPrefix(name, "x-kubernetes-"):
		case name == "items" || name == "additionalProperties":
			out[name] = closeObjects(value)
		case name == "properties":
			closed := map[string]any{}
			for property, inner := range value.(map[string]any) {
				closed[property] = closeObjects(inner)
			}
			out[name] = closed
			if schema[preserveUnknown] != true && schema["additionalProperties"] == nil {
				out["additionalProperties"] = false
			}
		default:
			out[name] = value
		}
	}
	return out
}

func write(dir, name string, value any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name), text, 0o644)
}
