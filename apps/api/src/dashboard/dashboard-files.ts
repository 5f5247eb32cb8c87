import { stat } from "node:fs/promises"
import { join } from "node:path"
import type { RequestHandler } from "express"
import sirv from "sirv"
import { Problem } from "../problems/problem.ts"

/** Only what this origin serves: no script or style may stand in a page, and nobody may frame it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

/** Files in `assets` are named by their content. */
const yearSeconds = 31_536_000

/**
 * Serves the built dashboard: what is in `assets` for good, packed as it was built, and for every other address the page, which knows
 * what to show. A build that comes or changes while the process runs is served from the next request on.
 */
export function dashboardFiles(folder: string): RequestHandler {
  const page = join(folder, "index.html")
  let built: { readonly mtimeMs: number; readonly serve: ReturnType<typeof sirv> } | null = null
  return async function serveDashboard(request, response, next) {
    if (request.method !== "GET" && request.method !== "HEAD") {
      const detail = `${request.method} is not possible here: these are the files of the dashboard.`
      throw new Problem({ code: "method_not_allowed", detail, headers: { Allow: "GET, HEAD" } })
    }
    const mtimeMs = await changedAt(page)
    if (mtimeMs === null) throw notBuilt()
    if (mtimeMs !== built?.mtimeMs) built = { mtimeMs, serve: filesOf(folder) }
    // Also of a 304, whose headers replace those that the browser has kept.
    response.setHeader("Content-Security-Policy", policy)
    response.setHeader("Cache-Control", request.path.startsWith("/assets/") ? `public, max-age=${yearSeconds}, immutable` : "no-cache")
    built.serve(request, response, () => {
      response.removeHeader("Cache-Control")
      next()
    })
  }
}

function filesOf(folder: string): ReturnType<typeof sirv> {
  return sirv(folder, {
    brotli: true,
    gzip: true,
    etag: true,
    single: true,
    ignores: [/^\/assets\//],
  })
}

async function changedAt(file: string): Promise<number | null> {
  try {
    return (await stat(file)).mtimeMs
  } catch {
    return null
  }
}

function notBuilt(): Problem {
  const detail =
    "The dashboard is not built here. Run `npm run build`, or set SLUICE_DASHBOARD to the folder of a built one (apps/dashboard/dist)."
  return new Problem({ code: "not_found", detail })
}
