package image

import (
	"archive/tar"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	digest "github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Image is what an archive holds.
type Image struct {
	Name     string        // full reference
	Digest   digest.Digest // of the manifest
	manifest ocispec.Manifest
	config   ocispec.Image
}

// errNoImage is the answer for files that are no archive of one image.
var errNoImage = errors.New("not an OCI archive of one named image, as \"cluster image\" writes it")

// Open reads the description of the image in an archive.
func Open(archive string) (Image, error) {
	img, err := open(archive)
	if err != nil {
		return Image{}, fmt.Errorf("read image archive %s: %w", archive, err)
	}
	return img, nil
}

func open(archive string) (Image, error) {
	var index ocispec.Index
	if err := decode(archive, ocispec.ImageIndexFile, &index); err != nil {
		return Image{}, err
	}
	if len(index.Manifests) != 1 || index.Manifests[0].Annotations[nameAnnotation] == "" {
		return Image{}, errNoImage
	}
	d := index.Manifests[0]
	img := Image{Name: d.Annotations[nameAnnotation], Digest: d.Digest}
	if err := decode(archive, blobPath(d.Digest), &img.manifest); err != nil {
		return Image{}, err
	}
	return img, decode(archive, blobPath(img.manifest.Config.Digest), &img.config)
}

// decode reads one JSON file of the archive.
func decode(archive, name string, into any) error {
	return readMember(archive, name, func(r io.Reader) error { return json.NewDecoder(r).Decode(into) })
}

// readMember hands one file of the archive to read.
func readMember(archive, name string, read func(io.Reader) error) error {
	f, err := os.Open(archive)
	if err != nil {
		return err
	}
	defer f.Close()
	for tr := tar.NewReader(f); ; {
		h, err := tr.Next()
		switch {
		case errors.Is(err, io.EOF):
			return errNoImage
		case err != nil:
			return fmt.Errorf("%w: %w", errNoImage, err)
		case h.Name == name:
			return read(tr)
		}
	}
}

// archived is a layer of another archive.
type archived struct {
	archive string
	digest  digest.Digest
}

func (a archived) writeTo(w io.Writer) error {
	return readMember(a.archive, blobPath(a.digest), func(r io.Reader) error {
		_, err := io.Copy(w, r)
		return err
	})
}

// layersOf returns the layers of an archive, bottom first.
func layersOf(archive string) ([]Layer, error) {
	img, err := Open(archive)
	if err != nil {
		return nil, err
	}
	var layers []Layer
	for _, l := range img.manifest.Layers {
		if l.MediaType != ocispec.MediaTypeImageLayer {
			return nil, fmt.Errorf("%s: layer %s is %s; only uncompressed ones can be built upon", archive, l.Digest, l.MediaType)
		}
		layers = append(layers, archived{archive, l.Digest})
	}
	return layers, nil
}

func blobPath(d digest.Digest) string {
	return ocispec.ImageBlobsDir + "/" + d.Algorithm().String() + "/" + d.Encoded()
}

// ID is what runtimes call the image: the digest of its configuration.
func (i Image) ID() digest.Digest { return i.manifest.Config.Digest }
