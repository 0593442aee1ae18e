// Builds the console into the Python package. Nothing is inlined: the page is served under a policy without `unsafe-inline`.
import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { defineConfig, type Plugin } from "vite";

const here = dirname(fileURLToPath(import.meta.url));
const SHIPPED = [
  "preact",
  "@preact/signals",
  "@preact/signals-core",
  "@fluent/bundle",
  "@fontsource/noto-sans",
  "@fontsource/noto-sans-arabic",
];

/** The licences of what the built console contains, beside it. */
function notices(): Plugin {
  return {
    name: "notices",
    generateBundle() {
      const pages = SHIPPED.map((name) => {
        const folder = resolve(here, "node_modules", name);
        const about = JSON.parse(readFileSync(resolve(folder, "package.json"), "utf-8")) as Record<string, string>;
        const file = ["LICENSE", "LICENSE.md", "LICENCE"].map((one) => resolve(folder, one)).find(existsSync);
        const text = file ? readFileSync(file, "utf-8").trim() : `Licence: ${about.license}`;
        return `${name} ${about.version} (${about.license})\n\n${text}\n`;
      });
      this.emitFile({ type: "asset", fileName: "THIRD_PARTY.txt", source: pages.join(`\n${"-".repeat(72)}\n\n`) });
    },
  };
}

export default defineConfig({
  root: here,
  plugins: [notices()],
  build: {
    outDir: resolve(here, "../src/openline/console/built"),
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    target: "es2022",
    reportCompressedSize: false,
  },
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  server: { fs: { allow: [resolve(here, "..")] } },
});
