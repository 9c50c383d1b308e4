# The image of deskfleet: operator, sync, store and API, with the console built in.
#
#   docker build --file images/deskfleet.Dockerfile --tag registry.example.com/deskfleet:0.1.0 .
#
# In: the repository as build context (images/deskfleet.Dockerfile.dockerignore narrows it).
# Out: four programs on a base without shell or package manager, run as user 65532.
# The base images are arguments: give them with a digest (image:tag@sha256:…) for a build
# that can be repeated, or from a mirror of yours.
ARG NODE_IMAGE=docker.io/library/node:20-bookworm-slim
ARG RUST_IMAGE=docker.io/library/rust:1.95-bookworm
ARG RUNTIME_IMAGE=gcr.io/distroless/cc-debian12:nonroot

FROM ${NODE_IMAGE} AS console
WORKDIR /src/console
COPY console/package.json console/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY console/ ./
RUN npm run build

FROM ${RUST_IMAGE} AS programs
WORKDIR /src
COPY . .
COPY --from=console /src/console/dist console/dist
# Queries are checked against the committed cache (.cargo/config.toml), so no database is needed.
RUN cargo build --release --locked --bins \
 && mkdir /out \
 && cp target/release/deskfleet-operator target/release/deskfleet-sync \
       target/release/deskfleet-store target/release/deskfleet-api /out/

FROM ${RUNTIME_IMAGE}
LABEL org.opencontainers.image.title="deskfleet" \
      org.opencontainers.image.description="Runs fleets of Amazon WorkSpaces from Kubernetes." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY --from=programs /out/ /usr/local/bin/
USER 65532:65532
WORKDIR /
# One image, four programs: each pod names its own. This one answers a bare `docker run`.
ENTRYPOINT ["/usr/local/bin/deskfleet-api"]
CMD ["--help"]
