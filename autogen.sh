#!/usr/bin/env bash
# autogen.sh - from a fresh clone to a build.
#
#   ./autogen.sh            makes ./configure
#   ./autogen.sh --demo     installs what lacks, configures, builds, and shows tokens on their way through a stack
#   ./autogen.sh --check    installs what lacks, configures, builds, and runs every test; npm brings other
#                           implementations to be compared with
#
# Words after --demo and --check go to configure. Without any a tree that is configured stays as it is.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"

# To build, and to test: pam for the differential test, g++ for a plugin in C++, mandoc for the manual pages, h2 for
# HTTP/2.
PACKAGES=(gcc g++ libc6-dev make autoconf autoconf-archive automake libtool pkg-config
    libinih-dev libjansson-dev libssl-dev libcurl4-openssl-dev libpam0g-dev libmicrohttpd-dev openssl curl python3
    python3-h2 mandoc)
# What the tests need besides: a shell to complete in, and a program that reads drawings.
CHECK_PACKAGES=(zsh graphviz)

usage() {
    sed -n '2,9s/^#$//p; 2,9s/^# \{0,1\}//p' autogen.sh
}

make_configure() {
    mkdir -p m4 && autoreconf --force --install
}

# The folder and the arguments of the configuration that is there; nothing if there is none.
configuration() {
    [ ! -f config.status ] || cat build-logs/configuration 2>/dev/null || true
}

run_configure() {
    ./configure --silent "$@" && make --silent clean
}

configure() {
    local there
    there=$(configuration)
    if [ ! -x configure ] || [ ! -f Makefile.in ]; then
        step autoreconf autoreconf make_configure
    fi
    if [ "$installed" -eq 0 ] && [ -n "$there" ]; then
        case "$there" in
        "$PWD" | "$PWD "*) [ $# -gt 0 ] && [ "$there" != "$PWD $*" ] || return 0 ;;
        esac
    fi
    rm -f build-logs/configuration
    step configure configure run_configure "$@"
    echo "$PWD${*:+ $*}" >build-logs/configuration
}

prepare() {
    packages "${PACKAGES[@]}" "${wanted[@]}"
    configure "$@"
    step build build make -j"$JOBS"
}

# What other implementations say, which npm brings; Debian's node and npm where there are no others.
others() {
    local fine=0
    command -v node >/dev/null && command -v npm >/dev/null || packages nodejs npm
    step interop 'keys and tokens of another implementation' make check-interop || fine=1
    step oidc 'tokens of a certified OpenID provider' make check-oidc || fine=1
    return "$fine"
}

mode=${1-}
[ $# -eq 0 ] || shift
wanted=()
case "$mode" in
'')
    make_configure
    ;;
--demo)
    . build-aux/steps.sh
    prepare "$@"
    echo
    exec bash docs/examples/demo.sh
    ;;
--check)
    . build-aux/steps.sh
    wanted=("${CHECK_PACKAGES[@]}")
    prepare "$@"
    tests check tests make -j"$JOBS" check VERBOSE=1 || failed=1
    others || failed=1
    [ "$failed" -eq 0 ]
    ;;
--help)
    usage
    ;;
*)
    usage >&2
    exit 2
    ;;
esac
