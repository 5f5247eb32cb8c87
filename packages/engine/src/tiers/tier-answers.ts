import type { CacheOrigin, Job, Json, Output, Provenance, Quality, TierConfig } from "@sluice/core"
import type { AnswerCache } from "../cache/answer-cache.ts"
import type { CachedJob, CacheRequest } from "../cache/answer-cache-context.ts"
import { fitOutput } from "../cache/output/fit-output.ts"
import { shapeOutput } from "../cache/output/shape-output.ts"
import type { SchemaCache } from "../structure/schema-cache.ts"
import { builtInRules, type RuleBook } from "./rules/rules.ts"

/** The tiers that ask no provider. */
export type LocalTierConfig = Extract<TierConfig, { name: "rules" | "cache" | "static" }>

export interface TierRequest extends CacheRequest {
  readonly job: CachedJob & Pick<Job, "metadata">
  readonly tier: LocalTierConfig
}

export interface TierAnswer {
  readonly output: Output
  readonly quality: Extract<Quality, "generic" | "stale" | "minimal">
  /** How a kept answer was found; null for any other. */
  readonly cache: Provenance["cache"]
  /** Who gave a kept answer when it was new; null for any other. */
  readonly origin: CacheOrigin | null
  /** Null when no schema was asked for: an answer that does not satisfy one is not given. */
  readonly schemaValid: true | null
}

export interface TierFailure {
  readonly tier: LocalTierConfig["name"]
  readonly jobId: string
  readonly error: unknown
}

export interface TierAnswersDependencies {
  readonly answers: Pick<AnswerCache, "lastGood">
  readonly schemas: SchemaCache
  /** Default: the built-in ones. */
  readonly rules?: RuleBook
  /** Told what went wrong. The tier then has no answer. */
  readonly onFailure: (failure: TierFailure) => void
}

/** What a tier has to say to a job; null when it has no answer, and the next tier should be asked. Never rejects. */
export type TierAnswers = (request: TierRequest) => Promise<TierAnswer | null>

/** Answers without a provider: by a rule, from what was answered before, and from the configuration. */
export function createTierAnswers({ answers, schemas, rules = builtInRules, onFailure }: TierAnswersDependencies): TierAnswers {
  /** The first reading of what was written down that is an answer to this request. */
  function written({ job }: TierRequest, value: Json | null, quality: TierAnswer["quality"]): TierAnswer | null {
    if (value === null) return null
    for (const output of shapeOutput(job.work, value)) {
      const fitted = fitOutput({ schemas, work: job.work, output })
      if (fitted) return { ...fitted, quality, cache: null, origin: null }
    }
    return null
  }

  async function kept(request: TierRequest): Promise<TierAnswer | null> {
    const hit = await answers.lastGood(request)
    return hit && { ...hit, quality: "stale" }
  }

  function answer(request: TierRequest): TierAnswer | null | Promise<TierAnswer | null> {
    const { tier, job } = request
    switch (tier.name) {
      case "rules":
        return written(request, ruleAnswer(rules, job, tier), "generic")
      case "cache":
        return kept(request)
      case "static":
        return written(request, staticOutput(job, tier), "minimal")
    }
  }

  return async (request) => {
    try {
      return await answer(request)
    } catch (error) {
      onFailure({ tier: request.tier.name, jobId: request.job.id, error })
      return null
    }
  }
}

function ruleAnswer(rules: RuleBook, job: TierRequest["job"], tier: Extract<LocalTierConfig, { name: "rules" }>): Json | null {
  const { work, metadata, options } = job
  const { rule: name, options: settings = {} } = ofTask(tier.tasks, options.task) ?? tier
  const rule = rules.get(name)
  return rule?.kinds.includes(work.kind) ? rule.answer({ work, metadata, task: options.task }, settings) : null
}

function staticOutput({ options }: CachedJob, { output, tasks }: Extract<LocalTierConfig, { name: "static" }>): Json {
  const ofThisTask = ofTask(tasks, options.task)
  return ofThisTask === undefined ? output : ofThisTask
}

function ofTask<T>(tasks: Readonly<Record<string, T>> | undefined, task: string | null): T | undefined {
  return tasks && task !== null && Object.hasOwn(tasks, task) ? tasks[task] : undefined
}
