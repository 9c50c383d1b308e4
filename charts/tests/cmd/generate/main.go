// Command generate writes every generated file of charts/ and config/.
// `make generate` runs it; the test TestGeneratedFilesAreFresh runs the same list.
package main

import (
	"fmt"
	"os"

	"deskfleet.dev/charts/tests/internal/generated"
	"deskfleet.dev/charts/tests/internal/tools"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "charts/tests generate:", err)
		os.Exit(1)
	}
}

func run() error {
	root, err := tools.Root()
	if err != nil {
		return err
	}
	files, err := generated.Files()
	if err != nil {
		return err
	}
	return generated.Write(root, files)
}
