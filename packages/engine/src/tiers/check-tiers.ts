import type { Json, JsonObject, Kind, RouteConfig } from "@sluice/core"
import { outputOfKind } from "../cache/output/shape-output.ts"
import { builtInRules, type RuleBook } from "./rules/rules.ts"

/** Something in a route's tiers that can never work. */
export interface TierFault {
  /** Within the route. */
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/**
 * What is wrong with the tiers that ask no provider, for when a configuration is loaded: rules that do not exist, cannot answer
 * this kind of route or have the wrong options, and static outputs that are none of its kind. Empty when all is well.
 */
export function faultsOfTiers({ kind, tiers }: Pick<RouteConfig, "kind" | "tiers">, rules: RuleBook = builtInRules): readonly TierFault[] {
  return tiers.flatMap((tier, index): readonly TierFault[] => {
    const within = (path: readonly PropertyKey[]) => ["tiers", index, ...path]
    switch (tier.name) {
      case "rules": {
        const named = [{ use: tier, path: [] }, ...Object.entries(tier.tasks ?? {}).map(([task, use]) => ({ use, path: ["tasks", task] }))]
        return named.flatMap(({ use, path }) => faultsOfRule({ rules, kind, use, path: within(path) }))
      }
      case "static": {
        const tasks = Object.entries(tier.tasks ?? {}).map(([task, output]) => ({ output, path: ["tasks", task] }))
        const outputs = [{ output: tier.output, path: ["output"] }, ...tasks]
        return outputs.flatMap(({ output, path }) => faultsOfOutput({ kind, output, path: within(path) }))
      }
      case "cache":
        return kind === "image"
          ? [{ path: within([]), message: "Images are not kept, so there is nothing to answer with. Leave this tier out." }]
          : []
      default:
        return []
    }
  })
}

interface RuleUse {
  readonly rules: RuleBook
  readonly kind: Kind
  readonly use: { readonly rule: string; readonly options?: JsonObject | undefined }
  readonly path: readonly PropertyKey[]
}

function faultsOfRule({ rules, kind, use, path }: RuleUse): readonly TierFault[] {
  const rule = rules.get(use.rule)
  const at = [...path, "rule"]
  if (!rule) return [{ path: at, message: `There is no rule "${use.rule}". Known: ${[...rules.keys()].join(", ")}.` }]
  if (!rule.kinds.includes(kind)) {
    const able = rule.kinds.join(" and ")
    return [{ path: at, message: `The rule "${rule.name}" answers routes of kind ${able}; this one is of kind ${kind}.` }]
  }
  return rule.faultsOf(use.options ?? {}).map((fault) => ({ path: [...path, "options", ...fault.path], message: fault.message }))
}

function faultsOfOutput({ kind, output, path }: { kind: Kind; output: Json; path: readonly PropertyKey[] }): readonly TierFault[] {
  if (kind === "chat" || outputOfKind(kind, output)) return []
  const expected = kind === "embedding" ? "{ embeddings, dimensions }" : "{ images: [{ url, contentType, width, height }] }"
  return [{ path, message: `This is no output of a route of kind ${kind}: expected ${expected}.` }]
}
