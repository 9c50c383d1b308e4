package component

import (
	"flag"
	"net/url"
	"os"
	"os/signal"
	"syscall"

	"go.etcd.io/etcd/client/pkg/v3/transport"
	"go.etcd.io/etcd/server/v3/embed"
)

// runEtcd runs a single etcd member that serves clients over mutual TLS. It does
// not fsync: the data of a sandbox may die with the machine.
func runEtcd(args []string) error {
	flags := flag.NewFlagSet(Etcd, flag.ExitOnError)
	dir := flags.String("data-dir", "", "data directory")
	client := flags.String("client-url", "https://127.0.0.1:2379", "address for clients")
	peer := flags.String("peer-url", "http://127.0.0.1:2380", "address for peers; never used, but etcd needs one that is free")
	ca := flags.String("ca-file", "", "authority that signs clients")
	cert := flags.String("cert-file", "", "server certificate")
	key := flags.String("key-file", "", "key of the server certificate")
	if err := flags.Parse(args); err != nil {
		return err
	}
	clientURL, err := url.Parse(*client)
	if err != nil {
		return err
	}
	peerURL, err := url.Parse(*peer)
	if err != nil {
		return err
	}
	config := embed.NewConfig()
	config.Dir = *dir
	config.ListenClientUrls, config.AdvertiseClientUrls = []url.URL{*clientURL}, []url.URL{*clientURL}
	config.ListenPeerUrls, config.AdvertisePeerUrls = []url.URL{*peerURL}, []url.URL{*peerURL}
	config.InitialCluster = config.InitialClusterFromName(config.Name)
	config.ClientTLSInfo = transport.TLSInfo{CertFile: *cert, KeyFile: *key, TrustedCAFile: *ca, ClientCertAuth: true}
	config.UnsafeNoFsync = true
	config.LogLevel = "warn"
	config.LogOutputs = []string{"stderr"}
	return serveEtcd(config)
}

// serveEtcd returns when etcd fails or the process is told to stop.
func serveEtcd(config *embed.Config) error {
	server, err := embed.StartEtcd(config)
	if err != nil {
		return err
	}
	defer server.Close()
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM, syscall.SIGINT)
	select {
	case err = <-server.Err():
		return err
	case <-stop:
		return nil
	}
}
