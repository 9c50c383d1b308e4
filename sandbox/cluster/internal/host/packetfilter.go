package host

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"

	"deskfleet.dev/sandbox/cluster/internal/netpol"
)

// ownTables are the nftables tables of a node: of the policy controller and of
// kube-proxy in its nftables mode.
var ownTables = []string{"ip " + netpol.Table, "ip kube-proxy", "ip6 kube-proxy"}

// listTables returns all nftables tables as "family name".
func listTables() ([]string, error) {
	out, err := exec.Command("nft", "list", "tables").Output()
	if err != nil {
		return nil, fmt.Errorf("nft list tables: %w", err)
	}
	var tables []string
	for line := range strings.Lines(string(out)) {
		if t, ok := strings.CutPrefix(strings.TrimSpace(line), "table "); ok {
			tables = append(tables, t)
		}
	}
	return tables, nil
}

// removeTables removes our tables, and those that iptables makes merely by being
// asked, if they were not there before and hold no rule.
func removeTables(before []string) error {
	now, err := listTables()
	if err != nil {
		return err
	}
	for _, t := range newTables(now, before) {
		if err := exec.Command("nft", append([]string{"delete", "table"}, strings.Fields(t)...)...).Run(); err != nil {
			return fmt.Errorf("nft delete table %s: %w", t, err)
		}
	}
	return nil
}

// newTables returns our tables and the empty ones that were not there before.
// Tables with rules that somebody else has added meanwhile are theirs.
func newTables(now, before []string) []string {
	var tables []string
	for _, t := range now {
		if slices.Contains(ownTables, t) || !slices.Contains(before, t) && isEmpty(t) {
			tables = append(tables, t)
		}
	}
	return tables
}

func isEmpty(table string) bool {
	out, err := exec.Command("nft", append([]string{"-j", "list", "table"}, strings.Fields(table)...)...).Output()
	if err != nil {
		return false
	}
	var listing struct {
		Objects []struct {
			Rule json.RawMessage `json:"rule"`
		} `json:"nftables"`
	}
	if json.Unmarshal(out, &listing) != nil {
		return false
	}
	for _, o := range listing.Objects {
		if o.Rule != nil {
			return false
		}
	}
	return true
}

// forwardRules lets pods' packets pass on hosts that forward nothing by default,
// as those with Docker do.
func forwardRules(bridge string) [][]string {
	return [][]string{
		{"FORWARD", "-i", bridge, "-j", "ACCEPT"},
		{"FORWARD", "-o", bridge, "-j", "ACCEPT"},
	}
}

// forwardChain is iptables' own, or empty. It is read with nft, because iptables
// makes tables by being asked.
func forwardChain() string {
	out, err := exec.Command("nft", "list", "chain", "ip", "filter", "FORWARD").Output()
	if err != nil {
		return "" // iptables is not in use
	}
	return string(out)
}

// forwards tells whether the host has rules of ours for the bridge.
func forwards(bridge string) bool { return strings.Contains(forwardChain(), strconv.Quote(bridge)) }

func openForward(bridge string) error {
	if !strings.Contains(forwardChain(), "policy drop") {
		return nil
	}
	for _, rule := range forwardRules(bridge) {
		if out, err := exec.Command("iptables", append([]string{"-I"}, rule...)...).CombinedOutput(); err != nil {
			return fmt.Errorf("let pods' packets pass: iptables: %w: %s", err, out)
		}
	}
	return nil
}

// closeForward removes our rules, of which a start that was cut off may have made
// only one, so what iptables says is not an error: forwards tells what is left.
func closeForward(bridge string) error {
	if !forwards(bridge) {
		return nil
	}
	var said []byte
	for _, rule := range forwardRules(bridge) {
		out, _ := exec.Command("iptables", append([]string{"-D"}, rule...)...).CombinedOutput()
		said = append(said, out...)
	}
	if forwards(bridge) {
		return fmt.Errorf("rules for %s stay: iptables: %s", bridge, said)
	}
	return nil
}
