package image

import (
	"archive/tar"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	digest "github.com/opencontainers/go-digest"
	"github.com/opencontainers/image-spec/specs-go"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
)

// Write writes the image to the file out, which appears only when it is complete.
// It returns the digest of the manifest.
func Write(spec Spec, out string) (digest.Digest, error) {
	d, err := write(spec, out)
	if err != nil {
		return "", fmt.Errorf("write image %s: %w", spec.Name, err)
	}
	return d, nil
}

func write(spec Spec, out string) (digest.Digest, error) {
	tag, err := spec.tag()
	if err != nil {
		return "", err
	}
	blobs, err := newBlobs(filepath.Dir(out))
	if err != nil {
		return "", err
	}
	defer os.RemoveAll(blobs.dir)
	manifest, err := blobs.addImage(spec)
	if err != nil {
		return "", err
	}
	manifest.Annotations = map[string]string{nameAnnotation: spec.Name, ocispec.AnnotationRefName: tag}
	index, err := json.Marshal(ocispec.Index{
		Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageIndex,
		Manifests: []ocispec.Descriptor{manifest},
	})
	if err != nil {
		return "", err
	}
	return manifest.Digest, blobs.pack(out, index)
}

// blobs collects the parts of an image as files until their digests are known.
type blobs struct {
	dir   string
	order []digest.Digest
}

func newBlobs(parent string) (*blobs, error) {
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(parent, ".image-")
	return &blobs{dir: dir}, err
}

// addImage adds layers, configuration and manifest, and describes the latter.
func (b *blobs) addImage(spec Spec) (ocispec.Descriptor, error) {
	layers := spec.Layers
	if spec.From != "" {
		below, err := layersOf(spec.From)
		if err != nil {
			return ocispec.Descriptor{}, err
		}
		layers = append(below, layers...)
	}
	manifest := ocispec.Manifest{Versioned: specs.Versioned{SchemaVersion: 2}, MediaType: ocispec.MediaTypeImageManifest}
	var diffs []digest.Digest
	for _, l := range layers {
		d, err := b.add(ocispec.MediaTypeImageLayer, l.writeTo)
		if err != nil {
			return ocispec.Descriptor{}, err
		}
		manifest.Layers = append(manifest.Layers, d)
		diffs = append(diffs, d.Digest)
	}
	var err error
	if manifest.Config, err = b.addJSON(ocispec.MediaTypeImageConfig, spec.config(diffs)); err != nil {
		return ocispec.Descriptor{}, err
	}
	return b.addJSON(ocispec.MediaTypeImageManifest, manifest)
}

func (b *blobs) addJSON(mediaType string, v any) (ocispec.Descriptor, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	return b.add(mediaType, func(w io.Writer) error {
		_, err := io.Copy(w, bytes.NewReader(text))
		return err
	})
}

// add stores what fill writes under its digest.
func (b *blobs) add(mediaType string, fill func(io.Writer) error) (ocispec.Descriptor, error) {
	f, err := os.CreateTemp(b.dir, "new-")
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	defer f.Close()
	digester := digest.Canonical.Digester()
	if err := fill(io.MultiWriter(f, digester.Hash())); err != nil {
		return ocispec.Descriptor{}, err
	}
	size, err := f.Seek(0, io.SeekCurrent)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	d := digester.Digest()
	b.order = append(b.order, d)
	return ocispec.Descriptor{MediaType: mediaType, Digest: d, Size: size}, os.Rename(f.Name(), filepath.Join(b.dir, d.Encoded()))
}

// pack writes the archive: layout and index first, so that readers find them at
// once, then each blob.
func (b *blobs) pack(out string, index []byte) error {
	tmp := filepath.Join(b.dir, "archive")
	f, err := os.Create(tmp)
	if err != nil {
		return err
	}
	defer f.Close()
	tw := tar.NewWriter(f)
	layout, err := json.Marshal(ocispec.ImageLayout{Version: ocispec.ImageLayoutVersion})
	if err != nil {
		return err
	}
	for _, file := range []struct {
		name string
		text []byte
	}{{ocispec.ImageLayoutFile, layout}, {ocispec.ImageIndexFile, index}} {
		if err := tw.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: file.name, Mode: 0o644, Size: int64(len(file.text)), ModTime: epoch}); err != nil {
			return err
		}
		if _, err := tw.Write(file.text); err != nil {
			return err
		}
	}
	packed := map[digest.Digest]bool{}
	for _, d := range b.order {
		if packed[d] {
			continue
		}
		packed[d] = true
		h := &tar.Header{Typeflag: tar.TypeReg, Name: blobPath(d), Mode: 0o644, ModTime: epoch}
		if err := packFile(tw, filepath.Join(b.dir, d.Encoded()), h); err != nil {
			return err
		}
	}
	if err := tw.Close(); err != nil {
		return err
	}
	return os.Rename(tmp, out)
}
