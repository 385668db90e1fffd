#!/usr/bin/env bash
# demo.sh - a signed token on its way through conf/development.ini: a tool that it opens, one that it does not, no token,
# one that was tampered with, and one of another kind. './autogen.sh --demo' builds what it needs and runs it.
#
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

CONFIG=conf/development.ini
DROP_IN=conf/development.d/demo.ini
HOST=hosts/example/tokenpam-example
PLUGINS=$PWD/plugins/.libs

title='' plain='' quiet=''
if [ -t 1 ] && [ -z "${NO_COLOR-}" ] && [ "${TERM-dumb}" != dumb ]; then
    title=$'\e[1m' quiet=$'\e[2m' plain=$'\e[0m'
fi

number=0
unexpected=0
host=''

say() {
    printf '\n%s%s%s\n' "$title" "$1" "$plain"
}

# scene TEXT
scene() {
    number=$((number + 1))
    say "$number. $1"
}

# shellcheck disable=SC2016 # the name of the variable is shown, not its value
# prompt WORD...: what somebody would type, quoted where a shell wants it; into: a file for what it prints.
prompt() {
    local word line='' where=${into:+ >$into}
    for word; do
        case $word in
        *[!A-Za-z0-9._/:@=,%+-]*) line+=" '$word'" ;;
        *) line+=" $word" ;;
        esac
    done
    printf '%s$%s%s\n' "$quiet" "${line//"$PWD"/'$PWD'}$where" "$plain"
}

# expect WANTED GOT: a demonstration that goes another way than it should fails in the end.
expect() {
    [ "$1" = "$2" ] && return
    printf 'got %s, expected %s\n' "$2" "$1" >&2
    unexpected=1
}

# tokenpam STATUS ARGUMENT...: shows a command and what comes of it.
tokenpam() {
    local wanted=$1 status=0
    shift
    prompt ./tokenpam "$@"
    ./tokenpam "$@" || status=$?
    expect "$wanted" "$status"
}

# request STATUS TOOL [HEADERFILE]: the token is in a file, for everybody can read command lines.
request() {
    local wanted=$1 answer command=(curl -i)
    [ $# -lt 3 ] || command+=(-H "@$3")
    command+=("$url/tools/$2")
    prompt "${command[@]}"
    answer=$("${command[@]}" --silent --show-error | tr -d '\r')
    printf '%s\n' "$answer"
    expect "$wanted" "$(awk '{ print $2; exit }' <<<"$answer")"
}

# ---- A key, tokens, a host

# mint NAME ARGUMENT...: a token in demo/NAME.token.
mint() {
    local name=$1
    shift
    into=demo/$name.token prompt ./tokenpam mint -c "$CONFIG" -s notes "$@"
    ./tokenpam mint -c "$CONFIG" -s notes "$@" >"demo/$name.token"
}

# header NAME: the header that presents a token.
header() {
    printf 'Authorization: Bearer %s\n' "$(<"demo/$1.token")" >"demo/$1.header"
}

# What Alice would like her token to say, under the signature of what it says.
tamper() {
    local head body signature
    IFS=. read -r head body signature <demo/alice.token
    while [ $((${#body} % 4)) -ne 0 ]; do
        body+='='
    done
    body=$(tr -- '-_' '+/' <<<"$body" | base64 -d | sed 's/notes\.write/notes.admin/' | base64 -w 0 | tr '+/' '-_')
    printf '%s.%s.%s\n' "$head" "${body%%=*}" "$signature" >demo/tampered.token
}

make_tokens() {
    mkdir -p demo "${DROP_IN%/*}"
    rm -f demo/* "$DROP_IN"
    prompt ./tokenpam keygen --out demo/corp.key --public demo/corp.jwks
    ./tokenpam keygen --out demo/corp.key --public demo/corp.jwks
    ./tokenpam hash --subject backup --scopes notes.read --generate demo/backup.token >demo/team.tokens
    printf '%s\n' '; Made by docs/examples/demo.sh.' '[provider:corp]' 'jwks_file = ../../demo/corp.jwks' \
        '[provider:team]' 'tokens += ../../demo/team.tokens' >"$DROP_IN"
    mint alice --subject alice --tenant acme --scope 'notes.read notes.write'
    tamper
    header alice
    header tampered
    header backup
}

# On any port that is free; the host says which.
start_host() {
    local line
    prompt "$HOST" -c "$CONFIG" --plugin-path "$PLUGINS" --port 0
    exec {answers}< <(exec "$HOST" -c "$CONFIG" --plugin-path "$PLUGINS" --port 0 2>demo/host.log)
    host=$!
    if ! read -r line <&"$answers"; then
        cat demo/host.log >&2
        return 1
    fi
    echo "$line"
    url=${line##* }
}

stop_host() {
    [ -z "$host" ] || kill "$host" 2>/dev/null || true
    host=''
}

# ---- The demonstration

if [ ! -x "$HOST" ]; then
    echo "$HOST is not there: configure did not find libmicrohttpd" >&2
    exit 1
fi
umask 077
trap stop_host EXIT

say "A key, a token for Alice, and a host that serves the tools of conf/common.ini"
make_tokens
start_host

scene 'A tool that the token opens: who she is, what she may do, and for which tenant'
request 200 read_note demo/alice.header

scene 'The same token at a tool that wants another scope'
request 403 delete_note demo/alice.header
echo
echo 'Which rule says so, in which line of which file:'
tokenpam 1 verify -c "$CONFIG" --trace notes/delete_note demo/alice.token

scene 'No token: the challenge says what to bring'
request 401 read_note

scene 'A token in which notes.write has become notes.admin'
request 401 delete_note demo/tampered.header
echo
echo 'The client is not told why. The log of the host says it, under the same id:'
grep ' refused: ' demo/host.log | tail -n 1
echo
echo 'And so does whoever asks here:'
tokenpam 1 verify -c "$CONFIG" --trace notes/delete_note demo/tampered.token

scene 'A token of another kind: corp has no word on it, and the team knows it by its hash'
request 200 read_note demo/backup.header

# next COMMAND WHAT
next() {
    [ -n "${2-}" ] || { printf '  %s\n' "$1"; return; }
    printf '  %-58s %s%s%s\n' "$1" "$quiet" "$2" "$plain"
}

stop_host
say 'Next'
next './tokenpam inspect demo/alice.token' 'what a token says of itself'
next "./tokenpam show -c $CONFIG notes" 'what holds for the service, with file:line'
next "./tokenpam mint -c $CONFIG -s notes --subject bob \\"
next "    --scope 'notes.read notes.admin' >demo/bob.token" 'a token of your own'
next "./tokenpam verify -c $CONFIG \\"
next '    notes/delete_note demo/bob.token' 'which opens what Alice may not'
next "$HOST -c $CONFIG \\" 'the host again, on port 8080'
# shellcheck disable=SC2016
next '    --plugin-path "$PWD/plugins/.libs"'
next './tokenpam explain bad_signature' 'what a reason means, and what to do about it'
next './autogen.sh --check' 'every test'
exit "$unexpected"
