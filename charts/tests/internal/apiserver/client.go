// Package apiserver asks a real API server what it makes of an object.
//
// In: a kubeconfig with a client certificate, and objects. Out: refusals as errors, and the
// server's warnings. It is a few requests of plain HTTP: client-go would be a hundred times
// the code of these tests. Deliberately absent: watching, and any other way to sign in.
package apiserver

import (
	"bytes"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path"
	"strings"

	"sigs.k8s.io/yaml"

	"deskfleet.dev/charts/tests/internal/render"
)

// Client speaks to one API server.
type Client struct {
	base   string
	http   *http.Client
	plural map[string]string // apiVersion/Kind -> plural, followed by " namespaced" where it is
}

// Connect reads a kubeconfig's first cluster and user.
func Connect(kubeconfig string) (*Client, error) {
	text, err := os.ReadFile(kubeconfig)
	if err != nil {
		return nil, err
	}
	var config struct {
		Clusters []struct {
			Cluster struct {
				Server string `json:"server"`
				CAData string `json:"certificate-authority-data"`
				CAFile string `json:"certificate-authority"`
			} `json:"cluster"`
		} `json:"clusters"`
		Users []struct {
			User struct {
				CertData string `json:"client-certificate-data"`
				CertFile string `json:"client-certificate"`
				KeyData  string `json:"client-key-data"`
				KeyFile  string `json:"client-key"`
			} `json:"user"`
		} `json:"users"`
	}
	if err := yaml.Unmarshal(text, &config); err != nil {
		return nil, fmt.Errorf("%s: %w", kubeconfig, err)
	}
	if len(config.Clusters) == 0 || len(config.Users) == 0 {
		return nil, fmt.Errorf("%s names no cluster or no user", kubeconfig)
	}
	cluster, user := config.Clusters[0].Cluster, config.Users[0].User
	authority, err1 := inlineOrFile(cluster.CAData, cluster.CAFile)
	certificate, err2 := inlineOrFile(user.CertData, user.CertFile)
	key, err3 := inlineOrFile(user.KeyData, user.KeyFile)
	if err := errors.Join(err1, err2, err3); err != nil {
		return nil, err
	}
	pair, err := tls.X509KeyPair(certificate, key)
	if err != nil {
		return nil, err
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots, Certificates: []tls.Certificate{pair}}}
	return &Client{cluster.Server, &http.Client{Transport: transport}, map[string]string{}}, nil
}

func inlineOrFile(data, file string) ([]byte, error) {
	if data != "" {
		return base64.StdEncoding.DecodeString(data)
	}
	return os.ReadFile(file)
}

// Apply sends an object as server-side apply, with strict validation, and returns the
// server's warnings. With dryRun nothing is stored.
func (c *Client) Apply(object render.Object, namespace string, dryRun bool) ([]string, error) {
	plural, namespaced, err := c.resource(object)
	if err != nil {
		return nil, err
	}
	at := groupPath(object.String("apiVersion"))
	if namespaced {
		at = path.Join(at, "namespaces", namespace)
	}
	query := url.Values{"fieldManager": {"charts-tests"}, "force": {"true"}, "fieldValidation": {"Strict"}}
	if dryRun {
		query.Set("dryRun", "All")
	}
	body, err := json.Marshal(object.Fields)
	if err != nil {
		return nil, err
	}
	response, answer, err := c.request(http.MethodPatch, path.Join(at, plural, object.Name())+"?"+query.Encode(), body)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", object.ID(), err)
	}
	if response.StatusCode >= 300 {
		return nil, fmt.Errorf("%s: %s", object.ID(), message(answer))
	}
	return response.Header.Values("Warning"), nil
}

// Delete removes a cluster-scoped object of the core group.
func (c *Client) Delete(plural, name string) error {
	_, _, err := c.request(http.MethodDelete, path.Join("/api/v1", plural, name), nil)
	return err
}

// Serves says whether the server knows the object's kind now.
func (c *Client) Serves(object render.Object) bool {
	delete(c.plural, object.String("apiVersion"))
	_, _, err := c.resource(object)
	return err == nil
}

// resource finds the plural of an object's kind by discovery.
func (c *Client) resource(object render.Object) (plural string, namespaced bool, err error) {
	group := object.String("apiVersion")
	if _, known := c.plural[group]; !known {
		if err := c.discover(group); err != nil {
			return "", false, err
		}
	}
	found, known := c.plural[group+"/"+object.Kind()]
	if !known {
		return "", false, fmt.Errorf("%s: the API server does not know the kind", object.ID())
	}
	plural, namespaced = strings.CutSuffix(found, " namespaced")
	return plural, namespaced, nil
}

func (c *Client) discover(group string) error {
	_, answer, err := c.request(http.MethodGet, groupPath(group), nil)
	if err != nil {
		return err
	}
	var list struct {
		Resources []struct {
			Name       string `json:"name"`
			Kind       string `json:"kind"`
			Namespaced bool   `json:"namespaced"`
		} `json:"resources"`
	}
	if err := json.Unmarshal(answer, &list); err != nil {
		return err
	}
	c.plural[group] = ""
	for _, resource := range list.Resources {
		if strings.Contains(resource.Name, "/") {
			continue
		}
		if resource.Namespaced {
			resource.Name += " namespaced"
		}
		c.plural[group+"/"+resource.Kind] = resource.Name
	}
	return nil
}

func (c *Client) request(method, at string, body []byte) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, c.base+at, bytes.NewReader(body))
	if err != nil {
		return nil, nil, err
	}
	if method == http.MethodPatch {
		request.Header.Set("Content-Type", "application/apply-patch+yaml")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	return response, answer, err
}

func groupPath(apiVersion string) string {
	if strings.Contains(apiVersion, "/") {
		return "/apis/" + apiVersion
	}
	return "/api/" + apiVersion
}

func message(answer []byte) string {
	var status struct {
		Message string `json:"message"`
	}
	if json.Unmarshal(answer, &status) == nil && status.Message != "" {
		return status.Message
	}
	return string(answer)
}
