package pki

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"testing"

	"k8s.io/client-go/tools/clientcmd"
)

func written(t *testing.T) Request {
	t.Helper()
	dir := t.TempDir()
	r := Request{
		Dir: filepath.Join(dir, "pki"), Cluster: "a", Server: "https://192.0.2.1:6443", Node: "node",
		Address: net.ParseIP("192.0.2.1"), ServiceIP: net.ParseIP("10.96.0.1"), AdminConfig: filepath.Join(dir, "kubeconfig"),
	}
	if err := Write(r); err != nil {
		t.Fatal(err)
	}
	return r
}

func load(t *testing.T, r Request, name string) *x509.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(filepath.Join(r.Dir, name+".crt"), filepath.Join(r.Dir, name+".key"))
	if err != nil {
		t.Fatal(err)
	}
	return pair.Leaf
}

func roots(t *testing.T, r Request) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(filepath.Join(r.Dir, "ca.crt"))
	if err != nil {
		t.Fatal(err)
	}
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(pem) {
		t.Fatal("ca.crt holds no certificate")
	}
	return pool
}

func TestAServerIsTrustedUnderEachOfItsNames(t *testing.T) {
	r := written(t)
	cert := load(t, r, "apiserver")
	for _, name := range []string{"localhost", "kubernetes.default.svc", "127.0.0.1", "10.96.0.1", "192.0.2.1"} {
		if _, err := cert.Verify(x509.VerifyOptions{Roots: roots(t, r), DNSName: name}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := cert.Verify(x509.VerifyOptions{Roots: roots(t, r), DNSName: "192.0.2.2"}); err == nil {
		t.Error("trusted under an address it was not issued for")
	}
}

func TestACertificateServesOnePurpose(t *testing.T) {
	r := written(t)
	for name, want := range map[string]x509.ExtKeyUsage{
		"apiserver": x509.ExtKeyUsageServerAuth, "etcd-server": x509.ExtKeyUsageServerAuth, "kubelet-server": x509.ExtKeyUsageServerAuth,
		"admin": x509.ExtKeyUsageClientAuth, "apiserver-etcd-client": x509.ExtKeyUsageClientAuth, "kubelet": x509.ExtKeyUsageClientAuth,
	} {
		got := load(t, r, name).ExtKeyUsage
		if len(got) != 1 || got[0] != want {
			t.Errorf("%s: usage %v, want %v", name, got, want)
		}
	}
}

func TestClientsAreWhoRBACKnows(t *testing.T) {
	r := written(t)
	kubelet := load(t, r, "kubelet").Subject
	if kubelet.CommonName != "system:node:node" || len(kubelet.Organization) != 1 || kubelet.Organization[0] != "system:nodes" {
		t.Errorf("kubelet is %s", kubelet)
	}
	if localpv := load(t, r, "localpv").Subject; len(localpv.Organization) != 0 {
		t.Errorf("localpv is in groups %v", localpv.Organization)
	}
}

func TestAKubeconfigNamesServerAndCluster(t *testing.T) {
	r := written(t)
	config, err := clientcmd.BuildConfigFromFlags("", r.AdminConfig)
	if err != nil {
		t.Fatal(err)
	}
	if config.Host != r.Server || len(config.CAData) == 0 || len(config.KeyData) == 0 {
		t.Errorf("host %s, %d bytes of authority, %d of key", config.Host, len(config.CAData), len(config.KeyData))
	}
}

func TestKeysAreForTheOwnerOnly(t *testing.T) {
	r := written(t)
	files, err := filepath.Glob(filepath.Join(r.Dir, "*"))
	if err != nil || len(files) < 20 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, f := range append(files, r.AdminConfig) {
		info, err := os.Stat(f)
		if err != nil {
			t.Fatal(err)
		}
		if info.Mode().Perm() != 0o600 {
			t.Errorf("%s has mode %o", f, info.Mode().Perm())
		}
	}
}
