# Sourced by the shell entries: makes .venv what a lock says, once; afterwards it costs a checksum.
# In the software's own checkout a caller may set `lock` (requirements.lock or requirements-test.lock) first; the
# checkout itself is installed, editable. In a bureau's repository requirements.txt names the software too; where it
# does not, the `gongkai` on PATH is run. Afterwards `gongkai` is the command to run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
venv=$root/.venv
gongkai=$venv/bin/gongkai
if [ -f "$root/pyproject.toml" ]; then
  lock=${lock:-requirements.lock}
  stamped=(pyproject.toml setup.py)
else
  lock=requirements.txt
  stamped=(software/requirements.lock)
fi
export PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 NO_MKDOCS_2_WARNING=1

fail() {
  printf '%s\n' "$@" >&2
  exit 2
}

# The newest Python on PATH that the project runs on.
find_python() {
  local name
  for name in python3 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      command -v "$name"
      return
    fi
  done
  fail "没有找到 Python 3.11 或更高版本。请先安装（Debian/Ubuntu：apt-get install python3 python3-venv）。"
}

digest() {
  if command -v sha256sum >/dev/null; then sha256sum; else shasum -a 256; fi | cut -c1-64
}

# What the environment is made of: a lock (the test lock holds the other), whatever else decides, its place.
wanted_stamp() {
  { printf '%s\n' "$root"; (cd "$root" && cat "$1" "${stamped[@]}"); } | digest
}

is_ready() {
  [ -x "$venv/bin/gongkai" ] && "$venv/bin/python" -c '' 2>/dev/null || return 1
  [ "$(cat "$venv/stamp-$1" 2>/dev/null)" = "$(wanted_stamp "$1")" ]
}

install_environment() {
  local python
  python=$(find_python) || exit 2
  echo "正在准备运行环境（首次约一分钟，需要连接软件源）……" >&2
  "$venv/bin/python" -m pip --version >/dev/null 2>&1 || {
    rm -rf "$venv"
    "$python" -m venv "$venv" ||
      fail "无法建立虚拟环境。Debian/Ubuntu 请先运行：apt-get install python3-venv"
  }
  # A path in a requirements file counts from where pip runs.
  (cd "$root" && "$venv/bin/python" -m pip install --quiet --require-hashes -r "$lock") ||
    fail "依赖包安装失败。请检查网络或软件源（pip 的 index-url 设置），然后再运行一次。"
  if [ -f "$root/pyproject.toml" ]; then
    "$venv/bin/python" -m pip install --quiet --no-deps --no-build-isolation --editable "$root" ||
      fail "本项目自身安装失败（见上文）。可删除 .venv 后再运行一次。"
    wanted_stamp requirements.lock >"$venv/stamp-requirements.lock"
  fi
  wanted_stamp "$lock" >"$venv/stamp-$lock"
}

# Two entries started at once: the second waits for the first.
prepare_environment() {
  is_ready "$lock" && return
  if command -v flock >/dev/null; then
    exec 9>"$root/.venv.lock"
    flock 9
    is_ready "$lock" || install_environment
    exec 9>&-
  else
    install_environment
  fi
}

# A bureau's repository without the software in it is run with the one that the machine has.
if [ -f "$root/pyproject.toml" ] || grep -q '^\./software/' "$root/requirements.txt" 2>/dev/null; then
  prepare_environment
else
  gongkai=$(command -v gongkai || true)
  [ -n "$gongkai" ] && [ ! "$gongkai" -ef "$root/scripts/gongkai" ] ||
    fail "这里没有软件。请把 gongkai 的 .whl 文件放进 software 文件夹，照 requirements.txt 里写的加上一行。"
fi
