# shellcheck shell=bash
# Builds what the demo runs: tools, console, programs, images. Everything lands in the
# cache, so a second demo only looks.

build_everything() {
  step 'Debian packages' sandbox/prerequisites packages gcc libc6-dev curl ca-certificates
  step 'Kubernetes, from its Go modules' "${CLUSTER[@]}" help
  step 'Base images' "${CLUSTER[@]}" images
  step 'Helm' sandbox/tools/tool helm
  step 'Stand-in for AWS' sandbox/aws/aws --help
  step 'Console' sandbox/console build
  step 'Cargo target' sandbox/cargo-target
  step 'Programs' cargo build --workspace --bins --locked
  step 'Image of deskfleet' build_image
}

# Stripped copies of the dev binaries: debug information would make the image ten times
# as large, a release build would take a quarter of an hour.
build_image() {
  local bin=$STATE/bin
  mkdir -p "$bin"
  for program in operator sync store api; do
    strip -o "$bin/deskfleet-$program" "$CARGO_TARGET_DIR/debug/deskfleet-$program"
  done
  "${CLUSTER[@]}" image-deskfleet "$bin" --tag localhost/deskfleet:dev --output "$STATE/deskfleet.tar"
}
