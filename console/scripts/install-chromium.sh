#!/usr/bin/env bash
# Makes sure that a Chromium is there for the browser tests; does nothing when there is one.
set -euo pipefail

for browser in "${CHROMIUM:-}" chromium chromium-browser google-chrome; do
  if [[ -n "${browser}" ]] && command -v "${browser}" >/dev/null; then
    exit 0
  fi
done
if [[ ! -x /usr/bin/apt-get ]]; then
  echo "no Chromium found, and no apt-get to install it: install Chromium and set CHROMIUM to its path" >&2
  exit 1
fi
if [[ "$(id -u)" -ne 0 ]]; then
  echo "no Chromium found: run 'sudo apt-get install chromium', or set CHROMIUM to the path of one" >&2
  exit 1
fi
apt-get -o DPkg::Lock::Timeout=300 update -qq
apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends chromium
