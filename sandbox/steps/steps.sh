# shellcheck shell=bash
# Steps: runs named commands one after another, so that a person always sees what is
# going on, how long it takes, and, when one fails, the lines that matter and where the
# rest is.
#
#   . sandbox/steps/steps.sh
#   steps_begin test                       # logs go to $DESKFLEET_CACHE/logs/test/
#   step "Rust tests" cargo test --workspace
#   steps_end                              # the table of what took how long
#
# Output of a command goes to its log only; `--show PATTERN` before the title also prints
# the lines that match an extended regular expression.

STEPS_LOGS=
STEPS_TABLE=
STEPS_STARTED=
STEPS_TICK=${STEPS_TICK:-30}
# What to do after Ctrl-C, told to whoever pressed it.
STEPS_AFTER_INTERRUPT=

steps_begin() { # NAME
  STEPS_LOGS=${DESKFLEET_CACHE:?}/logs/$1
  rm -rf "$STEPS_LOGS"
  mkdir -p "$STEPS_LOGS"
  STEPS_TABLE=$STEPS_LOGS/steps.tsv
  : > "$STEPS_TABLE"
  STEPS_STARTED=$SECONDS
}

step() { # [--show PATTERN] TITLE COMMAND...
  local show=
  if [ "$1" = --show ]; then show=$2; shift 2; fi
  local title=$1 log started=$SECONDS status=0 runner
  shift
  log=$STEPS_LOGS/$(steps_slug "$title").log
  printf '▸ %s\n' "$title"
  # A process group of its own, so that all of it can be ended: Ctrl-C does not reach
  # what a shell runs in the background.
  trap 'steps_interrupted "$title" "$log"' INT
  set -m
  "$@" > "$log" 2>&1 < /dev/null &
  runner=$!
  set +m
  steps_tell_time "$runner" "$title" "$started"
  wait "$runner" || status=$?
  trap - INT
  printf '%s\t%s\t%s\n' "$title" $((SECONDS - started)) "$status" >> "$STEPS_TABLE"
  if [ -n "$show" ]; then grep -E -- "$show" "$log" || true; fi
  if [ "$status" -ne 0 ]; then steps_explain "$title" "$status" "$log"; return "$status"; fi
  printf '✔ %s (%s)\n' "$title" "$(steps_time $((SECONDS - started)))"
}

# Ends what the step started, says so, and ends this shell as Ctrl-C does.
steps_interrupted() { # TITLE LOG
  local group
  trap - INT
  for group in $(jobs -pr); do kill -TERM -- "-$group" 2> /dev/null || true; done
  printf '\n✘ %s was interrupted\n  the whole log: %s\n' "$1" "$2" >&2
  if [ -n "$STEPS_AFTER_INTERRUPT" ]; then printf '  %s\n' "$STEPS_AFTER_INTERRUPT" >&2; fi
  kill -INT $$
}

# Says every $STEPS_TICK seconds that a step still runs, until its process has ended.
steps_tell_time() { # PID TITLE STARTED
  local waited=0
  while kill -0 "$1" 2> /dev/null; do
    sleep 0.2
    waited=$((waited + 1))
    if [ $((waited % (STEPS_TICK * 5))) -eq 0 ]; then
      printf '  … %s, %s so far\n' "$2" "$(steps_time $((SECONDS - $3)))"
    fi
  done
}

# The lines of a failed step's log that matter, then its end.
steps_explain() { # TITLE STATUS LOG
  {
    printf '✘ %s failed with status %s\n' "$1" "$2"
    { grep -nE '^(error|Error|FAIL|✘)|panicked at|: error|ERROR|FAILED|fatal:|not ok|AssertionError|^E  ' "$3" || true; } | head -n 25 | sed 's/^/    /'
    printf '  the end of the log:\n'
    tail -n 15 "$3" | sed 's/^/    /'
    printf '  the whole log: %s\n' "$3"
  } >&2
}

steps_end() {
  printf '\n%-58s %8s\n' 'step' 'time'
  while IFS=$'\t' read -r title seconds _; do
    printf '%-58s %8s\n' "$title" "$(steps_time "$seconds")"
  done < "$STEPS_TABLE"
  printf '%-58s %8s\n' 'all' "$(steps_time $((SECONDS - STEPS_STARTED)))"
}

# The sum of what the test runners in all logs say passed and failed, as one line.
steps_count_tests() {
  printf '%s passed, %s failed\n' "$(steps_sum passed)" "$(steps_sum failed)"
}

steps_sum() { # WORD
  # Vitest counts files in a line of its own, which would count their tests twice.
  { grep -rhE "[0-9]+ $1" "$STEPS_LOGS" | grep -v 'Test Files' | grep -oE "[0-9]+ $1" || true; } |
    awk '{ sum += $1 } END { print sum + 0 }'
}

steps_slug() { # TITLE
  printf '%s' "$1" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9-'
}

steps_time() { # SECONDS
  if [ "$1" -ge 60 ]; then printf '%d min %02d s' $(($1 / 60)) $(($1 % 60)); else printf '%d s' "$1"; fi
}
