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

need_postgres() {
  has_postgres && return
  local install='apt-get update && apt-get install --yes --no-install-recommends postgresql' as_root=()
  if ! command -v apt-get >/dev/null; then
    say 'PostgreSQL 15 or newer is needed: install it (Homebrew: brew install postgresql) and run this again.'
    exit 1
  elif [ "$(id -u)" != 0 ]; then
    as_root=(sudo -n)
    if ! sudo -n true 2>/dev/null; then
      say "PostgreSQL is needed and only root may install it. Run this, then try again: sudo sh -c '$install'"
      exit 1
    fi
  fi

  say "PostgreSQL is not installed: installing it from this system's packages."
  # The Ledger runs a store of its own, so Debian is kept from making and starting one while it installs the programs.
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive sh -ec "
    settings=/etc/postgresql-common/createcluster.d/ledger.conf
    mkdir -p \"\${settings%/*}\"
    echo 'create_main_cluster = false' >\"\$settings\"
    trap 'rm -f \"\$settings\"' EXIT
    $install" >&2
}
