package image

import (
	"archive/tar"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	digest "github.com/opencontainers/go-digest"
)

// aTree is a directory with all kinds of entries a layer can have.
func aTree(t *testing.T, when time.Time) string {
	t.Helper()
	dir := t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.MkdirAll(filepath.Join(dir, "etc"), 0o755))
	must(os.WriteFile(filepath.Join(dir, "etc", "motd"), []byte("hello"), 0o644))
	must(os.Symlink("motd", filepath.Join(dir, "etc", "link")))
	must(os.Mkdir(filepath.Join(dir, "tmp"), 0o755))
	must(os.Chmod(filepath.Join(dir, "tmp"), 0o777|os.ModeSticky))
	must(os.Chtimes(filepath.Join(dir, "etc", "motd"), when, when))
	return dir
}

func aSpec(t *testing.T, when time.Time) Spec {
	t.Helper()
	tree := aTree(t, when)
	layer, err := Path(tree)
	if err != nil {
		t.Fatal(err)
	}
	return Spec{
		Name: "localhost/a:1", User: "1:1", WorkingDir: "/", Entrypoint: []string{"/bin/a"},
		Layers: []Layer{layer, Files{"/opt/deep/a": filepath.Join(tree, "etc", "motd")}},
	}
}

func mustWrite(t *testing.T, spec Spec) (string, digest.Digest) {
	t.Helper()
	out := filepath.Join(t.TempDir(), "a.tar")
	d, err := Write(spec, out)
	if err != nil {
		t.Fatal(err)
	}
	return out, d
}

// members reads an archive with nothing but archive/tar.
func members(t *testing.T, archive string) map[string][]byte {
	t.Helper()
	f, err := os.Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	all := map[string][]byte{}
	for tr := tar.NewReader(f); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatal(err)
		}
		if all[h.Name], err = io.ReadAll(tr); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheSameInputGivesTheSameArchive(t *testing.T) {
	first, d1 := mustWrite(t, aSpec(t, time.Unix(1, 0)))
	second, d2 := mustWrite(t, aSpec(t, time.Unix(2_000_000_000, 0)))
	if d1 != d2 {
		t.Errorf("digests %s and %s", d1, d2)
	}
	a, errA := os.ReadFile(first)
	b, errB := os.ReadFile(second)
	if errA != nil || errB != nil || string(a) != string(b) {
		t.Error("the archives differ")
	}
}

func TestEveryBlobIsNamedByItsContent(t *testing.T) {
	archive, _ := mustWrite(t, aSpec(t, time.Unix(1, 0)))
	blobs := 0
	for name, content := range members(t, archive) {
		sum, ok := strings.CutPrefix(name, "blobs/sha256/")
		if !ok {
			continue
		}
		blobs++
		if got := sha256.Sum256(content); hex.EncodeToString(got[:]) != sum {
			t.Errorf("%s holds something else", name)
		}
	}
	if blobs != 4 { // two layers, configuration, manifest
		t.Errorf("%d blobs", blobs)
	}
}

func TestALayerKeepsModesAndLinksAndForgetsOwners(t *testing.T) {
	archive, _ := mustWrite(t, aSpec(t, time.Unix(1, 0)))
	img, err := Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	layer := members(t, archive)[blobPath(img.manifest.Layers[0].Digest)]
	var lines []string
	for tr := tar.NewReader(strings.NewReader(string(layer))); ; {
		h, err := tr.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if h.Uid != 0 || h.Gid != 0 || h.Uname != "" || h.ModTime.Unix() != 0 {
			t.Errorf("%s: owner %d:%d %q, time %s", h.Name, h.Uid, h.Gid, h.Uname, h.ModTime)
		}
		lines = append(lines, h.FileInfo().Mode().String()+" "+h.Name+" "+h.Linkname)
	}
	want := "drwxr-xr-x etc/ \nLrwxrwxrwx etc/link motd\n-rw-r--r-- etc/motd \ndtrwxrwxrwx tmp/ "
	if got := strings.Join(lines, "\n"); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestAnImageBuiltUponAnotherSharesItsLayers(t *testing.T) {
	base, _ := mustWrite(t, aSpec(t, time.Unix(1, 0)))
	top := filepath.Join(t.TempDir(), "program")
	if err := os.WriteFile(top, []byte("program"), 0o755); err != nil {
		t.Fatal(err)
	}
	archive, _ := mustWrite(t, Spec{Name: "localhost/b:1", From: base, Layers: []Layer{Files{"/b": top}}})
	below, err := Open(base)
	if err != nil {
		t.Fatal(err)
	}
	img, err := Open(archive)
	if err != nil {
		t.Fatal(err)
	}
	if len(img.manifest.Layers) != 3 || img.manifest.Layers[0].Digest != below.manifest.Layers[0].Digest {
		t.Errorf("layers %v upon %v", img.manifest.Layers, below.manifest.Layers)
	}
	if img.Name != "localhost/b:1" || img.config.RootFS.DiffIDs[0] != below.manifest.Layers[0].Digest {
		t.Errorf("name %s, diff %s", img.Name, img.config.RootFS.DiffIDs[0])
	}
}

func TestBadInputIsRefusedByName(t *testing.T) {
	noArchive := filepath.Join(t.TempDir(), "no.tar")
	if err := os.WriteFile(noArchive, []byte("no tar"), 0o644); err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		spec Spec
		want string
	}{
		"name without registry": {Spec{Name: "a:1"}, "must have a registry and a tag"},
		"name without tag":      {Spec{Name: "localhost:5000/a"}, "must have a registry and a tag"},
		"relative target":       {Spec{Name: "localhost/a:1", Layers: []Layer{Files{"a": noArchive}}}, "starts with /"},
		"base that is no image": {Spec{Name: "localhost/a:1", From: noArchive}, "not an OCI archive"},
	} {
		out := filepath.Join(t.TempDir(), "a.tar")
		_, err := Write(test.spec, out)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := os.Stat(out); err == nil {
			t.Errorf("%s: left an archive behind", name)
		}
	}
}
