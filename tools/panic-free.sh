#!/usr/bin/env bash
# Proves at link time that no panic is reachable in a part of the library, at opt-level 3 and "s".
#
#   tools/panic-free.sh [host|TARGET]     default: host; TARGET is thumbv7em-none-eabihf or another thumb target
#
# Each program of panic-free/ links only if the optimiser has removed every panic from it. Prints a line per part: `clean`, or
# the panics in dependencies that panic-free/allowed.txt names with the reason why they never happen. A panic that is not named
# is an error, and so is a name without a panic. The program `control` must not link, and its panic must be found.
#
# Seen to fail: with an `unwrap` on a sequence in `ReplayRing::commit`, on the queue in `BytePipe::push` and on the memory in
# `Endpoint::start`, with an unchecked split in the reader of handshake messages, with a line of the list taken out and one put
# in, and with the index in `control` taken away.
set -euo pipefail
cd "$(dirname "$0")/../panic-free"

# Either of these would replace the flags of the configuration files.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
export CARGO_TERM_COLOR=never

target=${1:-host}
out=${CARGO_TARGET_DIR:-$PWD/../target}/panic-free
unset CARGO_TARGET_DIR
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
  printf 'panic-free: %s\n' "$*" >&2
  exit 1
}

case $target in
  host)
    prefix= platform=() define=-Clink-arg=-Wl,--defsym=a_panic_is_reachable=0 ;;
  thumb*)
    prefix=arm-none-eabi- platform=(--target "$target") define=-Clink-arg=--defsym=a_panic_is_reachable=0
    cache=${EMBEDDED_CACHE:-$PWD/../target/embedded-toolchain}
    EMBEDDED_CACHE=$cache ../tools/embedded-toolchain.sh "$target"
    # shellcheck disable=SC1091
    . "$cache/env.sh" ;;
  *) fail "no linker is known for $target" ;;
esac
for tool in addr2line nm objdump size; do
  command -v "$prefix$tool" >/dev/null || fail "$prefix$tool is missing: install binutils${prefix:+-}${prefix%-}"
done
if grep -E '^[^#].*-> (<|core|kurdistan)(core|kurdistan|\[|::)' allowed.txt; then
  fail "only panics inside dependencies may be allowed"
fi

# Prints the executables that cargo has linked; what it says besides goes to the log.
executables() { sed -n 's/.*"executable":"\([^"]*\)".*/\1/p'; }

# Prints where a panic is reachable in an executable.
sites() {
  local program=$1
  paste <("${prefix}nm" -p "$program" | sed 's/.* //') \
    <("${prefix}nm" -pC "$program" | sed 's/^ *[0-9a-f]* *[A-Za-z?] //') >"$scratch/symbols"
  "${prefix}objdump" -d --no-show-raw-insn "$program" | awk '
    /^[0-9a-f]+ <.*>:$/ { caller = $2; gsub(/[<>:]/, "", caller); next }
    match($0, /<[A-Za-z0-9_.$]+(\+0x[0-9a-f]+)?>$/) {
      name = substr($0, RSTART + 1, RLENGTH - 2)
      sub(/\+.*/, "", name)
      sub(/:$/, "", $1)
      if (name != caller) print $1, caller, name
    }' >"$scratch/references"
  cut -d ' ' -f 1 "$scratch/references" | "${prefix}addr2line" -afiC -e "$program" >"$scratch/frames"
  awk -v own="kurdistan panic_free ${program##*/}" -f sites.awk \
    "$scratch/symbols" "$scratch/references" "$scratch/frames" | LC_ALL=C sort -u
}

# Prints what the list allows for a part in a build.
allowed() {
  awk -v part="$1" -v build="$2" '
    function has(list, item) { return list == "all" || index("," list ",", "," item ",") }
    /^#/ || !NF { next }
    has($1, part) && has($2, build) { sub(/^[^ ]+ +[^ ]+ +/, ""); print }' allowed.txt | LC_ALL=C sort -u
}

text_bytes() { "${prefix}size" "$1" | awk 'NR == 2 { print $1 }'; }

# Links a part with the missing function defined, and compares the panics in it with the list.
check_sites() {
  local part=$1 label=$2 build=$3 program
  shift 3
  cargo rustc --locked --release "${platform[@]}" "$@" --bin "$part" --message-format=json-render-diagnostics \
    -- "$define" >"$scratch/json" 2>"$scratch/log" || { cat "$scratch/log" >&2 && fail "$label does not build"; }
  program=$(executables <"$scratch/json")
  sites "$program" >"$scratch/found"
  [ -s "$scratch/found" ] || fail "$label does not link, but no panic was found in it"
  if [ "$part" = control ]; then
    grep -q '^control::index -> ' "$scratch/found" || fail "the panic of the control was not found"
    printf '  %-20s does not link, as it must not\n' "$label"
    return
  fi
  allowed "$label" "$build" >"$scratch/allowed"
  if ! cmp -s "$scratch/found" "$scratch/allowed"; then
    status=1
    LC_ALL=C comm -23 "$scratch/found" "$scratch/allowed" | sed "s/^/  $label: PANIC, not allowed: /"
    LC_ALL=C comm -13 "$scratch/found" "$scratch/allowed" | sed "s/^/  $label: allowed, but gone: /"
    return
  fi
  printf '  %-20s %s\n' "$label" "$(paste -sd ';' "$scratch/found" | sed 's/;/; /g')"
}

# Builds parts at once; each that does not link is looked at alone.
check() {
  local build=$1 suffix=$2 part program label
  shift 2
  local options=() parts=()
  for argument in "$@"; do
    case $argument in -*) options+=("$argument") ;; *) parts+=("$argument") ;; esac
  done
  cargo build --locked --release --keep-going "${platform[@]}" "${options[@]}" "${parts[@]/#/--bin=}" \
    --message-format=json-render-diagnostics >"$scratch/json" 2>"$scratch/log" || true
  executables <"$scratch/json" >"$scratch/linked"
  for part in "${parts[@]}"; do
    label=$part$suffix
    program=$(grep "/$part\$" "$scratch/linked" || true)
    if [ -z "$program" ]; then
      check_sites "$part" "$label" "$build" "${options[@]}"
    elif [ "$part" = control ]; then
      fail "the control has linked: nothing is proven"
    elif [ -n "$(allowed "$label" "$build")" ]; then
      status=1
      allowed "$label" "$build" | sed "s/^/  $label: allowed, but gone: /"
    else
      bytes=$(text_bytes "$program")
      if [ "$part" = floor ]; then floor=$bytes; else [ "$bytes" -gt "$floor" ] || fail "nothing is left of $part"; fi
      printf '  %-20s clean (%d bytes)\n' "$label" "$bytes"
    fi
  done
}

status=0
for level in 3 s; do
  export CARGO_PROFILE_RELEASE_OPT_LEVEL=$level CARGO_TARGET_DIR=$out/$target-$level
  printf '%s, opt-level %s\n' "$target" "$level"
  check "$target-$level" "" floor control wire pipe fragmenter reassembler sequencer replay lifecycle streams link profile \
    session endpoint manager targets
  check "$target-$level" +crc-table --features=crc-table wire
  check "$target-$level" +crc-table-16 --features=crc-table-16 wire
done
exit "$status"
