import type { LookupAddress } from "node:dns"
import { isIP } from "node:net"
import { type AddressVerdict, adviceOn, classifyAddress } from "../guard/classify-address.ts"
import { isLocalhost } from "../guard/host-name.ts"
import type { WebhookPolicy } from "../guard/webhook-policy.ts"
import { AddressRefusedError } from "./address-refused-error.ts"

/** More than any receiver has; beyond it, a name server could keep a connection busy with trying. */
const maxAddresses = 16

export interface Destination {
  readonly host: string
  /** `https:` or `http:`. */
  readonly protocol: string
  readonly addresses: readonly string[]
}

/**
 * The addresses that a connection may be made to. Throws `AddressRefusedError` unless the policy allows every one: a name
 * that mixes public and private addresses is out for trouble. Of what `localhost` always means, one of both is enough.
 */
export function allowedAddresses({ host, protocol, addresses }: Destination, policy: WebhookPolicy): LookupAddress[] {
  const refusals = addresses.map((address) => refusalOf(host, protocol, classifyAddress(address, policy)))
  const refusal = refusals.find((words) => words !== null)
  const passed = addresses.filter((_, index) => refusals[index] === null)
  if (typeof refusal === "string" && !(isLocalhost(host) && passed.length > 0)) throw new AddressRefusedError(refusal)
  return passed.slice(0, maxAddresses).map((address) => ({ address, family: isIP(address) }))
}

/** Without the address a name led to: it could be one of a private network that its owner has no business to know. */
function refusalOf(host: string, protocol: string, verdict: AddressVerdict): string | null {
  const subject = isIP(host) === 0 ? `The host ${host} has an address that is` : `The address ${host} is`
  if (verdict.kind === "refused") return `${subject} ${verdict.what}; nothing was sent. ${adviceOn(verdict)}`
  if (verdict.kind === "public" && protocol !== "https:") return `${subject} public; there, webhooks go over https alone. Nothing was sent.`
  return null
}
