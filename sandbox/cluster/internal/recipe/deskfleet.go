package recipe

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

// Deskfleet writes an image of the project's own programs: every executable
// deskfleet-* in binDir, stripped, at /usr/local/bin upon the base archive. It is
// rebuilt every time, because its input changes with every build; unchanged
// programs give the same digest. It returns the names of the programs.
func Deskfleet(ctx context.Context, base, binDir, tag, out string) ([]string, error) {
	programs, err := executables(binDir)
	if err != nil {
		return nil, err
	}
	tmp, err := os.MkdirTemp("", "deskfleet-image-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(tmp)
	files := image.Files{}
	for _, name := range programs {
		stripped := filepath.Join(tmp, name)
		strip := exec.CommandContext(ctx, "strip", "-o", stripped, filepath.Join(binDir, name))
		if text, err := strip.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("strip %s: %w\n%s", name, err, text)
		}
		if err := os.Chmod(stripped, 0o755); err != nil {
			return nil, err
		}
		files["/usr/local/bin/"+name] = stripped
	}
	_, err = image.Write(image.Spec{
		Name: tag, From: base, User: nobody, WorkingDir: "/", Layers: []image.Layer{files},
	}, out)
	return programs, err
}

func executables(dir string) ([]string, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "deskfleet-*"))
	if err != nil {
		return nil, err
	}
	var names []string
	for _, p := range paths {
		info, err := os.Stat(p)
		// Cargo puts a .d file beside each program.
		if err == nil && info.Mode().IsRegular() && info.Mode()&0o111 != 0 && filepath.Ext(p) == "" {
			names = append(names, filepath.Base(p))
		}
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("%s has no executable deskfleet-*: build them first (cargo build --workspace)", dir)
	}
	return names, nil
}
