import { isProblemCode, type ProblemCode, problems } from "@sluice/core"
import type { RequestHandler } from "express"
import { nothingHere } from "../../problems/problem-of.ts"
import { sendJson } from "../../responses/send-json.ts"

/** `GET /problems/{code}`: what a problem means and what to do, for programs as JSON and for people as a page. */
export function problemPageHandler(): RequestHandler {
  return function handleProblemPage(request, response) {
    const { code } = request.params
    if (typeof code !== "string" || !isProblemCode(code)) throw nothingHere()
    response.setHeader("Vary", "Accept")
    response.setHeader("Cache-Control", "public, max-age=3600")
    if (request.accepts(["json", "html"]) !== "html") {
      sendJson(response, { status: 200, body: { type: `/problems/${code}`, code, ...problems[code] } })
      return
    }
    response.setHeader("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'")
    response.type("html").send(page(code))
  }
}

function page(code: ProblemCode): string {
  const { status, title, retryable, explanation } = problems[code]
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escapeHtml(title)}</title>
<style>
  :root { color-scheme: light dark; font: 1.1rem/1.5 system-ui, sans-serif }
  body { max-width: 40rem; margin: 15vh auto; padding: 0 1rem }
</style>
<h1>${escapeHtml(title)}</h1>
<p>${withCode(escapeHtml(explanation))}</p>
<p><code>${code}</code>, HTTP status ${status}. ${retryable ? "The same request may succeed later." : "The same request will fail again."}</p>
</html>
`
}

function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
}

function withCode(text: string): string {
  return text.replaceAll(/`([^`]*)`/g, "<code>$1</code>")
}
