import type { Endpoint, Json, Work } from "@sluice/core"
import type { HttpRequest } from "../transport/http-exchange.ts"
import { buildBody, type RequestBody } from "../wire/build-body.ts"
import { CallError } from "../wire/call-error.ts"
import type { WireCall } from "../wire/wire.ts"
import { fillTemplate, fillText, type TemplateValues } from "./fill-template.ts"

/** The request that the endpoint's template makes of a job. Throws `CallError`. */
export function convertRequest(call: WireCall): HttpRequest {
  const { endpoint, work } = call
  const { method = "POST", path = "", body: template } = endpoint.http ?? {}
  const values: TemplateValues = { input: inputOf(work), model: endpoint.model }
  const body = method === "GET" ? null : JSON.stringify(bodyOf({ template, values, endpoint, work }))
  return { method, url: new URL(urlOf(endpoint.baseUrl, path, values)), headers: headersOf(call, body !== null), body }
}

/** The job's input, without what was meant for adapters. */
function inputOf(work: Work): Json {
  if (work.kind === "custom") return work.input
  const { providerOptions: _, ...input } = work.input
  return JSON.parse(JSON.stringify(input))
}

interface BodySource {
  readonly template: Json | undefined
  readonly values: TemplateValues
  readonly endpoint: Endpoint
  readonly work: Work
}

/** Callers may add to an object that the template makes, but change nothing of it. */
function bodyOf({ template, values, endpoint, work }: BodySource): Json | RequestBody {
  const filled = template === undefined ? values.input : (fillTemplate(template, values) ?? null)
  if (typeof filled !== "object" || filled === null || Array.isArray(filled)) return filled
  return buildBody({
    converted: filled,
    providerOptions: work.kind === "custom" ? undefined : work.input.providerOptions?.[endpoint.provider],
    reserved: template === undefined ? [] : Object.keys(filled),
    endpoint,
  })
}

function urlOf(baseUrl: string, path: string, values: TemplateValues): string {
  if (path === "") return baseUrl
  const filled = fillText(path, values, encodeURIComponent)
  if (filled.split(/[?#]/)[0]?.split("/").some(climbs)) {
    throw new CallError({ type: "invalid_input", message: 'a value that becomes part of the path cannot be "." or "..".' })
  }
  const separator = /^[/?]/.test(filled) ? "" : "/"
  return `${baseUrl.replace(/\/+$/, "")}${separator}${filled}`
}

/** URLs know these, also percent-encoded, as steps towards the root. */
function climbs(segment: string): boolean {
  return /^(?:\.|%2e){1,2}$/i.test(segment)
}

const keyPlaceholder = /\{\{\s*apiKey\s*\}\}/g

/**
 * The endpoint's headers over the usual ones. The credential goes where `{{apiKey}}` stands in a header, else it is a
 * bearer token, unless the endpoint sets `authorization` itself.
 */
function headersOf({ endpoint, work, apiKey, idempotencyKey }: WireCall, hasBody: boolean): Record<string, string> {
  const own = Object.entries(endpoint.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const)
  const placesKey = own.some(([, value]) => value.search(keyPlaceholder) !== -1)
  if (placesKey && apiKey === null) {
    throw new CallError({ type: "provider_auth", message: "a header of the endpoint has {{apiKey}}, but the endpoint has no apiKey." })
  }
  return {
    accept: work.kind === "image" ? "application/json, image/*" : "application/json",
    ...(hasBody && { "content-type": "application/json" }),
    "idempotency-key": idempotencyKey,
    "user-agent": "sluice",
    ...(apiKey !== null && !placesKey && { authorization: `Bearer ${apiKey}` }),
    ...Object.fromEntries(own.map(([name, value]) => [name, value.replace(keyPlaceholder, () => apiKey ?? "")])),
  }
}
