package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	runtimeapi "k8s.io/cri-api/pkg/apis/runtime/v1"
	criclient "k8s.io/cri-client/pkg"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

// criNamespace is where the kubelet's images live in containerd.
const criNamespace = "k8s.io"

func (c Cluster) socket() string { return filepath.Join(c.Dir(), "containerd/containerd.sock") }

// Load imports image archives and returns their names when pods can use them. An
// image that is there already is not imported again.
func (c Cluster) Load(ctx context.Context, archives []string) ([]string, error) {
	s, err := c.Status(ctx)
	if err != nil {
		return nil, err
	}
	if !s.Healthy() || s.Record.Nodeless {
		return nil, fmt.Errorf("cluster %s has no running node to load images into: start one with \"cluster up\"", c.Name)
	}
	var names []string
	for _, archive := range archives {
		img, err := image.Open(archive)
		if err != nil {
			return names, err
		}
		if err := c.importImage(ctx, archive, img); err != nil {
			return names, err
		}
		names = append(names, img.Name)
	}
	return names, nil
}

// importImage returns when the kubelet's view of the runtime has the image: it
// learns of an import a moment later than containerd itself.
func (c Cluster) importImage(ctx context.Context, archive string, img image.Image) error {
	if id, err := c.imageID(ctx, img.Name); err == nil && id == img.ID().String() {
		return nil
	}
	ctr := exec.CommandContext(ctx, "ctr", "--address", c.socket(), "--namespace", criNamespace, "images", "import", archive)
	if out, err := ctr.CombinedOutput(); err != nil {
		return fmt.Errorf("import %s: %w\n%s", archive, err, out)
	}
	for end := time.Now().Add(patience); ; {
		id, err := c.imageID(ctx, img.Name)
		if err == nil && id == img.ID().String() {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s was imported, but the runtime does not show it as %s", archive, img.Name)
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(poll):
		}
	}
}

// errNoSuchImage is the answer of imageID for images that are not there.
var errNoSuchImage = errors.New("no such image")

// imageID asks the runtime as the kubelet does. The ID is the digest of the
// image's configuration.
func (c Cluster) imageID(ctx context.Context, name string) (string, error) {
	cri, err := criclient.NewRemoteImageService(ctx, "unix://"+c.socket(), 10*time.Second, nil, false)
	if err != nil {
		return "", err
	}
	defer cri.Close(ctx)
	status, err := cri.ImageStatus(ctx, &runtimeapi.ImageSpec{Image: name}, false)
	if err != nil {
		return "", err
	}
	if status.Image == nil {
		return "", errNoSuchImage
	}
	return status.Image.Id, nil
}

// importImages imports the images of a start; system is closed when those are in.
func (s *start) importImages(ctx context.Context, system chan<- struct{}) error {
	answers := func(ctx context.Context) error {
		if _, err := os.Stat(s.socket()); err != nil {
			return err
		}
		_, err := s.imageID(ctx, "localhost/none:0")
		if errors.Is(err, errNoSuchImage) {
			return nil
		}
		return err
	}
	if err := s.until(ctx, "container runtime ready", containerdName, answers); err != nil {
		return err
	}
	for i, archive := range append(s.options.SystemImages, s.options.Images...) {
		if i == len(s.options.SystemImages) {
			close(system)
		}
		img, err := image.Open(archive)
		if err != nil {
			return err
		}
		if err := s.importImage(ctx, archive, img); err != nil {
			return err
		}
	}
	fmt.Fprintf(s.options.Progress, "%5.1f s  images loaded\n", time.Since(s.began).Seconds())
	return nil
}
