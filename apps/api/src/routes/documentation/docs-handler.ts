import { randomBytes } from "node:crypto"
import type { RequestHandler } from "express"
import { assertNoQuery } from "../../queries/read-query.ts"
import { docsScriptPath } from "./docs-script.ts"

/** Nothing of Scalar's that would ask another host, or offer to. */
const configuration = {
  url: "/openapi.json",
  telemetry: false,
  withDefaultFonts: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  hideClientButton: true,
  showDeveloperTools: "never",
  hiddenClients: true,
}

/** `GET /docs`: the API's description for people, by Scalar. */
export function docsHandler(): RequestHandler {
  return function handleDocs(request, response) {
    assertNoQuery(request.url)
    const nonce = randomBytes(16).toString("base64")
    response.setHeader("Content-Security-Policy", policy(nonce))
    response.setHeader("Cache-Control", "no-store")
    response.type("html").send(page(nonce))
  }
}

/** Only what this origin serves, and of styles only those of the script that was let in. */
function policy(nonce: string): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self' 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; ")
}

function page(nonce: string): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta property="csp-nonce" content="${nonce}">
<title>Sluice API</title>
<script id="api-reference" data-configuration='${JSON.stringify(configuration)}'></script>
<script src="${docsScriptPath}"></script>
</html>
`
}
