import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

// licenses writes licenses.txt: of each package whose code or style is in the bundle, the licence and notice it came with.
export function licenses(): Plugin {
  return {
    name: "licenses",
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
      const folders = new Set(modules.flatMap((id) => /^(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []));
      const texts = [...folders].map(describe).sort();
      this.emitFile({ type: "asset", fileName: "licenses.txt", source: [...new Set(texts)].join("\n" + "=".repeat(100) + "\n\n") });
    },
  };
}

function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as Record<string, string>;
  const files = readdirSync(folder).filter((file) => /^(licen[cs]e|notice|third-party-licenses)/i.test(file)).sort();
  return [`${name} ${version} (${license})`, ...files.map((file) => readFileSync(join(folder, file), "utf8").replaceAll("\r", "").trim())].join("\n\n") + "\n";
}
