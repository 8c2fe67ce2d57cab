import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";
import { brotli } from "./build/brotli.ts";
import { licenses } from "./build/licenses.ts";

const server = "http://localhost:4580"; // of `make run`

export default defineConfig({
  plugins: [react(), licenses(), brotli()],
  // Development alone: what is not the app's own source is asked of a server.
  server: { proxy: { "/api": server, "/signin": server, "/sign-in": server, "/start": server, "/authorize": server } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0, // images as files: the policy allows data: only where a component needs it
    modulePreload: { polyfill: false }, // every browser meant here has it
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
});
