import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

// The built files are committed, so the same source must give the same bytes on every machine. Brotli at its highest quality does;
// gzip does not (zlib differs by processor and version of node), so the server makes that itself for clients without brotli.
export function brotli(): Plugin {
  return {
    name: "brotli",
    writeBundle({ dir = "" }, bundle) {
      for (const name of Object.keys(bundle).filter((name) => /\.(js|css|html|svg)$/.test(name))) {
        const text = readFileSync(join(dir, name));
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length };
        writeFileSync(join(dir, name + ".br"), brotliCompressSync(text, { params }));
      }
    },
  };
}
