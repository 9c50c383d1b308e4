package generated

import (
	"bytes"
	"os"
	"path/filepath"

	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

// goldens are the whole renderings of each profile. The definitions are left out:
// crds/manifests is their golden.
func goldens() (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, profile := range render.Profiles {
		objects, err := render.Objects(profile)
		if err != nil {
			return nil, err
		}
		var text bytes.Buffer
		text.WriteString(Header)
		for _, object := range objects {
			if object.Kind() == "CustomResourceDefinition" {
				continue
			}
			text.WriteString("---\n# Source: " + object.Source + "\n" + object.Text)
		}
		files["charts/tests/goldens/"+profile+".yaml"] = text.Bytes()
	}
	return files, nil
}

// readmes are what helm-docs makes of values.yaml and README.md.gotmpl.
func readmes() (map[string][]byte, error) {
	root, err := tools.Root()
	if err != nil {
		return nil, err
	}
	files := map[string][]byte{}
	for _, chart := range []string{"deskfleet", "deskfleet-crds"} {
		folder := filepath.Join(root, "charts", chart)
		// helm-docs writes beside the chart unless told to print; a dry run prints.
		text, err := tools.Run(folder, nil, "helm-docs", "--dry-run", "--log-level", "error", "--chart-search-root", ".", "--chart-to-generate", ".")
		if err != nil {
			return nil, err
		}
		if _, err := os.Stat(filepath.Join(folder, "README.md.gotmpl")); err != nil {
			return nil, err
		}
		files["charts/"+chart+"/README.md"] = append(bytes.TrimSpace(text), '\n')
	}
	return files, nil
}
