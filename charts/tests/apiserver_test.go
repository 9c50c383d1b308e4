//go:build apiserver

package charts

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"deskfleet.dev/charts/tests/internal/apiserver"
	"deskfleet.dev/charts/tests/internal/render"
	"deskfleet.dev/charts/tests/internal/tools"
)

// kubeconfig is the cluster that charts/test was told to ask.
func kubeconfig(t *testing.T) string {
	t.Helper()
	path := os.Getenv("DESKFLEET_TEST_KUBECONFIG")
	if path == "" {
		t.Fatal("DESKFLEET_TEST_KUBECONFIG names no kubeconfig: run charts/test, which sets the tag only with it")
	}
	return path
}

// restrictedNamespace makes a namespace of the test's own, in which the server warns of
// and refuses whatever is not `restricted`.
func restrictedNamespace(t *testing.T, client *apiserver.Client) string {
	t.Helper()
	name := fmt.Sprintf("charts-%d-%d", os.Getpid(), time.Now().UnixNano()%1_000_000)
	namespace := parse(t, `{apiVersion: v1, kind: Namespace, metadata: {name: `+name+`, labels: {
		pod-security.kubernetes.io/enforce: restricted, pod-security.kubernetes.io/warn: restricted}}}`)[0]
	if _, err := client.Apply(namespace, "", false); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := client.Delete("namespaces", name); err != nil {
			t.Error(err)
		}
	})
	return name
}

func parse(t *testing.T, text string) []render.Object {
	t.Helper()
	objects, err := render.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return objects
}

// Definitions are stored, since the samples need them; everything else is judged only.
func TestTheApiServerTakesEveryObjectWithoutAWarning(t *testing.T) {
	client, err := apiserver.Connect(kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	namespace := restrictedNamespace(t, client)
	for _, path := range definitions(t) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, definition := range parse(t, string(text)) {
			if _, err := client.Apply(definition, "", false); err != nil {
				t.Fatal(err)
			}
		}
	}
	judge := func(t *testing.T, object render.Object) {
		delete(object.Fields["metadata"].(map[string]any), "namespace")
		warnings, err := client.Apply(object, namespace, true)
		if err != nil {
			t.Error(err)
		}
		for _, warning := range warnings {
			t.Errorf("%s: %s", object.ID(), warning)
		}
	}
	eachProfile(t, func(t *testing.T, profile string) {
		for _, object := range objects(t, profile) {
			// A Prometheus operator is not part of the cluster.
			if object.Kind() != "ServiceMonitor" {
				judge(t, object)
			}
		}
	})
	t.Run("samples", func(t *testing.T) {
		for _, text := range samples(t) {
			for _, sample := range parse(t, string(text)) {
				waitUntilServed(t, client, sample)
				judge(t, sample)
			}
		}
	})
}

// waitUntilServed waits until the server serves definitions that were just stored.
func waitUntilServed(t *testing.T, client *apiserver.Client, object render.Object) {
	t.Helper()
	again, deadline := time.NewTicker(100*time.Millisecond), time.After(20*time.Second)
	defer again.Stop()
	for !client.Serves(object) {
		select {
		case <-again.C:
		case <-deadline:
			t.Fatalf("%s is not served after 20 s", object.Kind())
		}
	}
}

func TestHelmInstallsUpgradesAndUninstalls(t *testing.T) {
	client, err := apiserver.Connect(kubeconfig(t))
	if err != nil {
		t.Fatal(err)
	}
	namespace := restrictedNamespace(t, client)
	// The definitions may belong to another test that runs now.
	common := []string{"--namespace", namespace, "--set", "crds.enabled=false"}
	helm := func(args ...string) string {
		t.Helper()
		path, err := tools.Path("helm")
		if err != nil {
			t.Fatal(err)
		}
		command := exec.Command(path, args...)
		command.Dir = repositoryRoot(t)
		command.Env = append(os.Environ(), "KUBECONFIG="+kubeconfig(t))
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("helm %s: %s", strings.Join(args, " "), out)
		}
		if strings.Contains(string(out), "would violate PodSecurity") {
			t.Errorf("helm %s: %s", args[0], out)
		}
		return string(out)
	}
	helm(append([]string{"install", "deskfleet", "charts/deskfleet"}, common...)...)
	// Another image: both Jobs are replaced, nothing immutable is touched.
	helm(append([]string{"upgrade", "deskfleet", "charts/deskfleet", "--set", "image.tag=other", "--set", "operator.replicas=2"}, common...)...)
	// A database of one's own instead of the bundled one.
	helm(append([]string{"upgrade", "deskfleet", "charts/deskfleet", "--set", "postgresql.enabled=false"}, common...)...)
	helm("uninstall", "deskfleet", "--namespace", namespace)
}
