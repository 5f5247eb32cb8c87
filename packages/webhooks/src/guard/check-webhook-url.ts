import { isIP } from "node:net"
import { adviceOn, classifyAddress } from "./classify-address.ts"
import { isHostName, isLocalName } from "./host-name.ts"
import { isMetadataHost } from "./metadata-services.ts"
import type { WebhookPolicy } from "./webhook-policy.ts"

const maxUrlLength = 2_048
const defaultPorts: Readonly<Record<string, number>> = { "https:": 443, "http:": 80 }

export type WebhookUrlFault = "malformed" | "too_long" | "scheme" | "credentials" | "fragment" | "host" | "port" | "address"

export type WebhookUrlVerdict =
  | { readonly ok: true /** Normalised. */; readonly url: string }
  | { readonly ok: false; readonly reason: WebhookUrlFault /** What is wrong and what to do. */; readonly message: string }

/**
 * Whether webhooks may go to a URL as far as the URL alone tells: https with a public host, and what the policy allows
 * beyond. Addresses that names resolve to are checked at each connection, so a name that passes may still be refused then.
 */
export function checkWebhookUrl(text: string, policy: WebhookPolicy): WebhookUrlVerdict {
  if (text.length > maxUrlLength) return refuse("too_long", `The URL is longer than ${maxUrlLength} characters; shorten it.`)
  // The parser drops line breaks and turns backslashes, so that what is read is not what was written.
  if (/[\s\\\p{Cc}\p{Cf}]/u.test(text)) {
    return refuse("malformed", "The URL contains spaces, backslashes or invisible characters; remove them, or encode them.")
  }
  const url = URL.parse(text)
  if (url === null) return refuse("malformed", "This is no URL. Write it whole, such as https://app.example/hooks.")
  return partsFault(url) ?? hostFault(url, policy) ?? portFault(url, policy) ?? { ok: true, url: url.href }
}

function partsFault(url: URL): WebhookUrlVerdict | null {
  if (!(url.protocol in defaultPorts))
    return refuse("scheme", `Webhooks go over https; got ${url.protocol} Use a URL that begins with https://.`)
  if (url.username !== "" || url.password !== "") {
    return refuse("credentials", "The URL contains a user name or password. Take it out; the signature tells the receiver who is calling.")
  }
  // An empty one is gone from `hash`, though not from the text.
  if (url.href.includes("#")) return refuse("fragment", "The URL has a part after #, which is never sent. Take it off.")
  return null
}

function hostFault(url: URL, policy: WebhookPolicy): WebhookUrlVerdict | null {
  const host = hostOf(url)
  const mayBePrivate = policy.allowAll || policy.allowedRanges.length > 0
  const isPlain = url.protocol === "http:"
  if (isPlain && !mayBePrivate) return refuse("scheme", "Webhooks go over https. Use a URL that begins with https://.")
  if (isIP(host) !== 0) return addressFault(host, { isPlain, policy })
  if (!isHostName(host)) {
    return refuse("host", `"${host.slice(0, 100)}" is no host name. Use a name such as app.example, without a dot at its end.`)
  }
  if (isMetadataHost(host)) return refuse("host", `"${host}" is a service of the cloud's own. Use the host of a receiver.`)
  if (isLocalName(host) && !mayBePrivate) {
    return refuse("host", `"${host}" is a name inside a private network. ${adviceOn({ isFinal: false })}`)
  }
  return null
}

/** For names, this is decided at the connection. */
function addressFault(host: string, { isPlain, policy }: { isPlain: boolean; policy: WebhookPolicy }): WebhookUrlVerdict | null {
  const verdict = classifyAddress(host, policy)
  if (verdict.kind === "refused") return refuse("address", `The address ${host} is ${verdict.what}. ${adviceOn(verdict)}`)
  if (isPlain && verdict.kind === "public") {
    return refuse("scheme", `To the public address ${host}, webhooks go over https. Use a URL that begins with https://.`)
  }
  return null
}

function portFault(url: URL, { deniedPorts }: WebhookPolicy): WebhookUrlVerdict | null {
  const port = url.port === "" ? defaultPorts[url.protocol] : Number(url.port)
  if (port !== undefined && port !== 0 && !deniedPorts.has(port)) return null
  return refuse("port", `Webhooks do not go to port ${port}. Use 443, or a port above 1023 that no well-known service has.`)
}

function hostOf({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname
}

function refuse(reason: WebhookUrlFault, message: string): WebhookUrlVerdict {
  return { ok: false, reason, message }
}
