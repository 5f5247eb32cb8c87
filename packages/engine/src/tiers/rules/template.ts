import type { Json } from "@sluice/core"
import { z } from "zod"
import { fillTemplate, placeholdersOf } from "./fill-template.ts"
import { inputTextOf } from "./input-text.ts"
import { defineRule } from "./rule.ts"

const roots = ["input", "text", "metadata", "task"]

/** Enough for any answer; what a caller put into it may be as large as a job. */
const maxChars = 262_144

const output = z.json().superRefine((template, context) => {
  for (const path of placeholdersOf(template)) {
    if (roots.includes(path.split(".")[0] ?? "")) continue
    context.addIssue({ code: "custom", message: `{{${path}}} leads nowhere. Known: ${roots.map((root) => `{{${root}}}`).join(", ")}.` })
  }
})

/**
 * A text or JSON with `{{input...}}`, `{{metadata...}}`, `{{task}}` and `{{text}}`, which is what the user said last. No answer when
 * something that it names is not there, or what came out is too long.
 */
export const template = defineRule({
  name: "template",
  kinds: ["chat", "custom"],
  options: z.strictObject({ output }),
  answer({ work, metadata, task }, options) {
    const values = { input: toJson(work.input), text: inputTextOf(work), metadata, task }
    const filled = fillTemplate(options.output, values)
    return filled !== undefined && JSON.stringify(filled).length <= maxChars ? filled : null
  },
})

/** An input may have members that are undefined, which JSON knows nothing of. */
function toJson(input: unknown): Json {
  return JSON.parse(JSON.stringify(input))
}
