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

/**
 * Only what this origin serves. Styles may stand in the page, since Scalar puts some there itself; scripts may not.
 */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ")

/** `GET /docs`: the API's description for people, by Scalar. */
export function docsHandler(): RequestHandler {
  return function handleDocs(request, response) {
    assertNoQuery(request.url)
    response.setHeader("Content-Security-Policy", policy)
    response.setHeader("Cache-Control", "public, max-age=3600")
    response.type("html").send(page)
  }
}

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>Sluice API</title>
</head>
<body>
<script id="api-reference" data-configuration='${JSON.stringify(configuration)}'></script>
<script src="${docsScriptPath}"></script>
</body>
</html>
`
