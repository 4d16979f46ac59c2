#!/bin/bash
# Installs what `npm run bench` compares with: glances with its web server (PyPI) and Prometheus' node exporter (Debian).
# Everything stays beside what test/real/install.sh keeps; a second run is done in a second.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
dir=${STUDIOLO_REAL_DIR:-$HOME/.cache/studiolo-real}
bash "$here/../real/install.sh"
if ! [ -x /usr/bin/prometheus-node-exporter ]; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -qq -y --no-install-recommends prometheus-node-exporter >/dev/null
fi
[ -x "$dir/glances/bin/glances" ] && exit
python3 -m venv --clear "$dir/glances"
"$dir/glances/bin/pip" install -q --disable-pip-version-check "glances[web]==4.5.8"
