# steps.sh - one progress line a step, its output in a log; packages; counting tests.
#
# Sourced by autogen.sh and .ci/run, in bash, with the top of the tree as working directory.
#
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash

LOGS=$PWD/build-logs
JOBS=$(nproc 2>/dev/null || echo 2)
mkdir -p "$LOGS"

say() {
    printf '==> %s\n' "$1"
}

# begin TITLE: on a terminal, what is going on; done_line TITLE takes its place.
begin() {
    [ ! -t 1 ] || printf '==> %s ...' "$1"
}

done_line() {
    [ ! -t 1 ] || printf '\r\e[K'
    say "$1"
}

# step LOG TITLE COMMAND...: runs it with its output in the log; on failure shows where to look.
step() {
    local log=$LOGS/$1.log title=$2 began=$SECONDS
    shift 2
    begin "$title"
    if ("$@") >"$log" 2>&1 </dev/null; then
        done_line "$title ($((SECONDS - began)) s)"
        return
    fi
    done_line "$title: failed"
    tail -n 40 "$log" | cut -c1-400 | sed 's/^/    /'
    printf '    (all of it: %s)\n' "${log#"$PWD"/}"
    return 1
}

# as_root COMMAND...
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "this needs root or sudo: $*" >&2
        return 1
    fi
}

# apt COMMAND...: waits for another apt to finish, and asks nothing.
apt() {
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300 "$@"
}

apt_install() {
    apt update && apt install --no-install-recommends "$@"
}

# packages NAME...: installs those of them that are not there. Sets installed to their number.
packages() {
    local there package missing=()
    installed=0
    if ! command -v dpkg-query >/dev/null; then
        say "packages: this is no Debian; needed are the likes of $*"
        return
    fi
    there=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
    for package; do
        grep -qxF "$package installed" <<<"$there" || missing+=("$package")
    done
    installed=${#missing[@]}
    if [ "$installed" -eq 0 ]; then
        say 'packages: all there'
    else
        step packages "packages: ${missing[*]}" apt_install "${missing[@]}"
    fi
}

# count_tests LOG: sets passed and failed from automake's last summary. A test that was skipped or that passed against
# expectation has not shown what it is for.
count_tests() {
    read -r passed failed < <(awk '
        /^# TOTAL:/ { passed = failed = 0 }
        /^# PASS:/ { passed += $3 }
        /^# (SKIP|XFAIL|FAIL|XPASS|ERROR):/ { failed += $3 }
        END { print passed + 0, failed + 0 }' "$LOGS/$1.log")
}

# test_output LOG: what the tests that failed had to say, or how far make came.
test_output() {
    sed -n '/^\.\. contents::/,/^Testsuite summary/{/^\.\. contents::/d; /^Testsuite summary/d; /^==*$/d; p}' "$1" |
        grep . | tail -n 150 || tail -n 40 "$1"
}

# tests LOG TITLE COMMAND...: runs a 'make check' and says what came of it. Sets passed and failed.
tests() {
    local log=$1 title=$2 status=0 began=$SECONDS
    shift 2
    begin "$title"
    ("$@") >"$LOGS/$log.log" 2>&1 </dev/null || status=$?
    count_tests "$log"
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ] || [ "$((passed + failed))" -eq 0 ]; then
        failed=$((failed + 1))
    fi
    done_line "$title: $passed passed, $failed failed ($((SECONDS - began)) s)"
    [ "$failed" -eq 0 ] && return
    test_output "$LOGS/$log.log" | cut -c1-400 | sed 's/^/    /'
    grep -E '^(FAIL|ERROR|XPASS|SKIP|XFAIL): ' "$LOGS/$log.log" | sort -u | sed 's/^/    /' || true
    printf '    (all of it: %s)\n' "build-logs/$log.log"
    return 1
}
