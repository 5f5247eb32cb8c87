import type { Endpoint } from "@sluice/core"
import { AzureOpenAI, OpenAI } from "openai"
import { clientOptions } from "../openai/openai-client.ts"
import type { ClientIdentity } from "../transport/client-cache.ts"

/** Azure's newer form of the API has no dated version, and none that says so. */
const undatedVersions: readonly (string | undefined)[] = [undefined, "v1", "preview", "latest"]

/** Whether the endpoint speaks `/openai/v1`, where the model is named in the body, rather than `/openai/deployments/{model}`. */
export function speaksV1({ apiVersion }: Pick<Endpoint, "apiVersion">): boolean {
  return undatedVersions.includes(apiVersion)
}

/**
 * A client for the endpoint's API version. `baseUrl` may be that of the resource (`https://NAME.openai.azure.com`) or have
 * the path with it; an older path with `/deployments/{model}` is kept.
 */
export function createAzureClient(source: ClientIdentity): OpenAI {
  const { endpoint, apiKey } = source
  const options = clientOptions(source)
  const baseURL = azureBaseUrl(endpoint)
  const { apiVersion } = endpoint
  if (apiVersion !== undefined && !speaksV1(endpoint)) return new AzureOpenAI({ ...options, baseURL, apiVersion })
  const version = apiVersion === undefined || apiVersion === "v1" ? {} : { "api-version": apiVersion }
  return new OpenAI({
    ...options,
    baseURL,
    defaultQuery: version,
    defaultHeaders: { authorization: null, "api-key": apiKey, ...endpoint.headers },
  })
}

/** The base URL with the path that the API version needs, whatever part of it is there already. */
export function azureBaseUrl(endpoint: Pick<Endpoint, "baseUrl" | "apiVersion">): string {
  const url = new URL(endpoint.baseUrl)
  const path = url.pathname.replace(/\/+$/, "")
  const segments = path.split("/")
  const withOpenai = segments.includes("openai") ? path : `${path}/openai`
  url.pathname = speaksV1(endpoint) && !segments.includes("v1") ? `${withOpenai}/v1` : withOpenai
  return url.href
}
