package charts

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
)

func readFile(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{repositoryRoot(t)}, path...)...))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// A pod whose program the image lacks would only fail in the cluster.
func TestTheImageHoldsEveryProgramThatPodsRun(t *testing.T) {
	recipe := readFile(t, "images", "deskfleet.Dockerfile")
	programs := map[string]bool{"deskfleet-sync": true} // run by the operator's jobs
	for _, object := range objects(t, "full") {
		for _, container := range render.Containers(object.PodSpec()) {
			if command, _ := container["command"].([]any); len(command) > 0 {
				programs[path.Base(command[0].(string))] = true
			}
		}
	}
	if len(programs) < 4 {
		t.Fatalf("pods run only %v", programs)
	}
	for program := range programs {
		if !strings.Contains(recipe, "target/release/"+program) {
			t.Errorf("images/deskfleet.Dockerfile does not copy %s", program)
		}
	}
}

func TestTheBuildContextHoldsEveryCrate(t *testing.T) {
	members := regexp.MustCompile(`(?s)members = \[(.*?)\]`).FindStringSubmatch(readFile(t, "Cargo.toml"))
	if members == nil {
		t.Fatal("Cargo.toml has no list of members")
	}
	ignore := readFile(t, "images", "deskfleet.Dockerfile.dockerignore")
	for _, quoted := range regexp.MustCompile(`"([^"]+)"`).FindAllStringSubmatch(members[1], -1) {
		folder, _, _ := strings.Cut(quoted[1], "/")
		if !strings.Contains(ignore, "\n!"+folder+"\n") {
			t.Errorf("images/deskfleet.Dockerfile.dockerignore leaves out %s", folder)
		}
	}
}
