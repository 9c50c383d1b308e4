package command

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"deskfleet.dev/sandbox/cluster/internal/host"
	"deskfleet.dev/sandbox/cluster/internal/image"
	"deskfleet.dev/sandbox/cluster/internal/recipe"
)

// recipes are the images of a cluster: those it cannot start without, and those
// that wait in it for tests and charts.
func recipes() (system, others []recipe.Recipe, err error) {
	pause, err := beside("pause")
	if err != nil {
		return nil, nil, err
	}
	coredns, err := beside("coredns")
	if err != nil {
		return nil, nil, err
	}
	return []recipe.Recipe{recipe.Pause(pause), recipe.CoreDNS(coredns)},
		[]recipe.Recipe{recipe.Busybox(), recipe.Postgres()}, nil
}

func ensure(ctx context.Context, recipes []recipe.Recipe) ([]string, error) {
	var archives []string
	for _, r := range recipes {
		archive, err := store().Ensure(ctx, r)
		if err != nil {
			return nil, err
		}
		archives = append(archives, archive)
	}
	return archives, nil
}

func newImages() *cobra.Command {
	var rebuild bool
	cmd := &cobra.Command{
		Use:   "images",
		Short: "Build the archives of all images the sandbox needs, where they are not built yet",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx := cmd.Context()
			if err := host.Install(ctx, host.ImagePrograms, os.Stderr); err != nil {
				return err
			}
			system, others, err := recipes()
			if err != nil {
				return err
			}
			if rebuild {
				if err := os.RemoveAll(store().Dir); err != nil {
					return err
				}
			}
			archives, err := ensure(ctx, append(append(system, others...), recipe.Base()))
			if err != nil {
				return err
			}
			for _, archive := range archives {
				img, err := image.Open(archive)
				if err != nil {
					return err
				}
				fmt.Printf("%-32s %s\n", img.Name, archive)
			}
			return nil
		},
	}
	cmd.Flags().BoolVar(&rebuild, "rebuild", false, "build all anew, from the newest Debian packages")
	return cmd
}

func newLoad(p *place) *cobra.Command {
	return &cobra.Command{
		Use:   "load ARCHIVE...",
		Short: "Import image archives and wait until pods can use them",
		Args:  cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, archives []string) error {
			c, err := p.cluster()
			if err != nil {
				return err
			}
			names, err := c.Load(cmd.Context(), archives)
			for _, name := range names {
				fmt.Println(name)
			}
			return err
		},
	}
}

func newImageDeskfleet() *cobra.Command {
	var tag, out string
	cmd := &cobra.Command{
		Use:   "image-deskfleet BIN_DIR",
		Short: "Write an image of the deskfleet-* programs in a directory; prints the archive's path",
		Args:  cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx := cmd.Context()
			if err := host.Install(ctx, append(host.ImagePrograms, host.StripPrograms...), os.Stderr); err != nil {
				return err
			}
			base, err := store().Ensure(ctx, recipe.Base())
			if err != nil {
				return err
			}
			if out == "" {
				out = filepath.Join(store().Dir, strings.NewReplacer("/", "_", ":", "_").Replace(tag)+".tar")
			}
			programs, err := recipe.Deskfleet(ctx, base, args[0], tag, out)
			if err != nil {
				return err
			}
			fmt.Fprintf(os.Stderr, "image %s with %s\n", tag, strings.Join(programs, ", "))
			fmt.Println(out)
			return nil
		},
	}
	cmd.Flags().StringVarP(&tag, "tag", "t", "localhost/deskfleet:dev", "full name of the image")
	cmd.Flags().StringVarP(&out, "output", "o", "", "archive to write (default: in the cache)")
	return cmd
}

func newImage() *cobra.Command {
	var r imageRequest
	cmd := &cobra.Command{
		Use:   "image",
		Short: "Write an OCI image archive from directories, tar files and single files",
		Example: `  cluster image -t localhost/tool:1 -o tool.tar --add build/tool=/tool --entrypoint /tool
  cluster image -t localhost/app:1 -o app.tar --from base.tar --layer rootfs/`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error { return r.write() },
	}
	f := cmd.Flags()
	f.StringVarP(&r.spec.Name, "tag", "t", "", "full name with a tag: localhost/name:tag")
	f.StringVarP(&r.out, "output", "o", "", "archive to write")
	f.StringVar(&r.spec.From, "from", "", "image archive to build upon")
	f.StringArrayVar(&r.layers, "layer", nil, "directory or tar file that is a layer (repeat, bottom first)")
	f.StringArrayVar(&r.adds, "add", nil, "SOURCE=/target: file for the top layer (repeat)")
	f.StringArrayVar(&r.spec.Entrypoint, "entrypoint", nil, "word of the entry point (repeat)")
	f.StringArrayVar(&r.spec.Cmd, "cmd", nil, "word of the command (repeat)")
	f.StringArrayVar(&r.spec.Env, "env", nil, "NAME=value (repeat)")
	f.StringVar(&r.spec.User, "user", "65532:65532", "uid:gid")
	f.StringVar(&r.spec.WorkingDir, "workdir", "/", "working directory")
	for _, name := range []string{"tag", "output"} {
		if err := cmd.MarkFlagRequired(name); err != nil {
			panic(err) // the flag is defined above
		}
	}
	return cmd
}

// imageRequest is what the flags of "cluster image" say.
type imageRequest struct {
	spec         image.Spec
	out          string
	layers, adds []string
}

func (r imageRequest) write() error {
	for _, l := range r.layers {
		layer, err := image.Path(l)
		if err != nil {
			return err
		}
		r.spec.Layers = append(r.spec.Layers, layer)
	}
	files := image.Files{}
	for _, a := range r.adds {
		source, target, ok := strings.Cut(a, "=/")
		if !ok {
			return fmt.Errorf("--add %q is not SOURCE=/target", a)
		}
		files["/"+target] = source
	}
	if len(files) > 0 {
		r.spec.Layers = append(r.spec.Layers, files)
	}
	digest, err := image.Write(r.spec, r.out)
	if err != nil {
		return err
	}
	fmt.Println(digest)
	return nil
}
