import { foldFeatures, hash32 } from "./feature-hash.ts"
import type { Similarity } from "./similarity.ts"
import { isUnspaced, tokensOf } from "./tokens.ts"

/** How much pairs of neighbours count for, that is: the order of words. */
const pairShare = 0.5
/** How much a word's trigrams count for together, so that a word with a typing error is still half the word. */
const trigramShare = 0.5
const shortestWithTrigrams = 4

const number = /\p{N}/u
const letter = /\p{L}/u
const punctuation = /[.,;:!?'"()[\]{}\u2026\u201c\u201d\u2018\u2019\u3001\u3002]/u

/** Raised whenever the same text would get another vector. */
const version = 1

/**
 * Compares texts by the words and letters that they share: hashed words, pairs of words and trigrams within words, weighted
 * and folded into one vector. It asks no model, knows no language, and takes no synonyms for the same.
 */
export function createLexicalSimilarity(): Similarity {
  return {
    space: `lexical-${version}`,
    vectorOf: (text) => Promise.resolve(foldFeatures(weightedFeatures(text))),
  }
}

function* weightedFeatures(text: string): Generator<readonly [number, number]> {
  for (const [feature, { count, weight }] of countedFeatures(text)) yield [feature, weight * (1 + Math.log(count))]
}

type Counted = Map<number, { count: number; readonly weight: number }>

function countedFeatures(text: string): Counted {
  const counted: Counted = new Map()
  let previous = ""
  let previousWeight = 0
  for (const token of tokensOf(text)) {
    const weight = weightOf(token)
    add(counted, token, weight)
    if (previous !== "") add(counted, `${previous} ${token}`, pairShare * Math.sqrt(previousWeight * weight))
    addTrigrams(counted, token, weight)
    previous = token
    previousWeight = weight
  }
  return counted
}

function add(counted: Counted, feature: string, weight: number): void {
  const key = hash32(feature)
  const known = counted.get(key)
  if (known) known.count += 1
  else counted.set(key, { count: 1, weight })
}

function addTrigrams(counted: Counted, token: string, weight: number): void {
  if (token.length < shortestWithTrigrams || !letter.test(token)) return
  const bounded = `^${token}$`
  const share = (trigramShare * weight) / Math.sqrt(token.length)
  for (let start = 0; start + 3 <= bounded.length; start += 1) add(counted, `#${bounded.slice(start, start + 3)}`, share)
}

/** Figures decide most, punctuation least; short words are mostly those that every text has. */
function weightOf(token: string): number {
  if (number.test(token)) return 3
  if (isUnspaced(token)) return 1
  if (letter.test(token)) return Math.min(1, 0.3 + token.length * 0.15)
  return punctuation.test(token) ? 0.25 : 1.5
}
