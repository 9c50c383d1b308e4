// Package lock lets one process at a time change something that several commands
// share, named by a file. The kernel lets go of it when the holder dies, so a
// killed command never leaves a lock behind.
package lock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// Lock is held until Release.
type Lock struct{ file *os.File }

// Acquire waits until path is free and takes it, or ctx ends. waiting is called
// once when somebody else holds it.
func Acquire(ctx context.Context, path string, waiting func()) (*Lock, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("create the folder of lock %s: %w", path, err)
	}
	for first := true; ; first = false {
		l, err := try(path)
		if err != nil || l != nil {
			return l, err
		}
		if first && waiting != nil {
			waiting()
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// try returns nil without an error when the lock is held elsewhere.
func try(path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|unix.O_CLOEXEC, 0o600)
	if errors.Is(err, os.ErrNotExist) {
		// A holder took the folder away in between.
		return nil, os.MkdirAll(filepath.Dir(path), 0o700)
	}
	if err != nil {
		return nil, fmt.Errorf("open lock %s: %w", path, err)
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil && current(f, path) {
		return &Lock{f}, nil
	}
	f.Close()
	if err != nil && !errors.Is(err, unix.EWOULDBLOCK) {
		return nil, fmt.Errorf("lock %s: %w", path, err)
	}
	return nil, nil
}

// current tells whether path still names the file that was locked: the last
// holder may have removed it between our open and our lock.
func current(f *os.File, path string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(held, named)
}

// Release gives the lock up and removes its file and, if that was all it held,
// the folder.
func (l *Lock) Release() {
	os.Remove(l.file.Name())
	os.Remove(filepath.Dir(l.file.Name()))
	l.file.Close()
}
