package charts

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
)

// crates are the crates whose sources hold the settings of each program.
var crates = map[string][]string{
	"deskfleet-operator": {"operator", "contract", "telemetry"},
	"deskfleet-api":      {"api-server", "contract", "telemetry"},
	"deskfleet-store":    {"store", "contract", "telemetry"},
}

// A variable that the program does not read would be a setting without effect.
func TestEveryVariableIsReadByItsProgram(t *testing.T) {
	seen := map[string]bool{}
	for _, object := range objects(t, "full") {
		for _, container := range render.Containers(object.PodSpec()) {
			command, _ := container["command"].([]any)
			if len(command) == 0 {
				continue // the bundled Postgres
			}
			program := path.Base(command[0].(string))
			seen[program] = true
			sources := rustSources(t, crates[program])
			env, _ := container["env"].([]any)
			for _, item := range env {
				name := item.(map[string]any)["name"].(string)
				if strings.HasPrefix(name, "DESKFLEET_") && !strings.Contains(sources, `"`+name+`"`) {
					t.Errorf("%s sets %s, which %s does not read", object.ID(), name, program)
				}
			}
		}
	}
	if len(seen) != len(crates) {
		t.Errorf("pods run %v, want all of %v", seen, crates)
	}
}

func rustSources(t *testing.T, crates []string) string {
	t.Helper()
	var all strings.Builder
	for _, crate := range crates {
		root := filepath.Join(repositoryRoot(t), crate, "src")
		err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || filepath.Ext(path) != ".rs" {
				return err
			}
			text, err := os.ReadFile(path)
			all.Write(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all.String()
}
