// Package cluster is the orchestrator: it starts a cluster, waits until it is of
// use, tells how it is, fills it with images, and removes it without a trace. It
// decides order and settings; packages process and host do what it decides.
//
// In: a name and a kind (with or without a node). Out: a kubeconfig and running
// processes. Absent: more than one node, upgrades, data that survive Down.
package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"time"
)

// Cluster is a cluster by name; it may or may not be up.
type Cluster struct {
	Name string
	Base string // directory that holds one directory a cluster
}

// maxBase keeps the paths of sockets below it under the kernel's 108 bytes.
const maxBase = 60

var validName = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,28}[a-z0-9])?$`)

// New checks the name and the directory.
func New(name, base string) (Cluster, error) {
	if !validName.MatchString(name) {
		return Cluster{}, fmt.Errorf("cluster name %q: use at most 30 lower case letters, digits and dashes", name)
	}
	abs, err := filepath.Abs(base)
	if err != nil {
		return Cluster{}, err
	}
	if len(abs) > maxBase {
		return Cluster{}, fmt.Errorf("state directory %s is too long for the sockets in it: use one of at most %d characters", abs, maxBase)
	}
	return Cluster{Name: name, Base: abs}, nil
}

// DefaultBase is /var/lib/deskfleet-cluster for root, else a folder of the user's.
// It is not in /run: that is often small, and forbids running programs.
func DefaultBase() string {
	if os.Geteuid() == 0 {
		return "/var/lib/deskfleet-cluster"
	}
	if dir := os.Getenv("XDG_STATE_HOME"); dir != "" {
		return filepath.Join(dir, "deskfleet-cluster")
	}
	return filepath.Join(os.Getenv("HOME"), ".local/state/deskfleet-cluster")
}

// Dir holds all state of the cluster, and goes away with it.
func (c Cluster) Dir() string { return filepath.Join(c.Base, c.Name) }

// Kubeconfig is the administrator's.
func (c Cluster) Kubeconfig() string { return filepath.Join(c.Dir(), "kubeconfig") }

// Logs holds a log for each component, and the audit log.
func (c Cluster) Logs() string { return filepath.Join(c.Dir(), "logs") }

func (c Cluster) lockFile() string { return filepath.Join(c.Base, "."+c.Name+".lock") }

func (c Cluster) recordFile() string { return filepath.Join(c.Dir(), "cluster.json") }

// Record is what is known about a cluster that was started.
type Record struct {
	Name     string    `json:"name"`
	Nodeless bool      `json:"nodeless"`
	Server   string    `json:"server"`           // URL of the API server
	Ports    []int     `json:"ports"`            // on loopback
	Started  time.Time `json:"started"`          // begin of Up
	Ready    bool      `json:"ready"`            // Up came to its end
	Took     float64   `json:"seconds_to_ready"` // of Up
}

// read returns nil when the cluster has no record.
func (c Cluster) read() (*Record, error) {
	text, err := os.ReadFile(c.recordFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var r Record
	if err := json.Unmarshal(text, &r); err != nil {
		return nil, fmt.Errorf("%s: %w", c.recordFile(), err)
	}
	return &r, nil
}

func (c Cluster) write(r Record) error {
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	// Renamed into place: a record that was cut off would stop Down from reading it.
	tmp := c.recordFile() + ".new"
	if err := os.WriteFile(tmp, append(text, '\n'), 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, c.recordFile())
}
