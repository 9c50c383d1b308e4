package charts

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

func TestHelmLintFindsNothing(t *testing.T) {
	root := repositoryRoot(t)
	for _, chart := range []string{"deskfleet", "deskfleet-crds"} {
		if _, err := tools.Run(root, nil, "helm", "lint", "--strict", filepath.Join("charts", chart)); err != nil {
			t.Errorf("%s: %v", chart, err)
		}
	}
	for _, profile := range render.Profiles[1:] {
		values := filepath.Join("charts", "tests", "values", profile+".yaml")
		if _, err := tools.Run(root, nil, "helm", "lint", "--strict", "charts/deskfleet", "--values", values); err != nil {
			t.Errorf("%s: %v", profile, err)
		}
	}
}

// A value that cannot be right is refused with the path of the value.
func TestValuesThatCannotBeRightAreRefused(t *testing.T) {
	for _, refused := range []struct{ name, set, says string }{
		{"a misspelt key at the top", "postgres.enabled=false", "postgres"},
		{"a misspelt key inside a component", "operator.replica=2", "replica"},
		{"a misspelt key of the pods", "pod.toleration=x", "toleration"},
		{"a misspelt resource list", "api.resources.request.cpu=1", "request"},
		{"a misspelt key of the definitions' chart", "deskfleet-crds.keeps=true", "keeps"},
		{"no replicas", "api.replicas=0", "replicas"},
		{"text for a number", "api.service.port=https", "port"},
		{"a plain console address", "api.publicUrl=http://fleet.example.com", "publicUrl"},
		{"a digest that is none", "image.digest=latest", "digest"},
		{"an endpoint with a scheme", "operator.allowedEndpoints[0]=https://example.com", "allowedEndpoints"},
		{"an allowed account that is everybody", "operator.allowedServiceAccounts[0]=*", "allowedServiceAccounts"},
		{"an allowed account of the installation itself", "operator.allowedServiceAccounts[0]=deskfleet-operator", "deskfleet-operator"},
		{"sync pods as an account of the installation itself", "sync.serviceAccount.name=deskfleet-api", "deskfleet-api"},
		{"an allowed priority that is a pattern", "operator.allowedPriorityClasses[0]=system-*", "allowedPriorityClasses"},
		{"an allowed annotation with half a prefix", "operator.allowedPodAnnotations[0]=example.*", "allowedPodAnnotations"},
		{"an allowed label that is no key", "operator.allowedPodLabels[0]=example.com/a/b", "allowedPodLabels"},
		{"jobs of every namespace", "networkPolicy.jobs.namespaceSelector.matchLabels=null", "namespaceSelector"},
		{"a quantity that is none", "postgresql.storage.size=much", "size"},
		{"a setting of Postgres with a space", "postgresql.configuration.shared buffers=1", "shared buffers"},
		{"an unknown log format", "log.format=xml", "format"},
		{"an ingress without a host", "api.ingress.enabled=true", "api.ingress.host"},
		{"an address range without a length", "networkPolicy.apiServer.cidrs[0]=10.0.0.1", "cidrs"},
	} {
		t.Run(refused.name, func(t *testing.T) {
			_, err := render.Chart("default", "--set", refused.set)
			var failure *tools.Failure
			if !errors.As(err, &failure) {
				t.Fatalf("--set %s was accepted (%v)", refused.set, err)
			}
			if !strings.Contains(failure.Stderr, refused.says) {
				t.Errorf("the refusal does not name %q: %s", refused.says, failure.Stderr)
			}
		})
	}
}

func TestKubernetesTooOldIsRefusedAndEksVersionsAreNot(t *testing.T) {
	if _, err := render.Chart("default", "--kube-version", "1.32.9"); err == nil {
		t.Error("Kubernetes 1.32 was accepted")
	}
	if _, err := render.Chart("default", "--kube-version", "v1.33.4-eks-ba24e9c"); err != nil {
		t.Errorf("a version of EKS was refused: %v", err)
	}
}

// GitOps tools render again and again: the same values must give the same objects.
func TestRenderingTwiceGivesTheSameObjects(t *testing.T) {
	eachProfile(t, func(t *testing.T, profile string) {
		first, err := render.Chart(profile)
		if err != nil {
			t.Fatal(err)
		}
		second, err := render.Chart(profile, "--is-upgrade")
		if err != nil {
			t.Fatal(err)
		}
		if string(first) != string(second) {
			t.Error("an upgrade renders other objects than an installation")
		}
	})
}

// A Job's template cannot be changed, so a changed spec must be another Job.
func TestJobsGetANewNameWithANewSpec(t *testing.T) {
	names := func(args ...string) map[string]string {
		out := map[string]string{}
		for _, object := range objects(t, "default", args...) {
			if object.Kind() == "Job" {
				out[object.String("metadata", "labels", "app.kubernetes.io/component")] = object.Name()
			}
		}
		return out
	}
	before, other, relabelled := names(), names("--set", "image.tag=other"), names("--set", "commonLabels.team=x")
	for _, job := range []string{"setup", "migrate"} {
		if before[job] == "" || before[job] == other[job] {
			t.Errorf("%s: the name %q stays with another image", job, before[job])
		}
		if before[job] != relabelled[job] {
			t.Errorf("%s: a label of the Job itself gives it a new name", job)
		}
		if !strings.HasPrefix(before[job], "deskfleet-"+job+"-") {
			t.Errorf("%s: the name is %q", job, before[job])
		}
	}
}

func TestNothingIsRenderedTwice(t *testing.T) {
	eachProfile(t, func(t *testing.T, profile string) {
		seen := map[string]bool{}
		for _, object := range objects(t, profile) {
			if seen[object.ID()] {
				t.Errorf("%s is rendered twice", object.ID())
			}
			seen[object.ID()] = true
		}
	})
}
