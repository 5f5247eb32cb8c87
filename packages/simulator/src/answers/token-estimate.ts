const CHARACTERS_PER_TOKEN = 4
/** What OpenAI charges for an image at low detail, whatever its size. */
const TOKENS_PER_IMAGE = 85

/** The simulator's rule for counting: four characters are a token, begun ones count, an image is 85. */
export function estimateTokens(characters: number, images = 0): number {
  return Math.ceil(characters / CHARACTERS_PER_TOKEN) + images * TOKENS_PER_IMAGE
}

/** The longest prefix of `text` that is within `tokens` by that rule. */
export function cutToTokens(text: string, tokens: number): string {
  return text.slice(0, tokens * CHARACTERS_PER_TOKEN)
}

/** `text`, repeated and cut to just `tokens`. */
export function fillTokens(text: string, tokens: number): string {
  const unit = `${text} `
  return cutToTokens(unit.repeat(Math.ceil((tokens * CHARACTERS_PER_TOKEN) / unit.length)), tokens)
}
