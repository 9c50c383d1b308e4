// Package process starts the background processes of a cluster and finds them
// again. Every one of them carries a mark in its environment which its own
// children inherit (container shims, CNI plugins), so a process can neither get
// lost, whatever was killed half-way, nor be taken for another one that got its
// number: there are no pid files.
package process

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// markVariable holds "<state directory>|<name>" in the environment of a member.
const markVariable = "DESKFLEET_CLUSTER_MEMBER"

// Group is all processes of the cluster whose state lies in Dir.
type Group struct{ Dir string }

// Spec says what to start.
type Spec struct {
	Name string   // component name, argv[0] and name of the log file
	Path string   // program
	Args []string // without argv[0]
	Log  string   // file that gets standard output and error, appended
}

// Started is a process started by this program.
type Started struct {
	Name, Log string
	exited    chan struct{}
	err       error
}

// Start starts a background process that outlives this program and its terminal.
func (g Group) Start(spec Spec) (*Started, error) {
	log, err := os.OpenFile(spec.Log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open log of %s: %w", spec.Name, err)
	}
	defer log.Close()
	cmd := &exec.Cmd{
		Path: spec.Path, Args: append([]string{spec.Name}, spec.Args...), Dir: g.Dir,
		Env:    append(os.Environ(), markVariable+"="+g.Dir+"|"+spec.Name),
		Stdout: log, Stderr: log,
		SysProcAttr: &syscall.SysProcAttr{Setsid: true},
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", spec.Name, err)
	}
	s := &Started{Name: spec.Name, Log: spec.Log, exited: make(chan struct{})}
	go func() {
		s.err = cmd.Wait()
		close(s.exited)
	}()
	return s, nil
}

// Died tells whether the process has ended; the text says how.
func (s *Started) Died() (string, bool) {
	select {
	case <-s.exited:
		if s.err == nil {
			return "exit status 0", true
		}
		return s.err.Error(), true
	default:
		return "", false
	}
}

// Member is a living process of a cluster.
type Member struct {
	PID  int
	Name string // component it was started as, or whose child it is
	Own  bool   // false: a child of a component
	RSS  int64  // resident memory in bytes
}

// Members lists the living processes of the group.
func (g Group) Members() ([]Member, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var members []Member
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil || pid == os.Getpid() {
			continue
		}
		if name, ok := g.nameOf(pid); ok {
			members = append(members, Member{PID: pid, Name: name, Own: isComponent(pid, name), RSS: rss(pid)})
		}
	}
	return members, nil
}

// isComponent tells a component from its children. Start makes each component
// the leader of a session; its name alone would not do: a child bears it too
// between fork and exec.
func isComponent(pid int, name string) bool {
	argv0, _, _ := bytes.Cut(readProc(pid, "cmdline"), []byte{0})
	session, err := unix.Getsid(pid)
	return err == nil && session == pid && string(argv0) == name
}

// nameOf reads a process's mark. Processes that have ended have an empty
// environment and are no members.
func (g Group) nameOf(pid int) (string, bool) {
	prefix := markVariable + "=" + g.Dir + "|"
	for v := range bytes.SplitSeq(readProc(pid, "environ"), []byte{0}) {
		if name, ok := strings.CutPrefix(string(v), prefix); ok {
			return name, true
		}
	}
	return "", false
}

// KillAll kills every member and waits until none is left. Nothing is asked
// politely: the cluster's data are thrown away, and an API server that lost its
// etcd does not end on SIGTERM at all.
func (g Group) KillAll(limit time.Duration) error {
	for end := time.Now().Add(limit); ; time.Sleep(10 * time.Millisecond) {
		members, err := g.Members()
		if err != nil || len(members) == 0 {
			return err
		}
		if time.Now().After(end) {
			return fmt.Errorf("%d processes did not end in %s, one is %s (pid %d)", len(members), limit, members[0].Name, members[0].PID)
		}
		for _, m := range members {
			g.kill(m.PID)
		}
	}
}

// kill opens the process first (a pidfd) and reads its mark again: the signal
// then reaches that very process or none.
func (g Group) kill(pid int) {
	p, err := os.FindProcess(pid)
	if err != nil {
		return
	}
	if _, ok := g.nameOf(pid); ok {
		_ = p.Kill()
	}
	_ = p.Release()
}

func readProc(pid int, file string) []byte {
	b, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), file))
	if err != nil {
		return nil // it ended, or belongs to somebody else
	}
	return b
}

func rss(pid int) int64 {
	fields := strings.Fields(string(readProc(pid, "statm")))
	if len(fields) < 2 {
		return 0
	}
	pages, err := strconv.ParseInt(fields[1], 10, 64)
	if err != nil {
		return 0
	}
	return pages * int64(os.Getpagesize())
}
