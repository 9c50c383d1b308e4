package image

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"time"
)

// Layer writes itself as an uncompressed tar.
type Layer interface{ writeTo(w io.Writer) error }

// epoch is the time of every file: real ones would change digests.
var epoch = time.Unix(0, 0)

// Path is the layer at a path: a tar file, taken as it is, or a directory.
func Path(p string) (Layer, error) {
	info, err := os.Stat(p)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return directory(p), nil
	}
	return tarFile(p), nil
}

// tarFile is a layer that is already packed.
type tarFile string

func (t tarFile) writeTo(w io.Writer) error {
	f, err := os.Open(string(t))
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return err
}

// directory is a tree of which every file becomes root's. Devices and sockets are
// left out: the runtime makes its own.
type directory string

func (d directory) writeTo(w io.Writer) error {
	tw := tar.NewWriter(w)
	err := filepath.WalkDir(string(d), func(p string, entry fs.DirEntry, err error) error {
		if err != nil || p == string(d) {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		return d.pack(tw, p, info)
	})
	if err != nil {
		return err
	}
	return tw.Close()
}

func (d directory) pack(tw *tar.Writer, p string, info fs.FileInfo) error {
	name, err := filepath.Rel(string(d), p)
	if err != nil {
		return err
	}
	h := &tar.Header{Name: name, Mode: tarMode(info.Mode()), ModTime: epoch}
	switch {
	case info.IsDir():
		h.Typeflag, h.Name = tar.TypeDir, name+"/"
	case info.Mode()&fs.ModeSymlink != 0:
		h.Typeflag, h.Mode = tar.TypeSymlink, 0o777
		if h.Linkname, err = os.Readlink(p); err != nil {
			return err
		}
	case info.Mode().IsRegular():
		h.Typeflag = tar.TypeReg
		return packFile(tw, p, h)
	default:
		return nil
	}
	return tw.WriteHeader(h)
}

// tarMode is the mode with the bits that Go keeps elsewhere.
func tarMode(m fs.FileMode) int64 {
	mode := int64(m.Perm())
	for bit, value := range map[fs.FileMode]int64{fs.ModeSticky: 0o1000, fs.ModeSetgid: 0o2000, fs.ModeSetuid: 0o4000} {
		if m&bit != 0 {
			mode |= value
		}
	}
	return mode
}

// Files is a layer of single files: path in the image to path here.
type Files map[string]string

func (f Files) writeTo(w io.Writer) error {
	tw := tar.NewWriter(w)
	made := map[string]bool{".": true}
	for _, target := range slices.Sorted(maps.Keys(f)) {
		if !path.IsAbs(target) {
			return fmt.Errorf("%s: a path in an image starts with /", target)
		}
		name := path.Clean(target)[1:]
		if err := packParents(tw, path.Dir(name), made); err != nil {
			return err
		}
		info, err := os.Stat(f[target])
		if err != nil {
			return err
		}
		h := &tar.Header{Typeflag: tar.TypeReg, Name: name, Mode: tarMode(info.Mode()), ModTime: epoch}
		if err := packFile(tw, f[target], h); err != nil {
			return err
		}
	}
	return tw.Close()
}

// packParents adds the directories down to dir that are not there yet.
func packParents(tw *tar.Writer, dir string, made map[string]bool) error {
	if made[dir] {
		return nil
	}
	if err := packParents(tw, path.Dir(dir), made); err != nil {
		return err
	}
	made[dir] = true
	return tw.WriteHeader(&tar.Header{Typeflag: tar.TypeDir, Name: dir + "/", Mode: 0o755, ModTime: epoch})
}

func packFile(tw *tar.Writer, source string, h *tar.Header) error {
	f, err := os.Open(source)
	if err != nil {
		return err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return err
	}
	h.Size = info.Size()
	if err := tw.WriteHeader(h); err != nil {
		return err
	}
	_, err = io.Copy(tw, f)
	return err
}
