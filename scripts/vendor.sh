#!/bin/sh
# Refresh the third-party front-end files in portal/static/portal/vendor/.
#
# Run by a developer, rarely: the files are committed, so nobody needs Node to run or test the portal.
# Needs npm (any version; nothing is installed or executed, packages are only unpacked) and Python 3.
# Versions are pinned here and nowhere else; after a change, read THIRD_PARTY.md again.
set -eu

HTMX=4.0.1
LUCIDE=1.62.0
INTER=5.3.0

root=$(cd "$(dirname "$0")/.." && pwd)
target="$root/portal/static/portal/vendor"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

fetch() { # package version folder
    mkdir -p "$work/$3"
    archive=$(cd "$work" && npm pack --silent "$1@$2")
    tar -xzf "$work/$archive" -C "$work/$3" --strip-components=1
}
fetch htmx.org "$HTMX" htmx
fetch lucide-static "$LUCIDE" lucide
fetch @fontsource-variable/inter "$INTER" inter

mkdir -p "$target"
# A sourceMappingURL makes collectstatic look for a map that we do not ship.
sed -E '/^\/\/# sourceMappingURL=/d; s@//# sourceMappingURL=.*$@@' \
    "$work/htmx/dist/htmx.min.js" > "$target/htmx.min.js"
cp "$work/inter/files/inter-latin-wght-normal.woff2" "$target/inter-latin-variable.woff2"

# Their licences ask that the text travels with the files.
cp "$work/htmx/LICENSE" "$target/LICENSE-htmx.txt"
cp "$work/lucide/LICENSE" "$target/LICENSE-lucide.txt"
cp "$work/inter/LICENSE" "$target/LICENSE-inter.txt"

python3 - "$root/scripts/icons.txt" "$work/lucide/icons" "$target/icons.svg" "$LUCIDE" <<'PYTHON'
"""Join the listed icons into one sprite of <symbol> elements."""
import pathlib, re, sys

names, icons, sprite, version = sys.argv[1:]
symbols = []
for line in pathlib.Path(names).read_text().splitlines():
    name = line.strip()
    if not name or name.startswith("#"):
        continue
    source = (pathlib.Path(icons) / f"{name}.svg").read_text()
    body = re.search(r"<svg[^>]*>(.*)</svg>", source, re.S).group(1)
    body = re.sub(r"\s*\n\s*", "", body).replace(" />", "/>")
    symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
pathlib.Path(sprite).write_text(
    f"<!-- Icons of lucide-static {version}, ISC, https://lucide.dev/license; list: scripts/icons.txt -->\n"
    '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"
)
PYTHON

cd "$target"
{
    echo "# name version licence sha256 file; written by scripts/vendor.sh"
    echo "htmx.org $HTMX 0BSD $(sha256sum htmx.min.js | cut -d' ' -f1) htmx.min.js"
    echo "lucide-static $LUCIDE ISC $(sha256sum icons.svg | cut -d' ' -f1) icons.svg"
    echo "@fontsource-variable/inter $INTER OFL-1.1 $(sha256sum inter-latin-variable.woff2 | cut -d' ' -f1) inter-latin-variable.woff2"
} > VERSIONS.txt
cat VERSIONS.txt
