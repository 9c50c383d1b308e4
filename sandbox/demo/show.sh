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
  local pid
  pid=$(forwarding_pid)
  if [ -n "$pid" ]; then kill -- "-$pid" 2> /dev/null || kill "$pid"; fi
  rm -f "$STATE/forward.pid"
}

# The process that forwards the port for us; empty when there is none. Its number alone
# may belong to another process by now.
forwarding_pid() {
  local pid started
  if [ ! -e "$STATE/forward.pid" ]; then return; fi
  read -r pid started < "$STATE/forward.pid"
  if [ -n "$started" ] && [ "$(start_time "$pid")" = "$started" ]; then printf '%s\n' "$pid"; fi
}

# Said before anything is built, not after minutes.
require_free_port() {
  if [ -n "$(forwarding_pid)" ]; then return; fi
  if (exec 3<> "/dev/tcp/127.0.0.1/$PORT") 2> /dev/null; then
    printf 'Port %s of this machine, where the console would be, is taken.\n' "$PORT" >&2
    printf 'End what listens there, or choose another port: DESKFLEET_DEMO_PORT=9443 make demo\n' >&2
    exit 1
  fi
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

  https://localhost:$PORT      user $(secret deskfleet-bootstrap-admin username), password $(secret deskfleet-bootstrap-admin password)

  The certificate is signed by the demo's own authority: the browser warns once, or
  trusts $STATE/ca.crt.
  On a machine elsewhere: ssh -L $PORT:localhost:$PORT THAT-MACHINE, then the same address.
  The API describes itself at https://localhost:$PORT/api/docs.

Look around, or go on with docs/tutorials/first-fleet.md:

  sandbox/cluster/cluster kubectl get deskfleet -n $NAMESPACE
  sandbox/cluster/cluster kubectl describe syncschedule -n $NAMESPACE

make demo-stop removes every trace.
TEXT
}
