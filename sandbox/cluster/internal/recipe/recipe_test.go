package recipe

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

func TestAnImageIsBuiltOnceForEachInput(t *testing.T) {
	var progress bytes.Buffer
	s := Store{Dir: filepath.Join(t.TempDir(), "images"), Progress: &progress}
	program := filepath.Join(t.TempDir(), "program")
	ensure := func(content string) string {
		if err := os.WriteFile(program, []byte(content), 0o755); err != nil {
			t.Fatal(err)
		}
		archive, err := s.Ensure(context.Background(), Pause(program))
		if err != nil {
			t.Fatal(err)
		}
		return archive
	}
	first := ensure("one")
	if again := ensure("one"); again != first {
		t.Errorf("%s, then %s", first, again)
	}
	if built := strings.Count(progress.String(), "built image"); built != 1 {
		t.Errorf("built %d times", built)
	}
	second := ensure("two")
	if second == first {
		t.Error("another program gave the same archive")
	}
	longAgo := time.Now().Add(-2 * unusedFor)
	if err := os.Chtimes(first, longAgo, longAgo); err != nil {
		t.Fatal(err)
	}
	ensure("three")
	if _, err := os.Stat(first); err == nil {
		t.Error("an archive that nobody uses stays")
	}
	if _, err := os.Stat(second); err != nil {
		t.Error("an archive that was just used is gone")
	}
	img, err := image.Open(second)
	if err != nil || img.Name != PauseTag {
		t.Errorf("image %s, %v", img.Name, err)
	}
}

func TestOnlyExecutablesOfTheProjectAreTaken(t *testing.T) {
	dir := t.TempDir()
	for name, mode := range map[string]os.FileMode{
		"deskfleet-api": 0o755, "deskfleet-sync": 0o755, "deskfleet-sync.d": 0o755, "deskfleet-notes": 0o644, "other": 0o755,
	} {
		if err := os.WriteFile(filepath.Join(dir, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	names, err := executables(dir)
	if err != nil || strings.Join(names, " ") != "deskfleet-api deskfleet-sync" {
		t.Errorf("%v, %v", names, err)
	}
	if _, err := executables(t.TempDir()); err == nil || !strings.Contains(err.Error(), "build them first") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestATreesKeyChangesWithAllThatMatters(t *testing.T) {
	keys := map[string]bool{}
	trees := []tree{
		{}, {packages: []string{"a"}}, {drop: []string{"a"}}, {users: "a"}, {groups: "a"}, {packages: []string{"a", "b"}},
	}
	for _, tr := range trees {
		keys[tr.key()] = true
	}
	if len(keys) != len(trees) {
		t.Errorf("%d keys for %d trees", len(keys), len(trees))
	}
}
