import type { EndpointResource } from "@sluice/core"
import { Chip, type Tone } from "../../kit/chip.tsx"
import type { IconName } from "../../kit/icon.tsx"
import { breakerNames } from "./breaker-words.ts"
import type { BreakerState } from "./strip-segments.ts"

export const breakerLooks: Readonly<Record<BreakerState, { readonly tone: Tone; readonly icon: IconName }>> = {
  closed: { tone: "good", icon: "check" },
  half_open: { tone: "warn", icon: "half" },
  open: { tone: "bad", icon: "slash" },
}

export function BreakerChip({ state, forced }: Pick<EndpointResource["breaker"], "state" | "forced">) {
  return (
    <Chip {...breakerLooks[state]}>
      {forced !== null && "held "}
      {breakerNames[state]}
    </Chip>
  )
}
