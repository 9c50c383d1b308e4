package process

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

func startSleeper(t *testing.T, g Group, script string) {
	t.Helper()
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := g.Start(Spec{Name: "sleeper", Path: shell, Args: []string{"-c", script}, Log: filepath.Join(g.Dir, "log")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.KillAll(10 * time.Second); err != nil {
			t.Error(err)
		}
	})
}

// membersOnce waits until the group has n members: a child needs a moment.
func membersOnce(t *testing.T, g Group, n int) []Member {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); ; {
		members, err := g.Members()
		if err != nil {
			t.Fatal(err)
		}
		if len(members) == n {
			return members
		}
		if time.Now().After(end) {
			t.Fatalf("%d members, want %d: %+v", len(members), n, members)
		}
	}
}

func TestAGroupKnowsItsProcessesAndTheirChildrenOnly(t *testing.T) {
	ours, theirs := Group{t.TempDir()}, Group{t.TempDir()}
	startSleeper(t, ours, "sleep 600 & wait")
	startSleeper(t, theirs, "sleep 600 & wait")
	own := 0
	for _, m := range membersOnce(t, ours, 2) {
		if m.Name != "sleeper" {
			t.Errorf("member %+v", m)
		}
		if m.Own {
			own++
		}
	}
	if own != 1 {
		t.Errorf("%d components, want one and its child", own)
	}
	if err := ours.KillAll(10 * time.Second); err != nil {
		t.Fatal(err)
	}
	membersOnce(t, ours, 0)
	membersOnce(t, theirs, 2)
}

func TestAnEndedProcessSaysHow(t *testing.T) {
	g := Group{t.TempDir()}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	log := filepath.Join(g.Dir, "log")
	s, err := g.Start(Spec{Name: "x", Path: shell, Args: []string{"-c", "echo why >&2; exit 3"}, Log: log})
	if err != nil {
		t.Fatal(err)
	}
	<-s.exited
	if how, died := s.Died(); !died || how != "exit status 3" {
		t.Errorf("died %v: %s", died, how)
	}
	if text, err := os.ReadFile(log); err != nil || string(text) != "why\n" {
		t.Errorf("log %q, %v", text, err)
	}
}
