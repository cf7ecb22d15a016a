# shellcheck shell=bash
# What the Ledger needs on a machine, and how it gets there. Sourced by ops/demo, ops/test and .ci/run.

say() { printf '%s\n' "$*" >&2; }

need_sdk() {
  dotnet --version >/dev/null 2>&1 && return
  say 'The .NET 10 SDK (10.0.400 or a later 10.0) is needed: install it from https://dotnet.microsoft.com/download/dotnet/10.0 and run this again.'
  exit 1
}

# The places where the Ledger looks, too.
has_postgres() {
  local bin
  for bin in /usr/lib/postgresql/*/bin /opt/homebrew/opt/postgresql*/bin /usr/local/opt/postgresql*/bin; do
    [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ] && return
  done
  command -v initdb >/dev/null && command -v postgres >/dev/null
}

# Installs a package of this system, or says how; a third argument is run before it.
install_package() {
  local name=$1 package=$2 before=${3:-true} as_root=()
  local install="apt-get update && apt-get install --yes --no-install-recommends $package"
  if ! command -v apt-get >/dev/null; then
    say "$name is needed: install it and run this again."
    exit 1
  elif [ "$(id -u)" != 0 ]; then
    as_root=(sudo -n)
    if ! sudo -n true 2>/dev/null; then
      say "$name is needed and only root may install it. Run this, then try again: sudo sh -c '$install'"
      exit 1
    fi
  fi

  say "$name is not installed: installing it from this system's packages."
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -ec "$before
    $install" >&2
}

need_postgres() {
  has_postgres && return

  # The Ledger runs a store of its own, so Debian is kept from making and starting one while it installs the programs.
  install_package 'PostgreSQL 15 or newer' postgresql "
    settings=/etc/postgresql-common/createcluster.d/ledger.conf
    mkdir -p \"\${settings%/*}\"
    echo 'create_main_cluster = false' >\"\$settings\"
    trap 'rm -f \"\$settings\"' EXIT"
}

# A wrong clock for the drills, which step aside without it: brought only where that takes no asking.
want_faketime() {
  compgen -G '/usr/lib/*/faketime/libfaketimeMT.so.1' >/dev/null && return
  [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 0
  (install_package faketime faketime) || say 'The drill of the clock steps aside.'
}

# The browser in which the pages are tested; where Chromium.cs looks, too.
need_chromium() {
  local path
  for path in /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'; do
    [ -x "$path" ] && return
  done
  install_package Chromium chromium
}
