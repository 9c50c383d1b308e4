// Package tools runs the pinned command-line tools of sandbox/tools.
//
// In: a tool's name and arguments. Out: its standard output, or an error that
// carries the first lines of standard error. Deliberately absent: any tool that
// happens to be in PATH.
package tools

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
)

// Root is the repository's folder, found upwards from the working directory.
func Root() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "sandbox", "tools", "tool")); err == nil {
			return dir, nil
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", errors.New("sandbox/tools/tool is in no folder above the working directory")
		}
		dir = parent
	}
}

var paths sync.Map // name -> func() (string, error)

// Path is the path of a tool, which is built first where it is missing.
func Path(name string) (string, error) {
	once, _ := paths.LoadOrStore(name, sync.OnceValues(func() (string, error) {
		root, err := Root()
		if err != nil {
			return "", err
		}
		command := exec.Command(filepath.Join(root, "sandbox", "tools", "tool"), name)
		command.Stderr = os.Stderr
		out, err := command.Output()
		if err != nil {
			return "", fmt.Errorf("tool %s: %w", name, err)
		}
		return strings.TrimSpace(string(out)), nil
	}))
	return once.(func() (string, error))()
}

// Failure is a tool that ended with another status than 0.
type Failure struct {
	Command []string
	Stdout  string
	Stderr  string
}

func (f *Failure) Error() string {
	return fmt.Sprintf("%s failed: %s", strings.Join(f.Command, " "), strings.TrimSpace(f.Stderr+f.Stdout))
}

// Run runs a tool in dir with stdin and returns its standard output.
func Run(dir string, stdin []byte, name string, args ...string) ([]byte, error) {
	path, err := Path(name)
	if err != nil {
		return nil, err
	}
	command := exec.Command(path, args...)
	command.Dir = dir
	command.Stdin = bytes.NewReader(stdin)
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	if err := command.Run(); err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) {
			return nil, &Failure{append([]string{name}, args...), stdout.String(), stderr.String()}
		}
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	return stdout.Bytes(), nil
}
