import type { Endpoint } from "@sluice/core"
import { CallError } from "./call-error.ts"

export type RequestBody = Record<string, unknown>

export interface BodyParts {
  /** What the adapter made of the job's input, in the names of the provider's wire. */
  readonly converted: RequestBody
  /** The caller's `providerOptions` for this provider. They win, except over reserved names. */
  readonly providerOptions: RequestBody | undefined
  /** Names that are the adapter's alone: with them a caller could ask another model, or for an answer that cannot be read. */
  readonly reserved: readonly string[]
  /** Set where neither the caller nor the endpoint's `params.defaults` say anything. */
  readonly fallbacks?: RequestBody
  readonly endpoint: Endpoint
}

/** The request body, after the endpoint's `params`. Throws `CallError` `invalid_input` for a reserved provider option. */
export function buildBody({ converted, providerOptions = {}, reserved, fallbacks = {}, endpoint }: BodyParts): RequestBody {
  const forbidden = reserved.find((name) => Object.hasOwn(providerOptions, name))
  if (forbidden !== undefined) {
    throw new CallError({
      type: "invalid_input",
      message: `providerOptions cannot set "${forbidden}" for ${endpoint.provider}; leave it out.`,
    })
  }
  return applyParams({ ...converted, ...providerOptions }, endpoint, fallbacks)
}

/**
 * Names are renamed in the request and in the defaults alike, so that a default yields to a value under either name. A name
 * that is dropped and has a default always has the default.
 */
function applyParams(body: RequestBody, { params = {} }: Endpoint, fallbacks: RequestBody): RequestBody {
  const { defaults = {}, drop = [], rename = {} } = params
  const kept = Object.fromEntries(Object.entries(body).filter(([name]) => !drop.includes(name)))
  return { ...renameKeys(fallbacks, rename), ...renameKeys(defaults, rename), ...renameKeys(kept, rename) }
}

function renameKeys(body: RequestBody, rename: Readonly<Record<string, string>>): RequestBody {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [rename[name] ?? name, value]))
}
