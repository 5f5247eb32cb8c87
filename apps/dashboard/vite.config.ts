import { readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { brotliCompressSync, constants, gzipSync } from "node:zlib"
import react from "@vitejs/plugin-react"
import { defineConfig, type Plugin } from "vite"

/** The API serves what is packed here, once and well, so that it need not pack anything itself. */
function packed(): Plugin {
  return {
    name: "packed",
    apply: "build",
    writeBundle({ dir = "dist" }) {
      for (const name of readdirSync(dir, { recursive: true, encoding: "utf8" })) {
        if (!/\.(?:js|css|html|svg)$/.test(name)) continue
        const file = join(dir, name)
        const bytes = readFileSync(file)
        writeFileSync(`${file}.gz`, gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }))
        writeFileSync(`${file}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }))
      }
    },
  }
}

export default defineConfig({
  base: "/dashboard/",
  plugins: [react(), packed()],
  build: {
    // The policy of the pages allows no data in place of files, and no script in the page.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: {
      // Schemas are made as modules are loaded. The dashboard needs none of them: what it shows was checked by the API.
      treeshake: { manualPureFunctions: ["z"] },
    },
  },
  // `vite` in this folder serves the sources while they are worked on; the rest comes from an API that runs.
  server: { proxy: { "^/(v1|dashboard/session|openapi.json|docs|problems)": "http://127.0.0.1:3000" } },
})
