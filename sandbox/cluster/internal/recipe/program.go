package recipe

import (
	"context"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

// Full references of the images in the cluster.
const (
	PauseTag    = "localhost/pause:3.10"
	CoreDNSTag  = "localhost/coredns:1"
	BusyboxTag  = "localhost/busybox:1"
	BaseTag     = "localhost/base:1"
	PostgresTag = "localhost/deskfleet-postgres:15"
)

// nobody is the user of images that do not say otherwise.
const nobody = "65532:65532"

// Pause is the first process of every pod. program is the built pause binary.
func Pause(program string) Recipe { return static("pause", PauseTag, program, "/pause") }

// CoreDNS is the cluster's name server. program is the built coredns binary.
func CoreDNS(program string) Recipe { return static("coredns", CoreDNSTag, program, "/coredns") }

// static is an image of one static program.
func static(name, tag, program, target string) Recipe {
	return Recipe{
		Name: name, Tag: tag,
		key: func() (string, error) { return hashFile(program) },
		make: func(context.Context, string) (image.Spec, error) {
			return image.Spec{
				User: nobody, WorkingDir: "/", Entrypoint: []string{target},
				Layers: []image.Layer{image.Files{target: program}},
			}, nil
		},
	}
}
