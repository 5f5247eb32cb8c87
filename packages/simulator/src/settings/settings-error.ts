import { z } from "zod"
import { type ParsedSettingsPatch, settingsPatchSchema } from "./settings-patch.ts"

/** A change to the settings that was refused. `problems` has one sentence for each thing that is wrong. */
export class SettingsError extends Error {
  readonly problems: readonly string[]

  constructor(problems: readonly string[]) {
    super(`The settings of the simulator are not valid: ${problems.join(" ")}`)
    this.name = "SettingsError"
    this.problems = problems
  }
}

/** The change that `input` asks for; throws a SettingsError that names each wrong key and says what is allowed. */
export function parsePatch(input: unknown): ParsedSettingsPatch {
  const parsed = settingsPatchSchema.safeParse(input)
  if (parsed.success) return parsed.data
  throw new SettingsError(parsed.error.issues.flatMap(describe))
}

function describe(issue: z.core.$ZodIssue): string[] {
  const path = issue.path.map(String)
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path)
    return issue.keys.map((key) => `${[...path, key].join(".")} is not a setting; there is ${known.join(", ")}.`)
  }
  if (issue.code === "invalid_union")
    return deepest(issue.errors).flatMap((inner) => describe({ ...inner, path: [...issue.path, ...inner.path] }))
  return [`${path.length > 0 ? path.join(".") : "The whole"}: ${issue.message}.`]
}

/** What the branch of a union says that got furthest into the value. */
function deepest(branches: readonly z.core.$ZodIssue[][]): z.core.$ZodIssue[] {
  const depth = (branch: readonly z.core.$ZodIssue[]) =>
    Math.max(0, ...branch.map((issue) => issue.path.length + ("keys" in issue ? 1 : 0)))
  return branches.reduce((best, branch) => (depth(branch) > depth(best) ? branch : best), branches[0] ?? [])
}

/** The keys of the object that a path leads to. */
function knownKeys(path: readonly string[]): string[] {
  let schema: unknown = settingsPatchSchema
  for (const key of path) {
    schema = unwrap(schema)
    if (schema instanceof z.ZodArray) schema = schema.element
    else if (schema instanceof z.ZodObject) schema = schema.shape[key]
  }
  schema = unwrap(schema)
  if (schema instanceof z.ZodRecord && schema.keyType instanceof z.ZodEnum) return schema.keyType.options.map(String)
  return schema instanceof z.ZodObject ? Object.keys(schema.shape) : []
}

function unwrap(schema: unknown): unknown {
  let inner = schema
  while (inner instanceof z.ZodExactOptional || inner instanceof z.ZodOptional || inner instanceof z.ZodNullable) inner = inner.unwrap()
  return inner instanceof z.ZodUnion ? inner.options.find((option) => option instanceof z.ZodObject) : inner
}
