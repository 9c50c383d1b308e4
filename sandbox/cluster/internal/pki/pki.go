package pki

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"os"
	"path/filepath"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// Request says what the certificates are for.
type Request struct {
	Dir         string // where the files go
	Cluster     string // name of the cluster in kubeconfigs
	Server      string // URL of the API server
	Node        string // name of the node
	Address     net.IP // address of node and API server
	ServiceIP   net.IP // address of the Service "kubernetes"
	AdminConfig string // kubeconfig of the administrator
}

// Write makes everything. Files: ca, apiserver, etcd-server, apiserver-etcd-client,
// kubelet-server, apiserver-kubelet-client, front-proxy-client (.crt and .key),
// sa.key and sa.pub, and NAME.kubeconfig for each component that calls the API.
func Write(r Request) error {
	if err := os.MkdirAll(r.Dir, 0o700); err != nil {
		return err
	}
	a, err := newAuthority(r.Dir)
	if err != nil {
		return fmt.Errorf("make the certificate authority: %w", err)
	}
	for _, id := range r.plain() {
		if _, err := a.issue(id); err != nil {
			return fmt.Errorf("issue %s: %w", id.file, err)
		}
	}
	for _, id := range r.callers() {
		c, err := a.issue(id)
		if err != nil {
			return fmt.Errorf("issue %s: %w", id.file, err)
		}
		file := filepath.Join(r.Dir, id.file+".kubeconfig")
		if id.file == "admin" {
			file = r.AdminConfig
		}
		if err := writeKubeconfig(file, r, id.user, a.pem, c); err != nil {
			return fmt.Errorf("write %s: %w", file, err)
		}
	}
	return a.serviceAccountKey()
}

// plain are the certificates without a kubeconfig.
func (r Request) plain() []identity {
	loopback := net.IPv4(127, 0, 0, 1)
	return []identity{
		{file: "apiserver", user: "kube-apiserver", addresses: []net.IP{loopback, r.ServiceIP, r.Address}, names: []string{
			"localhost", "kubernetes", "kubernetes.default", "kubernetes.default.svc", "kubernetes.default.svc.cluster.local",
		}},
		{file: "etcd-server", user: "etcd", addresses: []net.IP{loopback}},
		{file: "apiserver-etcd-client", user: "kube-apiserver"},
		{file: "kubelet-server", user: r.Node, names: []string{r.Node}, addresses: []net.IP{r.Address}},
		{file: "apiserver-kubelet-client", user: "apiserver-kubelet", group: "system:masters"},
		{file: "front-proxy-client", user: "front-proxy"},
	}
}

// callers are the clients of the API server, with the names its built-in RBAC
// knows them by.
func (r Request) callers() []identity {
	return []identity{
		{file: "admin", user: "admin", group: "system:masters"},
		{file: "kube-controller-manager", user: "system:kube-controller-manager"},
		{file: "kube-scheduler", user: "system:kube-scheduler"},
		{file: "kube-proxy", user: "system:kube-proxy"},
		{file: "kubelet", user: "system:node:" + r.Node, group: "system:nodes"},
		// The sandbox's own controllers; their roles are in system.yaml.
		{file: "localpv", user: "deskfleet-cluster:localpv"},
		{file: "netpol", user: "deskfleet-cluster:netpol"},
	}
}

func writeKubeconfig(file string, r Request, user string, ca []byte, c credential) error {
	config := clientcmdapi.NewConfig()
	config.Clusters[r.Cluster] = &clientcmdapi.Cluster{Server: r.Server, CertificateAuthorityData: ca}
	config.AuthInfos[user] = &clientcmdapi.AuthInfo{ClientCertificateData: c.cert, ClientKeyData: c.key}
	config.Contexts[r.Cluster] = &clientcmdapi.Context{Cluster: r.Cluster, AuthInfo: user}
	config.CurrentContext = r.Cluster
	return clientcmd.WriteToFile(*config, file)
}

// serviceAccountKey writes the RSA pair that signs service account tokens.
func (a *authority) serviceAccountKey() error {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return err
	}
	if _, err := a.writeKey("sa.key", key); err != nil {
		return err
	}
	der, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return err
	}
	return a.write("sa.pub", pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der}))
}
