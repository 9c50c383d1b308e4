// Package onchange runs a function after every change of a few kinds of objects.
// It is the whole frame of the sandbox's two controllers: both look at everything
// they know and bring the world in line, so they need neither queues nor keys.
package onchange

import (
	"context"
	"fmt"
	"os"
	"time"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/tools/cache"
)

// gather is how long changes are collected before they are acted on: a rollout
// touches many objects at once.
const gather = 20 * time.Millisecond

// retry is the pause after a failed run.
const retry = time.Second

// Run fills the caches of the watched informers, then calls act after every change
// until ctx ends. A failed act is logged under name and tried again after a second.
func Run(ctx context.Context, name string, factory informers.SharedInformerFactory, act func(context.Context) error, watched ...cache.SharedIndexInformer) error {
	changed := make(chan struct{}, 1)
	notify := func() {
		select {
		case changed <- struct{}{}:
		default: // a run is already due
		}
	}
	handler := cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { notify() },
		UpdateFunc: func(any, any) { notify() },
		DeleteFunc: func(any) { notify() },
	}
	for _, informer := range watched {
		if _, err := informer.AddEventHandler(handler); err != nil {
			return err
		}
	}
	factory.Start(ctx.Done())
	factory.WaitForCacheSync(ctx.Done())
	notify()
	for wait(ctx, changed) && wait(ctx, time.After(gather)) {
		if err := act(ctx); err != nil && ctx.Err() == nil {
			fmt.Fprintf(os.Stderr, "%s %s: %v\n", time.Now().UTC().Format(time.RFC3339), name, err)
			time.AfterFunc(retry, notify)
		}
	}
	return nil
}

// wait blocks until c delivers; false means that ctx ended first.
func wait[T any](ctx context.Context, c <-chan T) bool {
	select {
	case <-ctx.Done():
		return false
	case <-c:
		return true
	}
}
