package charts

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

// What kube-score calls CRITICAL is either mended or accepted on the object by the
// annotation kube-score/ignore, whose reason stands beside it in the template.
func TestKubeScoreFindsNothingCritical(t *testing.T) {
	eachProfile(t, func(t *testing.T, profile string) {
		text, err := render.Chart(profile)
		if err != nil {
			t.Fatal(err)
		}
		args := []string{"score", "--output-format", "json", "-"}
		if profile == "minimal" {
			// This profile turns network policies off: a platform may have its own.
			args = append(args, "--ignore-test", "pod-networkpolicy")
		}
		report, err := tools.Run(repositoryRoot(t), text, "kube-score", args...)
		var failure *tools.Failure
		if errors.As(err, &failure) {
			report = []byte(failure.Stdout) // it also ends with 1 where it only found something
		} else if err != nil {
			t.Fatal(err)
		}
		for _, finding := range critical(t, report) {
			t.Error(finding)
		}
	})
}

// gradeCritical is kube-score's scorecard.GradeCritical.
const gradeCritical = 1

func critical(t *testing.T, report []byte) []string {
	t.Helper()
	var scored []struct {
		Name   string `json:"object_name"`
		Checks []struct {
			Check struct {
				ID string `json:"id"`
			} `json:"check"`
			Grade    int  `json:"grade"`
			Skipped  bool `json:"skipped"`
			Comments []struct {
				Summary string `json:"summary"`
			} `json:"comments"`
		} `json:"checks"`
	}
	if err := json.Unmarshal(report, &scored); err != nil {
		t.Fatalf("%v in %.200s", err, report)
	}
	if len(scored) == 0 {
		t.Fatal("kube-score saw no object")
	}
	var findings []string
	for _, object := range scored {
		for _, check := range object.Checks {
			if check.Skipped || check.Grade > gradeCritical {
				continue
			}
			for _, comment := range check.Comments {
				findings = append(findings, object.Name+": "+check.Check.ID+": "+comment.Summary)
			}
		}
	}
	return findings
}

// An accepted finding without its reason would be a silenced one.
func TestEveryAcceptedFindingHasItsReasonInATemplate(t *testing.T) {
	reasons := ""
	root := repositoryRoot(t)
	for _, pattern := range []string{"charts/deskfleet/templates/*", "charts/deskfleet/templates/*/*"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			if text, err := os.ReadFile(path); err == nil {
				reasons += string(text)
			}
		}
	}
	for _, object := range objects(t, "full") {
		accepted, _ := object.At("metadata", "annotations", "kube-score/ignore").(string)
		for _, id := range strings.FieldsFunc(accepted, func(r rune) bool { return r == ',' }) {
			if !regexp.MustCompile(regexp.QuoteMeta(id) + `: \S+`).MatchString(reasons) {
				t.Errorf("%s accepts %s, and no template says `%s: <why>`", object.ID(), id, id)
			}
		}
	}
}
