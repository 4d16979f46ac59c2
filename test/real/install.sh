#!/bin/bash
# Installs what `npm run test:real` needs: Debian packages, Ollama, two small models with random weights, Tailscale and its
# coordination server Headscale.
#
#   bash test/real/install.sh          everything
#   bash test/real/install.sh packages only Debian's packages
#
# Needs: Debian, root, python3 with venv, and for the first build go >= 1.26.6 with a C++ compiler (about twenty minutes).
# What it builds stays in STUDIOLO_REAL_DIR (default ~/.cache/studiolo-real); a second run finds it there and is done in
# a second. STUDIOLO_OLLAMA, STUDIOLO_TAILSCALE, STUDIOLO_TAILSCALED and STUDIOLO_HEADSCALE name binaries that are used
# instead of built ones.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
dir=${STUDIOLO_REAL_DIR:-$HOME/.cache/studiolo-real}
ollama_version=0.17.4
llama_cpp_python_version=0.3.36
gguf_version=0.19.0
tailscale_version=1.102.5
headscale_version=0.29.1

fail() {
  echo "test/real/install.sh: $*" >&2
  exit 1
}

packages() {
  local wanted=(
    openssh-server openssh-client openssl iproute2 procps dash bash zsh fish tcsh
    # what Chromium and Electron link to
    xvfb xauth fonts-dejavu-core libnss3 libnspr4 libatk1.0-0 libatk-bridge2.0-0 libatspi2.0-0 libcups2 libdrm2
    libxkbcommon0 libxcomposite1 libxdamage1 libxfixes3 libxrandr2 libgbm1 libpango-1.0-0 libcairo2 libasound2 libgtk-3-0
  )
  local missing=()
  local package
  for package in "${wanted[@]}"; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q '^install ok' || missing+=("$package")
  done
  [ "${#missing[@]}" -eq 0 ] && return
  [ "$(id -u)" -eq 0 ] || fail "as root: apt-get install ${missing[*]}"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends "${missing[@]}" >/dev/null
}

python_env() {
  [ -x "$dir/venv/bin/python" ] && "$dir/venv/bin/python" -c 'import gguf, numpy' 2>/dev/null && return
  python3 -m venv --clear "$dir/venv"
  "$dir/venv/bin/pip" install -q --disable-pip-version-check "gguf==$gguf_version" numpy
}

# A Go module carries no vendored C++ headers; those that Ollama's module lacks are in llama.cpp, as llama-cpp-python ships it.
headers() {
  local sources=$dir/sources/llama_cpp_python-$llama_cpp_python_version
  if [ ! -d "$sources" ]; then
    mkdir -p "$dir/sources"
    "$dir/venv/bin/pip" download -q --disable-pip-version-check --no-deps --no-binary llama-cpp-python \
      -d "$dir/sources" "llama-cpp-python==$llama_cpp_python_version"
    tar xzf "$sources.tar.gz" -C "$dir/sources"
    rm "$sources.tar.gz"
  fi
  echo "$sources/vendor/llama.cpp/vendor"
}

# there NAME: whether bin/NAME is there already, or is named by STUDIOLO_NAME, and so need not be built
there() {
  local variable=STUDIOLO_${1^^}
  local given=${!variable:-}
  mkdir -p "$dir/bin"
  if [ -n "$given" ]; then
    [ -x "$given" ] || fail "$variable is no program: $given"
    ln -sfn "$given" "$dir/bin/$1"
  fi
  [ -x "$dir/bin/$1" ] && return
  command -v go >/dev/null || fail "$1 is built with go, which is not installed; or set $variable to a binary of it"
  echo "Building $1; the first time this takes some minutes."
  return 1
}

ollama() {
  there ollama && return
  local include
  include=$(headers)
  # built beside and moved, so that an interrupted build leaves no half program
  GOBIN=$dir/build GOFLAGS=-buildvcs=false CGO_CFLAGS='-O2 -g0' CGO_CXXFLAGS="-O2 -g0 -I$include" go install \
    -ldflags "-s -w -X github.com/ollama/ollama/version.Version=$ollama_version" "github.com/ollama/ollama@v$ollama_version"
  mv "$dir/build/ollama" "$dir/bin/ollama"
}

# One program with the command line inside, which it becomes where it is called by that name
tailscale() {
  there tailscaled && there tailscale && return
  local v=$tailscale_version
  GOBIN=$dir/build GOFLAGS=-buildvcs=false go install -tags ts_include_cli \
    -ldflags "-s -w -X tailscale.com/version.longStamp=$v -X tailscale.com/version.shortStamp=$v" "tailscale.com/cmd/tailscaled@v$v"
  mv "$dir/build/tailscaled" "$dir/bin/tailscaled"
  ln -sfn tailscaled "$dir/bin/tailscale"
}

# From its own folder, as its authors build it: `go install headscale@version` asks for the list of all versions first, which is
# not to be had of every proxy
headscale() {
  there headscale && return
  local sources
  sources=$(go mod download -json "github.com/juanfont/headscale@v$headscale_version" | sed -n 's/^\t"Dir": "\(.*\)",$/\1/p')
  (cd "$sources" && GOFLAGS=-buildvcs=false go build -ldflags '-s -w' -o "$dir/build/headscale" ./cmd/headscale)
  mv "$dir/build/headscale" "$dir/bin/headscale"
}

models() {
  mkdir -p "$dir/models"
  local name
  for name in tiny large; do
    [ -f "$dir/models/$name.gguf" ] || "$dir/venv/bin/python" "$here/make-gguf.py" "$name" "$dir/models/$name.gguf"
  done
  compgen -G "$dir/store/manifests/*/library/large/latest" >/dev/null && return
  # in a network of its own, where the usual port is free; the server ends with the subshell
  mkdir -p "$dir/home" "$dir/logs"
  OLLAMA_MODELS=$dir/store HOME=$dir/home PATH=$dir/bin:$PATH unshare --net bash -euo pipefail -c '
    ip link set lo up
    ollama serve >"$0/logs/create.log" 2>&1 &
    server=$!
    trap "kill $server; wait $server || true" EXIT
    for _ in $(seq 200); do ollama list >/dev/null 2>&1 && break; sleep 0.1; done
    for name in tiny large; do
      printf "FROM %s/models/%s.gguf\nTEMPLATE \"\"\"{{ .Prompt }}\"\"\"\n" "$0" "$name" >"$0/models/Modelfile"
      ollama create "$name" -f "$0/models/Modelfile" >>"$0/logs/create.log" 2>&1
    done
  ' "$dir"
}

packages
[ "${1:-all}" = packages ] && exit
mkdir -p "$dir"
# two runs at once wait for each other
exec 9>"$dir/lock"
flock 9
python_env
ollama
models
tailscale
headscale
