/**
 * A JSON Pointer, as OpenAI writes such places: `#/messages/0/content` is `messages[0].content`. What points into a job's own input or
 * options is told by the names that this wire has for them. Others stay as they are.
 */
export function paramOf(pointer: string): string {
  if (!pointer.startsWith("#/")) return pointer.replace(/^\w+:/, "")
  const [first = "", ...rest] = wirePointer(pointer).slice(2).split("/").map(unescapeKey)
  return rest.reduce((path, key) => (/^\d+$/.test(key) ? `${path}[${key}]` : `${path}.${key}`), first)
}

/** RFC 6901, 4, within a URI's fragment. */
function unescapeKey(key: string): string {
  return decodeURIComponent(key).replaceAll("~1", "/").replaceAll("~0", "~")
}

/** What Sluice calls a part of a job, and what OpenAI does. */
const names: readonly (readonly [RegExp, string])[] = [
  [/^#\/(options|webhook)\b/, "#/sluice/$1"],
  [/^#\/input\/tools\/(\d+)\//, "#/tools/$1/function/"],
  [/^#\/input\/responseFormat\/(schema|name|description)/, "#/response_format/json_schema/$1"],
  [/^#\/input\/toolChoice\b/, "#/tool_choice"],
  [/^#\/input\/maxOutputTokens\b/, "#/max_completion_tokens"],
  [/^#\/input\/topP\b/, "#/top_p"],
  [/^#\/input\/texts\b/, "#/input"],
  [/^#\/input\/count\b/, "#/n"],
  [/^#\/input\/(messages\/\d+\/content\/\d+)\/(url|detail)/, "#/$1/image_url/$2"],
  [/^#\/input\/(messages\/\d+)\/toolCalls\b/, "#/$1/tool_calls"],
  [/^#\/input\/(messages|temperature|stop|dimensions|prompt|size)\b/, "#/$1"],
]

function wirePointer(pointer: string): string {
  const [found, replacement = ""] = names.find(([ours]) => ours.test(pointer)) ?? []
  return found ? pointer.replace(found, replacement) : pointer
}
