package charts

import (
	"strconv"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
)

// Operator, API and bundled Postgres together ask for less than 300 MB, so that a small
// instance is enough to start with. Jobs come and go and are not counted.
func TestTheStandingPodsAskForLessThan300Megabytes(t *testing.T) {
	const limit = 300_000_000
	total, pods := int64(0), 0
	for _, object := range objects(t, "default") {
		if object.Kind() != "Deployment" && object.Kind() != "StatefulSet" {
			continue
		}
		pods++
		for _, container := range render.Containers(object.PodSpec()) {
			resources := container["resources"].(map[string]any)
			memory := resources["requests"].(map[string]any)["memory"].(string)
			mebibytes, err := strconv.ParseInt(strings.TrimSuffix(memory, "Mi"), 10, 64)
			if err != nil {
				t.Fatalf("%s: %v", object.ID(), err)
			}
			total += mebibytes << 20
		}
	}
	if pods != 3 {
		t.Errorf("%d workloads stand, want operator, API and Postgres", pods)
	}
	if total >= limit {
		t.Errorf("they ask for %d bytes, the limit is %d", total, limit)
	}
}
