// Robfig-oracle says what robfig/cron v3, the library inside Kubernetes, makes of cron
// expressions. The tests of the room schedule compare their answers with it.
//
// Flows in: one JSON object a line on standard input, {"expression", "zone", "after"}.
// Flows out: one JSON object a line, {"error"} or {"next"}, the next five times in UTC,
// fewer when there are no more. As in Kubernetes the expression has to stand alone (so the
// API server checks it), and then gets its zone as TZ= before it (so the CronJob
// controller applies timeZone). Zones are read from the folder in $ZONEINFO, so
// that both sides use the same data. Deliberately absent: judgement; it only reports.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/robfig/cron/v3"
)

const timesPerQuestion = 5

type question struct {
	Expression string    `json:"expression"`
	Zone       string    `json:"zone"`
	After      time.Time `json:"after"`
}

type answer struct {
	Error string      `json:"error,omitempty"`
	Next  []time.Time `json:"next"`
}

func main() {
	if err := answerAll(); err != nil {
		fmt.Fprintln(os.Stderr, "robfig-oracle:", err)
		os.Exit(1)
	}
}

func answerAll() error {
	out := bufio.NewWriter(os.Stdout)
	encoder := json.NewEncoder(out)
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		var asked question
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			return fmt.Errorf("cannot read %q: %w", lines.Text(), err)
		}
		if err := encoder.Encode(asked.answer()); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return out.Flush()
}

func (asked question) answer() answer {
	if _, err := cron.ParseStandard(asked.Expression); err != nil {
		return answer{Error: err.Error()}
	}
	schedule, err := cron.ParseStandard("TZ=" + asked.Zone + " " + asked.Expression)
	if err != nil {
		return answer{Error: err.Error()}
	}
	next := []time.Time{}
	for at := schedule.Next(asked.After); !at.IsZero() && len(next) < timesPerQuestion; at = schedule.Next(at) {
		next = append(next, at.UTC())
	}
	return answer{Next: next}
}
