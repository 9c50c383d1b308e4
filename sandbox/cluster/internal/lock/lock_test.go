package lock

import (
	"context"
	"os"
	"path/filepath"
	"testing"
)

func TestALockIsHeldByOneAtATime(t *testing.T) {
	path := filepath.Join(t.TempDir(), "folder", "lock")
	first, err := Acquire(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	if second, err := try(path); second != nil || err != nil {
		t.Fatalf("a held lock was taken: %v, %v", second, err)
	}
	waited := make(chan struct{})
	taken := make(chan *Lock)
	go func() {
		l, err := Acquire(context.Background(), path, func() { close(waited) })
		if err != nil {
			t.Error(err)
		}
		taken <- l
	}()
	<-waited
	first.Release()
	(<-taken).Release()
	if _, err := os.Stat(filepath.Dir(path)); err == nil {
		t.Error("the last one left file or folder behind")
	}
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	held, err := Acquire(context.Background(), path, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Release()
	ctx, cancel := context.WithCancel(context.Background())
	if _, err := Acquire(ctx, path, cancel); err == nil {
		t.Error("a held lock was taken")
	}
}
