// @ts-check
/**
 * Bundles the modules of overrides/parts/ into the scripts that pages ask for: overrides/assets/js/, or the folder that
 * is given. Beside the modules lie the digests of what the committed scripts were made from, as `sha256sum` has them.
 */

import { createHash } from "node:crypto";
import { readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const PARTS = join(ROOT, "overrides/parts");
const COMMITTED = join(ROOT, "overrides/assets/js");
const DIGESTS = join(PARTS, "bundled.sha256");

/**
 * Scripts by their addresses below assets/js/, which stay. What is imported when it is needed is a script of its own if
 * it stands here. The worker is a classic script, because Firefox before 114 and Safari before 15 start no other.
 */
const SCRIPTS = {
  "text-size.mjs": "text_size/text_size.mjs",
  "on-demand.mjs": "search/on-demand.mjs",
  "search/page.mjs": "search/search.mjs",
  "search/passage.mjs": "search/passage.mjs",
  "search/suggest.mjs": "search/suggest.mjs",
  "search/worker.js": "search/worker.mjs",
  "search/worker.mjs": "search/worker.mjs",
};

/**
 * Leaves `import("./other.mjs")` in the script at `address` where the other is a script too, at its own address.
 * @param {string} address
 * @returns {import("esbuild").Plugin}
 */
function apart(address) {
  const resolved = (/** @type {import("esbuild").OnResolveArgs} */ { kind, path, resolveDir }) => {
    const wanted = relative(PARTS, join(resolveDir, path));
    const [other] = Object.entries(SCRIPTS).find(([at, source]) => source === wanted && at.endsWith(".mjs")) ?? [];
    if (kind !== "dynamic-import" || !other) return null;
    return { external: true, path: `./${relative(dirname(address), other)}` };
  };
  return { name: "apart", setup: (setup) => setup.onResolve({ filter: /^\./ }, resolved) };
}

/** @param {string} folder */
async function bundle(folder) {
  rmSync(folder, { recursive: true, force: true });
  for (const [address, source] of Object.entries(SCRIPTS)) {
    await build({
      absWorkingDir: ROOT,
      entryPoints: [join(PARTS, source)],
      outfile: join(folder, address),
      format: extname(address) === ".mjs" ? "esm" : "iife",
      target: ["chrome80", "firefox78", "safari14"],
      supported: { destructuring: true }, // Safari 14.0 has it but for a corner case: esbuild's table knows yes or no
      bundle: true,
      charset: "utf8",
      legalComments: "none",
      logLevel: "warning",
      minify: true,
      plugins: [apart(address)],
    });
  }
}

/** @param {string} folder */
function scriptsIn(folder) {
  const names = /** @type {string[]} */ (readdirSync(folder, { recursive: true }));
  return names.filter((name) => /\.m?js$/.test(name)).map((name) => join(folder, name));
}

/** The digest and the path of every module, of every script made of them, and of the tools. */
function digests() {
  const tools = ["package.json", "scripts/bundle.mjs"].map((name) => join(ROOT, name));
  const paths = [...scriptsIn(PARTS), ...scriptsIn(COMMITTED), ...tools].map((path) => relative(ROOT, path)).sort();
  const sum = (/** @type {string} */ path) => createHash("sha256").update(readFileSync(join(ROOT, path))).digest("hex");
  return paths.map((path) => `${sum(path)}  ${path}\n`).join("");
}

const [folder] = process.argv.slice(2);
await bundle(folder ?? COMMITTED);
if (!folder) writeFileSync(DIGESTS, digests());
