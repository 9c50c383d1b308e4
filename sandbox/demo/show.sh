# shellcheck shell=bash
# Makes the console reachable from this machine and says what there is to see.

# Forwards the console's port; started apart from this shell, so that it outlives it.
start_forward() {
  stop_forward
  setsid "${CLUSTER[@]}" kubectl -n "$NAMESPACE" port-forward --address 127.0.0.1 "service/$RELEASE-api" "$PORT:443" \
    > "$STATE/forward.log" 2>&1 < /dev/null &
  printf '%s %s\n' $! "$(start_time $!)" > "$STATE/forward.pid"
  curl --silent --fail --retry 30 --retry-delay 1 --retry-all-errors --cacert "$STATE/ca.crt" --output /dev/null \
    "https://localhost:$PORT/health/ready"
}

stop_forward() {
  local pid started
  if [ ! -e "$STATE/forward.pid" ]; then return; fi
  read -r pid started < "$STATE/forward.pid"
  # Only our own process: the number alone may belong to another by now.
  if [ "$(start_time "$pid")" = "$started" ]; then kill -- "-$pid" 2> /dev/null || kill "$pid"; fi
  rm -f "$STATE/forward.pid"
}

# When a process started, in clock ticks since boot; empty when there is none.
start_time() { # PID
  if [ -r "/proc/$1/stat" ]; then sed 's/.*) //' "/proc/$1/stat" | cut -d' ' -f20; fi
}

secret() { # NAME KEY
  kubectl get secret "$1" -o "jsonpath={.data.${2//./\\.}}" | base64 -d
}

describe_demo() {
  secret "$RELEASE-api-tls" ca.crt > "$STATE/ca.crt"
  step 'Console on localhost' start_forward
  (umask 077 && python3 sandbox/demo/describe.py \
    --fleet "$STATE/fleet.json" --output "$STATE/demo.json" --namespace "$NAMESPACE" \
    --kubeconfig "$("${CLUSTER[@]}" kubeconfig)" --kubectl "$PWD/sandbox/cluster/cluster" \
    --console "https://localhost:$PORT" --ca "$STATE/ca.crt" --standin "http://$NODE:$STANDIN_PORT" \
    --username "$(secret deskfleet-bootstrap-admin username)" --password "$(secret deskfleet-bootstrap-admin password)")
}

show_demo() {
  printf '\n'
  kubectl get workspaceaccounts,syncschedules
  cat <<TEXT

The fleet is in the console:

  https://localhost:$PORT      sign in as $(secret deskfleet-bootstrap-admin username) with password $(secret deskfleet-bootstrap-admin password)
  (the certificate is signed by the demo's own authority: $STATE/ca.crt)

Look around:

  export KUBECONFIG=$("${CLUSTER[@]}" kubeconfig)
  sandbox/cluster/cluster kubectl get deskfleet -n $NAMESPACE
  sandbox/cluster/cluster kubectl describe syncschedule -n $NAMESPACE

make demo-stop removes every trace.
TEXT
}
