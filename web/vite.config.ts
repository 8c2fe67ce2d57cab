import { brotliCompressSync, constants } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vite";

// The built files are committed, so the same source must give the same bytes on every machine. Brotli at its highest quality does;
// gzip does not (zlib differs by processor and version of node), so the server makes that itself for clients without brotli.
function brotli(): Plugin {
  return {
    name: "brotli",
    enforce: "post",
    generateBundle(_, bundle) {
      for (const file of Object.values(bundle)) {
        if (!/\.(js|css|html|svg)$/.test(file.fileName)) continue;
        const text = Buffer.from(file.type === "chunk" ? file.code : file.source);
        const source = brotliCompressSync(text, {
          params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: text.length },
        });
        this.emitFile({ type: "asset", fileName: file.fileName + ".br", source });
      }
    },
  };
}

export default defineConfig({
  plugins: [react(), brotli()],
  // Development alone: the server of `make run` answers what is not the app's own source.
  server: { proxy: { "/api": "http://localhost:4580", "/signin": "http://localhost:4580", "/sign-in": "http://localhost:4580" } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // images as files: the policy allows data: only where a component needs it
    modulePreload: { polyfill: false }, // the polyfill is an inline script in some versions; every browser meant has it
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
