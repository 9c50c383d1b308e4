// Package recipe builds the images that every sandbox cluster needs, each once:
// an archive is named by the hash of all that goes into it and found again by
// that name. In: programs built beside this one, Debian packages. Out: image
// archives in the user's cache. How an archive is written is package image's
// business.
package recipe

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"deskfleet.dev/sandbox/cluster/internal/image"
	"deskfleet.dev/sandbox/cluster/internal/lock"
)

// Recipe is one image: how it is told apart and how it is made.
type Recipe struct {
	Name string // short name, and start of the file name
	Tag  string // full reference in the cluster
	// key returns all that the image depends on.
	key func() (string, error)
	// make returns the image; it may put its layers below tmp.
	make func(ctx context.Context, tmp string) (image.Spec, error)
}

// Store is the folder of built archives.
type Store struct {
	Dir      string
	Progress io.Writer // a line for each image that has to be built
}

// unusedFor is how long an archive is kept that nobody asks for: an old version,
// or that of another checkout.
const unusedFor = 7 * 24 * time.Hour

// Ensure returns the archive of a recipe and builds it if it is not there.
func (s Store) Ensure(ctx context.Context, r Recipe) (string, error) {
	key, err := r.key()
	if err != nil {
		return "", fmt.Errorf("image %s: %w", r.Name, err)
	}
	sum := sha256.Sum256([]byte(r.Tag + "\n" + key))
	archive := filepath.Join(s.Dir, r.Name+"-"+hex.EncodeToString(sum[:8])+".tar")
	if touch(archive) {
		return archive, nil
	}
	held, err := lock.Acquire(ctx, filepath.Join(s.Dir, "."+r.Name+".lock"), nil)
	if err != nil {
		return "", err
	}
	defer held.Release()
	if touch(archive) { // somebody else has built it meanwhile
		return archive, nil
	}
	begin := time.Now()
	fmt.Fprintf(s.Progress, "building image %s ...\n", r.Tag)
	if err := s.build(ctx, r, archive); err != nil {
		return "", fmt.Errorf("image %s: %w", r.Name, err)
	}
	fmt.Fprintf(s.Progress, "built image %s in %.1f s\n", r.Tag, time.Since(begin).Seconds())
	s.prune(r.Name)
	return archive, nil
}

func (s Store) build(ctx context.Context, r Recipe, archive string) error {
	tmp, err := os.MkdirTemp(s.Dir, ".build-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	spec, err := r.make(ctx, tmp)
	if err != nil {
		return err
	}
	spec.Name = r.Tag
	_, err = image.Write(spec, archive)
	return err
}

// prune removes archives of the image that nobody has used for long.
func (s Store) prune(name string) {
	old, _ := filepath.Glob(filepath.Join(s.Dir, name+"-*.tar")) // the pattern is well-formed
	for _, archive := range old {
		if info, err := os.Stat(archive); err == nil && time.Since(info.ModTime()) > unusedFor {
			os.Remove(archive)
		}
	}
}

// touch notes that an archive is in use; false means that it is not there.
func touch(archive string) bool {
	now := time.Now()
	return os.Chtimes(archive, now, now) == nil
}

// hashFile is the key of a file that goes into an image.
func hashFile(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
