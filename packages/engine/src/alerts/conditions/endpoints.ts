import type { EndpointState } from "@sluice/core"
import { type Condition, isMeant } from "../condition.ts"
import { lasting, percent } from "../words.ts"

const path = "/dashboard/endpoints"
const ofEndpoint = ({ name }: EndpointState) => ({ subject: `endpoint ${name}`, labels: { endpoint: name }, path })

/** Half-open counts too: it is not known to be well before its probes have succeeded. */
export const breakerOpen: Condition<"breaker_open"> = async ({ endpoints }, { endpointStates, now }) =>
  (await endpointStates())
    .filter(({ name, breaker }) => breaker !== "closed" && isMeant(endpoints, name))
    .map((state) => {
      const { name, forced, history, calls, failures } = state
      const since = history.findLast((change, index) => change.state === "open" && history[index - 1]?.state !== "half_open")?.at
      const lasts = since ? ` for ${lasting(now.getTime() - since.getTime())}` : ""
      const why = forced === "open" ? "An operator forced it." : `${failures} of its last ${calls} calls failed.`
      return {
        ...ofEndpoint(state),
        value: state.successRate,
        summary: `The breaker of ${name} has been open${lasts}. ${why}`,
        advice:
          "Jobs go to other endpoints and tiers, or wait; it is probed and closes by itself. See what the provider says: docs/operations.md, A breaker is open.",
      }
    })

export const credentialRejected: Condition<"credential_rejected"> = async ({ endpoints }, { endpointStates }) =>
  (await endpointStates())
    .filter(({ name, disabled }) => disabled?.reason === "credential" && isMeant(endpoints, name))
    .map((state) => ({
      ...ofEndpoint(state),
      value: null,
      summary: `The provider refuses the key of ${state.name}: it is out of use since ${state.disabled?.since.toISOString()}.`,
      advice: "Replace the key where `apiKey` points. It is read anew and tried again by itself; jobs wait meanwhile.",
    }))

export const providerQuota: Condition<"provider_quota"> = async ({ endpoints, above }, { endpointStates }) =>
  (await endpointStates())
    .filter(({ name }) => isMeant(endpoints, name))
    .flatMap((state) => {
      const used = usedShareOf(state)
      if (state.disabled?.reason === "quota") {
        const summary = `The provider says that the quota of ${state.name} is used up.`
        const advice = "Raise it at the provider, or pay the bill. The endpoint is tried again from time to time; jobs wait meanwhile."
        return [{ ...ofEndpoint(state), value: 1, summary, advice }]
      }
      if (used === null || used < above) return []
      const summary = `${state.name} uses ${percent(used)} of what its provider allows in a minute.`
      const advice =
        "Jobs begin to wait for it (`rate_limited`). Raise the limit at the provider and in `limits`, or add an endpoint to the tier."
      return [{ ...ofEndpoint(state), value: used, summary, advice }]
    })

function usedShareOf({ requestsPerMinute, tokensPerMinute }: EndpointState): number | null {
  const shares = [requestsPerMinute, tokensPerMinute].flatMap((use) => (use?.limit ? [use.used / use.limit] : []))
  return shares.length === 0 ? null : Math.max(...shares)
}
