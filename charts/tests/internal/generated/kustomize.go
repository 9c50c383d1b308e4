package generated

import (
	"bytes"
	"fmt"
	"path"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"deskfleet.dev/charts/tests/internal/render"
)

// folderOf maps a template's folder to the folder of config/ that holds its objects.
// Identities and rights stand together, so that a reviewer reads them in one place.
func folderOf(object render.Object) (string, error) {
	switch object.Kind() {
	case "ServiceAccount", "Role", "RoleBinding":
		return "rbac", nil
	}
	switch folder := path.Base(path.Dir(object.Source)); folder {
	case "operator", "api", "postgresql":
		return folder, nil
	case "setup", "migrate", "retain", "jobs", "checkpoint":
		return "jobs", nil
	default:
		return "", fmt.Errorf("%s: say in folderOf which folder of config/ takes it", object.Source)
	}
}

// BaseFolders are the folders of config/ that are generated whole.
func BaseFolders() []string { return []string{"rbac", "operator", "api", "jobs", "postgresql"} }

// kustomizeBases are the default rendering as one folder a concern, one file an object,
// without the labels that only Helm gives.
func kustomizeBases() (map[string][]byte, error) {
	objects, err := render.Objects("default")
	if err != nil {
		return nil, err
	}
	files, resources := map[string][]byte{}, map[string][]string{}
	for _, object := range objects {
		if object.Kind() == "CustomResourceDefinition" {
			continue
		}
		folder, err := folderOf(object)
		if err != nil {
			return nil, err
		}
		name := baseFile(object)
		resources[folder] = append(resources[folder], name)
		text, err := yaml.Marshal(WithoutHelm(object).Fields)
		if err != nil {
			return nil, err
		}
		files["config/"+folder+"/"+name] = append([]byte(Header), text...)
	}
	for folder, names := range resources {
		slices.Sort(names)
		var text bytes.Buffer
		text.WriteString(Header + "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n")
		for _, name := range names {
			text.WriteString("  - " + name + "\n")
		}
		files["config/"+folder+"/kustomization.yaml"] = text.Bytes()
	}
	return files, nil
}

// baseFile is <component>_<kind>.yaml, free of hashes so that history stays readable.
func baseFile(object render.Object) string {
	component := object.String("metadata", "labels", "app.kubernetes.io/component")
	return component + "_" + strings.ToLower(object.Kind()) + ".yaml"
}

// WithoutHelm is the object without the labels that say Helm made it.
func WithoutHelm(object render.Object) render.Object {
	metadata, _ := object.Fields["metadata"].(map[string]any)
	if labels, ok := metadata["labels"].(map[string]any); ok {
		delete(labels, "helm.sh/chart")
		delete(labels, "app.kubernetes.io/managed-by")
	}
	if annotations, ok := metadata["annotations"].(map[string]any); ok {
		delete(annotations, "helm.sh/resource-policy")
		if len(annotations) == 0 {
			delete(metadata, "annotations")
		}
	}
	return object
}
