// Package pki makes the certificates of one cluster: an authority, a certificate
// for each server and client, the key pair that signs service account tokens, and
// a kubeconfig for each client. In: names and addresses. Out: files readable by
// their owner only. They last a year and are never renewed: a sandbox is younger.
package pki

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"time"
)

const (
	lifetime = 365 * 24 * time.Hour
	// skew lets a client accept a certificate although its clock is behind.
	skew = time.Hour
)

// authority signs certificates and writes them to its directory.
type authority struct {
	dir  string
	cert *x509.Certificate
	key  crypto.Signer
	pem  []byte
}

// newAuthority makes a root and writes ca.crt and ca.key.
func newAuthority(dir string) (*authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, err
	}
	t, err := template(pkix.Name{CommonName: "deskfleet-cluster-ca"})
	if err != nil {
		return nil, err
	}
	t.IsCA, t.BasicConstraintsValid, t.ExtKeyUsage = true, true, nil
	t.KeyUsage |= x509.KeyUsageCertSign | x509.KeyUsageCRLSign
	der, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	if err != nil {
		return nil, err
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, err
	}
	a := &authority{dir: dir, cert: cert, key: key, pem: certificatePEM(der)}
	if _, err := a.writeKey("ca.key", key); err != nil {
		return nil, err
	}
	return a, a.write("ca.crt", a.pem)
}

// identity is who a certificate is for: a client (user and groups) or a server
// (names and addresses).
type identity struct {
	file      string // file name without extension
	user      string
	group     string
	names     []string
	addresses []net.IP
}

// credential is a signed identity in PEM.
type credential struct{ cert, key []byte }

// issue writes FILE.crt and FILE.key.
func (a *authority) issue(id identity) (credential, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return credential{}, err
	}
	subject := pkix.Name{CommonName: id.user}
	if id.group != "" {
		subject.Organization = []string{id.group}
	}
	t, err := template(subject)
	if err != nil {
		return credential{}, err
	}
	t.DNSNames, t.IPAddresses = id.names, id.addresses
	t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	if len(id.addresses) > 0 {
		t.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	}
	der, err := x509.CreateCertificate(rand.Reader, t, a.cert, key.Public(), a.key)
	if err != nil {
		return credential{}, err
	}
	c := credential{cert: certificatePEM(der)}
	if c.key, err = a.writeKey(id.file+".key", key); err != nil {
		return credential{}, err
	}
	return c, a.write(id.file+".crt", c.cert)
}

func template(subject pkix.Name) (*x509.Certificate, error) {
	serial, err := rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127))
	if err != nil {
		return nil, err
	}
	now := time.Now()
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      subject,
		NotBefore:    now.Add(-skew),
		NotAfter:     now.Add(lifetime),
		KeyUsage:     x509.KeyUsageDigitalSignature,
	}, nil
}

func certificatePEM(der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
}

func (a *authority) writeKey(name string, key crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, err
	}
	b := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der})
	return b, a.write(name, b)
}

func (a *authority) write(name string, b []byte) error {
	if err := os.WriteFile(filepath.Join(a.dir, name), b, 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
