#!/usr/bin/env bash
# Prepares a bare-metal Rust toolchain without changing the host's.
#
#   tools/embedded-toolchain.sh [TARGET...]     default: thumbv7em-none-eabihf
#   . "$EMBEDDED_CACHE/env.sh"                  then: cargo build --target TARGET --target-dir target/embedded
#
# EMBEDDED_TOOLCHAIN=auto|rustup|debian   auto tries rustup first, then Debian's packages (x86-64 hosts)
# EMBEDDED_CACHE=DIR                      default: $XDG_CACHE_HOME/embedded-toolchain
set -euo pipefail

mode=${EMBEDDED_TOOLCHAIN:-auto}
cache=${EMBEDDED_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/embedded-toolchain}
targets=("$@")
[ $# -gt 0 ] || targets=(thumbv7em-none-eabihf)
mkdir -p "$cache"
cache=$(cd "$cache" && pwd)

case $mode in auto | rustup | debian) ;; *)
  echo "embedded-toolchain: EMBEDDED_TOOLCHAIN must be auto, rustup or debian, not '$mode'" >&2
  exit 2 ;;
esac

if [ "$mode" != debian ]; then
  if timeout 120 rustup target add "${targets[@]}" >"$cache/rustup.log" 2>&1; then
    echo '# rustup has the targets: nothing to set' >"$cache/env.sh"
    echo "embedded-toolchain: rustup targets ${targets[*]}"
    exit 0
  elif [ "$mode" = rustup ]; then
    cat "$cache/rustup.log" >&2
    exit 1
  fi
fi

sudo=
[ "$(id -u)" = 0 ] || sudo=sudo
root=$cache/root
usr=$root/usr
host=x86_64-unknown-linux-gnu
driver_dir=$usr/lib/x86_64-linux-gnu

# Debian's rustc is downloaded and unpacked, not installed: the host's packages stay as they are.
if [ ! -e "$cache/.extracted" ]; then
  rm -rf "$root" "$cache/deb"
  mkdir -p "$root" "$cache/deb"
  $sudo apt-get update -qq
  # The names of these two carry a version, so they are read from what depends on them.
  runtime=$(apt-cache show --no-all-versions libstd-rust-web-dev |
    sed -n 's/^Depends:.*\(libstd-rust-web-[0-9.]*\).*/\1/p')
  llvm=$(apt-cache show --no-all-versions "$runtime" | sed -n 's/^Depends:.*\(libllvm[0-9]*\).*/\1/p')
  (
    cd "$cache/deb"
    apt-get download -qq -o APT::Sandbox::User=root rustc-web "$runtime" libstd-rust-web-dev rust-web-src "$llvm"
  )
  for deb in "$cache"/deb/*.deb; do
    case $deb in
      *rust-web-src*)
        dpkg-deb --fsys-tarfile "$deb" |
          tar -x -C "$root" --wildcards './usr/lib/rustlib/src/*' './usr/src/rustc-*/library/*' ;;
      *) dpkg -x "$deb" "$root" ;;
    esac
  done
  rm -rf "$cache/deb" "$usr/share" "$usr/bin/rustdoc"
  # LLVM's own few libraries are installed only if the host lacks one of them.
  if LD_LIBRARY_PATH=$driver_dir ldd "$driver_dir"/librustc_driver-*.so | grep -q 'not found'; then
    $sudo apt-get install -y -qq --no-install-recommends "$llvm"
  fi
  # rustup's stable ships the linker rust-lld, Debian's package does not.
  lld=$(rustc --print sysroot)/lib/rustlib/$host/bin/rust-lld
  mkdir -p "$usr/lib/rustlib/$host/bin" "$cache/bin"
  if [ -e "$lld" ]; then ln -sf "$lld" "$usr/lib/rustlib/$host/bin/rust-lld"; fi
  cat >"$cache/bin/rustc" <<W
#!/bin/sh
export LD_LIBRARY_PATH="$driver_dir\${LD_LIBRARY_PATH:+:\$LD_LIBRARY_PATH}"
exec "$usr/bin/rustc" "\$@"
W
  chmod +x "$cache/bin/rustc"
  touch "$cache/.extracted"
fi

rustc=$cache/bin/rustc
for target in "${targets[@]}"; do
  lib=$usr/lib/rustlib/$target/lib
  if [ -e "$lib/.done" ]; then continue; fi
  build=$cache/sysroot-build
  rm -rf "$build"
  mkdir -p "$build/src" "$lib"
  printf '#![no_std]\n' >"$build/src/lib.rs"
  cat >"$build/Cargo.toml" <<'T'
[package]
name = "sysroot"
version = "0.0.0"
edition = "2021"
[workspace]
[profile.release]
opt-level = 3
codegen-units = 1
debug = 0
T
  # The bitcode lets users build with lto. RUSTC_BOOTSTRAP is needed here only, to build core itself: later builds need
  # neither it nor -Zbuild-std.
  (
    cd "$build"
    env -u CARGO_ENCODED_RUSTFLAGS RUSTFLAGS=-Cembed-bitcode=yes RUSTC_BOOTSTRAP=1 RUSTC="$rustc" \
      CARGO_TARGET_DIR="$build/target" cargo build -q --release -Zbuild-std=core,alloc \
      -Zbuild-std-features=compiler-builtins-mem --target "$target"
  )
  find "$build/target/$target/release" -regex '.*/lib\(core\|alloc\|compiler_builtins\)-[0-9a-f]*\.rlib' \
    -exec cp -t "$lib" {} +
  touch "$lib/.done"
  rm -rf "$build"
done
{
  echo "export RUSTC='$rustc'"
  echo "unset RUSTC_WRAPPER"
} >"$cache/env.sh"
echo "embedded-toolchain: $("$rustc" -V), targets ${targets[*]}; use: . $cache/env.sh"
