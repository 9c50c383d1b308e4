package cluster

import (
	"fmt"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/component"
)

// Controllers that a sandbox has no use for: they look after clouds and address
// ranges of many nodes.
const controllers = "*,-node-ipam-controller,-cloud-node-lifecycle-controller,-node-route-controller,-service-lb-controller"

// plan is a cluster that is about to be started.
type plan struct {
	Cluster
	nodeless bool
	address  string // of the API server
	port     int
	etcdPort int
	peerPort int
}

func (p plan) server() string { return fmt.Sprintf("https://%s:%d", p.address, p.port) }

func (p plan) pki(file string) string { return filepath.Join(p.Dir(), "pki", file) }

func (p plan) etcd() []string {
	return []string{
		"--data-dir=" + filepath.Join(p.Dir(), "etcd"),
		fmt.Sprintf("--client-url=https://127.0.0.1:%d", p.etcdPort),
		fmt.Sprintf("--peer-url=http://127.0.0.1:%d", p.peerPort),
		"--ca-file=" + p.pki("ca.crt"), "--cert-file=" + p.pki("etcd-server.crt"), "--key-file=" + p.pki("etcd-server.key"),
	}
}

func (p plan) apiServer() []string {
	args := []string{
		fmt.Sprintf("--etcd-servers=https://127.0.0.1:%d", p.etcdPort),
		"--etcd-cafile=" + p.pki("ca.crt"),
		"--etcd-certfile=" + p.pki("apiserver-etcd-client.crt"), "--etcd-keyfile=" + p.pki("apiserver-etcd-client.key"),
		"--bind-address=" + p.address, "--advertise-address=" + p.address, fmt.Sprintf("--secure-port=%d", p.port),
		"--service-cluster-ip-range=" + serviceCIDR, "--allow-privileged",
		"--tls-cert-file=" + p.pki("apiserver.crt"), "--tls-private-key-file=" + p.pki("apiserver.key"),
		"--client-ca-file=" + p.pki("ca.crt"),
		"--service-account-key-file=" + p.pki("sa.pub"), "--service-account-signing-key-file=" + p.pki("sa.key"),
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction",
		"--requestheader-client-ca-file=" + p.pki("ca.crt"), "--requestheader-allowed-names=front-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--proxy-client-cert-file=" + p.pki("front-proxy-client.crt"), "--proxy-client-key-file=" + p.pki("front-proxy-client.key"),
		"--audit-policy-file=" + filepath.Join(p.Dir(), "conf/audit.yaml"),
		"--audit-log-path=" + filepath.Join(p.Logs(), "audit.jsonl"),
	}
	if p.nodeless {
		// A loopback address is no endpoint that the reconciler would accept.
		return append(args, "--endpoint-reconciler-type=none")
	}
	return append(args,
		"--kubelet-client-certificate="+p.pki("apiserver-kubelet-client.crt"),
		"--kubelet-client-key="+p.pki("apiserver-kubelet-client.key"),
		"--kubelet-certificate-authority="+p.pki("ca.crt"), "--kubelet-preferred-address-types=InternalIP")
}

func (p plan) controllerManager() []string {
	return append(p.client(component.ControllerManager),
		"--secure-port=0", "--leader-elect=false", "--use-service-account-credentials",
		"--service-account-private-key-file="+p.pki("sa.key"), "--root-ca-file="+p.pki("ca.crt"),
		"--cluster-signing-cert-file="+p.pki("ca.crt"), "--cluster-signing-key-file="+p.pki("ca.key"),
		"--controllers="+controllers,
		// With the usual limits the controllers need 5 s to start instead of 0.5 s.
		"--kube-api-qps=200", "--kube-api-burst=400")
}

func (p plan) scheduler() []string {
	return append(p.client(component.Scheduler), "--secure-port=0", "--leader-elect=false")
}

// client are the arguments by which a control plane component calls the API.
func (p plan) client(name string) []string {
	kubeconfig := p.pki(name + ".kubeconfig")
	return []string{"--kubeconfig=" + kubeconfig, "--authentication-kubeconfig=" + kubeconfig, "--authorization-kubeconfig=" + kubeconfig}
}

func (p plan) kubelet() []string {
	return []string{
		"--config=" + filepath.Join(p.Dir(), "conf/kubelet.yaml"), "--kubeconfig=" + p.pki("kubelet.kubeconfig"),
		"--hostname-override=" + nodeName, "--node-ip=" + nodeAddress,
		"--root-dir=" + filepath.Join(p.Dir(), "kubelet"), "--cert-dir=" + filepath.Join(p.Dir(), "kubelet/pki"),
	}
}

func (p plan) proxy() []string {
	return []string{"--config=" + filepath.Join(p.Dir(), "conf/kube-proxy.yaml")}
}

func (p plan) localPV() []string {
	return []string{
		"-kubeconfig=" + p.pki("localpv.kubeconfig"), "-root=" + filepath.Join(p.Dir(), "volumes"),
		"-node=" + nodeName, "-class=" + storageClass,
	}
}

func (p plan) netpol() []string { return []string{"-kubeconfig=" + p.pki("netpol.kubeconfig")} }

func (p plan) containerd() []string {
	return []string{"--config", filepath.Join(p.Dir(), "conf/containerd.toml")}
}
