#!/usr/bin/env bash
# Production code does not know the laboratory: the whole-endpoint size probe (fat LTO, one codegen unit) has the same code and data
# with and without the feature `lab`. A control feature must make a difference, or the comparison itself is blind.
#
#   . "$EMBEDDED_CACHE/env.sh"; tools/same-sections.sh          needs arm-none-eabi-objcopy
#
# The probe prints nothing. In a program that does, the names of enums are the same too, but stand in another order: the compiler
# numbers them in the order in which it reads them from the crate.
# Level 3, because at "s" the compiler shares instances of generic code between crates, and the laboratory has more of them to share.
# Seen to fail: with a rule of `guard` that is another one under the feature.
set -euo pipefail
cd "$(dirname "$0")/.."

triple=thumbv7em-none-eabihf
target=$PWD/target/same-sections
sections=(.vector_table .text .rodata .data)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Cargo hashes the features into the identity of a crate, which orders its functions. This wrapper gives both builds one identity.
cat >"$scratch/rustc" <<'WRAPPER'
#!/usr/bin/env bash
rustc=$1
shift
name=
for argument in "$@"; do
  if [ "$name" = next ]; then name=$argument; fi
  if [ "$argument" = --crate-name ] && [ -z "$name" ]; then name=next; fi
done
arguments=("$@")
if [ "$name" = kurdistan ] || [ "$name" = endpoint ]; then arguments=("${@/#metadata=*/metadata=same}"); fi
exec "$rustc" "${arguments[@]}"
WRAPPER
chmod +x "$scratch/rustc"

# Digests of the sections of the probe, built with these features of the crate.
digests() {
  local features=$1 section
  RUSTC_WRAPPER=$scratch/rustc cargo build -q --locked --release --target "$triple" --target-dir "$target" \
    --manifest-path examples/firmware/Cargo.toml --bin endpoint --features "$features" \
    --config 'profile.release.opt-level=3'
  for section in "${sections[@]}"; do
    arm-none-eabi-objcopy -O binary --only-section="$section" "$target/$triple/release/endpoint" "$scratch/section"
    printf '%s %s %s\n' "$section" "$(wc -c <"$scratch/section")" "$(sha256sum <"$scratch/section" | cut -c 1-16)"
  done
}

digests "" >"$scratch/plain"
digests kurdistan/lab >"$scratch/lab"
digests kurdistan/crc-table >"$scratch/control"
cat "$scratch/plain"
if ! diff "$scratch/plain" "$scratch/lab"; then
  echo "same-sections: the feature lab has changed a program that does not use it" >&2
  exit 1
fi
if cmp -s "$scratch/plain" "$scratch/control"; then
  echo "same-sections: crc-table made no difference, so this comparison sees nothing" >&2
  exit 1
fi
echo "same-sections: lab changes nothing, crc-table does"
