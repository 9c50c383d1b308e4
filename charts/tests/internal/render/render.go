// Package render turns the charts into objects with the real helm.
//
// In: the name of a values file under charts/tests/values ("default" has none).
// Out: the rendered text, or its objects in order. Deliberately absent: a cluster.
package render

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"

	"deskfleet.dev/charts/tests/internal/tools"
)

// Profiles are the sets of values that goldens and checks cover.
var Profiles = []string{"default", "minimal", "external-database", "full"}

// Object is one rendered object.
type Object struct {
	// Source is the template's path in its chart, such as deskfleet/templates/api/service.yaml.
	Source string
	// Text is the object as rendered, without the source comment.
	Text string
	// Fields is the object as a tree.
	Fields map[string]any
}

// Kind is the object's kind.
func (o Object) Kind() string { return o.String("kind") }

// Name is the object's name.
func (o Object) Name() string { return o.String("metadata", "name") }

// ID tells objects of one rendering apart.
func (o Object) ID() string { return o.String("apiVersion") + "/" + o.Kind() + "/" + o.Name() }

// String is the text at a path, empty where it is absent.
func (o Object) String(path ...string) string {
	text, _ := o.At(path...).(string)
	return text
}

// At is the value at a path, nil where it is absent.
func (o Object) At(path ...string) any {
	var value any = o.Fields
	for _, key := range path {
		tree, ok := value.(map[string]any)
		if !ok {
			return nil
		}
		value = tree[key]
	}
	return value
}

// PodSpec is the spec of the pods that the object makes, nil where it makes none.
func (o Object) PodSpec() map[string]any {
	spec, _ := o.podTemplate("spec").(map[string]any)
	return spec
}

// PodLabels are the labels of the pods that the object makes.
func (o Object) PodLabels() map[string]any {
	labels, _ := o.podTemplate("metadata", "labels").(map[string]any)
	return labels
}

func (o Object) podTemplate(path ...string) any {
	at := []string{"spec", "template"}
	if o.Kind() == "CronJob" {
		at = []string{"spec", "jobTemplate", "spec", "template"}
	}
	return o.At(append(at, path...)...)
}

// Containers are all containers of a pod spec.
func Containers(podSpec map[string]any) []map[string]any {
	var out []map[string]any
	for _, key := range []string{"initContainers", "containers"} {
		list, _ := podSpec[key].([]any)
		for _, item := range list {
			out = append(out, item.(map[string]any))
		}
	}
	return out
}

// Chart renders charts/deskfleet as release deskfleet in namespace deskfleet.
func Chart(profile string, args ...string) ([]byte, error) {
	root, err := tools.Root()
	if err != nil {
		return nil, err
	}
	all := []string{"template", "deskfleet", filepath.Join(root, "charts", "deskfleet"), "--namespace", "deskfleet"}
	if profile != "default" {
		all = append(all, "--values", filepath.Join(root, "charts", "tests", "values", profile+".yaml"))
	}
	return tools.Run(root, nil, "helm", append(all, args...)...)
}

// Objects renders a profile and reads its objects.
func Objects(profile string, args ...string) ([]Object, error) {
	text, err := Chart(profile, args...)
	if err != nil {
		return nil, err
	}
	return Parse(text)
}

// Parse reads a stream of YAML documents.
func Parse(stream []byte) ([]Object, error) {
	var objects []Object
	for _, document := range bytes.Split(append([]byte("\n"), stream...), []byte("\n---")) {
		object := Object{Text: strings.TrimSpace(string(document)) + "\n"}
		if first, rest, found := strings.Cut(object.Text, "\n"); found && strings.HasPrefix(first, "# Source: ") {
			object.Source, object.Text = strings.TrimPrefix(first, "# Source: "), rest
		}
		if err := yaml.UnmarshalStrict([]byte(object.Text), &object.Fields); err != nil {
			return nil, fmt.Errorf("%s: %w", object.Source, err)
		}
		if len(object.Fields) > 0 {
			objects = append(objects, object)
		}
	}
	return objects, nil
}
