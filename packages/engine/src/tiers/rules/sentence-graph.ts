const damping = 0.85
const iterations = 30

/**
 * How central each text is among them: the stationary distribution of a walk from text to text, along cosines of word vectors
 * that are weighted by how rare a word is here, so that no list of stop words is needed (LexRank: Erkan and Radev, "Graph-based
 * Lexical Centrality as Salience in Text Summarization", 2004, in its continuous form). The scores add up to 1.
 */
export function centralities(texts: readonly (readonly string[])[]): readonly number[] {
  const rows = cosines(texts).map(normalisedRow)
  let scores = texts.map(() => 1 / texts.length)
  for (let round = 0; round < iterations; round += 1) scores = step(rows, scores)
  return scores
}

function step(rows: readonly Float64Array[], scores: readonly number[]): number[] {
  const next = scores.map(() => (1 - damping) / scores.length)
  for (const [from, row] of rows.entries()) {
    const share = damping * (scores[from] ?? 0)
    for (let to = 0; to < row.length; to += 1) next[to] = (next[to] ?? 0) + share * (row[to] ?? 0)
  }
  return next
}

/** A text that shares nothing leads to all alike. */
function normalisedRow(row: Float64Array): Float64Array {
  const sum = row.reduce((total, value) => total + value, 0)
  return sum === 0 ? row.map(() => 1 / row.length) : row.map((value) => value / sum)
}

/** Of each with each other; 0 of each with itself. Only pairs that share a word cost anything. */
function cosines(texts: readonly (readonly string[])[]): readonly Float64Array[] {
  const rows = texts.map(() => new Float64Array(texts.length))
  for (const postings of weightsByWord(texts).values()) {
    for (const [one, weight] of postings) {
      const row = rows[one]
      for (const [other, otherWeight] of postings) if (row && other !== one) row[other] = (row[other] ?? 0) + weight * otherWeight
    }
  }
  return rows
}

type Postings = readonly (readonly [text: number, weight: number])[]

/** For each word the texts that have it, with its weight in each as part of a vector of length 1. */
function weightsByWord(texts: readonly (readonly string[])[]): ReadonlyMap<string, Postings> {
  const counts = countsByWord(texts)
  const rarity = (word: string) => Math.log((1 + texts.length) / (counts.get(word)?.size ?? 1))
  const squares = new Float64Array(texts.length)
  for (const [word, byText] of counts) {
    for (const [text, count] of byText) squares[text] = (squares[text] ?? 0) + (count * rarity(word)) ** 2
  }
  return new Map(
    Array.from(counts, ([word, byText]) => [
      word,
      Array.from(byText, ([text, count]) => [text, (count * rarity(word)) / Math.sqrt(squares[text] ?? 1)]),
    ]),
  )
}

function countsByWord(texts: readonly (readonly string[])[]): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const counts = new Map<string, Map<number, number>>()
  for (const [text, words] of texts.entries()) {
    for (const word of words) {
      const byText = counts.get(word) ?? new Map<number, number>()
      counts.set(word, byText.set(text, (byText.get(text) ?? 0) + 1))
    }
  }
  return counts
}
