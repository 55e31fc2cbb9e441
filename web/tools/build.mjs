/**
 * Builds every page into gateway/pages/built: hashed assets, one HTML file an app, the loader's two forms, and each of them compressed.
 *
 * A page's app is a folder of apps/ with an index.html. Nothing of a page is fetched from anywhere else.
 */

import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import locales from "@react-aria/optimize-locales-plugin";
import { build } from "vite";

const WEB = dirname(dirname(fileURLToPath(import.meta.url)));
const OUT = join(dirname(WEB), "gateway", "pages", "built");
const PAGES = ["messenger", "demo", "workspace"];
const COMPRESSED = new Set([".js", ".mjs", ".css", ".html", ".svg", ".ts", ".json"]);
const SHARED = { configFile: false, logLevel: "warn", publicDir: false };
/** The languages of our own texts: what the library of widgets says in others stays out. */
const LANGUAGES = ["en-US", "fr-FR"];
const TARGET = ["es2022", "chrome109", "firefox115", "safari16.4"];

async function page(name) {
  const root = join(WEB, "apps", name);
  await build({
    ...SHARED,
    root,
    base: "/",
    plugins: [locales.vite({ locales: LANGUAGES })],
    build: {
      outDir: OUT,
      emptyOutDir: false,
      target: TARGET,
      assetsInlineLimit: 0,
      modulePreload: { polyfill: false },
      // Libraries of React mark what a server may not draw. No server draws ours.
      rolldownOptions: { checks: { moduleLevelDirective: false } },
    },
  });
  await rename(join(OUT, "index.html"), join(OUT, `${name}.html`));
}

async function loader(entry, format, fileName) {
  const root = join(WEB, "apps", "loader");
  const lib = { entry: join(root, "src", entry), formats: [format], name: "causerieWidget", fileName: () => fileName };
  await build({ ...SHARED, root, build: { outDir: OUT, emptyOutDir: false, target: TARGET, lib, minify: true } });
}

async function compress(path) {
  const body = await readFile(path);
  const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  await writeFile(`${path}.gz`, await promisify(gzip)(body, { level: 9 }));
  await writeFile(`${path}.br`, await promisify(brotliCompress)(body, quality));
}

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
for (const name of PAGES) await page(name);
await loader("script.ts", "iife", "widget.js");
await loader("module.ts", "es", "widget.mjs");
await cp(join(WEB, "apps", "loader", "widget.d.ts"), join(OUT, "widget.d.ts"));
const files = await readdir(OUT, { recursive: true, withFileTypes: true });
const paths = files.filter((file) => file.isFile()).map((file) => join(file.parentPath, file.name));
await Promise.all(paths.filter((path) => COMPRESSED.has(extname(path))).map(compress));
