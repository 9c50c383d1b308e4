// Package image writes container images as OCI archives, without a registry, an
// engine or root. In: layers (directories, tar files, single files), a
// configuration, perhaps an archive to build upon. Out: one tar file that
// "ctr images import" takes.
//
// Layers are not compressed, carry no times and belong to root, so the same input
// gives the same digests and images share the layers below them. Absent: other
// platforms than this one, pushing, pulling.
package image

import (
	"fmt"
	"runtime"
	"slices"
	"strings"

	digest "github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// nameAnnotation is where containerd looks for an image's full name.
const nameAnnotation = "io.containerd.image.name"

// searchPath is PATH in images that do not set their own.
const searchPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

// Spec describes an image to write.
type Spec struct {
	Name       string  // full reference with a tag: localhost/pause:3.10
	From       string  // archive whose layers come first; "" for none
	Layers     []Layer // bottom first
	User       string  // uid:gid
	WorkingDir string
	Entrypoint []string
	Cmd        []string
	Env        []string // K=V; PATH is added where it is missing
	StopSignal string   // what ends the first process; "" for SIGTERM
}

// tag returns the part behind the name, and refuses references that containerd
// would not find again under the same name.
func (s Spec) tag() (string, error) {
	slash, colon := strings.LastIndex(s.Name, "/"), strings.LastIndex(s.Name, ":")
	if slash < 1 || colon < slash || colon == len(s.Name)-1 {
		return "", fmt.Errorf("image name %q must have a registry and a tag, as in localhost/name:tag", s.Name)
	}
	return s.Name[colon+1:], nil
}

func (s Spec) config(diffs []digest.Digest) ocispec.Image {
	env := slices.Clone(s.Env)
	if !slices.ContainsFunc(env, func(v string) bool { return strings.HasPrefix(v, "PATH=") }) {
		env = append([]string{searchPath}, env...)
	}
	return ocispec.Image{
		Platform: ocispec.Platform{Architecture: runtime.GOARCH, OS: "linux"},
		Config: ocispec.ImageConfig{
			User: s.User, WorkingDir: s.WorkingDir, Env: env, Entrypoint: s.Entrypoint, Cmd: s.Cmd, StopSignal: s.StopSignal,
		},
		RootFS: ocispec.RootFS{Type: "layers", DiffIDs: diffs},
	}
}
