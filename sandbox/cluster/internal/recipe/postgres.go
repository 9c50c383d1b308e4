package recipe

import (
	"context"
	_ "embed"
	"os"
	"path/filepath"

	"deskfleet.dev/sandbox/cluster/internal/image"
)

//go:embed postgres-entrypoint
var postgresEntrypoint string

// postgresUser owns the data and runs the server, as in Debian.
const postgresUser = "999:999"

var postgresTree = tree{
	packages: []string{"base-files", "postgresql-15", "libc-bin", "dash", "coreutils", "sed", "tzdata"},
	// Not needed to serve: the LLVM compiler (110 MB) and its bitcode, Perl and what
	// Debian wrote in it, conversions to character sets nobody asked for.
	drop: []string{
		"usr/lib/*-linux-gnu/libLLVM*", "usr/lib/llvm*", "usr/lib/*-linux-gnu/libz3*",
		"usr/lib/postgresql/15/lib/bitcode", "usr/lib/postgresql/15/lib/llvmjit*",
		"usr/share/perl*", "usr/lib/*-linux-gnu/perl*", "usr/lib/*-linux-gnu/libperl*", "usr/bin/perl*",
		"usr/share/postgresql-common", "usr/lib/*-linux-gnu/gconv",
	},
	users:  "postgres:x:999:999::/var/lib/postgresql:/bin/sh\n",
	groups: "postgres:x:999:\n",
}

// Postgres is Debian's PostgreSQL 15 with an entry point that makes the database
// on the first start. It runs as uid 999 on a read-only root; writable are the
// data directory, /var/run/postgresql, /tmp and /dev/shm.
func Postgres() Recipe {
	return Recipe{
		Name: "postgres", Tag: PostgresTag,
		key: func() (string, error) { return postgresTree.key() + postgresEntrypoint + "SIGINT", nil },
		make: func(ctx context.Context, tmp string) (image.Spec, error) {
			root := filepath.Join(tmp, "root")
			if err := postgresTree.unpack(ctx, root); err != nil {
				return image.Spec{}, err
			}
			entrypoint := filepath.Join(tmp, "postgres-entrypoint")
			if err := os.WriteFile(entrypoint, []byte(postgresEntrypoint), 0o755); err != nil {
				return image.Spec{}, err
			}
			layer, err := image.Path(root)
			if err != nil {
				return image.Spec{}, err
			}
			return image.Spec{
				User: postgresUser, WorkingDir: "/",
				Layers:     []image.Layer{layer, image.Files{"/usr/local/bin/postgres-entrypoint": entrypoint}},
				Entrypoint: []string{"/usr/local/bin/postgres-entrypoint"},
				// A fast shutdown; on SIGTERM the server would wait for its clients.
				StopSignal: "SIGINT",
				Env: []string{
					"PATH=/usr/local/bin:/usr/lib/postgresql/15/bin:/usr/bin:/bin",
					"LANG=C.UTF-8", "PGDATA=/var/lib/postgresql/data/pgdata",
				},
			}, nil
		},
	}
}
