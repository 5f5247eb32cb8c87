import type { ContentPart, Work } from "@sluice/core"

/** English text has about four characters to a token. An exact count would cost more than it is worth here. */
const charactersPerToken = 4
/** What the large vendors count for an image of usual size. */
const tokensPerImage = 765

/** A cheap guess at the tokens of an input. */
export function estimateInputTokens(work: Work): number {
  switch (work.kind) {
    case "chat":
      return work.input.messages.reduce((sum, message) => sum + contentTokens(message.content), 0)
    case "embedding":
      return work.input.texts.reduce((sum, text) => sum + textTokens(text), 0)
    case "image":
      return textTokens(work.input.prompt)
    case "custom":
      return 0
  }
}

function contentTokens(content: string | readonly ContentPart[] | null | undefined): number {
  if (!content) return 0
  if (typeof content === "string") return textTokens(content)
  return content.reduce((sum, part) => sum + (part.type === "text" ? textTokens(part.text) : tokensPerImage), 0)
}

function textTokens(text: string): number {
  return Math.ceil(text.length / charactersPerToken)
}
