package charts

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"deskfleet.dev/charts/tests/internal/generated"
)

func TestGeneratedFilesAreFresh(t *testing.T) {
	root := repositoryRoot(t)
	files, err := generated.Files()
	if err != nil {
		t.Fatal(err)
	}
	if len(files) == 0 {
		t.Fatal("nothing is generated")
	}
	for path, want := range files {
		have, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Errorf("%s is missing: run `make generate`", path)
			continue
		}
		if !bytes.Equal(have, want) {
			t.Errorf("%s is stale, first difference in line %d: run `make generate` and look at the change", path, firstDifference(have, want))
		}
	}
	owned, err := generated.Owned(root)
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range owned {
		if _, wanted := files[path]; !wanted {
			t.Errorf("%s is generated no longer: run `make generate`", path)
		}
	}
}

func firstDifference(have, want []byte) int {
	line := 1
	for i := range min(len(have), len(want)) {
		if have[i] != want[i] {
			return line
		}
		if have[i] == '\n' {
			line++
		}
	}
	return line
}
