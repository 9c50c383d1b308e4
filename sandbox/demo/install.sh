# shellcheck shell=bash
# Starts what stands outside deskfleet, installs the chart as its users would, and waits
# for the first sync.

kubectl() { "${CLUSTER[@]}" kubectl -n "$NAMESPACE" "$@"; }

start_outside_world() {
  step 'One-node Kubernetes' "${CLUSTER[@]}" up
  step 'Images into the node' load_images
  step 'Stand-in for AWS listens' sandbox/aws/aws up --state "$STATE/aws" --host "$NODE" --port "$STANDIN_PORT"
  step 'A generated fleet' generate_fleet
}

load_images() {
  local postgres
  postgres=$("${CLUSTER[@]}" images | awk '$1 == "localhost/deskfleet-postgres:15" { print $2 }')
  "${CLUSTER[@]}" load "$STATE/deskfleet.tar" "$postgres"
}

generate_fleet() {
  sandbox/aws/aws fleet --endpoint "http://$NODE:$STANDIN_PORT" --seed "$SEED" --desktops "$DESKTOPS" \
    --accounts 111111111111,222222222222 --regions us-east-1,eu-central-1,ap-southeast-2 > "$STATE/fleet.json"
}

install_deskfleet() {
  step 'Namespace, restricted' make_namespace
  step 'Chart' install_chart
  step 'Accounts and schedules' apply_samples
}

make_namespace() {
  "${CLUSTER[@]}" kubectl apply -f sandbox/demo/manifests/namespace.yaml
}

install_chart() {
  forget_interrupted_install
  KUBECONFIG=$("${CLUSTER[@]}" kubeconfig) "$(sandbox/tools/tool helm)" upgrade --install "$RELEASE" charts/deskfleet \
    --namespace "$NAMESPACE" --values sandbox/demo/values.yaml --set "api.publicUrl=https://localhost:$PORT" --wait --timeout 5m
}

# After Ctrl-C Helm believes for ever that it is still installing, and refuses to begin
# again. Its note is taken away; the objects stay, and the next installation takes them over.
forget_interrupted_install() {
  kubectl delete secret --ignore-not-found \
    --selector "owner=helm,name=$RELEASE,status in (pending-install,pending-upgrade,pending-rollback)"
}

# The keys come from the stand-in, so the Secrets are made here; the rest is the samples
# of config/samples with the stand-in's address, in sandbox/demo/manifests.
apply_samples() {
  python3 sandbox/demo/secrets.py "$STATE/fleet.json" | kubectl apply -f -
  "${CLUSTER[@]}" kubectl apply -k sandbox/demo/manifests
}

# Only the demo's own objects count: what somebody tries beside them may well be stalled.
first_sync() {
  step 'Accounts are proved' kubectl wait --for=condition=Ready -f sandbox/demo/manifests/accounts.yaml --timeout=180s
  step 'First sync, by the CronJob' wait_for_first_sync
}

wait_for_first_sync() {
  kubectl wait --for=condition=LastRunSucceeded -f sandbox/demo/manifests/schedules.yaml --timeout=300s
}
