import { type AddressRange, isInRange, parseAddressRange } from "./address-range.ts"
import { defaultDeniedPorts } from "./denied-ports.ts"
import { metadataRangeOf } from "./metadata-services.ts"

/** Where webhooks may go. Public addresses over https always; what else, it says. */
export interface WebhookPolicy {
  /** Any address and any port, over http too, except the metadata services of clouds. */
  readonly allowAll: boolean
  /** Receivers may live in these although they are not public, and there http will do. */
  readonly allowedRanges: readonly AddressRange[]
  readonly deniedPorts: ReadonlySet<number>
}

export interface WebhookPolicyOptions {
  /** Ranges in CIDR notation. */
  readonly allowPrivate?: readonly string[]
  /** For tests. */
  readonly allowAll?: boolean
  /** Replaces the default: all below 1024 except 80 and 443, and those of well-known services such as 6379 and 27017. */
  readonly deniedPorts?: readonly number[]
}

/** A policy cannot be as it was asked for. The message has a line for each fault. */
export class WebhookPolicyError extends Error {
  constructor(problems: readonly string[]) {
    super(problems.join("\n"))
    this.name = "WebhookPolicyError"
  }
}

/**
 * Makes the policy that the guard goes by. Throws `WebhookPolicyError` for what is no range in CIDR notation, for one that
 * holds nothing but addresses that are never allowed, and for ports that are none.
 */
export function webhookPolicy({ allowPrivate = [], allowAll = false, deniedPorts }: WebhookPolicyOptions): WebhookPolicy {
  const problems: string[] = []
  const allowedRanges: AddressRange[] = []
  for (const cidr of allowPrivate) {
    const range = parseAddressRange(cidr)
    const problem = "problem" in range ? range.problem : metadataProblem(range)
    if (problem !== null) problems.push(`webhooks.allowPrivate: ${problem}`)
    else if (!("problem" in range)) allowedRanges.push(range)
  }
  for (const port of deniedPorts ?? []) {
    if (!Number.isInteger(port) || port < 0 || port > 65_535) problems.push(`deniedPorts: ${port} is no port. Ports go from 0 to 65535.`)
  }
  if (problems.length > 0) throw new WebhookPolicyError(problems)
  return { allowAll, allowedRanges, deniedPorts: new Set(deniedPorts ?? (allowAll ? [] : defaultDeniedPorts)) }
}

/** A range around a metadata service is fine, since the service itself stays refused; one inside would do nothing. */
function metadataProblem(range: AddressRange): string | null {
  const metadata = metadataRangeOf((service) => isInRange(range.network, service) && range.prefixLength >= service.prefixLength)
  return metadata === undefined
    ? null
    : `"${range.cidr}" belongs to the metadata services of clouds (${metadata.cidr}), which webhooks never reach. Take it off the list.`
}
