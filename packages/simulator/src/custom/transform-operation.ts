import { isRecord, type Json } from "../answers/json-schema.ts"
import { estimateTokens } from "../answers/token-estimate.ts"
import { wordsOf } from "../answers/word-list.ts"
import { accepted } from "../wire/refusal.ts"
import type { Operation } from "../wire/wire.ts"

type Transform = (input: unknown) => unknown

/** What `POST /custom/{name}` does with the JSON that it is sent. */
const transforms: Readonly<Record<string, Transform>> = {
  echo: (input) => input,
  uppercase: (input) => mapStrings(input, (text) => text.toUpperCase()),
  reverse: (input) => mapStrings(input, (text) => [...text].reverse().join("")),
  "word-count": (input) => mapStrings(input, (text) => wordsOf(text).length),
}

export const transformNames: readonly string[] = Object.keys(transforms)

/** The operation of that name, or null. It answers any JSON with `{id, output}`. */
export function findTransform(name: string): Operation | null {
  const transform = Object.hasOwn(transforms, name) ? transforms[name] : undefined
  if (transform === undefined) return null
  return {
    name: "custom",
    accept({ body }) {
      const text = JSON.stringify(body)
      return accepted({
        model: null,
        promptTokens: estimateTokens(text.length),
        maxOutputTokens: 0,
        promptText: text,
        onFilteredPrompt: "refuse",
        stream: false,
        answer({ id }) {
          const answer = JSON.stringify({ id: `custom_${id}`, output: transform(body) })
          return { kind: "json", body: answer, outputTokens: estimateTokens(answer.length) }
        },
      })
    },
  }
}

/** The same JSON with each text replaced; the names of properties stay. */
function mapStrings(value: unknown, replace: (text: string) => Json): unknown {
  if (typeof value === "string") return replace(value)
  if (Array.isArray(value)) return value.map((entry) => mapStrings(entry, replace))
  if (!isRecord(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, mapStrings(entry, replace)]))
}
