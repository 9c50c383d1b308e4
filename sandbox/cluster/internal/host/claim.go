// Package host is everything a cluster with a node changes on the machine it runs
// on, and how it is taken back: kernel settings, the bridge, the control group of
// the pods, packet rules, mounts, and a few paths that no setting moves.
//
// Only one cluster can have a node: its claim on the host, with the values from
// before, lies in /run, which like all of these changes does not survive a reboot.
// Clusters without a node change nothing here.
package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

const (
	runDir    = "/run/deskfleet-cluster"
	claimFile = runDir + "/node.json"
	// LockFile guards the claim: whoever starts or stops a node holds it.
	LockFile = runDir + "/lock"
)

// Claim says which cluster has its node on this host, and what the host was like
// before.
type Claim struct {
	Name   string    `json:"name"`
	Dir    string    `json:"dir"` // state directory
	Since  time.Time `json:"since"`
	Before Before    `json:"before"`
}

// Before is what is restored.
type Before struct {
	Sysctls     map[string]string `json:"sysctls"`
	Tables      []string          `json:"tables"`      // nftables tables: "ip filter"
	Paths       []string          `json:"paths"`       // those of fixedPaths that were there
	Controllers []string          `json:"controllers"` // cgroup v2: controllers on for children of the root
}

// ReadClaim returns nil when no cluster has a node here.
func ReadClaim() (*Claim, error) {
	text, err := os.ReadFile(claimFile)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var c Claim
	if err := json.Unmarshal(text, &c); err != nil {
		return nil, fmt.Errorf("%s: %w", claimFile, err)
	}
	return &c, nil
}

// Take records the state of the host and claims it. It must come before every
// change: what is not recorded cannot be restored.
func Take(name, dir string) (Claim, error) {
	before, err := look()
	if err != nil {
		return Claim{}, fmt.Errorf("record the state of the host: %w", err)
	}
	c := Claim{Name: name, Dir: dir, Since: time.Now().UTC(), Before: before}
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return Claim{}, err
	}
	if err := os.MkdirAll(runDir, 0o700); err != nil {
		return Claim{}, err
	}
	tmp := filepath.Join(runDir, "node.json.new")
	if err := os.WriteFile(tmp, text, 0o600); err != nil {
		return Claim{}, err
	}
	return c, os.Rename(tmp, claimFile)
}

func look() (Before, error) {
	tables, err := listTables()
	if err != nil {
		return Before{}, err
	}
	sysctls, err := readSysctls()
	if err != nil {
		return Before{}, err
	}
	return Before{Sysctls: sysctls, Tables: tables, Paths: existing(fixedPaths), Controllers: delegated()}, nil
}

// drop gives the claim up.
func drop() error {
	if err := os.Remove(claimFile); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}
